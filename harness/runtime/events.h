/* events.h - the log of one execution, for pictures and schedules; one branch where it is off. */
#ifndef RUNTIME_EVENTS_H
#define RUNTIME_EVENTS_H
#include "runtime/state.h"

void event_write(const struct explore_event *e);
void event_access(uintptr_t address, unsigned how, uint32_t pc);
void event_options(unsigned kind, const uint8_t *threads, unsigned n);

static inline bool events_on(void)
{
	return rt->flags & EXPLORE_EVENT_LOG;
}

/* Something happened to thread t in its pending step. */
static inline void event_of(enum explore_event_kind kind, const struct thread *t, unsigned other,
			    uint64_t detail)
{
	if (events_on())
		event_write(&(struct explore_event){ .kind = (uint8_t)kind,
						     .thread = t->id,
						     .step = t->step,
						     .object = t->object,
						     .pc = t->pc,
						     .other = (uint8_t)other,
						     .detail = detail });
}

/* Something that is no point: it happens within the current thread's step. */
static inline void event_step(enum explore_step step, uint16_t object, uint32_t pc, uint64_t detail)
{
	if (events_on())
		event_write(&(struct explore_event){ .kind = EXPLORE_EVENT_STEP,
						     .thread = self->id,
						     .step = (uint8_t)step,
						     .object = object,
						     .pc = pc,
						     .other = EXPLORE_NOBODY,
						     .detail = detail });
}

/* A choice of threads comes: bit i of `turned` is thread (first + i) mod 16. */
static inline void event_choice(enum explore_choice_kind kind, unsigned turned, unsigned first)
{
	uint8_t threads[THREADS];
	unsigned n = 0;

	if (!events_on())
		return;
	for (; turned; turned &= turned - 1)
		threads[n++] = (uint8_t)((first + (unsigned)__builtin_ctz(turned)) % THREADS);
	event_options(kind, threads, n);
}

static inline void event_choice_among(enum explore_choice_kind kind, struct thread *const *order,
				      unsigned n)
{
	uint8_t threads[THREADS];

	if (!events_on() || n == 1)
		return;
	for (unsigned i = 0; i < n; i++)
		threads[i] = order[i]->id;
	event_options(kind, threads, n);
}
#endif
