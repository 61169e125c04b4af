/* Asks the runner: one JSON object a packet, one reply for each question, in order. */
#include "runner.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "common/plant.h"
#include "evidence.h"
#include "runner_reply.h"

#define REPLY_MAX    65536
#define SENT_FDS_MAX 8

static void send_with_fds(const char *text, const int *fds, size_t count)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(SENT_FDS_MAX * sizeof(int))];
	} control = { 0 };
	struct iovec part = { .iov_len = strlen(text) };
	struct msghdr m = { .msg_iov = &part, .msg_iovlen = 1 };

	memcpy(&part.iov_base, &text, sizeof(text)); /* iovec knows no const */
	if (count > SENT_FDS_MAX)
		fault("%zu descriptors for one question", count);
	if (count) {
		m.msg_control = control.bytes;
		m.msg_controllen = CMSG_SPACE(count * sizeof(int));
		struct cmsghdr *c = CMSG_FIRSTHDR(&m);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(count * sizeof(int));
		memcpy(CMSG_DATA(c), fds, count * sizeof(int));
	}
	while (sendmsg(EVIDENCE_FD, &m, MSG_NOSIGNAL) < 0)
		if (errno != EINTR)
			exit(3); /* nobody is left to be told */
}

/* Sends the question (given) and returns the reply (returned), which says ok. */
static json_t *ask_with_fds(json_t *question, const int *fds, size_t fd_count)
{
	static char text[REPLY_MAX];
	json_error_t error;
	const char *why = NULL;
	ssize_t n;
	char *sent = question ? json_dumps(question, JSON_COMPACT) : NULL;

	if (!sent)
		fault("a question to the runner could not be written");
	send_with_fds(sent, fds, fd_count);
	do
		n = recv(EVIDENCE_FD, text, sizeof(text), 0);
	while (n < 0 && errno == EINTR);
	if (n <= 0)
		exit(3);
	json_t *reply = json_loadb(text, (size_t)n, JSON_REJECT_DUPLICATES, &error);
	if (!json_is_object(reply))
		fault("reply of the runner to %s: %s", sent, error.text);
	if (!json_is_true(json_object_get(reply, "ok"))) {
		(void)json_unpack(reply, "{s?s}", "why", &why);
		fault("the runner refused %s: %s", sent, why ? why : "no reason");
	}
	free(sent);
	json_decref(question);
	return reply;
}

static json_t *ask(json_t *question)
{
	return ask_with_fds(question, NULL, 0);
}

json_t *runner_ask(json_t *question)
{
	return ask(question);
}

static struct ending ending_of(json_t *reply)
{
	return (struct ending){ .ended = truth(reply, "ended"),
				.exit_status = (int)number_or_0(reply, "exit"),
				.signal = (int)number_or_0(reply, "signal") };
}

pid_t runner_start(const struct start *s)
{
	json_t *reply = ask_with_fds(json_pack("{ss ss sb sb}", "ask", "start", "program",
					       s->program, "trace", s->trace, "handlers",
					       s->handlers),
				     s->fds, s->fd_count);
	pid_t main = (pid_t)number(reply, "main");

	json_decref(reply);
	return main;
}

struct ending runner_stop(void)
{
	json_t *reply = ask(json_pack("{ss}", "ask", "stop"));
	struct ending e = ending_of(reply);

	json_decref(reply);
	return e;
}

static void read_tasks(json_t *list, struct sample *out)
{
	size_t i;
	json_t *t;

	if (!json_is_array(list) || json_array_size(list) > RUNNER_TASKS_MAX)
		fault("a sample without tasks, or with too many");
	json_array_foreach(list, i, t)
	{
		out->task[i] = (struct task){ .pid = (pid_t)number(t, "pid"),
					      .process = (pid_t)number(t, "process"),
					      .parent = (pid_t)number(t, "parent"),
					      .state = text_of(t, "state")[0],
					      .switches = (uint64_t)number(t, "switches"),
					      .cpu_us = (uint64_t)number(t, "cpu_us") };
	}
	out->task_count = i;
}

static void read_fds(json_t *list, struct sample *out)
{
	size_t i;
	json_t *f;

	if (!json_is_array(list) || json_array_size(list) > RUNNER_FDS_MAX)
		fault("a sample without descriptors, or with too many");
	json_array_foreach(list, i, f)
	{
		out->fd[i] = (struct open_fd){ .pid = (pid_t)number(f, "pid"),
					       .fd = (int)number(f, "fd"),
					       .kind = text_of(f, "kind")[0],
					       .cloexec = truth(f, "cloexec"),
					       .inode = (uint64_t)number_or_0(f, "inode") };
	}
	out->fd_count = i;
}

static void read_sample(json_t *reply, unsigned parts, struct sample *out)
{
	size_t i;
	json_t *m;

	out->main = (pid_t)number(reply, "main");
	out->ending = ending_of(reply);
	out->fd_count = 0;
	out->maps = out->shm = out->anonymous_kib = out->memory_kib = 0;
	read_tasks(json_object_get(reply, "tasks"), out);
	if (parts & SAMPLE_FDS)
		read_fds(json_object_get(reply, "fds"), out);
	if (parts & SAMPLE_MEMORY) {
		out->anonymous_kib = (uint64_t)number(reply, "anonymous_kib");
		out->memory_kib = (uint64_t)number_or_0(reply, "memory_kib");
	}
	if (parts & SAMPLE_MAPS) {
		json_array_foreach(json_object_get(reply, "maps"), i, m)
			out->maps += (uint64_t)number(m, "count");
		out->shm = (uint64_t)number(reply, "shm");
	}
}

