/* batch/similar_text.h - a C source made ready to be compared: comments gone, no byte that could
 * upset a reader, and every line where it was. Source: translation phases 1 to 3 of C17 5.1.1.2, as
 * far as comments, strings and characters go. All functions are [MT-Safe]. */
#ifndef GRADER_SIMILAR_TEXT_H
#define GRADER_SIMILAR_TEXT_H
#include <stddef.h>

/* Comments become blanks; so do control characters but tabs and line ends; bytes beyond ASCII
 * become the letter x. A string or a character ends at the end of its line at the latest. Returned
 * (free), as long as `bytes`. */
char *similar_text(const char *bytes, size_t length);

/* Makes the lines from first to last (from 1) blank; what is not there is no error. */
void similar_text_blank(char *text, long first, long last);

#endif
