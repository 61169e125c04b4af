/* Descriptors: their numbers, who waits for which, and close.
 *
 * Source: POSIX.1-2017 (the lowest free number; poll); the order from close to the next open of a
 * number is that of the kernel's descriptor table, as TSan takes it, too. */
#include "runtime/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/epoll.h>

#include "runtime/finding.h"
#include "runtime/outside.h"
#include "runtime/scheduler.h"
#include "runtime/wakes.h"

void files_reset(void)
{
	struct files *f = &rt->files;

	for (int i = 0; i < f->top; i++)
		f->file[i] = (struct file){ 0 };
	for (unsigned i = 0; i < f->streams_used; i++)
		f->stream[i].used = false;
	f->top = FILE_FIRST;
	f->streams_used = f->watches_used = 0;
	outside_reset();
	f->parked = 0;
}

struct file *file_of(int fd)
{
	if (fd >= 0 && fd < rt->files.top && rt->files.file[fd].kind != FILE_NONE)
		return &rt->files.file[fd];
	errno = EBADF;
	return NULL;
}

int file_new(enum file_kind kind, bool nonblocking, bool cloexec)
{
	struct files *f = &rt->files;
	int fd = FILE_FIRST;

	while (fd < (int)FILES && f->file[fd].kind != FILE_NONE)
		fd++;
	if (fd == (int)FILES) {
		errno = EMFILE;
		return -1;
	}
	if (fd >= f->top)
		f->top = fd + 1;
	struct clock before = f->file[fd].clock;
	f->file[fd] = (struct file){ .kind = (uint8_t)kind,
				     .nonblocking = nonblocking,
				     .cloexec = cloexec,
				     .was_open = true,
				     .in = NO_STREAM,
				     .out = NO_STREAM,
				     .due = NO_DEADLINE,
				     .clock = before };
	clock_join(&self->clock, &before);
	return fd;
}

uint8_t stream_new(void)
{
	struct files *f = &rt->files;

	for (unsigned i = 0; i < STREAMS; i++) {
		struct stream *s = &f->stream[i];
		if (i < f->streams_used && s->used)
			continue;
		if (i >= f->streams_used)
			f->streams_used = i + 1;
		s->begin = s->count = 0;
		s->puts = s->takes = 0;
		s->no_writer = s->no_reader = false;
		s->used = true;
		s->clock = (struct clock){ 0 };
		return (uint8_t)i;
	}
	return NO_STREAM;
}

size_t stream_put(struct stream *s, const void *from, size_t n)
{
	const char *p = from;

	if (n > STREAM_ROOM - s->count)
		n = STREAM_ROOM - s->count;
	for (size_t i = 0; i < n; i++)
		s->byte[(s->begin + s->count + i) % STREAM_ROOM] = p[i];
	s->count += (uint32_t)n;
	s->puts++;
	return n;
}

size_t stream_take(struct stream *s, void *to, size_t n)
{
	char *p = to;

	if (n > s->count)
		n = s->count;
	for (size_t i = 0; i < n; i++)
		p[i] = s->byte[(s->begin + i) % STREAM_ROOM];
	s->begin = (s->begin + (uint32_t)n) % STREAM_ROOM;
	s->count -= (uint32_t)n;
	s->takes++;
	return n;
}

uint64_t file_activity(int fd)
{
	const struct file *f = &rt->files.file[fd];
	uint64_t sum = f->activity;

	if (f->kind == FILE_LISTENER)
		sum += rt->files.clients;
	if (f->in != NO_STREAM)
		sum += rt->files.stream[f->in].puts + rt->files.stream[f->in].no_writer;
	if (f->out != NO_STREAM)
		sum += rt->files.stream[f->out].takes + rt->files.stream[f->out].no_reader;
	return sum;
}

static short epoll_events(int fd)
{
	for (unsigned i = 0; i < rt->files.watches_used; i++) {
		const struct watch *w = &rt->files.watch[i];
		if (w->set != fd || w->disarmed)
			continue;
		bool stale = (w->events & EPOLLET) && w->seen == file_activity(w->fd);
		short wanted = (short)((w->events & 0xffffu) | POLLERR | POLLHUP);
		if (!stale && (file_events(w->fd) & wanted))
			return POLLIN;
	}
	return 0;
}

static short stream_events(const struct file *f)
{
	short events = 0;

	if (f->in != NO_STREAM) {
		const struct stream *s = &rt->files.stream[f->in];
		events |= s->count || s->no_writer ? POLLIN : 0;
		events |= s->no_writer ? POLLRDHUP : 0;
	}
	if (f->out != NO_STREAM) {
		const struct stream *s = &rt->files.stream[f->out];
		events |= s->count < STREAM_ROOM || s->no_reader ? POLLOUT : 0;
		events |= s->no_reader ? POLLERR : 0;
	}
	return events;
}

