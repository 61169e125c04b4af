/* code_lines.h - where the calls of a program stand: return addresses, as offsets in its image, to
 * file and line. The runner knows them; the examiner asks once. [MT-Confined] */
#ifndef CODE_LINES_H
#define CODE_LINES_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "steps.h"

struct code_line {
	uint32_t pc, line;
	char file[STEPS_FILE];
};

struct code_lines {
	struct code_line *at; /* by pc; NULL: none are known                                   */
	size_t count;
};

/* Borrowed; NULL: not known. */
const struct code_line *code_line_of(const struct code_lines *lines, uint32_t pc);
/* Whether any call stands there. */
bool code_lines_have(const struct code_lines *lines, const char *file, uint32_t line);
#endif
