/* ipc.c - a counter shared between processes: eight bytes of a memory file, under a lock that the
 * kernel takes back when its holder dies.
 * The lock is the POSIX kind, owned by a process. The open-file-description kind would be owned by
 * all processes at once here, for a forked child shares the description. */
#include "1-fork-server/fork_server.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

struct ipc_counter {
	int fd;
	pthread_mutex_t threads; /* of this process: they would all own the file lock */
};

int ipc_counter_create(struct ipc_counter **out)
{
	struct ipc_counter *c = malloc(sizeof(*c));
	static const uint64_t zero;
	int err;

	if (!c)
		return ENOMEM;
	c->fd = memfd_create("count", MFD_CLOEXEC);
	if (c->fd < 0) {
		err = errno;
		goto free_counter;
	}
	if (pwrite(c->fd, &zero, sizeof(zero), 0) != (ssize_t)sizeof(zero)) {
		err = ENOSPC;
		goto close_fd;
	}
	err = pthread_mutex_init(&c->threads, NULL);
	if (err)
		goto close_fd;
	*out = c;
	return 0;

close_fd:
	(void)close(c->fd);
free_counter:
	free(c);
	return err;
}

static void file_lock(const struct ipc_counter *c, short type)
{
	struct flock all = { .l_type = type, .l_whence = SEEK_SET };

	while (fcntl(c->fd, F_SETLKW, &all) && errno == EINTR)
		continue;
}

/* A process killed here loses at most a number that nobody has seen. */
uint64_t ipc_counter_next(struct ipc_counter *c)
{
	uint64_t value = 0;

	(void)pthread_mutex_lock(&c->threads);
	file_lock(c, F_WRLCK);
	(void)!pread(c->fd, &value, sizeof(value), 0); /* eight bytes are there since create */
	value++;
	(void)!pwrite(c->fd, &value, sizeof(value), 0);
	file_lock(c, F_UNLCK);
	(void)pthread_mutex_unlock(&c->threads);
	return value;
}

void ipc_counter_destroy(struct ipc_counter *c)
{
	if (!c)
		return;
	(void)pthread_mutex_destroy(&c->threads);
	(void)close(c->fd);
	free(c);
}
