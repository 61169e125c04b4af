/* What verify demands of a grade: every deviation has a name. */
#include "command/corpus.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

TCase *corpus_test(void);

static json_t *make_grade(const char *a, const char *b, const char *c)
{
	json_t *tests = json_array();
	const char *const statuses[] = { a, b, c };
	static const char *const ids[] = { "L1.A.1", "L1.A.2", "L1.A.3" };
	long score = 0;
	for (size_t i = 0; i < 3; i++) {
		int points = strcmp(statuses[i], "pass") == 0 ? 2 : 0;
		score += points;
		(void)json_array_append_new(
			tests, json_make("{s:s, s:s, s:s, s:i, s:i, s:s, s:{s:s}}", "id", ids[i],
					 "status", statuses[i], "detector", "FI", "points", points,
					 "max", 2, "blocked_by", "L1.A.1", "finding", "id", "bug"));
	}
	return json_make("{s:i, s:i, s:o}", "score", (int)score, "max", 6, "tests", tests);
}

/* word NULL: as demanded; else what the deviation speaks of. */
static void expect(const struct corpus_entry *entry, const char *a, const char *b, const char *c,
		   const char *word)
{
	json_t *grade = make_grade(a, b, c);
	char *deviation = corpus_deviation(entry, grade);
	if (word == NULL)
		ck_assert_msg(deviation == NULL, "%s %s %s: %s", a, b, c, deviation);
	else
		ck_assert_msg(deviation != NULL && strstr(deviation, word) != NULL, "%s %s %s: %s",
			      a, b, c, deviation);
	free(deviation);
	json_decref(grade);
}

START_TEST(a_mutant_fails_its_test_and_no_other)
{
	struct corpus_entry entry = { .kind = CORPUS_MUTANT };
	words_split(&entry.tests, "L1.A.2");
	words_split(&entry.detectors, "FI");
	words_split(&entry.diagnoses, "bug");
	expect(&entry, "pass", "fail", "pass", NULL);
	expect(&entry, "pass", "pass", "pass", "L1.A.2 does not fail");
	expect(&entry, "pass", "fail", "fail", "L1.A.3 fails too");
	expect(&entry, "fail", "blocked", "pass", "L1.A.2 does not fail");
	expect(&entry, "pass", "fail", "blocked", "blocked by L1.A.1");
	expect(&entry, "pass", "fail", "infra", "infra");
	words_split(&entry.also, "L1.A.1");
	expect(&entry, "fail", "fail", "blocked", NULL);
	free(entry.detectors.item[0]);
	entry.detectors.item[0] = strdup("RES");
	expect(&entry, "pass", "fail", "pass", "fails by FI");
	free(entry.detectors.item[0]);
	entry.detectors.item[0] = strdup("FI");
	free(entry.diagnoses.item[0]);
	entry.diagnoses.item[0] = strdup("other");
	expect(&entry, "pass", "fail", "pass", "has the diagnosis bug");
	words_fini(&entry.tests);
	words_fini(&entry.detectors);
	words_fini(&entry.diagnoses);
	words_fini(&entry.also);
}
END_TEST

START_TEST(a_variant_loses_exactly_what_it_says)
{
	struct corpus_entry entry = { .kind = CORPUS_VARIANT };
	long losses[] = { 200 };
	expect(&entry, "pass", "pass", "pass", NULL);
	expect(&entry, "pass", "fail", "pass", "L1.A.2 fail");
	words_split(&entry.losers, "L1.A.2");
	entry.losses = losses;
	expect(&entry, "pass", "fail", "pass", NULL);
	expect(&entry, "pass", "pass", "pass", "L1.A.2 pass");
	words_fini(&entry.losers);
}
END_TEST

START_TEST(reference_and_skeleton)
{
	const struct corpus_entry reference = { .kind = CORPUS_REFERENCE };
	const struct corpus_entry skeleton = { .kind = CORPUS_SKELETON };
	expect(&reference, "pass", "pass", "pass", NULL);
	expect(&reference, "pass", "pass", "fail", "L1.A.3");
	expect(&skeleton, "fail", "blocked", "blocked", NULL);
	expect(&skeleton, "fail", "pass", "blocked", "has points");
	expect(&skeleton, "infra", "blocked", "blocked", "infra");
}
END_TEST

TCase *corpus_test(void)
{
	TCase *tests = tcase_create("command/corpus");
	tcase_add_test(tests, a_mutant_fails_its_test_and_no_other);
	tcase_add_test(tests, a_variant_loses_exactly_what_it_says);
	tcase_add_test(tests, reference_and_skeleton);
	return tests;
}
