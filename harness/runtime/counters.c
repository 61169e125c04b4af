/* Pipes, pairs, eventfd, timerfd, signalfd, and read and write of whatever it is.
 *
 * Source: pipe(7), eventfd(2), timerfd_create(2), signalfd(2). */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>

#include "runtime/files.h"
#include "runtime/finding.h"
#include "runtime/libc.h"
#include "runtime/scheduler.h"

#define NS_PER_S 1000000000u

static ssize_t fails(int error)
{
	errno = error;
	return -1;
}

/* Waits until it is ready; false: it is not, and may not be waited for (errno is set). */
static bool becomes(const struct file *f, int fd, short events)
{
	while (!(file_events(fd) & events)) {
		if (f->nonblocking) {
			errno = EAGAIN;
			return false;
		}
		(void)file_wait(fd, events, NO_DEADLINE);
	}
	return true;
}

static ssize_t counter_read(struct file *f, int fd, void *to, size_t n, uint32_t pc)
{
	if (n < sizeof(uint64_t))
		return fails(EINVAL);
	if (!becomes(f, fd, POLLIN))
		return -1;
	uint64_t value = f->semaphore ? 1 : f->count;
	f->count -= value;
	libc_writes(to, sizeof(value), pc);
	memcpy(to, &value, sizeof(value));
	clock_join(&self->clock, &f->clock);
	files_changed();
	return sizeof(value);
}

static ssize_t counter_write(struct file *f, int fd, const void *from, size_t n, uint32_t pc)
{
	uint64_t value;

	if (n < sizeof(value))
		return fails(EINVAL);
	libc_reads(from, sizeof(value), pc);
	memcpy(&value, from, sizeof(value));
	if (value > UINT64_MAX - 1 - f->count && !becomes(f, fd, POLLOUT))
		return -1;
	f->count += value;
	f->activity++;
	clock_release(&f->clock, self);
	files_changed();
	return sizeof(value);
}

static ssize_t timer_read(struct file *f, int fd, void *to, size_t n, uint32_t pc)
{
	uint64_t times = 1;

	if (n < sizeof(times))
		return fails(EINVAL);
	if (!becomes(f, fd, POLLIN))
		return -1;
	if (f->interval)
		times += (rt->clock_ns - f->due) / f->interval;
	f->due = f->interval ? f->due + times * f->interval : NO_DEADLINE;
	libc_writes(to, sizeof(times), pc);
	memcpy(to, &times, sizeof(times));
	return sizeof(times);
}

ssize_t rt_read(int fd, void *to, size_t n);
ssize_t rt_read(int fd, void *to, size_t n)
{
	uint32_t pc = PC();

	if (!self)
		return fails(EBADF);
	file_point(pc);
	struct file *f = file_of(fd);
	if (!f)
		return -1;
	switch ((enum file_kind)f->kind) {
	case FILE_COUNTER:
		return counter_read(f, fd, to, n, pc);
	case FILE_TIMER:
		return timer_read(f, fd, to, n, pc);
	case FILE_SIGNALS:
		return becomes(f, fd, POLLIN) ? 0 : -1;
	case FILE_SOCKET:
	case FILE_PIPE:
		return file_receive(f, fd, to, n, 0, pc);
	case FILE_NONE:
	case FILE_LISTENER:
	case FILE_EPOLL:
		break;
	}
	return fails(EINVAL);
}

ssize_t file_write(int fd, const void *from, size_t n, uint32_t pc)
{
	libc_reads(from, n, pc);
	if (fd >= 0 && fd < FILE_FIRST)
		return (ssize_t)n; /* what it says to the terminal is nobody's business */
	struct file *f = file_of(fd);
	if (!f)
		return -1;
	if (f->kind == FILE_COUNTER)
		return counter_write(f, fd, from, n, pc);
	return f->kind == FILE_SOCKET || f->kind == FILE_PIPE ? file_transmit(f, fd, from, n, 0, pc)
							      : fails(EINVAL);
}

