/* Thousands of small random histories, of a queue that is right and of one that lies now and then:
 * the search must agree with one that simply tries every order. */
#include "linearize.h"

#include <check.h>
#include <errno.h>
#include <string.h>

#include "script.h"
#include "spec_queue.h"

TCase *linearize_random_test(void);

#define THREADS_MAX 4
#define OPS_MAX     128

struct shape {
	uint32_t threads, operations, capacity; /* operations of each thread                     */
	unsigned waits;  /* one call in so many may wait; 0: none                               */
	unsigned closes; /* one call in so many is a close; 0: none                             */
	unsigned lies;   /* one result in so many is changed; 0: none                           */
};

/* A queue and threads that play on it, one small step at a time. */
struct play {
	const struct shape *shape;
	struct rng *rng;
	struct operation op[OPS_MAX];
	uint32_t count, stamp;
	int64_t item[QUEUE_CAPACITY_MAX], next_item;
	uint32_t items, closed;
	struct {
		uint32_t left, current; /* operation under way                                  */
		enum { IDLE, CALLED, DONE } state;
	} thread[THREADS_MAX];
	struct asleep moment;
};

static bool one_in(struct play *p, unsigned n)
{
	return n > 0 && rng_below(p->rng, n) == 0;
}

static void begin(struct play *p, uint32_t t)
{
	static const enum queue_op waiting[] = { QUEUE_PUSH, QUEUE_POP, QUEUE_PUSH_UNTIL,
						 QUEUE_POP_UNTIL, QUEUE_POP_MANY },
				   other[] = { QUEUE_TRY_PUSH, QUEUE_TRY_POP, QUEUE_SIZE };
	struct operation *o = &p->op[p->count];

	*o = (struct operation){ .thread = (uint8_t)t, .call = ++p->stamp };
	o->op = (uint16_t)(one_in(p, p->shape->waits) ? waiting[rng_below(p->rng, 5)]
						      : other[rng_below(p->rng, 8) / 3]);
	if (one_in(p, p->shape->closes))
		o->op = QUEUE_CLOSE;
	if (o->op == QUEUE_POP_MANY)
		o->arg[0] = 1 + (int64_t)rng_below(p->rng, 2);
	else
		o->arg[0] = ++p->next_item;
	p->thread[t].current = p->count++;
	p->thread[t].state = CALLED;
	p->thread[t].left--;
}

static void take(struct play *p, int64_t *out)
{
	*out = p->item[0];
	memmove(p->item, p->item + 1, --p->items * sizeof(p->item[0]));
}

/* The operation takes effect, if it need not wait. */
static bool happens(struct play *p, struct operation *o)
{
	const bool full = p->items == p->shape->capacity, empty = p->items == 0;
	const bool late = one_in(p, 3);

	switch ((enum queue_op)o->op) {
	case QUEUE_PUSH:
	case QUEUE_TRY_PUSH:
	case QUEUE_PUSH_UNTIL:
		if (full && !p->closed &&
		    (o->op == QUEUE_PUSH || (o->op != QUEUE_TRY_PUSH && !late)))
			return false;
		o->result[0] = p->closed                 ? EPIPE
			       : !full                   ? 0
			       : o->op == QUEUE_TRY_PUSH ? EAGAIN
							 : ETIMEDOUT;
		if (o->result[0] == 0)
			p->item[p->items++] = o->arg[0];
		return true;
	case QUEUE_POP:
	case QUEUE_TRY_POP:
	case QUEUE_POP_UNTIL:
		if (empty && !p->closed &&
		    (o->op == QUEUE_POP || (o->op != QUEUE_TRY_POP && !late)))
			return false;
		o->result[0] = !empty                   ? 0
			       : p->closed              ? EPIPE
			       : o->op == QUEUE_TRY_POP ? EAGAIN
							: ETIMEDOUT;
		if (o->result[0] == 0)
			take(p, &o->result[1]);
		return true;
	case QUEUE_POP_MANY:
		if (empty && !p->closed)
			return false;
		o->result[0] = empty ? EPIPE : 0;
		while (o->result[1] < o->arg[0] && p->items > 0)
			take(p, &o->result[2 + o->result[1]++]);
		return true;
	case QUEUE_CLOSE:
		p->closed = 1;
		return true;
	case QUEUE_SIZE:
		o->result[0] = p->items;
		return true;
	}
	return false;
}

static void lie(struct play *p, struct operation *o)
{
	static const int statuses[] = { 0, EAGAIN, EPIPE, ETIMEDOUT };

	if (one_in(p, 2))
		o->result[0] = statuses[rng_below(p->rng, 4)];
	else
		o->result[1] = 1 + (int64_t)rng_below(p->rng, (uint64_t)p->next_item);
}

/* One step of one thread; false if it could do nothing. */
static bool step(struct play *p, uint32_t t)
{
	struct operation *o = &p->op[p->thread[t].current];

	switch (p->thread[t].state) {
	case IDLE:
		if (p->thread[t].left == 0)
			return false;
		begin(p, t);
		return true;
	case CALLED:
		if (!happens(p, o))
			return false;
		if (one_in(p, p->shape->lies))
			lie(p, o);
		p->thread[t].state = DONE;
		return true;
	case DONE:
		if (one_in(p, 12) && p->shape->waits) /* is never seen to return */
			p->thread[t].left = 0;
		else
			o->back = ++p->stamp;
		p->thread[t].state = IDLE;
		return true;
	}
	return false;
}

