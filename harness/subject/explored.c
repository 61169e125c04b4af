/* The player's side of exploration: maps the examiner's area, and lets the runtime play its slots
 * with the lab's binding. Linked into players of hooked builds only (-u explored_call): elsewhere
 * the player refuses the operation. */
#include <errno.h>
#include <stdbool.h>
#include <unistd.h>

#include "runtime/runtime.h"
#include "subject/binding.h"

static bool started;

/* One operation of the script, in a fiber: as the native player calls it, but for the wire. */
static void call_binding(uint16_t op, const int64_t arg[EXPLORE_ARGS], int64_t result[EXPLORE_ARGS])
{
	struct player_call c = { .wire = -1, .op = op, .fd = -1, .fd_back = -1 };

	result[0] = -ENOTSUP;
	for (unsigned i = 0; i < EXPLORE_ARGS; i++)
		c.arg[i] = arg[i];
	for (const struct binding *b = bindings; b->op; b++) {
		if (b->op != op)
			continue;
		b->run(&c);
		for (unsigned i = 0; i < EXPLORE_ARGS; i++)
			result[i] = c.result[i];
		return;
	}
}

void explored_call(struct player_call *c)
{
	if (c->fd >= 0) {
		int err = started ? EALREADY : runtime_start(c->fd, call_binding);
		(void)close(c->fd);
		started = started || err == 0;
		c->result[0] = -err;
		if (err)
			return;
	}
	if (!started || c->arg[0] < 0 || c->arg[1] < 0 || c->arg[0] > EXPLORE_SLOTS ||
	    c->arg[1] > EXPLORE_SLOTS - c->arg[0]) {
		c->result[0] = -EINVAL;
		return;
	}
	c->result[1] = runtime_play((unsigned)c->arg[0], (unsigned)c->arg[1]);
}
