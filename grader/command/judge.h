/* command/judge.h - evidence in, verdicts and rows out: the same wherever it was made. It runs
 * nothing and reads no file. [MT-Confined] */
#ifndef GRADER_COMMAND_JUDGE_H
#define GRADER_COMMAND_JUDGE_H
#include <jansson.h>

#include "intake/lab.h"

/* The verdicts on the tests of a lab by what the evidence (command/evidence.h) holds, and the rows
 * of judge/score.h with finished findings. Both are returned. */
void judge_evidence(const struct lab *lab, const json_t *lab_json, const json_t *evidence,
		    json_t **verdicts, json_t **rows);

#endif
