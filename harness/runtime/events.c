/* The log of one execution: written to the shared area, where the examiner asked for it. */
#include "runtime/events.h"

#include "runtime/finding.h"

void event_write(const struct explore_event *e)
{
	struct explore_area *area = runtime_area();
	struct explore_event *to;

	if (rt->answer->events >= EXPLORE_EVENTS)
		return;
	to = &area->event[rt->answer->events++];
	*to = *e;
	to->stamp = rt->stamp;
	to->enabled = (uint16_t)rt->runnable;
}

void event_options(unsigned kind, const uint8_t *threads, unsigned n)
{
	uint64_t detail = 0;

	for (unsigned i = n; i--;)
		detail = detail << 4 | threads[i];
	event_write(&(struct explore_event){ .kind = EXPLORE_EVENT_CHOICE,
					     .step = (uint8_t)kind,
					     .thread = self->id,
					     .other = (uint8_t)n,
					     .object = EXPLORE_NOTHING,
					     .pc = rt->choices,
					     .detail = detail });
}

void event_access(uintptr_t address, unsigned how, uint32_t pc)
{
	event_write(&(struct explore_event){ .kind = EXPLORE_EVENT_ACCESS,
					     .step = how & RECORD_WRITE ? EXPLORE_STEP_WRITE
									: EXPLORE_STEP_READ,
					     .thread = self->id,
					     .other = (uint8_t)(address / 8 % 8),
					     .object = EXPLORE_NOTHING,
					     .pc = pc,
					     .detail = memory_number(address) });
}
