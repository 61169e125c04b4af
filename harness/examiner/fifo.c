/* Pairs each put with its get by sorting; then one sweep over time finds two that changed places.
 */
#include "fifo.h"

#include <stdlib.h>

struct item {
	int64_t value;
	size_t put, got;                                 /* indices; NOT_GOT */
	uint64_t put_call, put_back, got_call, got_back; /* not got: UINT64_MAX */
	uint32_t producer;
};
#define NOT_GOT SIZE_MAX

struct got {
	int64_t value;
	size_t index;
};

static int three_way(uint64_t x, uint64_t y)
{
	return x < y ? -1 : x > y;
}

static int by_value(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	if (x->value != y->value)
		return x->value < y->value ? -1 : 1;
	return three_way(x->put, y->put);
}

static int got_by_value(const void *a, const void *b)
{
	const struct got *x = a, *y = b;

	if (x->value != y->value)
		return x->value < y->value ? -1 : 1;
	return three_way(x->index, y->index);
}

static int by_put_call(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	return three_way(x->put_call, y->put_call);
}

static int by_put_back(const void *a, const void *b)
{
	const struct item *const *x = a, *const *y = b;

	return three_way((*x)->put_back, (*y)->put_back);
}

static struct fifo_fault fault_of(enum fifo_pattern pattern, size_t first, size_t second)
{
	return (struct fifo_fault){ .pattern = pattern, .first = first, .second = second };
}

/* Both sorted by value. */
static struct fifo_fault match(struct item *item, size_t items, const struct got *got, size_t gots,
			       const struct fifo_call *calls)
{
	size_t i = 0;

	for (size_t k = 1; k < items; k++)
		if (item[k].value == item[k - 1].value)
			return fault_of(FIFO_PUT_TWICE, item[k - 1].put, item[k].put);
	for (size_t k = 0; k < gots; k++) {
		while (i < items && item[i].value < got[k].value)
			i++;
		if (i == items || item[i].value != got[k].value)
			return fault_of(FIFO_NEVER_PUT, 0, got[k].index);
	}
	i = 0;
	for (size_t k = 0; k < gots; k++) {
		while (item[i].value < got[k].value)
			i++;
		if (item[i].got != NOT_GOT)
			return fault_of(FIFO_GOT_TWICE, item[i].got, got[k].index);
		item[i].got = got[k].index;
		item[i].got_call = calls[got[k].index].call;
		item[i].got_back = calls[got[k].index].back;
	}
	for (size_t k = 0; k < items; k++)
		if (item[k].got_back < item[k].put_call)
			return fault_of(FIFO_GOT_BEFORE_PUT, item[k].put, item[k].got);
	return fault_of(FIFO_NONE, 0, 0);
}

/* y was put when x was already in, and was out before anybody asked for x: of all x that were in,
 * the one that was asked for last shows it if any does. Items in order of put_call, `in` in order
 * of put_back. */
static struct fifo_fault find_reversed(const struct item *item, const struct item **in,
				       size_t items, bool same_producer, uint32_t producer)
{
	const struct item *last = NULL;
	size_t done = 0;

	for (size_t y = 0; y < items; y++) {
		if (same_producer && item[y].producer != producer)
			continue;
		for (; done < items && in[done]->put_back < item[y].put_call; done++)
			if ((!same_producer || in[done]->producer == producer) &&
			    (!last || in[done]->got_call > last->got_call))
				last = in[done];
		if (last && item[y].got_back < last->got_call)
			return fault_of(same_producer ? FIFO_PRODUCER_ORDER : FIFO_ORDER, last->put,
					item[y].put);
	}
	return fault_of(FIFO_NONE, 0, 0);
}

static struct fifo_fault find_order(struct item *item, const struct item **in, size_t items)
{
	struct fifo_fault fault;

	qsort(item, items, sizeof(*item), by_put_call);
	for (size_t k = 0; k < items; k++)
		in[k] = &item[k];
	/* An array of pointers is meant. */
	qsort(in, items, sizeof(*in), by_put_back); /* NOLINT(bugprone-sizeof-expression) */
	fault = find_reversed(item, in, items, false, 0);
	/* Two of one producer say more. */
	for (uint32_t p = 0; fault.pattern == FIFO_ORDER && p < FIFO_PRODUCERS; p++) {
		struct fifo_fault own = find_reversed(item, in, items, true, p);
		if (own.pattern != FIFO_NONE)
			return own;
	}
	return fault;
}

static struct fifo_fault find_lost(const struct item *item, size_t items)
{
	for (size_t k = 0; k < items; k++)
		if (item[k].got == NOT_GOT)
			return fault_of(FIFO_LOST, item[k].put, 0);
	return fault_of(FIFO_NONE, 0, 0);
}

struct fifo_fault fifo_judge(const struct fifo_call *puts, size_t put_count,
			     const struct fifo_call *gots, size_t got_count, bool drained)
{
	struct item *item = calloc(put_count + 1, sizeof(*item));
	struct got *got = calloc(got_count + 1, sizeof(*got));
	/* An array of pointers is meant. */
	const struct item **in = calloc(put_count + 1,
					sizeof(*in)); /* NOLINT(bugprone-sizeof-expression) */
	struct fifo_fault fault = fault_of(FIFO_NO_MEMORY, 0, 0);

	if (!item || !got || !in)
		goto free_all;
	for (size_t i = 0; i < put_count; i++)
		item[i] = (struct item){ .value = puts[i].value,
					 .put = i,
					 .got = NOT_GOT,
					 .put_call = puts[i].call,
					 .put_back = puts[i].back,
					 .got_call = UINT64_MAX,
					 .got_back = UINT64_MAX,
					 .producer = puts[i].thread };
	for (size_t i = 0; i < got_count; i++)
		got[i] = (struct got){ .value = gots[i].value, .index = i };
	qsort(item, put_count, sizeof(*item), by_value);
	qsort(got, got_count, sizeof(*got), got_by_value);
	fault = match(item, put_count, got, got_count, gots);
	if (fault.pattern == FIFO_NONE)
		fault = find_order(item, in, put_count);
	if (fault.pattern == FIFO_NONE && drained)
		fault = find_lost(item, put_count);
free_all:
	free(item);
	free(got);
	free(in);
	return fault;
}
