/* command/places.h - turns the functions and addresses of findings into file:line. [MT-Confined] */
#ifndef GRADER_PLACES_H
#define GRADER_PLACES_H
#include <jansson.h>

#include "intake/programs.h"

/* Replaces the finding of every failed row of `rows` (see judge/score.h) by its finished form.
 * Programs may have a finding of their own: then there are no addresses. */
void places_finish(const struct lab *lab, const json_t *lab_json, const struct programs *programs,
		   const json_t *verdicts, json_t *rows);

#endif
