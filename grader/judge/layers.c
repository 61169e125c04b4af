/* The table of layers, and the words for each way in which two of them can stand to each other. */
#include "judge/layers.h"

#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/json.h"

/* In the order in which they are believed. Layers 1 to 5 and 7 see the same in every run: an
 * observation of theirs is a proof. Native stress (6) sees the one schedule that happened: what it
 * misses proves nothing, what it reports comes and goes, and is at times wrong about correct
 * programs (fences, C11 atomics under valgrind). Habits (8) are no errors. */
static const struct layer {
	const char *name, *detectors;
	bool decides;
} layers[] = {
	{ "the audit", " BUILD POL ", true },
	{ "tests of one thread, with sanitizers", " MODEL SAN ", true },
	{ "the schedule explorer", " EXP HB VT HANG ", true },
	{ "planted errors", " PLANT ", true },
	{ "observation from outside", " FI HEAP HOLD RES SIG STEP WIRE ", true },
	{ "native stress", " STRESS ", false },
	{ "counts", " CNT ", true },
	{ "habits", " HABIT ", false },
};
enum { EXPLORER = 2 };

static const struct layer *layer_of(const char *detector)
{
	AUTO_FREE char *word = must_printf(" %s ", detector);
	for (size_t i = 0; i < sizeof layers / sizeof layers[0]; i++)
		if (strstr(layers[i].detectors, word) != NULL)
			return &layers[i];
	return NULL;
}

const char *layer_name(const char *detector)
{
	const struct layer *layer = layer_of(detector);
	return layer != NULL ? layer->name : "another detector";
}

bool layer_decides(const char *detector)
{
	const struct layer *layer = layer_of(detector);
	return layer == NULL || layer->decides;
}

/* What the explorer says about a part: one failed test speaks for all. The detector of a failed
 * test is its finding's; of a test that passed, its own. */
static const char *decided_of(const json_t *tests, const char *part)
{
	bool any = false, open = false;
	size_t i;
	json_t *test;
	json_array_foreach(tests, i, test)
	{
		const char *status = json_text_of(test, "status", "");
		if (strcmp(json_text_of(test, "part", ""), part) != 0 ||
		    layer_of(json_text_of(test, "detector", "")) != &layers[EXPLORER])
			continue;
		if (strcmp(status, "fail") == 0)
			return "failed";
		any = true;
		open = open || strcmp(status, "pass") != 0;
	}
	return any && !open ? "clean" : "open";
}

static bool is_opinion(const char *saw)
{
	return strcmp(saw, "nothing") == 0 || strcmp(saw, "report") == 0 ||
	       strcmp(saw, "crash") == 0;
}

static bool has_place(const json_t *places, const json_t *wanted)
{
	size_t i;
	json_t *place;
	json_array_foreach(places, i, place) if (strcmp(json_text_of(place, "file", "?"),
							json_text_of(wanted, "file", "")) == 0 &&
						 strcmp(json_text_of(place, "function", "?"),
							json_text_of(wanted, "function", "")) ==
							 0) return true;
	return false;
}

/* The test by which the explorer has failed one of the functions that the job names, whatever its
 * part: the same cause, seen twice. NULL: none. */
static const char *witness_of(const json_t *tests, const json_t *job)
{
	size_t i, k;
	json_t *test, *place;
	json_array_foreach(tests, i, test)
	{
		const json_t *found = json_object_get(json_object_get(test, "finding"), "where");
		if (layer_of(json_text_of(test, "detector", "")) != &layers[EXPLORER])
			continue;
		json_array_foreach(
			json_object_get(job, "where"), k,
			place) if (has_place(found, place)) return json_text_of(test, "id", "?");
	}
	return NULL;
}

static char *note_of_alarm(const json_t *row, const char *decided)
{
	const char *witness = json_text_of(row, "witness", NULL);
	const char *doubt = json_text_of(row, "doubt", NULL);
	if (witness != NULL)
		return must_printf("The schedule explorer found an error there, too, in %s: its "
				   "schedule can be replayed.",
				   witness);
	if (strcmp(decided, "failed") == 0)
		return must_strdup("The schedule explorer failed the same part: repair its finding "
				   "first, whose schedule can be replayed.");
	if (strcmp(decided, "open") == 0)
		return must_strdup("The schedule explorer has not yet judged this part: repair "
				   "what blocks it first.");
	return must_printf(
		"The schedule explorer, which decides, found no error there. It costs no "
		"points, since such a report comes and goes and can be wrong%s%s. Look at "
		"it once more, and show it to your instructor.",
		doubt != NULL ? ": " : "", doubt != NULL ? doubt : "");
}

/* NULL: silence about clean work needs no words. */
static char *note_of(const json_t *row, const char *decided)
{
	const char *saw = json_text_of(row, "saw", "error");
	if (!is_opinion(saw))
		return must_strdup("That is no opinion, neither for your code nor against it.");
	if (strcmp(saw, "nothing") != 0)
		return note_of_alarm(row, decided);
	if (strcmp(decided, "failed") != 0)
		return NULL;
	return must_strdup(
		"The schedule explorer found an error there: native stress meets few "
		"schedules, all by chance. Repair the explorer's finding, whose schedule "
		"proves it.");
}

static json_t *compare(const json_t *tests, json_t *job)
{
	const char *saw = json_text_of(job, "saw", "error");
	const char *decided = decided_of(tests, json_text_of(job, "part", ""));
	bool alarm = strcmp(saw, "nothing") != 0;
	json_t *row = json_deep_copy(job);
	const char *witness = witness_of(tests, job);
	if (witness != NULL) {
		decided = "failed";
		json_put_text(row, "witness", witness);
	}
	json_put_text(row, "decided", decided);
	if (strcmp(decided, "open") != 0 && is_opinion(saw))
		json_put(row, "agree", json_boolean(alarm == (strcmp(decided, "failed") == 0)));
	AUTO_FREE char *note = note_of(row, decided);
	if (note != NULL)
		json_put_text(row, "note", note);
	return row;
}

json_t *layers_compare(const json_t *tests, const json_t *seen)
{
	json_t *rows = json_array();
	size_t i;
	json_t *job;
	json_array_foreach(seen, i, job)(void) json_array_append_new(rows, compare(tests, job));
	return rows;
}
