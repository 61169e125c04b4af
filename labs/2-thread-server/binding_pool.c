/* Parts C and E in the player: the pool under test, and the tasks that it is given.
 *
 * What the tasks note about themselves the race detector does not see: a task that runs twice is to
 * be told as such. What they read and write as tasks do it sees: it is written before the submit
 * and read after the wait. */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <time.h>

#include "2-thread-server/thread_server.h"
#include "bindings.h"
#include "common/clab.h"
#include "tests/ops_pool.h"

#define UNSEEN __attribute__((no_sanitize("thread"), noinline))

struct task {
	unsigned number;
	enum pool_kind kind;
	int64_t given, made; /* by the submitter, by the task                                */
};

extern const char __ehdr_start[]; /* the first byte of the program */

static struct pool *pool;
static struct task task[POOL_TASKS];
static pthread_barrier_t meeting;
static sem_t gate;
static struct {
	unsigned accepted, started, twice, finished, inside, strange;
	uint8_t said[POOL_TASKS];
} noted;

UNSEEN static bool note_start(unsigned number)
{
	const unsigned bit = 1u << number % POOL_TASKS;

	if (number >= POOL_TASKS) {
		noted.strange = 1;
		return false;
	}
	if (noted.started & bit)
		noted.twice |= bit;
	noted.started |= bit;
	return !(noted.twice & bit);
}

UNSEEN static void note_finish(unsigned number)
{
	noted.finished |= 1u << number;
}

UNSEEN static void note_call(unsigned number)
{
	noted.inside |= 1u << number;
}

UNSEEN static void note_said(unsigned number, int status)
{
	noted.inside &= ~(1u << number);
	noted.said[number] = (uint8_t)status;
}

UNSEEN static void note_accepted(unsigned number, int64_t status)
{
	if (status == 0)
		noted.accepted |= 1u << number;
}

UNSEEN static unsigned accepted_now(void)
{
	return noted.accepted;
}

UNSEEN static void tell(struct player_call *c)
{
	c->result[1] = noted.finished;
	c->result[2] = noted.started;
}

static void run_task(void *arg);

static int submit(unsigned number, enum pool_kind kind, bool tries)
{
	struct task *t = &task[number];

	*t = (struct task){ .number = number, .kind = kind, .given = number + 100 };
	if (kind == POOL_FREES) {
		t = malloc(sizeof(*t));
		if (!t)
			return ENOMEM;
		*t = task[number];
	}
	int status = (tries ? pool_try_submit : pool_submit)(pool, run_task, t);
	if (status && kind == POOL_FREES)
		free(t);
	return status;
}

static void call_pool(const struct task *t)
{
	int status = 0;

	note_call(t->number);
	if (t->kind == POOL_SHUTS)
		status = pool_shutdown(pool, 1);
	else if (t->kind == POOL_WAITS)
		status = pool_wait_idle(pool);
	else
		status = submit(t->number + POOL_OWN, POOL_PLAIN, false);
	note_said(t->number, status);
}

static void run_task(void *arg)
{
	struct task *t = arg;
	const bool ours = (t >= task && t < task + POOL_TASKS) || t->kind == POOL_FREES;
	const unsigned number = ours ? t->number : POOL_TASKS;

	if (!note_start(number))
		return;
	if (t->kind == POOL_MEET)
		(void)pthread_barrier_wait(&meeting);
	if (t->kind == POOL_GATED || t->kind == POOL_SUBMITS) {
		(void)sem_wait(&gate);
		(void)sem_post(&gate);
	}
	if (t->kind == POOL_SHUTS || t->kind == POOL_WAITS || t->kind == POOL_SUBMITS)
		call_pool(t);
	t->made = t->given + 1;
	if (t->kind == POOL_FREES)
		free(t);
	note_finish(number);
}

/* Reads what those tasks made: it must be there to be seen. */
static int64_t look_at(unsigned finished)
{
	int64_t made = 0;

	for (unsigned i = 0; i < POOL_TASKS; i++)
		if (finished >> i & 1u)
			made += task[i].made;
	return made;
}

UNSEEN static void notes_clear(void)
{
	for (unsigned i = 0; i < POOL_TASKS; i++)
		noted.said[i] = POOL_NOT_SAID;
}

void pool_run_create(struct player_call *c)
{
	notes_clear();
	(void)pthread_barrier_init(&meeting, NULL, 2);
	(void)sem_init(&gate, 0, 0);
	c->result[0] = pool_create(&pool, (unsigned)c->arg[0], (size_t)c->arg[1]);
	c->result[1] = (int64_t)((uintptr_t)task - (uintptr_t)__ehdr_start);
	c->result[2] = sizeof(task);
}

/* A pool that could not be made is not used: who made it is told so. */
static bool has_pool(struct player_call *c)
{
	c->result[0] = pool ? 0 : ENXIO;
	return pool;
}

void pool_run_submit(struct player_call *c)
{
	const unsigned number = (unsigned)c->arg[0] % POOL_OWN;

	if (!has_pool(c))
		return;
	c->result[0] = submit(number, (enum pool_kind)c->arg[1], c->op == OP_POOL_TRY_SUBMIT);
	note_accepted(number, c->result[0]);
}

