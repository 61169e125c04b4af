/* batch/output_file.h - a file made in memory and written only if it is not there with these bytes.
 * A failure ends the program: what is derived can be made again. [MT-Confined] */
#ifndef GRADER_OUTPUT_FILE_H
#define GRADER_OUTPUT_FILE_H
#include <stddef.h>
#include <stdio.h>

struct output {
	FILE *stream;
	char *bytes;
	size_t length;
};

/* The stream is to be written to, and output_end to be called. */
void output_begin(struct output *output);
/* As folder/name; folders must be there. */
void output_end(struct output *output, const char *folder, const char *name);

/* There shall be no such file. */
void output_cancel(struct output *output, const char *folder, const char *name);

void output_bytes(const char *folder, const char *name, const char *bytes, size_t length);

#endif