ssize_t rt_write(int fd, const void *from, size_t n);
ssize_t rt_write(int fd, const void *from, size_t n)
{
	if (!self)
		return fails(EBADF);
	file_point(PC());
	return file_write(fd, from, n, PC());
}

int rt_eventfd(unsigned count, int flags);
int rt_eventfd(unsigned count, int flags)
{
	int fd = self ? file_new(FILE_COUNTER, flags & EFD_NONBLOCK, flags & EFD_CLOEXEC) : -1;

	if (fd >= 0) {
		rt->files.file[fd].count = count;
		rt->files.file[fd].semaphore = flags & EFD_SEMAPHORE;
	}
	return fd;
}

int rt_eventfd_read(int fd, eventfd_t *value);
int rt_eventfd_read(int fd, eventfd_t *value)
{
	return rt_read(fd, value, sizeof(*value)) == sizeof(*value) ? 0 : -1;
}

int rt_eventfd_write(int fd, eventfd_t value);
int rt_eventfd_write(int fd, eventfd_t value)
{
	return rt_write(fd, &value, sizeof(value)) == sizeof(value) ? 0 : -1;
}

int rt_signalfd(int fd, const void *mask, int flags);
int rt_signalfd(int fd, const void *mask, int flags)
{
	(void)mask;
	if (!self || fd >= 0)
		return fd;
	return file_new(FILE_SIGNALS, flags & SFD_NONBLOCK, flags & SFD_CLOEXEC);
}

int rt_timerfd_create(int clock, int flags);
int rt_timerfd_create(int clock, int flags)
{
	(void)clock;
	return self ? file_new(FILE_TIMER, flags & TFD_NONBLOCK, flags & TFD_CLOEXEC) : -1;
}

static uint64_t ns_of(struct timespec t)
{
	return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
}

int rt_timerfd_settime(int fd, int flags, const struct itimerspec *to, struct itimerspec *old);
int rt_timerfd_settime(int fd, int flags, const struct itimerspec *to, struct itimerspec *old)
{
	uint32_t pc = PC();

	if (!self)
		return (int)fails(EBADF);
	file_point(pc);
	libc_reads(to, sizeof(*to), pc);
	struct file *f = file_of(fd);
	if (!f)
		return -1;
	if (old)
		*old = (struct itimerspec){ 0 };
	uint64_t first = ns_of(to->it_value);
	f->interval = ns_of(to->it_interval);
	f->due = !first ? NO_DEADLINE : flags & TFD_TIMER_ABSTIME ? first : rt->clock_ns + first;
	files_changed();
	return 0;
}

/* Both descriptors, and the stream or the two between them. */
static int pair(int fds[2], enum file_kind kind, int flags, uint32_t pc)
{
	const bool nonblocking = flags & O_NONBLOCK, cloexec = flags & O_CLOEXEC;

	if (!self)
		return (int)fails(EMFILE);
	int a = file_new(kind, nonblocking, cloexec), b = file_new(kind, nonblocking, cloexec);
	uint8_t to = stream_new(), back = kind == FILE_SOCKET ? stream_new() : NO_STREAM;
	if (a < 0 || b < 0 || to == NO_STREAM)
		return (int)fails(EMFILE);
	libc_writes(fds, 2 * sizeof(*fds), pc);
	fds[0] = a;
	fds[1] = b;
	rt->files.file[a].in = rt->files.file[b].out = to;
	rt->files.file[b].in = rt->files.file[a].out = back;
	return 0;
}

int rt_pipe2(int fds[2], int flags);
int rt_pipe2(int fds[2], int flags)
{
	return pair(fds, FILE_PIPE, flags, PC());
}

int rt_pipe(int fds[2]);
int rt_pipe(int fds[2])
{
	return pair(fds, FILE_PIPE, 0, PC());
}

int rt_socketpair(int family, int type, int protocol, int fds[2]);
int rt_socketpair(int family, int type, int protocol, int fds[2])
{
	(void)family, (void)protocol;
	/* SOCK_NONBLOCK and SOCK_CLOEXEC are the flags of open(2). */
	return pair(fds, FILE_SOCKET, type & (SOCK_NONBLOCK | SOCK_CLOEXEC), PC());
}
