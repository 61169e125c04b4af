/* run/report.h - what a sanitizer wrote about a subject, as a record. Pure. [MT-Safe] */
#ifndef GRADER_RUN_REPORT_H
#define GRADER_RUN_REPORT_H
#include <jansson.h>
#include <stddef.h>

enum { REPORT_BYTES = 32 << 10 };

/* Makes plain text of the bytes, in place: what is neither printable ASCII nor a newline becomes a
 * question mark. text[length] is set to NUL. */
void report_clean(char *text, size_t length);

/* The record {"rec":"sanitizer","summary","text"} of a clean text. Returned. */
json_t *report_record(const char *text);

#endif
