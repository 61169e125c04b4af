/* By atexit. Nothing in here may end the program again: what cannot be done is left undone. */
#include "batch/abandon.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/file.h"

enum { PATH_BYTES = 4096, RESERVE_BYTES = 256 * 1024 };

static struct {
	struct store *store; /* NULL: disarmed */
	const struct slot *slots;
	unsigned count;
	long long last; /* attempt of before */
	bool registered;
} armed;

/* Room that is given back so that the last words fit on a disk that is full to the last byte. */
static void reserve(const struct store *store, bool wanted)
{
	char path[PATH_BYTES];
	if (snprintf(path, sizeof path, "%s/.reserve", store->out) >= (int)sizeof path)
		return;
	AUTO_FD int fd = wanted ? open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)
				: -1;
	if (fd < 0 || posix_fallocate(fd, 0, RESERVE_BYTES) != 0)
		(void)unlink(path); /* without room for it there is none to give back */
}

static void abandon(void)
{
	struct store *store = armed.store;
	char spool[PATH_BYTES];
	armed.store = NULL;
	if (store == NULL)
		return;
	for (unsigned i = 0; i < armed.count; i++)
		if (armed.slots[i].pid > 0)
			(void)kill(-armed.slots[i].pid, SIGKILL);
	for (unsigned i = 0; i < armed.count; i++) {
		pid_t pid = armed.slots[i].pid;
		while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			continue;
	}
	if (snprintf(spool, sizeof spool, "%s/spool", store->out) < (int)sizeof spool)
		(void)folder_remove(spool); /* makes room, too */
	reserve(store, false);
	(void)store_abandon(store, armed.last); /* open ones are counted as crashes */
}

void abandon_arm(struct store *store, const struct slot *slots, unsigned count)
{
	if (!armed.registered && atexit(abandon) != 0)
		die("out of memory");
	armed.registered = true;
	reserve(store, true);
	armed.store = store;
	armed.slots = slots;
	armed.count = count;
	armed.last = store_last_attempt(store);
}

void abandon_disarm(void)
{
	if (armed.store != NULL)
		reserve(armed.store, false);
	armed.store = NULL;
}
