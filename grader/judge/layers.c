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

static const char *verb_of(const char *saw)
{
	if (strcmp(saw, "crash") == 0)
		return "crashed";
	return strcmp(saw, "hang") == 0 ? "hung" : "was reported";
}

/* NULL: silence about clean work, or about work whose errors are told already, needs no words. */
static char *note_of(const json_t *job, const char *decided)
{
	const char *saw = json_text_of(job, "saw", "error");
	const char *build = json_text_of(job, "build", "?");
	const char *what = json_text_of(job, "what", "it did not say what");
	if (strcmp(saw, "nothing") == 0 || strcmp(saw, "error") == 0)
		return NULL;
	AUTO_FREE char *head = must_printf("Under native stress (build %s) the program %s: %s.",
					   build, verb_of(saw), what);
	if (strcmp(decided, "failed") == 0)
		return must_printf("%s The schedule explorer failed the same part: repair its "
				   "finding first, whose schedule can be replayed.",
				   head);
	if (strcmp(decided, "open") == 0)
		return must_printf("%s It costs no points; the explorer has not yet judged this "
				   "part, so repair what blocks it first.",
				   head);
	return must_printf("%s The schedule explorer, which decides, found no error in this part. "
			   "It costs no points, since such a report comes and goes and can be "
			   "wrong; read %s once more, and show it to your instructor.",
			   head, json_text_of(job, "about", "the function"));
}

static json_t *compare(const json_t *tests, json_t *job)
{
	const char *saw = json_text_of(job, "saw", "error");
	const char *decided = decided_of(tests, json_text_of(job, "part", ""));
	bool alarm = strcmp(saw, "nothing") != 0;
	json_t *row = json_deep_copy(job);
	json_put_text(row, "decided", decided);
	if (strcmp(decided, "open") != 0 && strcmp(saw, "error") != 0)
		json_put(row, "agree", json_boolean(alarm == (strcmp(decided, "failed") == 0)));
	AUTO_FREE char *note = note_of(job, decided);
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
