/* Part D: one counter for all processes. The tracer stops a process after each of its instructions
 * in ipc_counter_next, which is where a lost update or a lock left behind shows, every time. */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lab1.h"

#define POINTS_MAX 500
#define WHOLE      1000000 /* more instructions than any call has */
#define VALUES_MAX 4096

LAB_TEST(counts_over_connections, .id = "L1.D.1", .gate = true, .points = 3, .detector = "function",
	 .builds = "nat", .about = "ipc_counter_next",
	 .title = "/count over 300 connections gives 1 to 300, no gap and no double")
{
	static const struct law shared = {
		.finding = "private-counter",
		.name = "the counter is shared by all processes",
		.why = "After fork private memory is not shared: every child counts in its own "
		       "copy.",
	};
	struct world *w = world_open("fork_server_run");

	WORLD_SERVER(w, .trace = false);
	for (uint64_t i = 1; i <= 300; i++) {
		struct client c;
		struct answer a;
		char wanted[24];

		(void)snprintf(wanted, sizeof(wanted), "%" PRIu64 "\n", i);
		connect_to(w, &c);
		send_get(&c, "/count");
		if (!WAIT_UNTIL(&w->stage, client_answered(&c, &a) || client_ended(&c)) ||
		    !client_answered(&c, &a)) {
			law_server_runs(w);
			LAW(false, "not-served", "GET /count gets no answer");
		}
		LAW(a.status == 200, "wrong-answer", "GET /count: wanted status 200, got %d",
		    a.status);
		LAW_OF(&shared, i == 1 || a.length != 2 || memcmp(a.body, "1\n", 2) != 0,
		       "two connections one after the other both got 1 from /count");
		LAW(a.length == strlen(wanted) && memcmp(a.body, wanted, a.length) == 0,
		    "count-wrong",
		    "/count number %" PRIu64 " over as many connections did not give %" PRIu64, i,
		    i);
		client_close(&c);
	}
	EVIDENCE("connections", 300);
}

/* Pid of the process that the player forked last: the one child that was not there before. */
static pid_t new_child(struct world *w, const pid_t *known, size_t count)
{
	static struct sample s;

	runner_sample(0, &s);
	for (size_t i = 0; i < s.task_count; i++) {
		const struct task *t = &s.task[i];
		bool old = t->process == w->main || t->state == 'Z';
		for (size_t k = 0; k < count; k++)
			old = old || t->process == known[k];
		if (!old)
			return t->process;
	}
	fault("a child that the player forked is not seen");
}

/* Every value that was handed out, to find the second of two equal ones. */
struct values {
	uint64_t seen[VALUES_MAX];
	size_t count;
};

static bool is_new(struct values *v, int64_t value)
{
	for (size_t i = 0; i < v->count; i++)
		if (v->seen[i] == (uint64_t)value)
			return false;
	if (v->count == VALUES_MAX)
		fault("more than %d values", VALUES_MAX);
	v->seen[v->count++] = (uint64_t)value;
	return true;
}

static void create_counter(struct world *w)
{
	int64_t error = PLAYER_CALL(&w->player, "ipc_counter_create", .op = OP_COUNTER_CREATE);

	law_written(error != ENOSYS, "ipc_counter_create");
	LAW(error == 0, "cannot-create", "ipc_counter_create returned %lld (%s)", (long long)error,
	    strerror((int)error));
}

static void begin_next(struct player *p)
{
	PLAYER_BEGIN(p, .op = OP_COUNTER_NEXT);
}

/* How many instructions one call has, entry to return, the first value taken on the way. */
static uint64_t length_of_call(struct world *w, struct player *p, pid_t pid, struct values *v)
{
	uint64_t steps = 0;

	runner_step(pid, "ipc_counter_next", WHOLE);
	begin_next(p);
	enum step_state state = runner_stepped(pid, &steps);
	if (state == STEP_HELD)
		runner_release(pid);
	int64_t first = player_result(p, "ipc_counter_next");
	LAW(first == 1, first == 0 ? "not-written" : "count-wrong",
	    "the first call of ipc_counter_next returned %lld, not 1", (long long)first);
	LAW(state == STEP_RETURNED && steps > 0 && steps < WHOLE, "call-too-long",
	    "a call of ipc_counter_next by one process alone has a million instructions or more");
	(void)is_new(v, first);
	(void)w;
	return steps;
}

/* The nth of the points at which a call of this length is stopped. */
static uint64_t point_at(uint64_t n, uint64_t length)
{
	return length <= POINTS_MAX ? n : n * length / POINTS_MAX;
}

static uint64_t point_count(uint64_t length)
{
	return length <= POINTS_MAX ? length : POINTS_MAX;
}

static const struct law NO_LOCK_LEFT = {
	.finding = "lock-held-by-dead-process",
	.name = "a killed process stops no other",
	.why = "A process may be killed at any instruction: what it held must be free for the "
	       "others.",
	.where = { { .function = "ipc_counter_next", .role = "a process was killed in here" } },
};
static const struct law ALL_DIFFERENT = {
	.finding = "lost-increment",
	.name = "no two calls return the same value",
	.why = "Read, add and write back must be one step, or another process gets in between.",
	.where = { { .function = "ipc_counter_next",
		     .role = "two processes were in here at once" } },
};

