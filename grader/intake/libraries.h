/* intake/libraries.h - the shared libraries of the system that a dynamic program needs in its box.
 * [MT-Confined] */
#ifndef GRADER_LIBRARIES_H
#define GRADER_LIBRARIES_H
#include <jansson.h>

#include "intake/tool.h"

/* Adds each library of the list, what it needs in turn, and the loader. Only plain names found in
 * the system's own library folders count: the list was read from a submission's program. Nothing is
 * added for an empty list. */
void libraries_find(const json_t *needed, struct tool_input *libraries);

#endif
