/* report/gradebook.h - the grades of a class for the gradebook of a course system. Source:
 * formats.md 11.
 *
 * Given the system's own file, it comes back with every byte as it was but for the cells that are
 * ours: byte order mark, line ends, quotes and the order of columns stay. Without one (given NULL)
 * a minimal file is made. A person is found by what only they have (ids, login, address; never by
 * name); who matches no row, or two, or a row that somebody else matches, is a problem, not a
 * guess. Who has no grade is left out (Canvas, Brightspace) or left unchanged (Moodle): an empty
 * cell must not overwrite a grade. Points are final scores, scaled to what the column can hold.
 *
 * true: the file has been written. false: nothing has; `problems` says what to do. They get a
 * sentence for each thing that the instructor must look at, in either case. [MT-Confined] */
#ifndef GRADER_GRADEBOOK_H
#define GRADER_GRADEBOOK_H
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/words.h"

/* The column of the lab is the one called like it: "Lab 3", "3-work-queue", its title, or as
 * class["column"] says; the "(123456)" that the systems add does not count. */
bool report_canvas(FILE *out, const json_t *class, const char *given, size_t length,
		   struct words *problems);
bool report_moodle(FILE *out, const json_t *class, const char *given, size_t length,
		   struct words *problems);
bool report_brightspace(FILE *out, const json_t *class, const char *given, size_t length,
			struct words *problems);

#endif
