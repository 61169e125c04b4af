/* Findings: from the runtime's records to the answer, in which nothing depends on an address. */
#include "runtime/finding.h"

#include <stdio.h>
#include <string.h>

#include "runtime/object.h"
#include "runtime/process.h"
#include "runtime/scheduler.h"

static struct explore_finding *finding_new(void)
{
	struct explore_finding *f = &rt->answer->finding;

	*f = (struct explore_finding){ .object = EXPLORE_NOTHING };
	return f;
}

static void held_describe(const struct held *held, uint32_t count, struct explore_held *to,
			  uint8_t *to_count)
{
	*to_count = (uint8_t)(count < EXPLORE_HELD ? count : EXPLORE_HELD);
	for (unsigned i = 0; i < *to_count; i++)
		to[i] = (struct explore_held){ .object = held[i].object, .pc = held[i].pc };
}

static uint8_t access_kind(unsigned how)
{
	if (how & RECORD_FREE)
		return EXPLORE_FREE;
	if (how & RECORD_ATOMIC)
		return how & RECORD_WRITE ? EXPLORE_ATOMIC_WRITE : EXPLORE_ATOMIC_READ;
	return how & RECORD_WRITE ? EXPLORE_WRITE : EXPLORE_READ;
}

static void record_describe(const struct record *r, struct explore_access *a)
{
	struct held held[2 * EXPLORE_HELD];
	uint32_t first = 2 * EXPLORE_HELD;

	*a = (struct explore_access){ .thread = r->who >> 4,
				      .kind = access_kind(r->who & 15u),
				      .size = (uint8_t)__builtin_popcount(r->mask) };
	place_describe(r->pc, r->node, &a->at);
	for (uint32_t n = r->locks; n && first;
	     n = rt->locksets.node[n].parent) { /* last taken first */
		uint64_t key = rt->locksets.node[n].key;
		held[--first] = (struct held){ .object = (uint16_t)(key >> 32),
					       .pc = (uint32_t)key };
	}
	held_describe(held + first, 2 * EXPLORE_HELD - first, a->held, &a->held_count);
}

/* The current thread, here and now. */
static void access_now(struct explore_access *a, unsigned how, size_t bytes, uint32_t pc)
{
	const struct thread *t = self;

	*a = (struct explore_access){ .thread = thread_named(t->id),
				      .kind = access_kind(how),
				      .size = (uint8_t)(bytes < 255 ? bytes : 255) };
	place_describe(pc, t->node, &a->at);
	held_describe(t->held, t->held_count, a->held, &a->held_count);
}

static uint8_t owner_of(const struct thread *t)
{
	const struct object *o = t->object == EXPLORE_NOTHING ? NULL : object_numbered(t->object);

	if (!o || t->state != EXPLORE_ASLEEP)
		return EXPLORE_NOBODY;
	return thread_named(o->owner);
}

/* Of the many threads of a run in virtual time the first ones are described. */
static void threads_describe(struct explore_finding *f)
{
	f->threads = rt->threads < THREADS ? rt->threads : THREADS;
	for (unsigned i = 0; i < f->threads; i++) {
		const struct thread *t = &rt->thread[i];
		struct explore_thread *to = &f->thread[i];
		*to = (struct explore_thread){ .state = t->state,
					       .wait = t->step,
					       .owner = owner_of(t),
					       .object = t->object,
					       .op = t->op,
					       .since = t->since,
					       .deadline_ns = t->deadline };
		place_describe(t->pc, t->node, &to->at);
		held_describe(t->held, t->held_count, to->held, &to->held_count);
	}
}