void pool_run_wait_idle(struct player_call *c)
{
	const unsigned before = accepted_now();

	if (!has_pool(c))
		return;
	c->result[0] = pool_wait_idle(pool);
	tell(c);
	if (c->result[0] == 0)
		c->result[3] = look_at(before & (unsigned)c->result[1]);
}

void pool_run_shutdown(struct player_call *c)
{
	if (!has_pool(c))
		return;
	c->result[0] = pool_shutdown(pool, (int)c->arg[0]);
	tell(c);
	if (c->result[0] == 0)
		c->result[3] = look_at((unsigned)c->result[1]);
}

void pool_run_destroy(struct player_call *c)
{
	pool_destroy(pool);
	pool = NULL;
	c->result[0] = 0;
	tell(c);
}

void pool_run_open(struct player_call *c)
{
	(void)sem_post(&gate);
	c->result[0] = 0;
}

UNSEEN void pool_run_state(struct player_call *c)
{
	c->result[0] = (int64_t)(noted.started | noted.twice << POOL_TASKS) |
		       (int64_t)noted.strange << 2 * POOL_TASKS;
	c->result[1] = (int64_t)(noted.finished | noted.inside << POOL_TASKS);
	c->result[2] = 0;
	for (unsigned i = 0; i < POOL_OWN; i++)
		c->result[2] |= (int64_t)((uint64_t)noted.said[i] << 8 * i);
}

static uint8_t many[POOL_MANY_MAX];

static void run_one_of_many(void *arg)
{
	uint8_t *runs = arg;

	cl_wait_us(10);
	++*runs;
}

void pool_run_many(struct player_call *c)
{
	if (!has_pool(c))
		return;
	for (int64_t i = 0; i < c->arg[0] && i < POOL_MANY_MAX && c->result[0] == 0; i++)
		c->result[0] = pool_submit(pool, run_one_of_many, &many[i]);
	if (c->result[0] == 0)
		c->result[0] = pool_wait_idle(pool);
	for (size_t i = 0; c->result[0] == 0 && i < POOL_MANY_MAX; i++) {
		c->result[1] += many[i] == 1;
		c->result[2] += many[i] > 1;
	}
}

void pool_run_pause(struct player_call *c)
{
	cl_wait_us((uint64_t)c->arg[0]);
	c->result[0] = 0;
}

void pool_run_burn(struct player_call *c)
{
	c->result[0] = (int64_t)cl_burn(1, (uint64_t)c->arg[0] * 1000) & 0;
}

struct work {
	int64_t wt_us, ct_us, runs;
};

static void run_measured(void *arg)
{
	struct work *w = arg;
	const int64_t run = w->runs++;

	cl_wait_us((uint64_t)(w->wt_us + pool_measure_more(w->wt_us, run)));
	(void)cl_burn(1, (uint64_t)(w->ct_us + pool_measure_more(w->ct_us, run)) * 1000);
}

void pool_run_measure(struct player_call *c)
{
	struct work w = { .wt_us = c->arg[0], .ct_us = c->arg[1] };
	uint64_t wt = 0, ct = 0;

	pool_measure(run_measured, &w, (unsigned)c->arg[2], &wt, &ct);
	c->result[0] = 0;
	c->result[1] = (int64_t)wt;
	c->result[2] = (int64_t)ct;
	c->result[3] = w.runs;
}

/* Time is virtual here and one schedule is played, so nothing has to be guarded. */
static struct {
	int64_t wt_us, ct_us, tasks, done, first_ns, third_ns;
} load;

static int64_t now_ns(void)
{
	struct timespec now = { 0 };

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void run_loaded(void *arg)
{
	(void)arg;
	cl_wait_us((uint64_t)load.wt_us);
	(void)cl_burn(1, (uint64_t)load.ct_us * 1000);
	load.done++;
	if (load.done == load.tasks / 4)
		load.first_ns = now_ns();
	else if (load.done == load.tasks / 4 * 3)
		load.third_ns = now_ns();
}

void pool_run_load(struct player_call *c)
{
	load.wt_us = c->arg[1];
	load.ct_us = c->arg[2];
	load.tasks = c->arg[3];
	c->result[0] = pool_create(&pool, (unsigned)c->arg[0], 128);
	for (int64_t i = 0; i < load.tasks && c->result[0] == 0; i++)
		c->result[0] = pool_submit(pool, run_loaded, NULL);
	if (c->result[0] == 0)
		c->result[0] = pool_wait_idle(pool);
	if (c->result[0])
		return;
	pool_destroy(pool);
	c->result[1] = load.third_ns - load.first_ns;
	c->result[2] = load.done;
}

void pool_run_ideal_size(struct player_call *c)
{
	c->result[0] = pool_ideal_size((unsigned)c->arg[0], (uint64_t)c->arg[1],
				       (uint64_t)c->arg[2], (unsigned)c->arg[3]);
}
