/* By atexit. Nothing in here may end the program again: what cannot be done is left undone. */
#include "batch/abandon.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "base/die.h"
#include "base/file.h"

enum { PATH_BYTES = 4096 };

static struct {
	struct store *store; /* NULL: disarmed */
	const struct slot *slots;
	unsigned count;
	long long last; /* attempt of before */
	bool registered;
} armed;

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
		(void)folder_remove(spool);     /* makes room, too */
	(void)store_abandon(store, armed.last); /* open ones are counted as crashes */
}

void abandon_arm(struct store *store, const struct slot *slots, unsigned count)
{
	if (!armed.registered && atexit(abandon) != 0)
		die("out of memory");
	armed.registered = true;
	armed.store = store;
	armed.slots = slots;
	armed.count = count;
	armed.last = store_last_attempt(store);
}

void abandon_disarm(void)
{
	armed.store = NULL;
}