short file_events(int fd)
{
	const struct file *f = fd >= 0 && fd < rt->files.top ? &rt->files.file[fd] : NULL;

	if (fd >= (int)FILES && fd < CLIENT_FD(STREAMS)) {
		const struct stream *s = &rt->files.stream[fd - (int)FILES];
		return s->count || s->no_writer ? POLLIN : 0;
	}
	switch (f ? (enum file_kind)f->kind : FILE_NONE) {
	case FILE_NONE:
		return POLLNVAL;
	case FILE_LISTENER:
		return rt->files.accepted < rt->files.clients ? POLLIN : 0;
	case FILE_SOCKET:
	case FILE_PIPE:
		return stream_events(f);
	case FILE_COUNTER:
		return (short)((f->count ? POLLIN : 0) | (f->count < UINT64_MAX - 1 ? POLLOUT : 0));
	case FILE_TIMER:
		return f->due <= rt->clock_ns ? POLLIN : 0;
	case FILE_SIGNALS:
		return 0;
	case FILE_EPOLL:
		return epoll_events(fd);
	}
	return 0;
}

static bool is_ready(const struct pollfd *p)
{
	return p->fd >= 0 && (file_events(p->fd) & (p->events | POLLERR | POLLHUP | POLLNVAL));
}

int set_look(struct pollfd *set, nfds_t count)
{
	int ready = 0;

	for (nfds_t i = 0; i < count; i++) {
		set[i].revents = 0;
		if (set[i].fd < 0)
			continue;
		set[i].revents = (short)(file_events(set[i].fd) &
					 (set[i].events | POLLERR | POLLHUP | POLLNVAL));
		ready += set[i].revents != 0;
	}
	return ready;
}

static bool any_ready(const struct pollfd *set, nfds_t count)
{
	for (nfds_t i = 0; i < count; i++)
		if (is_ready(&set[i]))
			return true;
	return false;
}

/* The first timer among them that is still to come. */
static uint64_t due_in(const struct pollfd *set, nfds_t count, uint64_t deadline)
{
	for (nfds_t i = 0; i < count; i++) {
		int fd = set[i].fd;
		if (fd < 0 || fd >= rt->files.top)
			continue; /* or a client */
		if (rt->files.file[fd].kind == FILE_TIMER && rt->files.file[fd].due < deadline)
			deadline = rt->files.file[fd].due;
		for (unsigned k = 0; k < rt->files.watches_used; k++) {
			const struct watch *w = &rt->files.watch[k];
			if (w->set == fd && rt->files.file[w->fd].kind == FILE_TIMER &&
			    rt->files.file[w->fd].due < deadline)
				deadline = rt->files.file[w->fd].due;
		}
	}
	return deadline;
}

bool files_wait(const struct pollfd *set, nfds_t count, uint64_t deadline)
{
	struct files *f = &rt->files;

	while (!any_ready(set, count)) {
		if (deadline <= rt->clock_ns)
			return false;
		f->wants[self->id].set = set;
		f->wants[self->id].count = count;
		(void)sleep_in(&f->parked, due_in(set, count, deadline), NULL, false);
	}
	return true;
}

bool file_wait(int fd, short events, uint64_t deadline)
{
	const struct pollfd one = { .fd = fd, .events = events };

	return files_wait(&one, 1, deadline);
}

void files_changed(void)
{
	struct files *f = &rt->files;

	for (thread_set left = f->parked; left;) {
		struct thread *t = thread_first(left);
		left &= ~thread_bit(t);
		if (any_ready(f->wants[t->id].set, f->wants[t->id].count))
			wake(t, WAKE_SIGNAL);
	}
}

void file_point(uint32_t pc)
{
	point(EXPLORE_STEP_DESCRIPTOR, EXPLORE_NOTHING, pc);
}

static void watches_forget(int fd)
{
	for (unsigned i = 0; i < rt->files.watches_used; i++)
		if (rt->files.watch[i].set == fd || rt->files.watch[i].fd == fd)
			rt->files.watch[i].set = -1;
}

int rt_close(int fd);
int rt_close(int fd)
{
	uint32_t pc = PC();

	if (!self) {
		errno = EBADF;
		return -1;
	}
	file_point(pc);
	if (fd >= 0 && fd < rt->files.top && rt->files.file[fd].kind == FILE_NONE &&
	    rt->files.file[fd].was_open)
		finding_at(EXPLORE_MISUSE, EXPLORE_CLOSE_TWICE, pc);
	if (fd >= 0 && fd < FILE_FIRST)
		return 0;
	struct file *f = file_of(fd);
	if (!f)
		return -1;
	if (f->out != NO_STREAM)
		rt->files.stream[f->out].no_writer = true;
	if (f->in != NO_STREAM)
		rt->files.stream[f->in].no_reader = true;
	watches_forget(fd);
	clock_release(&f->clock, self);
	f->kind = FILE_NONE;
	files_changed();
	return 0;
}

int rt_fcntl(int fd, int how, ...);
int rt_fcntl(int fd, int how, ...)
{
	uint32_t pc = PC();
	va_list more;

	va_start(more, how);
	int value = va_arg(more, int);
	va_end(more);
	if (!self) {
		errno = EBADF;
		return -1;
	}
	file_point(pc);
	struct file *f = file_of(fd);
	if (!f)
		return -1;
	switch (how) {
	case F_GETFL:
		return O_RDWR | (f->nonblocking ? O_NONBLOCK : 0);
	case F_SETFL:
		f->nonblocking = value & O_NONBLOCK;
		return 0;
	case F_GETFD:
		return f->cloexec ? FD_CLOEXEC : 0;
	case F_SETFD:
		f->cloexec = value & FD_CLOEXEC;
		return 0;
	default:
		finding_uncontrolled("fcntl", pc);
	}
}
