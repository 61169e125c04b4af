/* What the filter stopped, of all subjects of a job together. */
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "run/runner.h"

static json_t *find(json_t *list, const json_t *entry)
{
	const char *name = json_string_value(json_object_get(entry, "syscall"));
	size_t i;
	json_t *old;
	json_array_foreach(list, i, old)
	{
		if (strcmp(json_string_value(json_object_get(old, "syscall")), name) == 0)
			return old;
	}
	return NULL;
}

static void add(json_t *list, json_t *entry)
{
	json_t *old = find(list, entry);
	if (old == NULL) {
		json_array_append(list, entry);
		return;
	}
	json_object_set_new(old, "count",
			    json_integer(json_integer_value(json_object_get(old, "count")) +
					 json_integer_value(json_object_get(entry, "count"))));
	if (json_is_true(json_object_get(entry, "killed")))
		json_object_set_new(old, "killed", json_true());
}

/* A call through the gate of another architecture has no number that means anything here: the
 * kernel itself ends its maker. */
static bool ended_by_filter(const struct box *box)
{
	return box->ended && WIFSIGNALED(box->wait_status) && WTERMSIG(box->wait_status) == SIGSYS;
}

void denied_keep(struct runner *runner)
{
	const struct box *box = &runner->subject.box;
	json_t *list = guard_denied(&box->guard);
	if (ended_by_filter(box))
		json_array_append_new(list, json_pack("{s:s, s:i, s:b}", "syscall",
						      "(of another architecture)", "count", 1,
						      "killed", true));
	size_t i;
	json_t *entry;
	json_array_foreach(list, i, entry) add(runner->denied, entry);
	json_decref(list);
	json_t *rings = guard_rings(&box->guard);
	json_array_extend(runner->rings, rings);
	json_decref(rings);
}
