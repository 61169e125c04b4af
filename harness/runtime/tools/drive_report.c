/* A finding as text, with places as offsets in the image: addr2line and nm give them names. */
#include <stdio.h>

#include "runtime/tools/drive.h"

static const char *const KINDS[] = {
	[EXPLORE_FINDING_NONE] = "nothing",
	[EXPLORE_RACE] = "race",
	[EXPLORE_USE_AFTER_FREE] = "use-after-free",
	[EXPLORE_OVERFLOW] = "overflow",
	[EXPLORE_BAD_FREE] = "bad-free",
	[EXPLORE_DEAD_MEMORY] = "dead-memory",
	[EXPLORE_MISUSE] = "misuse",
	[EXPLORE_HARNESS] = "harness",
	[EXPLORE_ASSERTION] = "assertion",
	[EXPLORE_ABORT] = "abort",
	[EXPLORE_EXIT] = "exit",
	[EXPLORE_CRASH] = "crash",
	[EXPLORE_NO_PROGRESS] = "no-progress",
	[EXPLORE_UNCONTROLLED] = "uncontrolled",
	[EXPLORE_FORK_LOCK] = "fork-lock",
};
static const char *const STEPS[EXPLORE_STEPS] = {
	[EXPLORE_STEP_NONE] = "nothing",
	[EXPLORE_STEP_LOCK] = "lock",
	[EXPLORE_STEP_RELOCK] = "relock",
	[EXPLORE_STEP_WAIT] = "wait",
	[EXPLORE_STEP_JOIN] = "join",
	[EXPLORE_STEP_SEM_WAIT] = "sem_wait",
	[EXPLORE_STEP_BARRIER] = "barrier",
	[EXPLORE_STEP_READ_LOCK] = "read lock",
	[EXPLORE_STEP_WRITE_LOCK] = "write lock",
	[EXPLORE_STEP_ONCE] = "once",
	[EXPLORE_STEP_FUTEX_WAIT] = "futex wait",
};

const char *drive_name(const struct explore_answer *a)
{
	const struct explore_finding *f = &a->finding;

	if (a->end == EXPLORE_END_BROKEN || a->end == EXPLORE_END_NONE)
		return "broken";
	if (a->end == EXPLORE_END_FINDING)
		return f->kind < EXPLORE_FINDINGS ? KINDS[f->kind] : "?";
	for (unsigned i = 0; i < f->threads; i++) /* a cycle of locks and joins among the waits? */
		for (unsigned t = i, n = 0; n <= f->threads; n++) {
			t = f->thread[t].state == EXPLORE_ASLEEP ? f->thread[t].owner
								 : EXPLORE_NOBODY;
			if (t == EXPLORE_NOBODY || t >= f->threads)
				break;
			if (t == i)
				return "deadlock";
		}
	return "lost-wakeup";
}

static void place(const char *what, const struct explore_place *p)
{
	(void)printf("    %s 0x%x", what, p->pc);
	for (unsigned i = 0; i < EXPLORE_STACK && p->stack[i]; i++)
		(void)printf(" < 0x%x", p->stack[i]);
	(void)puts("");
}

static void one_access(const char *when, const struct explore_access *a)
{
	static const char *const names[] = { "at",          "read",         "write",
					     "atomic read", "atomic write", "free" };

	(void)printf("  %s T%u %s of %u bytes, locks held:", when, a->thread, names[a->kind],
		     a->size);
	for (unsigned i = 0; i < a->held_count; i++)
		(void)printf(" #%u", a->held[i].object);
	(void)puts(a->held_count ? "" : " none");
	place("pc", &a->at);
}

void drive_report(const struct explore_answer *a)
{
	static const char *const memories[] = { "",    "heap block", "global", "stack",
						"TLS", "harness",    "memory" };
	const struct explore_finding *f = &a->finding;

	(void)printf("%s (sub %u) %s, %u points, %u preemptions, %u choices\n", drive_name(a),
		     f->sub, f->text, a->points, a->preemptions, a->choices);
	if (a->end == EXPLORE_END_BROKEN)
		return;
	if (f->earlier.kind)
		one_access("earlier", &f->earlier);
	if (a->end == EXPLORE_END_FINDING)
		one_access("later", &f->later);
	if (f->memory.kind)
		(void)printf("  %s %u, T%d, offset %lld, %llu bytes\n", memories[f->memory.kind],
			     f->memory.block,
			     f->memory.thread == EXPLORE_NOBODY ? -1 : f->memory.thread,
			     (long long)f->memory.offset, (unsigned long long)f->memory.bytes);
	for (unsigned i = 1; i < f->threads; i++) {
		const struct explore_thread *t = &f->thread[i];
		if (t->state != EXPLORE_ASLEEP)
			continue;
		(void)printf("  T%u sleeps in %s #%d", i, STEPS[t->wait] ? STEPS[t->wait] : "?",
			     t->object == EXPLORE_NOTHING ? -1 : t->object);
		if (t->owner != EXPLORE_NOBODY)
			(void)printf(" of T%u", t->owner);
		if (t->object < f->objects && f->about[t->object].unheard)
			(void)printf(", %u signals found nobody, last at 0x%x",
				     f->about[t->object].unheard, f->about[t->object].unheard_pc);
		(void)puts("");
		place("at", &t->at);
	}
}
