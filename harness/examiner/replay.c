/* Plays a kept schedule, judges it as ever, and tells it as steps. */
#include "replay.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "directed.h"
#include "lab.h"

/* "0421*12 0c41" into the prefix. False: it is none. */
static bool read_choices(const char *text, struct execution *x)
{
	uint32_t count = 0;

	while (*text) {
		char *end = NULL;
		const unsigned long choice = strtoul(text, &end, 16);
		unsigned long times = 1;
		if (end == text || choice > UINT16_MAX)
			return false;
		if (*end == '*')
			times = strtoul(end + 1, &end, 10);
		if (times > EXPLORE_CHOICES - count || (*end && *end != ' '))
			return false;
		while (times-- > 0)
			x->choice[count++] = (uint16_t)choice;
		text = end + strspn(end, " ");
	}
	x->plan.prefix = count;
	return true;
}

static const char *text_of(const json_t *kept, const char *key)
{
	const char *text = json_string_value(json_object_get(kept, key));

	if (!text)
		fault("a kept schedule lacks %s", key);
	return text;
}

static uint32_t number_of(const json_t *kept, const char *key)
{
	return (uint32_t)json_integer_value(json_object_get(kept, key));
}

/* Borrowed; NULL: this run is no replay. */
static const json_t *kept_schedule(void)
{
	static json_t *kept;
	const char *why;
	size_t length;

	if (kept || !lab_run()->replay)
		return kept;
	char *text = runner_text("replay", &length, &why);
	kept = text ? json_loadb(text, length, JSON_REJECT_DUPLICATES, NULL) : NULL;
	free(text);
	if (!json_is_object(kept))
		fault("there is no schedule to be played again");
	return kept;
}

static void set_plan(const json_t *kept, const struct exploration *x, struct execution *e)
{
	e->plan = (struct explore_plan){
		.flags = number_of(kept, "flags") & (EXPLORE_FLAGS & ~(uint32_t)EXPLORE_FORK),
		.k = 1,
		.depth = 1,
		.strategy = EXPLORE_DEFAULT,
		.points_max = x->budget.points,
		.spurious_max = (uint8_t)number_of(kept, "spurious"),
		.timeout_max = (uint8_t)number_of(kept, "timeouts"),
	};
	e->plan.flags |= EXPLORE_EVENT_LOG;
	if (!read_choices(text_of(kept, "choices"), e))
		fault("a kept schedule is not of its form");
}

static bool play_steps(void *explorer, struct execution *it, const struct explore_event **event)
{
	struct explorer *e = explorer;

	*event = e->area->event;
	return exploration_play(e, it);
}

/* Whether the steps give this very execution. */
static bool is_told(const struct directed *d, const struct steps *steps, const struct execution *it)
{
	static struct execution again;
	const struct explore_event *event;
	struct steps_error error;

	again = *it;
	return directed_play(d, steps, &again, &event, &error) == 0 &&
	       again.answer.hash == it->answer.hash;
}

/* The steps of the execution; "" if it cannot be told exactly: too long, or of lines that are not
 * known. Returned, to be freed. */
static char *steps_of(struct explorer *e, const struct exploration *x, const struct execution *it)
{
	struct code_lines lines;
	struct steps steps;
	/* What makes the objects is the examiner's own. */
	const bool alone = x->script->phases > 1 && x->script->ops > 1 &&
			   x->script->op[1].phase > 0;
	const struct directed d = {
		.play = play_steps, .player = e, .lines = &lines, .first_phase = alone ? 1 : 0
	};

	runner_lines(&lines);
	char *text = NULL;
	if (directed_steps(&d, it, e->area->event, &steps) || !is_told(&d, &steps, it))
		text = strdup("");
	else
		text = steps.count || steps.heap_reuse
			       ? steps_text(&steps)
			       : strdup("# none: it happens by itself, without a switch\n");
	free(lines.at);
	steps_free(&steps);
	if (!text)
		fault("no memory for steps");
	return text;
}

