/* Part A, the table: the remedies named in answers.conf beside what the functions do. What a
 * function does is read from the events of two calls: which locks and atomics, and whose memory is
 * written. */
#include <stdlib.h>
#include <string.h>

#include "clinic.h"
#include "conf_word.h"

enum remedy {
	NONE = 1 << 0,
	CONFINE = 1 << 1,
	THREAD_LOCAL = 1 << 2,
	READ_ONLY = 1 << 3,
	ATOMIC = 1 << 4,
	MUTEX = 1 << 5,
};
#define REMEDIES 6
static const char *const remedy_names[REMEDIES] = { "none",      "confine", "thread_local",
						    "read_only", "atomic",  "mutex" };

static const struct law AGREES = {
	.finding = "remedy-mismatch",
	.name = "answers.conf names what the code does",
	.why = "Whoever names the remedy knows why the function is safe now.",
};

/* What two calls did. */
struct deeds {
	bool locks, atomics, writes_own, writes_static, reads_static;
};

static bool is_lock(unsigned step)
{
	return step == EXPLORE_STEP_LOCK || step == EXPLORE_STEP_TRYLOCK ||
	       step == EXPLORE_STEP_READ_LOCK || step == EXPLORE_STEP_WRITE_LOCK ||
	       step == EXPLORE_STEP_SEM_WAIT || step == EXPLORE_STEP_ONCE;
}

static bool is_atomic(unsigned step)
{
	return step == EXPLORE_STEP_LOAD || step == EXPLORE_STEP_STORE || step == EXPLORE_STEP_RMW;
}

static void look(const struct explore_event *at, struct deeds *d)
{
	const bool writes = at->step == EXPLORE_STEP_WRITE;

	if (at->kind == EXPLORE_EVENT_RUNS) {
		d->locks = d->locks || is_lock(at->step);
		d->atomics = d->atomics || is_atomic(at->step);
	}
	if (at->kind != EXPLORE_EVENT_ACCESS)
		return;
	if (at->detail >> 56 == EXPLORE_MEMORY_TLS)
		d->writes_own = d->writes_own || writes;
	if (at->detail >> 56 == EXPLORE_MEMORY_GLOBAL) {
		d->writes_static = d->writes_static || writes;
		d->reads_static = d->reads_static || !writes;
	}
}

/* Between the first and the last yield of T1, which are the binding's. */
static struct deeds deeds_of(struct clinic *w, const struct clinic_case *c)
{
	const struct explore_event *event;
	const struct execution *e = clinic_play(w, c->inside, 0, &event);
	struct deeds d = { 0 };
	uint32_t first = UINT32_MAX, last = 0;

	for (uint32_t i = 0; i < e->answer.events; i++) {
		if (event[i].kind != EXPLORE_EVENT_RUNS || event[i].thread != 1 ||
		    event[i].step != EXPLORE_STEP_YIELD)
			continue;
		first = first == UINT32_MAX ? i : first;
		last = i;
	}
	for (uint32_t i = first; i < last; i++)
		look(&event[i], &d);
	return d;
}

/* All names that hold. */
static unsigned remedies_of(const struct deeds *d)
{
	const bool free_of_both = !d->locks && !d->atomics;
	unsigned r = 0;

	r |= d->locks ? MUTEX : 0;
	r |= d->atomics && !d->locks ? ATOMIC : 0;
	r |= d->writes_own ? THREAD_LOCAL : 0;
	r |= d->reads_static && !d->writes_static && !d->writes_own && free_of_both ? READ_ONLY : 0;
	r |= !d->writes_static && free_of_both ? CONFINE : 0;
	r |= !d->writes_static && !d->writes_own && free_of_both ? NONE : 0;
	return r;
}

static unsigned remedy_of(const char *word)
{
	for (unsigned i = 0; i < REMEDIES; i++)
		if (strcmp(remedy_names[i], word) == 0)
			return 1u << i;
	return 0;
}

/* "none or confine". Static. */
static const char *names_of(unsigned remedies)
{
	static char text[96];

	text[0] = '\0';
	for (unsigned i = 0; i < REMEDIES; i++)
		if (remedies >> i & 1u)
			(void)snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s",
				       text[0] ? " or " : "", remedy_names[i]);
	return text;
}

/* A short look: the whole one is the function's own test. */
static bool is_healthy(struct clinic *w, const struct clinic_case *c)
{
	enum { FEW = 200 };

	if (!clinic_is_right(w, c->alone, 1))
		return false;
	for (size_t i = 0; i < CLINIC_SHAPES && c->shape[i]; i++)
		if (!clinic_is_right(w, c->shape[i], FEW))
			return false;
	return true;
}

static char *read_answers(size_t *length)
{
	const char *why = "";
	char *text = runner_text("answers.conf", length, &why), word[CONF_WORD];
	bool any = false;

	LAW(text != NULL, "not-written", "answers.conf was not handed in%s%s",
	    *why ? "; in its place is something that is " : "", why);
	for (unsigned i = 0; i < CLINIC_CASES; i++) {
		any = conf_word(text, *length, "clinic", clinic_cases[i].name, word) || any;
	}
	LAW(any, "not-written", "section [clinic] of answers.conf names no remedy yet");
	return text;
}

LAB_TEST(remedies, .id = "L2.A.0", .points = 2, .detector = "table", .builds = "exp", .about = "",
	 .title = "the remedies named in answers.conf are those of the code")
{
	enum { ENOUGH = 5 };
	size_t length = 0;
	char *text = read_answers(&length), word[CONF_WORD];
	struct clinic *w = clinic_open();
	unsigned compared = 0, differ = 0, first = 0, held = 0;

	for (unsigned i = 0; i < CLINIC_CASES; i++) {
		if (!is_healthy(w, &clinic_cases[i]))
			continue;
		const struct deeds d = deeds_of(w, &clinic_cases[i]);
		const unsigned holds = remedies_of(&d);
		if (!holds)
			continue;
		compared++;
		(void)conf_word(text, length, "clinic", clinic_cases[i].name, word);
		if (holds & remedy_of(word))
			continue;
		first = differ++ ? first : i;
		held = differ == 1 ? holds : held;
	}
	(void)conf_word(text, length, "clinic", clinic_cases[first].name, word);
	free(text);
	LAW(compared >= ENOUGH, "too-few-repaired",
	    "only %u of the ten functions are safe: remedies are compared from %d on", compared,
	    ENOUGH);
	LAW_OF(&AGREES, differ == 0,
	       "of %u functions compared %u differ%s: answers.conf says \"%s\" for clinic_%s, but "
	       "what it does is %s",
	       compared, differ, differ == 1 ? "s" : "", word, clinic_cases[first].name,
	       names_of(held));
	EVIDENCE("remedies", compared);
}
