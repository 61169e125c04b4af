/* The poll loop, and the rule of quiescence. */
#include "stage.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <string.h>

#include "common/clab.h"
#include "evidence.h"
#include "lab.h"

#define QUIET_MAX_US    2000000u
#define ASLEEP_MAX_US   10000000u /* in all, with short wake-ups in between */
#define WAKEUPS_MAX     200u
#define CPU_MAX_US      2000000u
#define SETTLE_CPU_US   500000u /* whoever is to fall asleep has nothing left to compute */
#define WALL_MAX_US     60000000u
#define EAGER_TURNS     30u /* turns without a nap: most answers come within microseconds */
#define NAP_MAX_MS      16
#define SETTLED_SAMPLES 3u /* quiet ones in a row, 1 ms apart: a packet may still be under way */

/* The same patience on a machine that is slow. */
static uint64_t longer(uint64_t us)
{
	return us * lab_factor();
}

size_t stage_add(struct stage *stage, const struct source *source)
{
	size_t slot = 0;

	while (slot < stage->count && stage->source[slot].fd >= 0)
		slot++;
	if (slot == STAGE_SOURCES_MAX)
		fault("more than %d sources on one stage", STAGE_SOURCES_MAX);
	if (slot == stage->count)
		stage->count++;
	stage->source[slot] = *source;
	return slot;
}

void stage_events(struct stage *stage, size_t slot, short events)
{
	stage->source[slot].events = events;
}

void stage_remove(struct stage *stage, size_t slot)
{
	stage->source[slot].fd = -1;
	while (stage->count && stage->source[stage->count - 1].fd < 0)
		stage->count--;
}

bool stage_poll(struct stage *stage, int wait_ms)
{
	struct pollfd fds[STAGE_SOURCES_MAX];
	size_t count = stage->count;
	uint64_t before = stage->progress;

	for (size_t i = 0; i < count; i++) {
		const struct source *s = &stage->source[i];
		/* Without any event wanted even an error must not wake us again and again. */
		fds[i] = (struct pollfd){ .fd = s->events ? s->fd : -1, .events = s->events };
	}
	int ready = poll(fds, count, wait_ms);
	if (ready < 0 && errno != EINTR)
		fault("poll: %s", strerror(errno));
	if (ready <= 0)
		return false;
	for (size_t i = 0; i < count; i++) {
		const struct source *s = &stage->source[i];
		if (fds[i].revents && s->fd == fds[i].fd)
			s->ready(s->self, fds[i].revents);
	}
	return stage->progress != before;
}

/* The pulse while a process is stopped by the test: its states T and t count as asleep. */
static struct pulse frozen_pulse(const struct stage *stage, struct wait *wait)
{
	struct sample s;
	struct pulse p = { .quiet = true };

	runner_sample(0, &s);
	p.ended = s.ending.ended;
	p.tasks = s.task_count;
	for (size_t i = 0; i < s.task_count; i++) {
		const struct task *t = &s.task[i];
		p.switches += t->switches;
		p.cpu_us += t->cpu_us;
		if (t->state != 'S' && t->state != 'Z' && t->process != stage->frozen)
			p.quiet = false;
	}
	p.wakeups = p.switches;
	p.quiet = p.quiet && p.switches == wait->last_switches;
	wait->last_switches = p.switches;
	return p;
}

struct pulse stage_pulse(const struct stage *stage, struct wait *wait)
{
	if (stage->pulse)
		return stage->pulse();
	return stage->frozen ? frozen_pulse(stage, wait) : runner_pulse();
}

static void start_counting(struct wait *wait, const struct stage *stage, const struct pulse *p)
{
	wait->progress = stage->progress;
	wait->wakeups = p->wakeups;
	wait->cpu_us = p->cpu_us;
	wait->tasks = p->tasks;
	wait->quiet_us = wait->asleep_us = 0;
}

/* True if the subject woke or computed more than somebody does who has something to wait for. Every
 * call of a traced subject is several wake-ups: there only its CPU time counts. */
static bool is_restless(const struct stage *stage, const struct wait *wait, const struct pulse *p,
			uint64_t cpu_max_us)
{
	return (!stage->traced && p->wakeups - wait->wakeups >= WAKEUPS_MAX) ||
	       p->cpu_us - wait->cpu_us >= cpu_max_us;
}

static void check_wall(struct wait *wait)
{
	uint64_t now = cl_now_us();

	if (!wait->begun_us)
		wait->begun_us = now;
	if (now - wait->begun_us > longer(WALL_MAX_US))
		fault("the subject neither got on nor fell asleep within %u s", 60 * lab_factor());
}

/* One look at the subject, when there was nothing to read. False: nothing can come any more. */
static bool look(struct stage *stage, struct wait *wait)
{
	struct pulse p = stage_pulse(stage, wait);

	check_wall(wait);
	if (p.ended) {
		/* What it sent before it ended is in our sockets by now: one more turn reads it. */
		bool again = !wait->ended;
		wait->ended = true;
		return again;
	}
	/* Sums over tasks fall when one ends; a task that came or went is progress anyway. */
	if (stage->progress != wait->progress || p.tasks != wait->tasks ||
	    p.wakeups < wait->wakeups || p.cpu_us < wait->cpu_us) {
		start_counting(wait, stage, &p);
		return true;
	}
	uint64_t now = cl_now_us();
	if (!p.quiet) {
		wait->quiet_us = 0;
		return wait->patient || !is_restless(stage, wait, &p, longer(CPU_MAX_US));
	}
	if (wait->quiet_us)
		wait->asleep_us += now - wait->last_us;
	else
		wait->quiet_us = now;
	wait->last_us = now;
	return now - wait->quiet_us < longer(QUIET_MAX_US) &&
	       wait->asleep_us < longer(ASLEEP_MAX_US);
}

bool stage_turn(struct stage *stage, struct wait *wait)
{
	unsigned naps = wait->idle_turns > EAGER_TURNS ? wait->idle_turns - EAGER_TURNS : 0;
	int nap_ms = naps > 5 ? NAP_MAX_MS : (1 << naps) / 2;

	if (stage_poll(stage, nap_ms)) {
		wait->idle_turns = 0;
		return true;
	}
	wait->idle_turns++;
	if (wait->idle_turns <= EAGER_TURNS) {
		(void)sched_yield();
		return true;
	}
	return look(stage, wait);
}

bool stage_settle(struct stage *stage)
{
	struct wait wait = { 0 };
	unsigned quiet = 0;

	while (quiet < SETTLED_SAMPLES) {
		if (stage_poll(stage, wait.tasks ? 1 : 0)) {
			quiet = 0;
			continue;
		}
		struct pulse p = stage_pulse(stage, &wait);
		check_wall(&wait);
		if (p.ended)
			return true;
		quiet = p.quiet ? quiet + 1 : 0;
		if (stage->progress != wait.progress || p.tasks != wait.tasks ||
		    p.wakeups < wait.wakeups || p.cpu_us < wait.cpu_us)
			start_counting(&wait, stage, &p);
		else if (is_restless(stage, &wait, &p, longer(SETTLE_CPU_US)))
			return false;
	}
	return true;
}

struct ending stage_ending(struct stage *stage)
{
	static struct sample s;

	(void)stage_settle(stage);
	runner_sample(0, &s);
	return s.ending;
}

void stage_until(struct stage *stage, uint64_t until_us)
{
	for (uint64_t now; (now = cl_now_us()) < until_us;) {
		uint64_t left_ms = (until_us - now) / 1000 + 1;
		(void)stage_poll(stage, left_ms > 1000 ? 1000 : (int)left_ms);
	}
}
