/* Stamps are doubled, so that a moment fits between two of them. */
#include "explored_history.h"

#include <string.h>

#define STAMP_MAX 0x3fffffffu

static bool sleeps_at(const struct explore_history *seen, unsigned phase)
{
	return seen->asleep >> phase & 1;
}

/* One operation, taken by itself. */
static const char *check_one(const struct explore_op *played, const struct explore_history *seen,
			     uint32_t phases)
{
	if (seen->call > STAMP_MAX || seen->back > STAMP_MAX)
		return "a stamp is too large";
	if (!seen->call)
		return seen->back || seen->asleep ? "an operation returned that was never called"
						  : NULL;
	if (seen->back && seen->back <= seen->call)
		return "an operation returned before it was called";
	if (seen->asleep >> phases || (seen->asleep & ((1u << played->phase) - 1)))
		return "an operation slept in a phase that it has no part in";
	return NULL;
}

/* The last stamp of this phase and those before it: of what sleeps, its call. Nothing that began
 * later may lie before it, and who slept returned later. */
static const char *find_end(const struct explore_script *s, const struct explore_history *seen,
			    unsigned phase, uint32_t *end, bool *complete)
{
	*end = 0;
	*complete = true;
	for (uint32_t i = 0; i < s->ops; i++) {
		if (s->op[i].phase > phase || !seen[i].call)
			continue;
		const bool asleep = sleeps_at(&seen[i], phase);
		*complete = *complete && (asleep || seen[i].back);
		uint32_t last = asleep || !seen[i].back ? seen[i].call : seen[i].back;
		*end = last > *end ? last : *end;
	}
	for (uint32_t i = 0; i < s->ops; i++) {
		if (s->op[i].phase > phase && seen[i].call && seen[i].call <= *end)
			return "an operation was called before its phase";
		if (s->op[i].phase <= phase && sleeps_at(&seen[i], phase) && seen[i].back &&
		    seen[i].back <= *end)
			return "an operation slept after it had returned";
	}
	return NULL;
}

static const char *add_moments(const struct explore_script *s, const struct explore_history *seen,
			       struct explored_history *out)
{
	for (unsigned phase = 0; phase < s->phases; phase++) {
		struct asleep *m = &out->moment[out->history.moments];
		bool complete, any = false;
		uint32_t end;
		const char *wrong = find_end(s, seen, phase, &end, &complete);
		if (wrong)
			return wrong;
		if (!complete) /* the execution ended in here: it is not known who would sleep */
			return NULL;
		*m = (struct asleep){ .stamp = 2 * end + 1 };
		for (size_t i = 0; i < out->history.count; i++)
			if (sleeps_at(&seen[out->played[i]], phase)) {
				m->operations[i / 64] |= 1ull << (i % 64);
				any = true;
			}
		if (any)
			out->phase_of[out->history.moments++] = (uint8_t)phase;
	}
	return NULL;
}

const char *explored_history(const struct explore_script *s,
			     const struct explore_history seen[EXPLORE_OPS],
			     history_translate *translate, struct explored_history *out)
{
	size_t count = 0;

	for (uint32_t i = 0; i < s->ops; i++) {
		const char *wrong = check_one(&s->op[i], &seen[i], s->phases);
		if (wrong)
			return wrong;
		struct operation o = { .call = 2 * seen[i].call,
				       .back = 2 * seen[i].back,
				       .thread = s->op[i].thread };
		memcpy(o.arg, s->op[i].arg, sizeof(o.arg));
		memcpy(o.result, seen[i].result, sizeof(o.result));
		if (!seen[i].call || !translate(&s->op[i], &o))
			continue;
		out->played[count] = (uint16_t)i;
		out->op[count++] = o;
	}
	out->history = (struct history){ .op = out->op, .count = count, .moment = out->moment };
	return add_moments(s, seen, out);
}
