/* Waiting for several descriptors: poll, select, epoll.
 *
 * Source: poll(2), select(2), epoll(7). An edge-triggered watch is told of each change: now and
 * then more often than by the kernel, never less often. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>

#include "runtime/files.h"
#include "runtime/libc.h"

#define NS_PER_S 1000000000u

static uint64_t deadline_ms(int ms)
{
	return ms < 0 ? NO_DEADLINE : rt->clock_ns + (uint64_t)ms * 1000000u;
}

static uint64_t deadline_of(const struct timespec *t, uint32_t pc)
{
	if (!t)
		return NO_DEADLINE;
	libc_reads(t, sizeof(*t), pc);
	return rt->clock_ns + (uint64_t)t->tv_sec * NS_PER_S + (uint64_t)t->tv_nsec;
}

/* What was waited for happened before: of eventfd, listener and socket alike it is the read that
 * orders, so nothing is taken here. */
static int wait_for(struct pollfd *set, nfds_t count, uint64_t deadline)
{
	(void)files_wait(set, count, deadline);
	return set_look(set, count);
}

int rt_poll(struct pollfd *set, nfds_t count, int ms);
int rt_poll(struct pollfd *set, nfds_t count, int ms)
{
	uint32_t pc = PC();

	if (!self)
		return 0;
	file_point(pc);
	libc_writes(set, count * sizeof(*set), pc);
	return wait_for(set, count, deadline_ms(ms));
}

int rt_ppoll(struct pollfd *set, nfds_t count, const struct timespec *time, const sigset_t *mask);
int rt_ppoll(struct pollfd *set, nfds_t count, const struct timespec *time, const sigset_t *mask)
{
	uint32_t pc = PC();

	(void)mask;
	if (!self)
		return 0;
	file_point(pc);
	libc_writes(set, count * sizeof(*set), pc);
	return wait_for(set, count, deadline_of(time, pc));
}

static int select_until(int n, fd_set *in, fd_set *out, fd_set *except, uint64_t deadline,
			uint32_t pc)
{
	struct pollfd set[FILES];
	nfds_t count = 0;
	int ready = 0;

	file_point(pc);
	for (int fd = 0; fd < n && fd < (int)FILES; fd++) {
		int events = (in && FD_ISSET(fd, in) ? POLLIN : 0) |
			     (out && FD_ISSET(fd, out) ? POLLOUT : 0);
		if (events)
			set[count++] = (struct pollfd){ .fd = fd, .events = (short)events };
	}
	(void)wait_for(set, count, deadline);
	fd_set *all[] = { in, out, except };
	for (unsigned i = 0; i < 3; i++) {
		if (!all[i])
			continue;
		libc_writes(all[i], sizeof(**all), pc);
		FD_ZERO(all[i]);
	}
	for (nfds_t i = 0; i < count; i++) {
		if (in && (set[i].events & POLLIN) && set[i].revents) {
			FD_SET(set[i].fd, in);
			ready++;
		}
		if (out && (set[i].events & POLLOUT) && (set[i].revents & (POLLOUT | POLLERR))) {
			FD_SET(set[i].fd, out);
			ready++;
		}
	}
	return ready;
}

int rt_select(int n, fd_set *in, fd_set *out, fd_set *except, struct timeval *time);
int rt_select(int n, fd_set *in, fd_set *out, fd_set *except, struct timeval *time)
{
	if (!self)
		return 0;
	uint64_t deadline = time ? rt->clock_ns + (uint64_t)time->tv_sec * NS_PER_S +
					    (uint64_t)time->tv_usec * 1000
				 : NO_DEADLINE;
	return select_until(n, in, out, except, deadline, PC());
}

int rt_pselect(int n, fd_set *in, fd_set *out, fd_set *except, const struct timespec *time,
	       const sigset_t *mask);
int rt_pselect(int n, fd_set *in, fd_set *out, fd_set *except, const struct timespec *time,
	       const sigset_t *mask)
{
	(void)mask;
	if (!self)
		return 0;
	return select_until(n, in, out, except, deadline_of(time, PC()), PC());
}

