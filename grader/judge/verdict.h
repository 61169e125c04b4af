/* judge/verdict.h - evidence in, verdict out. No clock, no files, no randomness: equal evidence,
 * equal verdict. Source: ARCHITECTURE.md section 4, formats.md section 2, batch.md section 8. All
 * functions are [MT-Safe].
 *
 * A *test* is {"id","part","gate","title","points"
 * (hundredths),"detector","about","hidden","builds":[...]}. A *verdict* is
 * {"status","detector","evidence":{...},"finding":{...},"reason"}: status is pass, fail, skipped or
 * infra; a fail has a finding {"id","what","where":[...],"why"}, a skipped or infra has a reason. A
 * finding that a schedule shows has its "token" too. */
#ifndef GRADER_VERDICT_H
#define GRADER_VERDICT_H
#include <jansson.h>
#include <stdbool.h>

/* What the job was to be, against which its records are held. */
struct verdict_job {
	const char *build, *seed;
	long cpu_ms_bound; /* of the subject: what an endless loop uses up */
	bool planted; /* the build has a detector: every process of the job owes the report of an
			 error that was planted in it */
};

/* The verdict on one job: one test in one build. `array` is the array of its evidence. It passes
 * only if it began and ended, stated at least one law, broke none, the runner's fact is clean, and,
 * in a build with a detector, an error was planted and each that was planted was reported (else the
 * finding is `tampered`). Returned. */
json_t *verdict_of_job(const json_t *test, const struct verdict_job *job, const json_t *array);

/* The verdict on a test from the verdicts on its jobs, in the order of its builds; NULL or a
 * missing one is infra. Those of a layer that only advises (judge/layers.h) are left out. A fail of
 * any build is a fail, and the deepest cause is told; all must pass
 * for a pass. Returned. */
json_t *verdict_of_test(const json_t *test, json_t *const *jobs, size_t count);

/* For tests that were not run: {"status":"infra","reason":...} and so on. Returned. */
json_t *verdict_infra(const json_t *test, const char *reason);
json_t *verdict_fail(const json_t *test, json_t *finding /* borrowed; its "detector" is taken */);

#endif
