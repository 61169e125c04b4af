/* command/evidence_forms.h - the forms of the parts of evidence: which keys, types and bounds.
 * Pure. [MT-Safe] */
#ifndef GRADER_EVIDENCE_FORMS_H
#define GRADER_EVIDENCE_FORMS_H
#include <jansson.h>
#include <stdbool.h>

/* A form lists keys with a letter each: "rec:s held:b where:P detector:w?" ('?': it may be absent).
 * s text, t text of one line, w a word of letters, h 64 hex digits, H "sha256:" and those, x 16 hex
 * digits, b truth, i integer from 0 on, n any integer, r any number, T list of texts, P places, C
 * counts, F flat objects, o any object, a any list. true: an object with these keys, and no others.
 */
bool form_fits(const json_t *value, const char *form);

/* One record of a job, of a known kind. */
bool form_is_record(const json_t *record);

/* "net.c", 12, "function": what a reader of programs says of an address. */
bool form_is_line(const json_t *place);

#endif
