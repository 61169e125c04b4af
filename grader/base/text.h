/* base/text.h - the one sanitiser of text that others wrote, and the printing of our own.
 * Source: rule 2 of the output formats: escape sequences never reach a terminal, a browser or a
 * parser. Characters are Unicode code points. All functions are [MT-Safe]. */
#ifndef GRADER_TEXT_H
#define GRADER_TEXT_H
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum {
	TEXT_LINE_CHARACTERS_MAX = 400,
	TEXT_BYTES_MAX = 8 * 1024,
	TEXT_POINTS_BYTES = 24, /* for text_points */
};

/* A harmless copy of `length` bytes of whatever origin, as UTF-8: bytes that are not UTF-8 become
 * \xNN; control characters but tab and newline, DEL, C1 and the bidirectional controls become
 * \uNNNN; a line keeps its first TEXT_LINE_CHARACTERS_MAX characters, the text about TEXT_BYTES_MAX
 * bytes, then "[... n lines left out]". The copy is returned to the caller (free). */
char *text_clean(const void *bytes, size_t length);

/* The same for one line: tabs and newlines become blanks. For names and phrases. */
char *text_clean_line(const void *bytes, size_t length);

/* The same characters made harmless as by text_clean, but nothing is left out; what it returns it
 * leaves as it is. For values that are kept and not shown as they are. Returned (free). */
char *text_escape(const char *text);

/* true: the bytes are UTF-8 throughout (NUL is a character, not an end). */
bool text_is_utf8(const void *bytes, size_t length);

/* Points in hundredths as a number with 0 to 2 decimals and ".", whatever the locale. */
void text_points(char out[static TEXT_POINTS_BYTES], long hundredths);

/* Characters of a UTF-8 text: what a terminal needs columns for (our texts hold no wide
 * characters). */
size_t text_width(const char *text);

/* Prints a text word by word: each line begins with `indent` blanks and ends before `columns`;
 * newlines in the text are kept. A word that is too long has a line of its own. Ends with a
 * newline. */
void text_wrap(FILE *out, const char *text, int indent, size_t columns);

#endif
