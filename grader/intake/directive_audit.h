/* intake/directive_audit.h - the directives of a raw source: none that says where lines stand, none
 * that hides what follows. Runs in a box. [MT-Confined] */
#ifndef GRADER_DIRECTIVE_AUDIT_H
#define GRADER_DIRECTIVE_AUDIT_H
#include <jansson.h>
#include <stddef.h>

/* Adds what is refused to the list (token_refuse), in the order of the lines. After this the
 * positions that the preprocessor prints for the file are true. */
void directive_audit(const char *text, size_t length, json_t *refused);

#endif
