/* intake/instrumentation.h - whether the detectors were built in everywhere: the functions of an
 * instrumented build beside those of the plain one. Pure. [MT-Confined] */
#ifndef GRADER_INSTRUMENTATION_H
#define GRADER_INSTRUMENTATION_H
#include <jansson.h>
#include <stdbool.h>

#include "intake/lab.h"

/* Whether the build can be compared at all: gcc and clang at -O2 expand memcpy, memcmp and their
 * like without hooks, so that a function made of nothing else would be accused. */
bool instrumentation_comparable(const struct lab_build *build);

/* Both: {"objects":{"net.c":{"functions":{...},"returns":{...}}}}, see elf_code.h. NULL, or a
 * finding that names a function which has memory accesses and no hook (returned). */
json_t *instrumentation_finding(const json_t *plain, const json_t *instrumented);

#endif
