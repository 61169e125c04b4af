/* What a grade must be. Pure: a grade in, a sentence on the first deviation out. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/json.h"
#include "command/corpus.h"

static long hundredths(const json_t *object, const char *key)
{
	return lround(json_number_value(json_object_get(object, key)) * 100);
}

static const char *id_of(const json_t *test)
{
	return json_text_of(test, "id", "?");
}

static bool is_status(const json_t *test, const char *status)
{
	return strcmp(json_text_of(test, "status", ""), status) == 0;
}

static const json_t *find_test(const json_t *grade, const char *id)
{
	size_t i;
	json_t *test;
	json_array_foreach(json_object_get(grade, "tests"), i,
			   test) if (strcmp(id_of(test), id) == 0) return test;
	return NULL;
}

static char *infra(const json_t *grade)
{
	size_t i;
	json_t *test;
	json_array_foreach(
		json_object_get(grade, "tests"), i,
		test) if (is_status(test, "infra")) return must_printf("%s infra: %s", id_of(test),
								       json_text_of(test, "reason",
										    "?"));
	return NULL;
}

/* Each test must have all its points but for the losses listed. */
static char *points_deviation(const struct corpus_entry *entry, const json_t *grade)
{
	size_t i;
	json_t *test;
	json_array_foreach(json_object_get(grade, "tests"), i, test)
	{
		long wanted = hundredths(test, "max");
		for (size_t l = 0; l < entry->losers.count; l++)
			if (strcmp(entry->losers.item[l], id_of(test)) == 0)
				wanted -= entry->losses[l];
		if (hundredths(test, "points") != wanted)
			return must_printf("%s %s %s: %s", id_of(test),
					   json_text_of(test, "status", "?"),
					   json_text_of(json_object_get(test, "finding"), "id", ""),
					   json_text_of(json_object_get(test, "finding"), "what",
							json_text_of(test, "reason", "")));
	}
	return NULL;
}

static char *skeleton_deviation(const json_t *grade)
{
	if (hundredths(grade, "score") != 0)
		return must_printf("the skeleton has points");
	size_t i;
	json_t *test;
	json_array_foreach(
		json_object_get(grade, "tests"), i,
		test) if (strcmp(json_text_of(test, "detector", ""), "BUILD") ==
			  0) return must_printf("the skeleton does not build: %s",
						json_text_of(json_object_get(test, "finding"),
							     "what", "?"));
	return NULL;
}

static char *missed(const struct corpus_entry *entry, const json_t *grade)
{
	for (size_t i = 0; i < entry->tests.count; i++) {
		const char *id = entry->tests.item[i];
		const json_t *test = find_test(grade, id);
		const char *finding = json_text_of(json_object_get(test, "finding"), "id", "");
		if (!is_status(test, "fail"))
			return must_printf("%s does not fail (%s)", id,
					   json_text_of(test, "status", "no such test"));
		if (strcmp(json_text_of(test, "detector", ""), entry->detectors.item[i]) != 0)
			return must_printf("%s fails by %s (%s)", id,
					   json_text_of(test, "detector", "?"), finding);
		if (!words_has(&entry->diagnoses, finding))
			return must_printf("%s has the diagnosis %s", id, finding);
	}
	return NULL;
}

static char *too_much(const struct corpus_entry *entry, const json_t *grade)
{
	size_t i;
	json_t *test;
	json_array_foreach(json_object_get(grade, "tests"), i, test)
	{
		const char *id = id_of(test);
		const char *gate = json_text_of(test, "blocked_by", "");
		bool named = words_has(&entry->tests, id) || words_has(&entry->also, id);
		if (is_status(test, "fail") && !named)
			return must_printf(
				"%s fails too: %s", id,
				json_text_of(json_object_get(test, "finding"), "id", "?"));
		if (is_status(test, "blocked") && !words_has(&entry->tests, gate) &&
		    !words_has(&entry->also, gate))
			return must_printf("%s is blocked by %s", id, gate);
	}
	return NULL;
}

char *corpus_deviation(const struct corpus_entry *entry, const json_t *grade)
{
	char *deviation = infra(grade);
	if (deviation != NULL)
		return deviation;
	switch (entry->kind) {
	case CORPUS_REFERENCE:
	case CORPUS_VARIANT:
		return points_deviation(entry, grade);
	case CORPUS_SKELETON:
		return skeleton_deviation(grade);
	case CORPUS_MUTANT:
		deviation = missed(entry, grade);
		return deviation != NULL ? deviation : too_much(entry, grade);
	}
	return NULL;
}
