/* The log of calls, read page by page. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "evidence.h"
#include "runner.h"
#include "runner_reply.h"

#define PAGES_MAX 4000

static uint64_t place_of(json_t *call)
{
	const char *place = json_string_value(json_object_get(call, "place"));

	return place ? strtoull(place, NULL, 16) : 0;
}

static void read_call(json_t *from, struct call *c)
{
	json_t *a = json_object_get(from, "a"), *names = json_object_get(from, "names"), *name;
	size_t i;

	*c = (struct call){ .number = (uint64_t)number(from, "i"),
			    .pid = (pid_t)number(from, "pid"),
			    .r = number_or_0(from, "r"),
			    .inside = !json_is_integer(json_object_get(from, "r")),
			    .injected = truth(from, "injected"),
			    .inode = (uint64_t)number_or_0(from, "inode"),
			    .place = place_of(from) };
	strncpy(c->name, text_of(from, "call"), sizeof(c->name) - 1);
	for (i = 0; i < 3; i++)
		c->a[i] = json_integer_value(json_array_get(a, i));
	json_array_foreach(names, i, name)
	{
		size_t used = strlen(c->names), left = sizeof(c->names) - used;
		const char *s = json_string_value(name);
		if (s && strlen(s) + 2 <= left) {
			memcpy(c->names + used, s, strlen(s));
			memcpy(c->names + used + strlen(s), " ", 2);
		}
	}
}

void runner_calls(uint64_t since, const char *const *names, struct call_log *out)
{
	bool more = true;

	*out = (struct call_log){ .next = since };
	for (unsigned page = 0; more; page++) {
		json_t *wanted = json_array(), *from;
		size_t i;

		if (page == PAGES_MAX)
			fault("the log of calls does not end");
		for (i = 0; names[i]; i++)
			json_array_append_new(wanted, json_string(names[i]));
		json_t *reply = runner_ask(json_pack("{ss sI so}", "ask", "calls", "since",
						     (json_int_t)out->next, "names", wanted));
		json_t *list = json_object_get(reply, "calls");
		struct call *grown = realloc(out->call, (out->count + json_array_size(list) + 1) *
								sizeof(*grown));
		if (!grown)
			fault("no memory for the log of calls");
		out->call = grown;
		json_array_foreach(list, i, from) read_call(from, &out->call[out->count++]);
		out->next = (uint64_t)number(reply, "next");
		more = truth(reply, "more");
		json_decref(reply);
	}
}

void call_log_free(struct call_log *log)
{
	free(log->call);
	*log = (struct call_log){ 0 };
}
