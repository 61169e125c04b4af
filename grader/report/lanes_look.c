/* What a finding is about: the objects that its threads sleep for, the address that they race for,
 * the events that it names. */
#include <stdlib.h>
#include <string.h>

#include "report/lanes_maker.h"

unsigned maker_clamp(json_int_t value)
{
	return value < 0 || value > UINT32_MAX ? UINT32_MAX : (unsigned)value;
}

unsigned maker_number(const json_t *row, size_t i)
{
	return maker_clamp(json_integer_value(json_array_get(row, i)));
}

/* False: no event that a thread of ours can have had. */
bool maker_event(const struct maker *m, size_t i, struct event *e)
{
	const json_t *row = json_array_get(m->events, i);
	*e = (struct event){
		.stamp = maker_number(row, 0),
		.kind = maker_number(row, 1),
		.thread = maker_number(row, 2),
		.step = maker_number(row, 3),
		.object = maker_number(row, 4),
		.pc = maker_number(row, 5),
		.other = maker_number(row, 6),
		.detail = json_integer_value(json_array_get(row, 7)),
	};
	return e->thread < LANES_MAX && json_array_size(row) == 8;
}

static int by_address(const void *left, const void *right)
{
	const struct touch *a = left, *b = right;
	return (a->address > b->address) - (a->address < b->address);
}

/* More than one thread touches it, and one of them writes. */
bool maker_is_shared(const struct maker *m, json_int_t address)
{
	const struct touch key = { .address = address };
	const struct touch *at = m->touch_count > 0 ? bsearch(&key, m->touches, m->touch_count,
							      sizeof key, by_address)
						    : NULL;
	return at != NULL && at->writes;
}

/* One touch for each address remains; writes then says whether it is shared. */
static void join_touches(struct maker *m)
{
	size_t kept = 0;
	qsort(m->touches, m->touch_count, sizeof *m->touches, by_address);
	for (size_t i = 0, next; i < m->touch_count; i = next) {
		struct touch joined = m->touches[i];
		bool others = false;
		for (next = i; next < m->touch_count && m->touches[next].address == joined.address;
		     next++) {
			others = others || m->touches[next].thread != joined.thread;
			joined.writes = joined.writes || m->touches[next].writes;
		}
		joined.writes = joined.writes && others;
		m->touches[kept++] = joined;
	}
	m->touch_count = kept;
}

/* Whether an event may be the access [thread, access, pc, bytes] of a finding. */
static bool is_access(const struct event *e, const json_t *access)
{
	return (e->kind == EVENT_RUNS || e->kind == EVENT_STEP || e->kind == EVENT_ACCESS) &&
	       e->thread == maker_number(access, 0) && e->pc == maker_number(access, 2) &&
	       e->pc != 0;
}

static void add_focus(struct maker *m, unsigned object)
{
	if (object < HELD_MAX)
		m->focus[object] = true;
}

const json_t *maker_end(const struct maker *m, unsigned thread)
{
	return json_array_get(json_object_get(m->end, "threads"), thread);
}

bool maker_is_asleep(const struct maker *m, unsigned thread)
{
	return maker_number(maker_end(m, thread), 0) == THREAD_ASLEEP &&
	       maker_end(m, thread) != NULL;
}

bool maker_is_stuck(const struct maker *m)
{
	return json_object_get(m->end, "later") == NULL;
}

/* Who is in an operation, and who sleeps, as the events go by. */
struct sleepers {
	bool inside[LANES_MAX], asleep[LANES_MAX];
};

/* Follows them. True if this is a wake-up for all that, or for anybody who sleeps there, that comes
 * too early for a thread which will sleep there for good: it has begun its operation, but does not
 * sleep. */
static bool follow_sleepers(const struct maker *m, struct sleepers *s, const struct event *e)
{
	const bool broadcast = e->kind == EVENT_RUNS && e->step == STEP_BROADCAST;
	switch ((enum event_kind)e->kind) {
	case EVENT_CALL:
	case EVENT_RETURN:
		s->inside[e->thread] = e->kind == EVENT_CALL;
		s->asleep[e->thread] = false;
		break;
	case EVENT_SLEEPS:
		s->asleep[e->thread] = e->step != STEP_RELOCK && e->step != STEP_LOCK;
		break;
	case EVENT_WAKES:
	case EVENT_SPURIOUS:
	case EVENT_TIMEOUT:
		s->asleep[e->thread] = false;
		break;
	case EVENT_RUNS:
	case EVENT_UNHEARD:
	case EVENT_ARRIVES:
	case EVENT_CHOICE:
	case EVENT_STEP:
	case EVENT_PHASE:
	case EVENT_ACCESS:
		break;
	}
	for (unsigned t = 0; t < LANES_MAX && (broadcast || e->kind == EVENT_UNHEARD); t++)
		if (t != e->thread && maker_is_stuck(m) && maker_is_asleep(m, t) && s->inside[t] &&
		    !s->asleep[t] && maker_number(maker_end(m, t), 2) == e->object)
			return true;
	return false;
}

/* What the finding is about. */
void maker_look(struct maker *m)
{
	const json_t *earlier = json_object_get(m->end, "earlier");
	const json_t *later = json_object_get(m->end, "later");
	for (unsigned t = 0; t < LANES_MAX; t++) {
		m->stuck[t] = NONE;
		if (maker_is_stuck(m) && maker_is_asleep(m, t))
			add_focus(m, maker_number(maker_end(m, t), 2));
	}
	if (later != NULL)
		add_focus(m, maker_clamp(json_integer_value(json_object_get(m->end, "object"))));
	m->race = earlier != NULL && maker_number(earlier, 2) != 0;
	struct sleepers s = { 0 };
	for (size_t i = 0; i < json_array_size(m->events); i++) {
		struct event e;
		if (!maker_event(m, i, &e))
			continue;
		if (m->race && is_access(&e, earlier))
			m->pair[0] = (long)i;
		if (later != NULL && is_access(&e, later))
			m->pair[1] = (long)i;
		if (e.kind == EVENT_SLEEPS && maker_is_stuck(m) && maker_is_asleep(m, e.thread))
			m->stuck[e.thread] = (long)i;
		if (follow_sleepers(m, &s, &e))
			m->unheard = (long)i;
		if (e.kind == EVENT_ACCESS)
			m->touches[m->touch_count++] = (struct touch){ .address = e.detail,
								       .thread = e.thread,
								       .writes = e.step ==
										 STEP_WRITE };
	}
	for (size_t i = 0; i < 2; i++) {
		struct event e;
		if (m->pair[i] != NONE && maker_event(m, (size_t)m->pair[i], &e) &&
		    e.kind == EVENT_ACCESS)
			m->address = e.detail;
	}
	join_touches(m);
}
