/* command/places.h - turns the functions and addresses of findings into file:line. [MT-Confined] */
#ifndef GRADER_PLACES_H
#define GRADER_PLACES_H
#include <jansson.h>

#include "intake/lab.h"

/* Replaces the finding of every failed row of `rows` (see judge/score.h) by its finished form, with
 * "functions" and "lines" of the evidence (see command/evidence.h). */
void places_finish(const struct lab *lab, const json_t *lab_json, const json_t *evidence,
		   const json_t *verdicts, json_t *rows);

#endif
