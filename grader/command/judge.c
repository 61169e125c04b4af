/* The rules of command/plan.c once more, without runs: gates first, then what they opened. Records
 * of a test that its gate has not opened say nothing. */
#include "command/judge.h"

#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/json.h"
#include "command/places.h"
#include "judge/score.h"
#include "judge/verdict.h"

enum { BUILDS_MAX = 16 };

struct bench {
	const struct lab *lab;
	const json_t *evidence, *records;
	json_t *verdicts;
};

/* A detector that is silent about our own program, too, is no witness against anybody's. */
static json_t *doubted(const struct bench *bench, const json_t *row, const struct lab_build *build,
		       json_t *verdict)
{
	const json_t *finding = json_object_get(verdict, "finding");
	const json_t *works = json_object_get(json_object_get(bench->evidence, "detectors"),
					      build->name);
	if (strcmp(json_text_of(finding, "id", ""), "tampered") != 0 || build->plant == NULL ||
	    json_is_true(works))
		return verdict;
	AUTO_FREE char *reason = must_printf(
		"the sanitizers of the build %s do not report errors on this machine", build->name);
	json_decref(verdict);
	return verdict_infra(row, reason);
}

/* NULL: it was not run. */
static json_t *judge_job(const struct bench *bench, const json_t *row,
			 const struct lab_build *build)
{
	AUTO_FREE char *key = must_printf("%s %s", json_text_of(row, "id", "?"), build->name);
	const json_t *records = json_object_get(bench->records, key);
	const json_int_t factor = json_integer_value(json_object_get(bench->evidence, "machine"));
	const struct verdict_job expected = {
		.build = build->name,
		.seed = json_text_of(bench->evidence, "seed", "?"),
		.cpu_ms_bound = (long)bench->lab->limits.cpu_s * 1000 * (long)factor,
		.planted = build->plant != NULL,
	};
	if (records == NULL)
		return NULL;
	json_t *verdict = doubted(bench, row, build, verdict_of_job(row, &expected, records));
	json_put_text(verdict, "build", build->name);
	return verdict;
}

static void judge_test(const struct bench *bench, const json_t *row, const struct lab_test *test)
{
	json_t *jobs[BUILDS_MAX] = { NULL };
	if (test->builds.count > BUILDS_MAX)
		die("%s has too many builds", test->id);
	for (size_t i = 0; i < test->builds.count; i++) {
		const struct lab_build *build = lab_build_find(bench->lab, test->builds.item[i]);
		jobs[i] = build != NULL ? judge_job(bench, row, build) : NULL;
	}
	json_put(bench->verdicts, test->id, verdict_of_test(row, jobs, test->builds.count));
	for (size_t i = 0; i < test->builds.count; i++)
		json_decref(jobs[i]);
}

static void judge_phase(const struct bench *bench, const json_t *lab_json, bool gates)
{
	const json_t *tests = json_object_get(lab_json, "tests");
	for (size_t i = 0; i < bench->lab->test_count; i++) {
		const struct lab_test *test = &bench->lab->tests[i];
		const json_t *row = json_array_get(tests, i);
		if (test->gate == gates && (gates || score_is_open(lab_json, row, bench->verdicts)))
			judge_test(bench, row, test);
	}
}

void judge_evidence(const struct lab *lab, const json_t *lab_json, const json_t *evidence,
		    json_t **verdicts, json_t **rows)
{
	json_t *finding = json_object_get(evidence, "finding");
	if (finding != NULL) {
		*verdicts = score_unbuilt(lab_json, finding);
	} else {
		const struct bench bench = { .lab = lab,
					     .evidence = evidence,
					     .records = json_object_get(evidence, "records"),
					     .verdicts = json_object() };
		judge_phase(&bench, lab_json, true);
		judge_phase(&bench, lab_json, false);
		*verdicts = bench.verdicts;
	}
	*rows = score_tests(lab_json, *verdicts);
	places_finish(lab, lab_json, evidence, *verdicts, *rows);
}