/* Plays until nothing moves. Who then stands in a call is asleep. */
static struct history play(struct play *p, const struct shape *shape, struct rng *rng)
{
	*p = (struct play){ .shape = shape, .rng = rng };
	for (uint32_t t = 0; t < shape->threads; t++)
		p->thread[t].left = shape->operations;
	for (unsigned idle = 0; idle < 200;)
		idle = step(p, (uint32_t)rng_below(rng, shape->threads)) ? 0 : idle + 1;
	p->moment.stamp = p->stamp + 1;
	for (uint32_t t = 0; t < shape->threads; t++) {
		const uint32_t i = p->thread[t].current;
		if (p->thread[t].state == CALLED &&
		    (p->op[i].op == QUEUE_POP || p->op[i].op == QUEUE_PUSH ||
		     p->op[i].op == QUEUE_POP_MANY))
			p->moment.operations[i / 64] |= 1ull << (i % 64);
	}
	return (struct history){
		.op = p->op, .count = p->count, .moment = &p->moment, .moments = 1
	};
}

/* ---- the same question without any art: try every order. */

struct trial {
	const struct queue_parameters *parameters;
	const struct history *history;
	uint64_t done;
};

static bool may_be_next(const struct trial *t, size_t i)
{
	const struct operation *o = t->history->op;

	if (t->done >> i & 1)
		return false;
	for (size_t j = 0; j < t->history->count; j++)
		if (!(t->done >> j & 1) && o[j].back && o[j].back < o[i].call)
			return false;
	return true;
}

static bool ends_well(const struct trial *t, const void *state)
{
	for (size_t i = 0; i < t->history->count; i++) {
		const bool asleep = t->history->moment->operations[0] >> i & 1;
		if (!(t->done >> i & 1) && t->history->op[i].back)
			return false;
		if (asleep && ((t->done >> i & 1) ||
			       !spec_queue.sleeps(t->parameters, state, &t->history->op[i])))
			return false;
	}
	return true;
}

static bool explains(const struct trial *t, const uint64_t *state, size_t words)
{
	uint64_t next[8];

	if (ends_well(t, state))
		return true;
	for (size_t i = 0; i < t->history->count; i++) {
		const struct operation *o = &t->history->op[i];
		struct trial deeper = *t;
		if (!may_be_next(t, i))
			continue;
		deeper.done |= 1ull << i;
		for (unsigned alternative = 0; alternative < (o->back ? 1 : QUEUE_MANY_MAX);
		     alternative++) {
			memcpy(next, state, words * sizeof(*next));
			if (o->back ? spec_queue.apply(t->parameters, next, o)
				    : spec_queue.effect(t->parameters, next, o, alternative))
				if (explains(&deeper, next, words))
					return true;
		}
	}
	return false;
}

static void compare(const struct shape *shape, unsigned rounds, unsigned *legal, unsigned *illegal)
{
	static struct play p;
	const struct queue_parameters parameters = { .capacity = shape->capacity };
	struct linearizer *l = linearizer_create(&spec_queue, &parameters);
	struct rng rng = { .state = 0x1234 + shape->capacity };

	ck_assert_ptr_nonnull(l);
	for (unsigned i = 0; i < rounds; i++) {
		struct history h = play(&p, shape, &rng);
		const struct trial all = { .parameters = &parameters, .history = &h };
		const uint64_t empty[8] = { 0 };
		bool legally = explains(&all, empty, 1 + shape->capacity);
		ck_assert_int_eq(linearize(l, &h), legally ? LINEARIZABLE : NOT_LINEARIZABLE);
		ck_assert(legally || shape->lies);
		++*(legally ? legal : illegal);
	}
	linearizer_destroy(l);
}

START_TEST(agrees_with_trying_every_order)
{
	unsigned legal = 0, illegal = 0;

	for (uint32_t capacity = 1; capacity <= 3; capacity++) {
		compare(&(const struct shape){ .threads = 3,
					       .operations = 2,
					       .capacity = capacity,
					       .waits = 2,
					       .closes = 12 },
			1500, &legal, &illegal);
		ck_assert_uint_eq(illegal, 0);
	}
	for (uint32_t capacity = 1; capacity <= 3; capacity++)
		compare(&(const struct shape){ .threads = 3,
					       .operations = 2,
					       .capacity = capacity,
					       .waits = 2,
					       .closes = 12,
					       .lies = 5 },
			3000, &legal, &illegal);
	ck_assert_uint_gt(legal, 4500 + 1500);
	ck_assert_uint_gt(illegal, 2000);
}
END_TEST

START_TEST(long_histories_of_a_right_queue_are_legal)
{
	static struct play p;
	const struct shape shape = { .threads = 4, .operations = 25, .capacity = 3 };
	const struct queue_parameters parameters = { .capacity = 3 };
	struct linearizer *l = linearizer_create(&spec_queue, &parameters);
	struct rng rng = { .state = 99 };
	uint64_t states = 0;

	for (unsigned i = 0; i < 200; i++) {
		struct history h = play(&p, &shape, &rng);
		ck_assert_uint_eq(h.count, 100);
		ck_assert_int_eq(linearize(l, &h), LINEARIZABLE);
		states += linearizer_states(l);
	}
	ck_assert_uint_lt(states, 200ull * 300); /* the cost of a search, on every machine */
	linearizer_destroy(l);
}
END_TEST

TCase *linearize_random_test(void)
{
	TCase *tc = tcase_create("linearize_random");

	tcase_set_timeout(tc, 120);
	tcase_add_test(tc, agrees_with_trying_every_order);
	tcase_add_test(tc, long_histories_of_a_right_queue_are_legal);
	return tc;
}
