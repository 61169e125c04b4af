/* Checks an answer: the subject, or whoever writes into its memory, may have put anything there.
 * What passes can be indexed, printed and replayed without a further look. */
#include <string.h>

#include "explorer.h"

static const char *check_choices(const struct explore_plan *plan, const uint16_t *prefix,
				 const struct explore_answer *a, const uint16_t *choice)
{
	uint64_t hash = EXPLORE_HASH_START;
	uint32_t preemptions = 0;

	if (a->choices > EXPLORE_CHOICES || (a->cut && a->choices != EXPLORE_CHOICES))
		return "a list of choices of impossible length";
	if (a->choices < plan->prefix && !a->strayed && !plan->phases && a->end == EXPLORE_END_DONE)
		return "fewer choices than were given";
	for (uint32_t i = 0; i < a->choices; i++) {
		const unsigned kind = explore_choice_kind(choice[i]);
		if (kind == 0 || kind >= EXPLORE_CHOOSE_KINDS ||
		    explore_choice_taken(choice[i]) >= explore_choice_options(choice[i]))
			return "a choice that cannot be";
		if (!a->strayed && i < plan->prefix && choice[i] != prefix[i])
			return "other choices than were given";
		preemptions += kind == EXPLORE_CHOOSE_THREAD && explore_choice_goes_on(choice[i]) &&
			       explore_choice_taken(choice[i]) != 0;
		hash = explore_hash(hash, choice[i]);
	}
	if (!a->cut && (hash != a->hash || preemptions != a->preemptions))
		return "a hash or a count that does not fit the choices";
	return NULL;
}

static const char *check_history(const struct explore_script *script,
				 const struct explore_answer *a)
{
	for (uint32_t i = 0; i < script->ops; i++) {
		const struct explore_history *h = &a->history[i];
		if (h->back && (h->call == 0 || h->back <= h->call))
			return "an operation that returned before it was called";
		/* Who slept over the end of a phase has lost what else it had to do in it. */
		if (a->end == EXPLORE_END_DONE && h->call && !h->back)
			return "an operation that has not returned at the end";
		/* Operations of a thread come one after another. */
		if (i > 0 && script->op[i - 1].thread == script->op[i].thread && h->call &&
		    (a->history[i - 1].back == 0 || a->history[i - 1].back > h->call))
			return "an operation called before the one before it returned";
	}
	return NULL;
}

static bool is_thread(unsigned thread)
{
	return thread < EXPLORE_THREADS || thread == EXPLORE_NOBODY;
}

static bool is_object(const struct explore_finding *f, unsigned object)
{
	return object == EXPLORE_NOTHING || object < f->objects;
}

static bool is_held(const struct explore_finding *f, const struct explore_held *held,
		    unsigned count)
{
	if (count > EXPLORE_HELD)
		return false;
	for (unsigned i = 0; i < count; i++)
		if (!is_object(f, held[i].object))
			return false;
	return true;
}

static bool is_access(const struct explore_finding *f, const struct explore_access *a)
{
	return is_thread(a->thread) && a->kind <= EXPLORE_FREE &&
	       is_held(f, a->held, a->held_count);
}

static const char *check_finding(const struct explore_finding *f)
{
	if (f->kind >= EXPLORE_FINDINGS || f->threads > EXPLORE_THREADS)
		return "a finding of an unknown kind";
	if (!is_object(f, f->object) || !is_access(f, &f->earlier) || !is_access(f, &f->later) ||
	    !memchr(f->text, '\0', sizeof(f->text)) || f->memory.kind > EXPLORE_MEMORY_OTHER ||
	    !is_thread(f->memory.thread) || !is_thread(f->memory.allocated_by) ||
	    !is_thread(f->memory.freed_by))
		return "a finding that points nowhere";
	for (unsigned i = 0; i < f->threads; i++) {
		const struct explore_thread *t = &f->thread[i];
		if (t->state > EXPLORE_IDLE || t->wait >= EXPLORE_STEPS || !is_thread(t->owner) ||
		    !is_object(f, t->object) || !is_held(f, t->held, t->held_count) ||
		    (t->op >= EXPLORE_OPS && t->op != EXPLORE_NOTHING))
			return "a thread in an impossible state";
	}
	for (unsigned i = 0; i < f->objects && i < EXPLORE_OBJECTS; i++)
		if (!is_thread(f->about[i].thread) || !is_thread(f->about[i].owner) ||
		    !is_thread(f->about[i].unheard_by))
			return "an object of nobody's";
	return NULL;
}

const char *answer_check(const struct explore_script *script, const struct explore_plan *plan,
			 const uint16_t *prefix, const struct explore_answer *a,
			 const uint16_t *choice)
{
	if (a->index != plan->index || a->end == EXPLORE_END_NONE || a->end > EXPLORE_END_BROKEN)
		return "no answer";
	if (a->events > EXPLORE_EVENTS)
		return "more events than there is room for";
	const char *wrong = check_choices(plan, prefix, a, choice);
	if (!wrong)
		wrong = check_history(script, a);
	if (!wrong && a->end != EXPLORE_END_DONE)
		wrong = check_finding(&a->finding);
	return wrong;
}
