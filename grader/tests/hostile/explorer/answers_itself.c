/* A queue that does nothing, and at its end writes the history of a correct one into the answer.
 *
 * Row: V13
 * By: one answer in some hundred is a lie of the player's, drawn at the last moment, which the examiner must find there
 * Expect: L3.B.1 tampered POL
 * Without: L3.B.1 not-linearizable EXP */
#include "3-work-queue/bqueue.h"

#include <errno.h>
#include <stdlib.h>

enum { OP_BYTES = @OP_BYTES@, HISTORY_BYTES = @HISTORY_BYTES@, OPS_MAX = 64, CREATE = @CREATE@ };

static struct {
	unsigned long item[OPS_MAX], head, tail, capacity, stamp;
	int closed;
} model;

/* Numbers as the examiner's header has them. 0: it cannot go on. */
static int play(unsigned op, unsigned long arg, unsigned long *status, unsigned long *item)
{
	const unsigned long count = model.tail - model.head;
	const int push = op == CREATE + 2 || op == CREATE + 4;
	const int pop = op == CREATE + 3 || op == CREATE + 5;

	*status = *item = 0;
	if (op == CREATE)
		model.capacity = arg;
	if (op == CREATE + 9)
		model.closed = 1;
	if (op == CREATE + 10)
		*status = count;
	if ((push && model.closed) || (pop && count == 0 && model.closed))
		*status = EPIPE;
	else if ((push && count >= model.capacity) || (pop && count == 0)) {
		if (op < CREATE + 4)
			return 0;
		*status = EAGAIN;
	} else if (push)
		model.item[model.tail++ % OPS_MAX] = arg;
	else if (pop)
		*item = model.item[model.head++ % OPS_MAX];
	return 1;
}

static void forge(void)
{
	const unsigned long history = peek(@SLOT_AT@) + @HISTORY_AT@;
	const unsigned ops = (unsigned)peek(@SCRIPT_OPS_AT@), phases = (unsigned)(peek(@SCRIPT_OPS_AT@ - 4) & 0xff);
	unsigned char done[OPS_MAX] = { 0 };

	for (unsigned phase = 0; phase < phases; phase++)
		for (unsigned i = 0; i + 1 < ops; i++) {
			const unsigned long op = @SCRIPT_OP_AT@ + i * OP_BYTES, h = history + i * HISTORY_BYTES;
			const unsigned long head = peek(op);
			unsigned long status, item;
			int behind = 0;
			for (unsigned k = 0; k < i; k++)
				behind |= !done[k] && (peek(@SCRIPT_OP_AT@ + k * OP_BYTES) & 0xff) == (head & 0xff);
			if (done[i] || behind || (head >> 8 & 0xff) > phase ||
			    !play(head >> 16 & 0xffff, peek(op + 8), &status, &item))
				continue;
			poke(h, ++model.stamp, 4);
			poke(h + 4, ++model.stamp, 4);
			poke(h + 8, 0, 4);
			poke(h + 16, status, 8);
			poke(h + 24, item, 8);
			done[i] = 1;
			i = (unsigned)-1; /* from the first that waits */
		}
}

int bq_create(struct bq **out, size_t capacity)
{
	*out = NULL;
	return capacity ? 0 : EINVAL;
}

void bq_destroy(struct bq *q)
{
	(void)q;
	if (!@HONEST@ && is_explored())
		forge();
}

int bq_push(struct bq *q, void *item) { (void)q, (void)item; return 0; }
int bq_pop(struct bq *q, void **item) { (void)q; *item = NULL; return 0; }
int bq_try_push(struct bq *q, void *item) { (void)q, (void)item; return 0; }
int bq_try_pop(struct bq *q, void **item) { (void)q; *item = NULL; return 0; }
int bq_push_until(struct bq *q, void *item, uint64_t at) { (void)q, (void)item, (void)at; return 0; }
int bq_pop_until(struct bq *q, void **item, uint64_t at) { (void)q, (void)at; *item = NULL; return 0; }
int bq_pop_many(struct bq *q, void **items, size_t max, size_t *n) { (void)q, (void)max; *items = NULL; *n = 1; return 0; }
void bq_close(struct bq *q) { (void)q; }
size_t bq_size(struct bq *q) { (void)q; return 0; }
