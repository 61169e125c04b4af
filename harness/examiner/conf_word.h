/* conf_word.h - one word of a text of sections and names that a submission holds, as answers.conf.
 *
 *   [clinic]
 *   square = none     ; `;` and `#` begin comments
 *
 * Whatever stands there is data: what is no such word is none. [MT-Safe] */
#ifndef CONF_WORD_H
#define CONF_WORD_H
#include <stdbool.h>
#include <stddef.h>

#define CONF_WORD 24 /* bytes, with the NUL */

/* The word of `name` in the section, of letters and `_`, in lower case; of several lines the first.
 * "" (and false) if the line is missing, empty, or holds anything else. */
bool conf_word(const char *text, size_t length, const char *section, const char *name,
	       char out[CONF_WORD]);
#endif