/* untold: why there are no steps; "" where there are, or nothing was played to its end. */
static void tell(const char *how, const char *token, const char *finding, const char *what,
		 const char *steps, const char *untold)
{
	evidence_send(json_pack("{ss ss ss ss ss ss ss ss}", "rec", "note", "text", "replay", "how",
				how, "token", token, "finding", finding, "what", what, "steps",
				steps, "untold", untold));
}

/* What a debugger needs beside the choices to play it without an examiner (runtime/gdb). */
static void tell_script(const struct exploration *x, const struct explore_plan *p)
{
	json_t *ops = json_array();

	for (uint32_t i = 0; i < x->script->ops; i++) {
		const struct explore_op *o = &x->script->op[i];
		json_array_append_new(ops, json_pack("[iiiIIII]", o->thread, o->phase, o->op,
						     (json_int_t)o->arg[0], (json_int_t)o->arg[1],
						     (json_int_t)o->arg[2], (json_int_t)o->arg[3]));
	}
	evidence_send(json_pack("{ss ss s[IiiIi] so}", "rec", "note", "text", "script", "plan",
				(json_int_t)(p->flags & ~(uint32_t)EXPLORE_EVENT_LOG),
				p->spurious_max, p->timeout_max, (json_int_t)p->points_max,
				p->phases, "ops", ops));
}

/* Whether the execution's hash is what the token says. */
static bool is_token_of(const char *token, const struct execution *it)
{
	const char *digits = strrchr(token, '-');
	const size_t count = digits ? strlen(digits + 1) : 0;
	char *end = NULL;

	if (count == 0 || count > 16)
		return false;
	const uint64_t wanted = strtoull(digits + 1, &end, 16);
	return !*end && it->answer.hash >> (64 - 4 * count) == wanted;
}

/* True if it was answered and its choices fitted; else tells what happened. */
static bool play(struct explorer *e, struct execution *it, const char *token)
{
	it->plan.index++;
	if (!exploration_play(e, it)) {
		tell("ended", token, "died", "the program ended while it was played", "", "");
		return false;
	}
	if (it->answer.strayed)
		tell("strayed", token, "", "the program has other choices to make now", "", "");
	return !it->answer.strayed;
}

static void play_kept(struct explorer *e, const struct exploration *x, const json_t *kept)
{
	static struct execution it, whole;
	const char *token = text_of(kept, "token");
	struct verdict v;

	set_plan(kept, x, &it);
	whole = it;
	tell_script(x, &it.plan);
	if (!play(e, &it, token))
		return;
	bool wrong = exploration_judge(x, &it, &v);
	/* It was kept as it is seen best, perhaps without its last phases. */
	if (wrong && v.phases && !is_token_of(token, &it)) {
		whole.plan.phases = v.phases;
		whole.plan.index = it.plan.index;
		it = whole;
		if (!play(e, &it, token))
			return;
		wrong = exploration_judge(x, &it, &v);
	}
	if (wrong && x->explain)
		x->explain(x, &it, e->area->event, &v);
	const bool same = is_token_of(token, &it) && wrong &&
			  strcmp(v.law.finding, text_of(kept, "finding")) == 0;
	char *steps = steps_of(e, x, &it);
	tell(same    ? "again"
	     : wrong ? "other"
		     : "clean",
	     token, wrong ? v.law.finding : "", wrong ? v.what : "", steps,
	     *steps                               ? ""
	     : it.answer.events >= EXPLORE_EVENTS ? "it is too long: more happens than is recorded"
						  : "no text leads to exactly this execution");
	free(steps);
}

bool replay_instead(struct explorer *e, const struct exploration *x)
{
	const json_t *kept = kept_schedule();

	if (kept && strcmp(text_of(kept, "configuration"), x->name) == 0) {
		explorer_script(e, x->script);
		play_kept(e, x, kept);
	}
	return kept != NULL;
}