LAB_TEST(survives_killed_children, .id = "L1.D.2", .points = 4, .detector = "STEP", .builds = "nat",
	 .about = "ipc_counter_next",
	 .title = "a process killed anywhere in ipc_counter_next does not stop the others")
{
	static struct values v;
	struct world *w = world_open("fork_server_run");
	struct player other, victim;

	world_player(w, true);
	create_counter(w);
	player_branch(&w->player, WIRE_OP_FORK, &other);
	pid_t known = new_child(w, NULL, 0);
	uint64_t length = length_of_call(w, &other, known, &v);
	for (uint64_t n = 0; n < point_count(length); n++) {
		player_branch(&w->player, WIRE_OP_FORK, &victim);
		pid_t pid = new_child(w, &known, 1);
		runner_step(pid, "ipc_counter_next", point_at(n, length));
		begin_next(&victim);
		(void)runner_stepped(pid, NULL);
		runner_signal(pid, SIGKILL);
		begin_next(&other);
		LAW_OF(&NO_LOCK_LEFT, WAIT_UNTIL(&w->stage, other.returned || other.gone),
		       "a process was killed after %" PRIu64
		       " instructions: the next one sleeps for ever",
		       point_at(n, length));
		int64_t value = player_result(&other, "ipc_counter_next");
		LAW_OF(&ALL_DIFFERENT, is_new(&v, value),
		       "after a process was killed the value %" PRId64 " came a second time",
		       value);
		player_close(&victim);
		(void)PLAYER_CALL(&w->player, "the player", .op = WIRE_OP_REAP);
	}
	EVIDENCE("processes", 2);
}

/* `other` makes one call while `held` stands in the middle of its own. If it has to wait, the first
 * goes on: that is what a lock is for. */
static int64_t next_beside(struct world *w, struct player *other, pid_t held, bool *released)
{
	begin_next(other);
	w->stage.frozen = held;
	if (!*released) {
		struct wait wait = { 0 };
		unsigned asleep = 0;
		while (!other->returned && !other->gone && asleep < 3) {
			struct pulse p = { 0 };
			if (stage_poll(&w->stage, asleep ? 1 : 0))
				continue;
			p = stage_pulse(&w->stage, &wait);
			asleep = p.quiet ? asleep + 1 : 0;
		}
	}
	w->stage.frozen = 0;
	if (!other->returned && !other->gone && !*released) {
		runner_release(held);
		*released = true;
	}
	return player_result(other, "ipc_counter_next");
}

LAB_TEST(counts_every_call, .id = "L1.D.3", .points = 2, .detector = "STEP", .builds = "nat",
	 .about = "ipc_counter_next",
	 .title = "two processes in ipc_counter_next at once never get the same value")
{
	static struct values v;
	struct world *w = world_open("fork_server_run");
	struct player held, other;
	pid_t pid[2];

	world_player(w, true);
	create_counter(w);
	player_branch(&w->player, WIRE_OP_FORK, &held);
	pid[0] = new_child(w, NULL, 0);
	player_branch(&w->player, WIRE_OP_FORK, &other);
	pid[1] = new_child(w, pid, 1);
	uint64_t length = length_of_call(w, &held, pid[0], &v);
	for (uint64_t n = 0; n < point_count(length); n++) {
		runner_step(pid[0], "ipc_counter_next", point_at(n, length));
		begin_next(&held);
		bool released = runner_stepped(pid[0], NULL) != STEP_HELD;
		for (unsigned i = 0; i < 2; i++) {
			int64_t value = next_beside(w, &other, pid[0], &released);
			LAW_OF(&ALL_DIFFERENT, is_new(&v, value),
			       "two processes both got the value %" PRId64, value);
		}
		if (!released)
			runner_release(pid[0]);
		int64_t value = player_result(&held, "ipc_counter_next");
		LAW_OF(&ALL_DIFFERENT, is_new(&v, value),
		       "two processes both got the value %" PRId64, value);
	}
	int64_t last = PLAYER_CALL(&w->player, "ipc_counter_next", .op = OP_COUNTER_NEXT);
	LAW_OF(&ALL_DIFFERENT, last == (int64_t)v.count + 1,
	       "after %zu calls the next value is %" PRId64 ", not one more than their number",
	       v.count, last);
	EVIDENCE("processes", 2);
}

struct footprint {
	uint64_t fds, maps, shm;
};

static struct footprint footprint(void)
{
	static struct sample s;

	runner_sample(SAMPLE_FDS | SAMPLE_MAPS, &s);
	return (struct footprint){ .fds = s.fd_count, .maps = s.maps, .shm = s.shm };
}

static void one_life(struct world *w)
{
	create_counter(w);
	(void)PLAYER_CALL(&w->player, "ipc_counter_next", .op = OP_COUNTER_NEXT);
	(void)PLAYER_CALL(&w->player, "ipc_counter_destroy", .op = OP_COUNTER_DESTROY);
}

LAB_TEST(
	destroys_all, .id = "L1.D.4", .points = 1, .detector = "RES", .builds = "nat",
	.about = "ipc_counter_destroy",
	.title = "ipc_counter_destroy leaves no descriptor, no mapping and no shared memory object")
{
	struct world *w = world_open("fork_server_run");

	world_player(w, false);
	one_life(w); /* what libc keeps for itself is there from now on */
	struct footprint before = footprint();
	LAW(before.shm == 0, "shm-left-behind",
	    "an object stays in /dev/shm after ipc_counter_destroy");
	for (unsigned i = 0; i < 10; i++)
		one_life(w);
	struct footprint after = footprint();
	LAW(after.shm == 0, "shm-left-behind",
	    "objects stay in /dev/shm after ipc_counter_destroy");
	LAW(after.fds <= before.fds, "fd-leak",
	    "10 counters were made and destroyed: %" PRIu64 " descriptors stay open",
	    after.fds - before.fds);
	LAW(after.maps <= before.maps, "map-left-behind",
	    "10 counters were made and destroyed: %" PRIu64 " mappings stay",
	    after.maps - before.maps);
	EVIDENCE("counters", 11);
}