/* Threads may still stand before objects that are gone, or that have only a number. */
static void objects_describe(struct explore_finding *f)
{
	f->objects = (uint16_t)rt->object_numbers;
	for (uint32_t i = 0; i < f->objects && i < EXPLORE_OBJECTS; i++)
		f->about[i] = (struct explore_object){ .owner = EXPLORE_NOBODY,
						       .unheard_by = EXPLORE_NOBODY };
	for (uint32_t i = 0; i < rt->object_count; i++) {
		const struct object *o = &rt->object[i];
		struct explore_memory m;
		if (!o->address || o->number >= EXPLORE_OBJECTS)
			continue;
		memory_describe(o->address, 1, &m);
		f->about[o->number] = (struct explore_object){
			.kind = o->kind,
			.thread = thread_named(o->first_thread),
			.owner = thread_named(o->owner),
			.unheard_by = thread_named(o->unheard_by),
			.first = o->first_pc,
			.unheard = o->unheard,
			.unheard_pc = o->unheard_pc,
			.memory = m.kind,
			.block = m.block,
			.offset = m.offset
		};
		if (o->kind == EXPLORE_THREAD_OBJECT)
			f->about[o->number].memory = EXPLORE_MEMORY_NONE;
	}
}

static _Noreturn void finding_end(struct explore_finding *f, enum explore_finding_kind kind,
				  unsigned sub)
{
	f->kind = (uint8_t)kind;
	f->sub = (uint16_t)sub;
	threads_describe(f);
	objects_describe(f);
	process_leave_child();
	execution_end(EXPLORE_END_FINDING);
}

_Noreturn void finding_at(enum explore_finding_kind kind, unsigned sub, uint32_t pc)
{
	struct explore_finding *f = finding_new();

	access_now(&f->later, 0, 0, pc);
	f->object = self->object;
	finding_end(f, kind, sub);
}

_Noreturn void finding_on(enum explore_finding_kind kind, unsigned sub, const struct object *o,
			  uint32_t pc)
{
	struct explore_finding *f = finding_new();

	access_now(&f->later, 0, 0, pc);
	f->object = o->number;
	finding_end(f, kind, sub);
}

_Noreturn void finding_said(enum explore_finding_kind kind, uint32_t pc, const char *text)
{
	struct explore_finding *f = finding_new();

	access_now(&f->later, 0, 0, pc);
	(void)snprintf(f->text, sizeof(f->text), "%s", text);
	finding_end(f, kind, 0);
}

_Noreturn void finding_uncontrolled(const char *what, uint32_t pc)
{
	finding_said(EXPLORE_UNCONTROLLED, pc, what);
}

_Noreturn void finding_access(enum explore_finding_kind kind, unsigned sub, uintptr_t address,
			      size_t bytes, unsigned how, uint32_t pc)
{
	struct explore_finding *f = finding_new();

	access_now(&f->later, how, bytes, pc);
	memory_describe(address, bytes, &f->memory);
	finding_end(f, kind, sub);
}

_Noreturn void finding_race(uintptr_t cell, const struct record *earlier,
			    const struct record *later)
{
	struct explore_finding *f = finding_new();
	unsigned overlap = earlier->mask & later->mask;

	record_describe(earlier, &f->earlier);
	record_describe(later, &f->later);
	memory_describe(cell + (unsigned)__builtin_ctz(overlap),
			(uint64_t)__builtin_popcount(overlap), &f->memory);
	finding_end(f, EXPLORE_RACE, 0);
}

/* A child of fork sleeps, and nobody is left to wake it. */
static _Noreturn void fork_stuck(struct explore_finding *f)
{
	access_now(&f->later, 0, 0, self->pc);
	f->object = self->object;
	finding_end(f, EXPLORE_FORK_LOCK, 0);
}

_Noreturn void finding_stuck(void)
{
	struct explore_finding *f = finding_new();

	if (rt->child)
		fork_stuck(f);
	threads_describe(f);
	objects_describe(f);
	execution_end(EXPLORE_END_STUCK);
}

_Noreturn void finding_broken(const char *text)
{
	struct explore_finding *f = finding_new();

	(void)snprintf(f->text, sizeof(f->text), "%s", text);
	execution_end(EXPLORE_END_BROKEN);
}
