/* judge/layers.h - which layer of observation decides, which only advises, and how what they saw is
 * put together. The rule, in one place:
 *
 *   1. A layer that decides is the only one that can give or cost points.
 *   2. What a layer that advises has seen never changes a status, a point or a byte of grade.json.
 *   3. Where the two disagree, both are shown. Nothing is averaged, counted or outvoted.
 *
 * Source: the layers of the design; why native stress only advises: harness/README.md, "Beside
 * other detectors". Pure, as all of judge/. All functions are [MT-Safe]. */
#ifndef GRADER_LAYERS_H
#define GRADER_LAYERS_H
#include <jansson.h>
#include <stdbool.h>

/* The layer of a detector as tests and findings name it, "EXP": "the schedule explorer". "another
 * detector" for one that no layer has. Static. */
const char *layer_name(const char *detector);

/* true: its findings cost points. An unknown detector decides: who is to advise only must be in the
 * table. */
bool layer_decides(const char *detector);

/* Lays the jobs of advising layers beside the verdicts that stand. `tests`: as of score_tests.
 * `seen`: [{"part","about","detector","saw"}], where "saw" is "nothing", "report", "crash", or what
 * is no opinion: "hang" (a clock proves nothing), "error" (the job itself did not work), "tampered"
 * (something spoke for the detector); with "what", a clean phrase, unless it is nothing; and
 * perhaps "where", places with "file" and "function", and "doubt", why this detector may err about
 * this submission.
 * Returned: the same jobs in their order, each with "decided", which is "clean", "failed" or "open"
 * (a test of threads is blocked, infra or skipped) for the explored tests of that part, or "failed"
 * with the test as "witness" if one of any part has a place of the same function; with "agree"
 * unless that is open or the job has no opinion; and with "note", what that means for a student,
 * unless nothing was seen and nothing is to be said. */
json_t *layers_compare(const json_t *tests, const json_t *seen);

#endif
