/* columns.h - how explored tests say what their threads do: "push push | pop ; close".
 *
 * Columns are threads, 1 from the left; `;` ends a phase, and the next one begins with thread 1.
 * What the words mean is the lab's. One more thread, the keeper, may make the object before and end
 * it after them. Such texts are ours: what does not fit ends the examiner by fault(). [MT-Confined]
 */
#ifndef COLUMNS_H
#define COLUMNS_H
#include <stddef.h>
#include <stdint.h>

#include "explore.h"

/* Where the script is being written. */
struct columns {
	struct explore_script *out;
	uint8_t phase, thread;
};

/* Puts the word, `length` bytes, by columns_put(). */
typedef void columns_word_fn(struct columns *c, const char *word, size_t length, void *context);

/* An empty script. */
struct columns columns_begin(struct explore_script *out);
/* The next operation of the thread and phase where the script is. Borrowed from the script. */
struct explore_op *columns_put(struct columns *c, uint16_t op);
/* All words of a text, from thread 1 of the present phase on. */
void columns_text(struct columns *c, const char *text, columns_word_fn *word, void *context);

/* The thread behind those of the text. */
uint8_t columns_keeper(const char *text);
/* A phase in which only the keeper does something. */
void columns_keep(struct columns *c, uint8_t keeper, uint16_t op, int64_t a, int64_t b);
#endif
