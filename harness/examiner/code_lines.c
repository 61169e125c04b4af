/* A table of places, sorted by address. */
#include "code_lines.h"

#include <string.h>

const struct code_line *code_line_of(const struct code_lines *lines, uint32_t pc)
{
	size_t low = 0, high = lines ? lines->count : 0;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		if (lines->at[middle].pc == pc)
			return &lines->at[middle];
		if (lines->at[middle].pc < pc)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

bool code_lines_have(const struct code_lines *lines, const char *file, uint32_t line)
{
	for (size_t i = 0; i < lines->count; i++)
		if (lines->at[i].line == line && strcmp(lines->at[i].file, file) == 0)
			return true;
	return false;
}