void runner_sample(unsigned parts, struct sample *out)
{
	json_t *reply = ask(json_pack(
		"{ss sb sb sb}", "ask", "sample", "fds", (parts & SAMPLE_FDS) != 0, "memory",
		(parts & SAMPLE_MEMORY) != 0, "maps", (parts & SAMPLE_MAPS) != 0));

	read_sample(reply, parts, out);
	json_decref(reply);
}

bool runner_at_exit(struct sample *out)
{
	json_t *reply = ask(json_pack("{ss}", "ask", "at_exit"));
	bool seen = !json_is_false(json_object_get(reply, "seen"));

	if (seen)
		read_sample(reply, SAMPLE_FDS, out);
	json_decref(reply);
	return seen;
}

struct pulse runner_pulse(void)
{
	json_t *reply = ask(json_pack("{ss}", "ask", "quiet"));
	struct pulse p = { .quiet = truth(reply, "quiet"),
			   .ended = truth(reply, "ended"),
			   .switches = (uint64_t)number(reply, "switches"),
			   .wakeups = (uint64_t)number(reply, "wakeups"),
			   .cpu_us = (uint64_t)number(reply, "cpu_us"),
			   .tasks = (uint64_t)number(reply, "tasks") };

	json_decref(reply);
	return p;
}

void runner_signal(pid_t pid, int signo)
{
	json_decref(ask(json_pack("{ss si si}", "ask", "signal", "pid", (int)pid, "signo", signo)));
}

unsigned runner_inject(const struct injection *in)
{
	json_t *calls = json_array();

	for (size_t i = 0; i < RUNNER_NAMES_MAX && in->calls[i]; i++)
		json_array_append_new(calls, json_string(in->calls[i]));
	json_t *q = json_pack("{ss so ss si si}", "ask", "inject", "calls", calls, "who", in->who,
			      "from", (int)in->from, "times", (int)in->times);
	if (in->error)
		json_object_set_new(q, "errno", json_integer(in->error));
	if (in->limit)
		json_object_set_new(q, "limit", json_integer(in->limit));
	if (in->signal) {
		json_object_set_new(q, "signal", json_integer(in->signal));
		json_object_set_new(q, "when", json_string(in->after ? "after" : "before"));
	}
	json_t *reply = ask(q);
	unsigned rule = (unsigned)number(reply, "rule");

	json_decref(reply);
	return rule;
}

unsigned runner_fired(unsigned rule)
{
	json_t *reply = ask(json_pack("{ss}", "ask", "fired"));
	json_t *n = json_array_get(json_object_get(reply, "fired"), rule);

	if (!json_is_integer(n))
		fault("the runner does not know rule %u", rule);
	unsigned fired = (unsigned)json_integer_value(n);
	json_decref(reply);
	return fired;
}

void runner_disarm(void)
{
	json_decref(ask(json_pack("{ss}", "ask", "disarm")));
}

void runner_step(pid_t pid, const char *function, uint64_t n)
{
	json_decref(ask(json_pack("{ss si ss sI}", "ask", "step", "pid", (int)pid, "function",
				  function, "count", (json_int_t)n)));
}

enum step_state runner_stepped(pid_t pid, uint64_t *steps)
{
	static const char *const names[] = { [STEP_HELD] = "held",
					     [STEP_RETURNED] = "returned",
					     [STEP_ENDED] = "ended",
					     [STEP_RUNNING] = "running" };
	json_t *reply = ask(json_pack("{ss si}", "ask", "stepped", "pid", (int)pid));
	const char *state = text_of(reply, "state");
	size_t i = 0;

	while (i < sizeof(names) / sizeof(names[0]) && strcmp(state, names[i]) != 0)
		i++;
	if (i == sizeof(names) / sizeof(names[0]))
		fault("the runner knows a state %s of stepping", state);
	if (steps)
		*steps = (uint64_t)number_or_0(reply, "steps");
	json_decref(reply);
	return (enum step_state)i;
}

void runner_release(pid_t pid)
{
	json_decref(ask(json_pack("{ss si}", "ask", "release", "pid", (int)pid)));
}

bool runner_plants(void)
{
	json_t *reply = ask(json_pack("{ss}", "ask", "plants"));
	bool plants = truth(reply, "plants");

	json_decref(reply);
	return plants;
}

void runner_plant(struct plant_order *order)
{
	json_t *reply = ask(json_pack("{ss}", "ask", "plant"));

	order->kind = (uint32_t)number(reply, "kind");
	order->bytes = (uint64_t)number(reply, "bytes");
	order->offset = (uint64_t)number(reply, "offset");
	order->left = (int32_t)number(reply, "left");
	order->right = (int32_t)number(reply, "right");
	json_decref(reply);
}

uint64_t runner_output(const char *text)
{
	json_t *reply = ask(json_pack("{ss ss}", "ask", "output", "count", text));
	uint64_t n = (uint64_t)number(reply, "count");

	json_decref(reply);
	return n;
}
