/* command/lab_json.h - what judge/ wants to know of a lab, as JSON: judge/ shares no header with
 * intake/. [MT-Safe] */
#ifndef GRADER_LAB_JSON_H
#define GRADER_LAB_JSON_H
#include <jansson.h>

#include "intake/lab.h"

/* See judge/score.h and judge/verdict.h for the form. Returned. */
json_t *lab_to_json(const struct lab *lab);

#endif
