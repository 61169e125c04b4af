/* base/words.h - a list of texts, always ended by NULL, so that `item` serves as an argument
 * vector. Functions are [MT-Confined] to one list and die when memory is out. */
#ifndef GRADER_WORDS_H
#define GRADER_WORDS_H
#include <stdbool.h>
#include <stddef.h>

struct words {
	char **item; /* count texts and NULL; NULL while the list is empty and untouched */
	size_t count;
};

/* Adds a copy of the text. */
void words_add(struct words *words, const char *text);
/* Adds a text made as by printf. */
void words_addf(struct words *words, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Adds each piece of `text` that stands between blanks. text may be NULL. */
void words_split(struct words *words, const char *text);
/* Adds all of another list. */
void words_add_all(struct words *words, const struct words *others);
bool words_has(const struct words *words, const char *text);
/* Byte order. */
void words_sort(struct words *words);
/* The list as an argument vector, borrowed from it. */
const char *const *words_vector(const struct words *words);
void words_fini(struct words *words);

#endif
