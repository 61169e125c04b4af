/* files.h - descriptors of an execution: a small kernel of its own, part of the state that is
 * reset.
 *
 * Sockets, pipes, eventfd, timerfd, signalfd and epoll are objects of the runtime, not of the
 * kernel: so an execution with them can be reset in place, forked and replayed like any other, and
 * nothing depends on how fast a byte travels. Each call is a point; one that would block parks its
 * fiber until what it waits for is there. The clients of a server are threads of the script
 * (outside.h); no order between them and the server's threads is inferred from what they send, for
 * a client is not part of the program.
 *
 * Happens-before, as the kernel gives it: from a write to an eventfd or pipe to the read that takes
 * it, from epoll_ctl to epoll_wait, from close to whoever gets the same number next. */
#ifndef RUNTIME_FILES_H
#define RUNTIME_FILES_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

#include "runtime/state.h"

/* Before an execution. */
void files_reset(void);

/* The file of an open descriptor; NULL, and errno EBADF. */
struct file *file_of(int fd);
/* A new descriptor, the lowest free one; -1 and errno EMFILE. */
int file_new(enum file_kind kind, bool nonblocking, bool cloexec);
/* A stream's index; NO_STREAM if there is none left. */
uint8_t stream_new(void);
size_t stream_put(struct stream *s, const void *from, size_t n);
size_t stream_take(struct stream *s, void *to, size_t n);

/* How often something has come about at a file: for edge-triggered watches. */
uint64_t file_activity(int fd);

/* What poll would say of it now: POLLIN, POLLOUT, POLLHUP, POLLERR, POLLNVAL. */
short file_events(int fd);
/* How many of the set are ready; fills in revents. */
int set_look(struct pollfd *set, nfds_t count);
/* Parks the current thread until one of the set is ready, or deadline (ns, NO_DEADLINE: none):
 * false. The set is borrowed. */
bool files_wait(const struct pollfd *set, nfds_t count, uint64_t deadline);
/* One descriptor, as files_wait. */
bool file_wait(int fd, short events, uint64_t deadline);
/* Something about a file has changed: wakes those whose wait is over. */
void files_changed(void);

/* Bytes of a socket or pipe, after the point: as recv and send with these flags. */
ssize_t file_receive(struct file *f, int fd, void *to, size_t n, int flags, uint32_t pc);
ssize_t file_transmit(struct file *f, int fd, const void *from, size_t n, int flags, uint32_t pc);
struct sockaddr_in;

/* As much of the address as there is room for, and how long it is in full; both are announced.
 * -1 and EINVAL: a negative length. */
int address_tell(const struct sockaddr_in *what, struct sockaddr *at, socklen_t *len, uint32_t pc);
/* write(2), after the point; what is written is announced as read. */
ssize_t file_write(int fd, const void *from, size_t n, uint32_t pc);

/* The point before every call of a descriptor. */
void file_point(uint32_t pc);
#endif
