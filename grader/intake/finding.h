/* intake/finding.h - what a submission did wrong before any test could run, in the form of
 * grade.json:
 * {"id","detector","what","where":[{"file","line","function"}],"why","next"}. All text in it is
 * clean. [MT-Safe] */
#ifndef GRADER_FINDING_H
#define GRADER_FINDING_H
#include <jansson.h>

/* Any text may hold the submission's bytes: it is cleaned here. Returned. */
json_t *finding_make(const char *id, const char *detector, const char *what, const char *why,
		     const char *next);

/* Adds a place: file must be a listed name; line 0 and function NULL mean unknown. */
void finding_add_place(json_t *finding, const char *file, long line, const char *function);

#endif
