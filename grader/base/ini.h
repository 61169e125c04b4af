/* base/ini.h - settings files of our own: sections, keys, values, each with its line.
 * Source: libinih; lists are separated by blanks, an indented line continues the one before. These
 * files are ours: a mistake in one ends the program with "file:line: what is wrong" and status 2.
 * [MT-Confined] to one struct ini. */
#ifndef GRADER_INI_H
#define GRADER_INI_H
#include <stddef.h>

#include "base/words.h"

struct ini;

/* Reads the whole file; duplicate keys and lines that are none are refused. Dies on any error.
 * Returned. */
struct ini *ini_load(const char *path);
void ini_destroy(struct ini *ini);

/* The value, borrowed from ini, or NULL if the key is absent. */
const char *ini_text(const struct ini *ini, const char *section, const char *key);
/* The same, but an absent or empty value is an error. */
const char *ini_require(const struct ini *ini, const char *section, const char *key);
/* A whole number from smallest to largest, or `absent`. */
long ini_number(const struct ini *ini, const char *section, const char *key, long smallest,
		long largest, long absent);
/* The line of a key, or of the section's first one if key is NULL; 0: there is none. */
int ini_line(const struct ini *ini, const char *section, const char *key);
/* Section names in order of appearance, and the keys of one section. */
void ini_sections(const struct ini *ini, struct words *names);
void ini_keys(const struct ini *ini, const char *section, struct words *names);
/* Refuses every key of the section that `known` (blank-separated) does not hold. */
void ini_only(const struct ini *ini, const char *section, const char *known);

#endif