int rt_epoll_create1(int flags);
int rt_epoll_create1(int flags)
{
	return self ? file_new(FILE_EPOLL, false, flags & EPOLL_CLOEXEC) : -1;
}

int rt_epoll_create(int size);
int rt_epoll_create(int size)
{
	(void)size;
	return rt_epoll_create1(0);
}

static struct watch *watch_find(int set, int fd)
{
	for (unsigned i = 0; i < rt->files.watches_used; i++)
		if (rt->files.watch[i].set == set && (fd < 0 || rt->files.watch[i].fd == fd))
			return &rt->files.watch[i];
	return NULL;
}

static struct watch *watch_new(void)
{
	struct watch *w = watch_find(-1, -1);

	if (!w && rt->files.watches_used < WATCHES)
		w = &rt->files.watch[rt->files.watches_used++];
	return w;
}

static int fails(int error)
{
	errno = error;
	return -1;
}

int rt_epoll_ctl(int set, int how, int fd, struct epoll_event *event);
int rt_epoll_ctl(int set, int how, int fd, struct epoll_event *event)
{
	uint32_t pc = PC();

	if (!self)
		return fails(EBADF);
	file_point(pc);
	struct file *f = file_of(set);
	if (!f || !file_of(fd))
		return -1;
	if (f->kind != FILE_EPOLL || set == fd)
		return fails(EINVAL);
	struct watch *w = watch_find(set, fd);
	if (how == EPOLL_CTL_ADD && w)
		return fails(EEXIST);
	if (how != EPOLL_CTL_ADD && !w)
		return fails(ENOENT);
	if (how == EPOLL_CTL_DEL) {
		w->set = -1;
		return 0;
	}
	if (!w)
		w = watch_new();
	if (!w)
		return fails(ENOSPC);
	libc_reads(event, sizeof(*event), pc);
	*w = (struct watch){ .set = set,
			     .fd = fd,
			     .events = event->events,
			     .data = event->data.u64,
			     .seen = file_activity(fd) - 1 };
	clock_release(&f->clock, self);
	files_changed();
	return 0;
}

static int epoll_take(int set, struct epoll_event *event, int most)
{
	int n = 0;

	for (unsigned i = 0; i < rt->files.watches_used && n < most; i++) {
		struct watch *w = &rt->files.watch[i];
		if (w->set != set || w->disarmed)
			continue;
		if ((w->events & EPOLLET) && w->seen == file_activity(w->fd))
			continue;
		uint32_t now = (uint32_t)(unsigned short)file_events(w->fd) &
			       (w->events | EPOLLERR | EPOLLHUP);
		if (!now)
			continue;
		event[n++] = (struct epoll_event){ .events = now, .data.u64 = w->data };
		w->seen = file_activity(w->fd);
		w->disarmed = w->events & EPOLLONESHOT;
	}
	return n;
}

int rt_epoll_pwait(int set, struct epoll_event *event, int most, int ms, const sigset_t *mask);
int rt_epoll_pwait(int set, struct epoll_event *event, int most, int ms, const sigset_t *mask)
{
	uint32_t pc = PC();
	int n = 0;

	(void)mask;
	if (!self)
		return fails(EBADF);
	file_point(pc);
	struct file *f = file_of(set);
	if (!f)
		return -1;
	const uint64_t deadline = deadline_ms(ms);
	while (!n && file_wait(set, POLLIN, deadline))
		n = epoll_take(set, event, most);
	libc_writes(event, (size_t)n * sizeof(*event), pc);
	clock_join(&self->clock, &f->clock);
	return n;
}

int rt_epoll_wait(int set, struct epoll_event *event, int most, int ms);
int rt_epoll_wait(int set, struct epoll_event *event, int most, int ms)
{
	return rt_epoll_pwait(set, event, most, ms, NULL);
}
