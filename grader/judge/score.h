/* judge/score.h - verdicts in, points out. Points are hundredths. No clock, no files. All functions
 * are [MT-Safe]. Source: formats.md section 2. A lab is {"lab","number","tests":[test,...]} with
 * tests as in verdict.h. */
#ifndef GRADER_SCORE_H
#define GRADER_SCORE_H
#include <jansson.h>
#include <stdbool.h>

/* The test that gates a part, NULL if the part has none or if this test is it. Borrowed. */
const json_t *score_gate_of(const json_t *lab, const json_t *test);

/* true: the test's gate has passed (or it has none), so it shall run. `verdicts` maps ids to
 * verdicts. */
bool score_is_open(const json_t *lab, const json_t *test, const json_t *verdicts);

/* The tests of grade.json, points still in hundredths and findings as in the verdicts. Blocked
 * tests (behind a failed gate, or "after" a test that failed, whatever they say themselves) get
 * who blocks them, skipped ones give their points away, tests without a verdict are infra.
 * Returned. */
json_t *score_tests(const json_t *lab, const json_t *verdicts);

/* Sums over what score_tests returned. *score is -1 (no grade) if any test is infra. */
void score_total(const json_t *tests, long *score, long *max);

/* When nothing can run: the verdicts that every test owes to this finding (gates fail, the rest
 * waits). Returned. */
json_t *score_unbuilt(const json_t *lab, json_t *finding);

/* The failed test to repair first: a gate with points behind it before others, then the order of
 * the lab. *waiting is the number of hundredths blocked by it. NULL if nothing failed. Borrowed
 * from tests. */
const json_t *score_first_repair(const json_t *tests, long *waiting);

#endif
