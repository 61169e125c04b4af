/* Hand-made histories, legal and illegal: each contract of the queue and the semaphore, and each
 * rule of the search, by one small history. */
#include "linearize.h"

#include <check.h>
#include <errno.h>

#include "spec_queue.h"
#include "spec_semaphore.h"

TCase *linearize_test(void);

/* Builders: an operation from `call` to `back` (0: pending) with its status. */
static struct operation push(uint32_t call, uint32_t back, int64_t item, int64_t status)
{
	return (struct operation){
		.op = QUEUE_PUSH, .call = call, .back = back, .arg = { item }, .result = { status }
	};
}

static struct operation pop(uint32_t call, uint32_t back, int64_t item, int64_t status)
{
	return (struct operation){
		.op = QUEUE_POP, .call = call, .back = back, .result = { status, item }
	};
}

static struct operation as(enum queue_op op, struct operation o)
{
	o.op = (uint16_t)op;
	return o;
}

static struct operation many(uint32_t call, uint32_t back, int64_t n, int64_t a, int64_t b)
{
	return (struct operation){ .op = QUEUE_POP_MANY,
				   .call = call,
				   .back = back,
				   .arg = { 2 },
				   .result = { 0, n, a, b } };
}

static struct operation size(uint32_t call, uint32_t back, int64_t n)
{
	return (struct operation){ .op = QUEUE_SIZE, .call = call, .back = back, .result = { n } };
}

static struct operation close_at(uint32_t call, uint32_t back)
{
	return (struct operation){ .op = QUEUE_CLOSE, .call = call, .back = back };
}

static enum linearize_verdict judge(uint32_t capacity, const struct history *h)
{
	const struct queue_parameters p = { .capacity = capacity };
	struct linearizer *l = linearizer_create(&spec_queue, &p);

	ck_assert_ptr_nonnull(l);
	enum linearize_verdict verdict = linearize(l, h);
	linearizer_destroy(l);
	return verdict;
}

#define JUDGE(capacity, ...)                                                                   \
	judge((capacity), &(const struct history){                                             \
				  .op = (const struct operation[]){ __VA_ARGS__ },             \
				  .count = sizeof((const struct operation[]){ __VA_ARGS__ }) / \
					   sizeof(struct operation) })
#define LEGAL(...)   ck_assert_int_eq(JUDGE(__VA_ARGS__), LINEARIZABLE)
#define ILLEGAL(...) ck_assert_int_eq(JUDGE(__VA_ARGS__), NOT_LINEARIZABLE)

START_TEST(order_is_fifo)
{
	LEGAL(2, push(1, 2, 7, 0), push(3, 4, 8, 0), pop(5, 6, 7, 0), pop(7, 8, 8, 0));
	ILLEGAL(2, push(1, 2, 7, 0), push(3, 4, 8, 0), pop(5, 6, 8, 0), pop(7, 8, 7, 0));
	/* pushes that overlap may go either way, pops that overlap too */
	LEGAL(2, push(1, 3, 7, 0), push(2, 4, 8, 0), pop(5, 6, 8, 0), pop(7, 8, 7, 0));
	LEGAL(2, push(1, 2, 7, 0), push(3, 4, 8, 0), pop(5, 8, 8, 0), pop(6, 7, 7, 0));
	/* an item is there once, comes from somewhere, and not before it was pushed */
	ILLEGAL(2, push(1, 2, 7, 0), pop(3, 4, 7, 0), pop(5, 6, 7, 0));
	ILLEGAL(2, push(1, 2, 7, 0), pop(3, 4, 9, 0));
	ILLEGAL(2, pop(1, 2, 7, 0), push(3, 4, 7, 0));
	LEGAL(2, push(1, 2, 0, 0), pop(3, 4, 0, 0)); /* NULL */
	LEGAL(2, push(1, 2, 5, 0), push(3, 4, 5, 0), pop(5, 6, 5, 0), pop(7, 8, 5, 0));
}
END_TEST

START_TEST(full_and_empty_are_told_truly)
{
	ILLEGAL(1, push(1, 2, 7, 0), push(3, 4, 8, 0));
	LEGAL(1, push(1, 2, 7, 0), as(QUEUE_TRY_PUSH, push(3, 4, 8, EAGAIN)));
	ILLEGAL(2, push(1, 2, 7, 0), as(QUEUE_TRY_PUSH, push(3, 4, 8, EAGAIN)));
	LEGAL(2, as(QUEUE_TRY_POP, pop(1, 2, 0, EAGAIN)), push(3, 4, 7, 0));
	ILLEGAL(2, push(1, 2, 7, 0), as(QUEUE_TRY_POP, pop(3, 4, 0, EAGAIN)));
	LEGAL(2, push(1, 4, 7, 0), as(QUEUE_TRY_POP, pop(2, 3, 0, EAGAIN)));
	/* a later push has returned: whatever the earlier one does, the queue is not empty */
	ILLEGAL(2, push(1, 6, 7, 0), push(2, 3, 8, 0), as(QUEUE_TRY_POP, pop(4, 5, 0, EAGAIN)));
	ILLEGAL(1, push(1, 2, 7, EAGAIN));
	ILLEGAL(1, pop(1, 2, 7, EAGAIN));
}
END_TEST

START_TEST(close_refuses_and_drains)
{
	ILLEGAL(1, push(1, 2, 7, EPIPE));
	LEGAL(1, close_at(1, 2), push(3, 4, 7, EPIPE), pop(5, 6, 0, EPIPE), close_at(7, 8));
	ILLEGAL(1, close_at(1, 2), push(3, 4, 7, 0));
	LEGAL(1, push(1, 2, 7, 0), close_at(3, 4), pop(5, 6, 7, 0), pop(7, 8, 0, EPIPE));
	ILLEGAL(1, push(1, 2, 7, 0), close_at(3, 4), pop(5, 6, 0, EPIPE));
	LEGAL(1, push(1, 4, 7, 0), close_at(2, 3), pop(5, 6, 7, 0));
	LEGAL(1, push(1, 4, 7, EPIPE), close_at(2, 3), pop(5, 6, 0, EPIPE));
	ILLEGAL(1, push(1, 4, 7, EPIPE), close_at(2, 3), pop(5, 6, 7, 0));
	LEGAL(1, close_at(1, 0), pop(2, 3, 0, EPIPE)); /* a close under way may have worked */
	ILLEGAL(1, close_at(1, 2), as(QUEUE_TRY_POP, pop(3, 4, 0, EAGAIN)));
}
END_TEST

START_TEST(time_out_means_it_could_not_be_done)
{
	LEGAL(1, as(QUEUE_POP_UNTIL, pop(1, 2, 0, ETIMEDOUT)));
	ILLEGAL(1, push(1, 2, 7, 0), as(QUEUE_POP_UNTIL, pop(3, 4, 0, ETIMEDOUT)));
	ILLEGAL(1, close_at(1, 2), as(QUEUE_POP_UNTIL, pop(3, 4, 0, ETIMEDOUT)));
	LEGAL(1, push(1, 2, 7, 0), as(QUEUE_PUSH_UNTIL, push(3, 4, 8, ETIMEDOUT)));
	ILLEGAL(1, as(QUEUE_PUSH_UNTIL, push(1, 2, 8, ETIMEDOUT)));
	ILLEGAL(1, pop(1, 2, 0, ETIMEDOUT));
}
END_TEST

START_TEST(many_are_consecutive)
{
	LEGAL(2, push(1, 2, 7, 0), push(3, 4, 8, 0), many(5, 6, 2, 7, 8));
	LEGAL(2, push(1, 2, 7, 0), push(3, 4, 8, 0), many(5, 6, 1, 7, 0), pop(7, 8, 8, 0));
	ILLEGAL(2, push(1, 2, 7, 0), push(3, 4, 8, 0), many(5, 6, 2, 8, 7));
	ILLEGAL(3, push(1, 2, 7, 0), push(3, 4, 8, 0), push(5, 6, 9, 0), many(7, 9, 2, 7, 9),
		pop(8, 10, 8, 0));
	ILLEGAL(2, many(1, 2, 0, 0, 0));
	ILLEGAL(2, push(1, 2, 7, 0), many(3, 4, 2, 7, 0));
	struct operation three = many(1, 2, 3, 7, 8);
	ILLEGAL(3, three);
}
END_TEST

START_TEST(size_is_of_one_instant)
{
	LEGAL(2, size(1, 2, 0), push(3, 4, 7, 0), size(5, 6, 1));
	ILLEGAL(2, push(1, 2, 7, 0), size(3, 4, 0));
	LEGAL(2, push(1, 4, 7, 0), size(2, 3, 0));
	LEGAL(2, push(1, 4, 7, 0), size(2, 3, 1));
	ILLEGAL(2, push(1, 4, 7, 0), size(2, 3, 2));
}
END_TEST

START_TEST(pending_operations_may_have_worked)
{
	LEGAL(1, push(1, 0, 7, 0), pop(2, 3, 7, 0));
	LEGAL(1, push(1, 0, 7, 0), as(QUEUE_TRY_POP, pop(2, 3, 0, EAGAIN)));
	ILLEGAL(1, pop(1, 3, 7, 0), push(4, 0, 7, 0)); /* called too late */
	LEGAL(1, push(1, 2, 7, 0), pop(3, 0, 0, 0), push(4, 5, 8, 0));
	LEGAL(2, push(1, 2, 7, 0), push(3, 4, 8, 0), many(5, 0, 0, 0, 0), pop(6, 7, 8, 0));
	LEGAL(2, push(1, 2, 7, 0), push(3, 4, 8, 0), many(5, 0, 0, 0, 0),
	      as(QUEUE_TRY_POP, pop(6, 7, 0, EAGAIN)));
}
END_TEST

/* The operations of bits `who` are asleep at stamp 50. */
static enum linearize_verdict judge_asleep(uint32_t capacity, uint64_t who,
					   const struct operation *op, size_t count)
{
	const struct asleep moment = { .stamp = 50, .operations = { who } };

	return judge(capacity, &(const struct history){
				       .op = op, .count = count, .moment = &moment, .moments = 1 });
}

#define ASLEEP(capacity, who, ...)                                                 \
	judge_asleep((capacity), (who), (const struct operation[]){ __VA_ARGS__ }, \
		     sizeof((const struct operation[]){ __VA_ARGS__ }) / sizeof(struct operation))

START_TEST(sleep_only_where_the_queue_makes_wait)
{
	ck_assert_int_eq(ASLEEP(1, 1, pop(1, 0, 0, 0)), LINEARIZABLE);
	/* a lost wake-up: the item is there, its consumer sleeps */
	ck_assert_int_eq(ASLEEP(1, 1, pop(1, 0, 0, 0), push(2, 3, 7, 0)), NOT_LINEARIZABLE);
	ck_assert_int_eq(ASLEEP(1, 2, push(1, 2, 7, 0), push(3, 0, 8, 0)), LINEARIZABLE);
	ck_assert_int_eq(ASLEEP(2, 2, push(1, 2, 7, 0), push(3, 0, 8, 0)), NOT_LINEARIZABLE);
	/* who sleeps has not taken effect: a push that was seen must not sleep */
	ck_assert_int_eq(ASLEEP(1, 1, push(1, 0, 7, 0), pop(2, 3, 7, 0)), NOT_LINEARIZABLE);
	ck_assert_int_eq(ASLEEP(1, 1, pop(1, 0, 0, 0), close_at(2, 3)), NOT_LINEARIZABLE);
	ck_assert_int_eq(ASLEEP(1, 1, as(QUEUE_TRY_POP, pop(1, 0, 0, 0))), NOT_LINEARIZABLE);
	/* in a later phase it is woken, and returns */
	ck_assert_int_eq(ASLEEP(1, 1, pop(1, 60, 0, EPIPE), close_at(55, 57)), LINEARIZABLE);
	ck_assert_int_eq(ASLEEP(1, 1, pop(1, 60, 7, 0), push(55, 57, 7, 0)), LINEARIZABLE);
	ck_assert_int_eq(ASLEEP(1, 1, pop(1, 60, 7, 0), push(45, 57, 7, 0)), LINEARIZABLE);
	ck_assert_int_eq(ASLEEP(1, 1, pop(1, 60, 7, 0), push(45, 47, 7, 0)), NOT_LINEARIZABLE);
}
END_TEST

static struct operation sem(enum semaphore_op op, uint32_t call, uint32_t back, int64_t status)
{
	return (struct operation){
		.op = (uint16_t)op, .call = call, .back = back, .result = { status }
	};
}

static enum linearize_verdict judge_semaphore(uint32_t initial, uint32_t max,
					      const struct history *h)
{
	const struct semaphore_parameters p = { .initial = initial, .max = max };
	struct linearizer *l = linearizer_create(&spec_semaphore, &p);

	ck_assert_ptr_nonnull(l);
	enum linearize_verdict verdict = linearize(l, h);
	linearizer_destroy(l);
	return verdict;
}

START_TEST(semaphore_counts_from_0_to_max)
{
	const struct operation three[] = { sem(SEMAPHORE_WAIT, 1, 8, 0),
					   sem(SEMAPHORE_WAIT, 2, 9, 0),
					   sem(SEMAPHORE_WAIT, 3, 0, 0),
					   sem(SEMAPHORE_POST, 4, 5, 0),
					   sem(SEMAPHORE_POST, 6, 7, 0) };
	struct asleep moment = { .stamp = 50, .operations = { 4 } };
	struct history h = { .op = three, .count = 5, .moment = &moment, .moments = 1 };

	ck_assert_int_eq(judge_semaphore(0, 2, &h), LINEARIZABLE);
	ck_assert_int_eq(judge_semaphore(1, 3, &h), NOT_LINEARIZABLE); /* one too many sleeps */

	/* A maximum that was exceeded for a moment: both takers found one, and the post found none.
	 */
	const struct operation seen[] = { sem(SEMAPHORE_POST, 1, 6, EOVERFLOW),
					  sem(SEMAPHORE_TRY_WAIT, 2, 3, 0),
					  sem(SEMAPHORE_TRY_WAIT, 4, 5, 0) };
	h = (struct history){ .op = seen, .count = 3 };
	ck_assert_int_eq(judge_semaphore(1, 1, &h), NOT_LINEARIZABLE);
	ck_assert_int_eq(judge_semaphore(2, 2, &h), LINEARIZABLE);
	const struct operation none[] = { sem(SEMAPHORE_TRY_WAIT, 1, 2, EAGAIN) };
	h = (struct history){ .op = none, .count = 1 };
	ck_assert_int_eq(judge_semaphore(0, 1, &h), LINEARIZABLE);
	ck_assert_int_eq(judge_semaphore(1, 1, &h), NOT_LINEARIZABLE);
}
END_TEST

/* Forty pushes, then forty pops, all at once: no order gives 7 twice, but to see that takes more
 * states than there are. */
START_TEST(a_search_without_end_is_no_verdict)
{
	struct operation op[42];
	const struct queue_parameters p = { .capacity = 40 };
	struct linearizer *l = linearizer_create(&spec_queue, &p);

	for (uint32_t i = 0; i < 40; i++)
		op[i] = push(1 + i, 100 + i, i, 0);
	op[40] = pop(200, 201, 7, 0);
	op[41] = pop(202, 203, 7, 0);
	ck_assert_int_eq(linearize(l, &(const struct history){ .op = op, .count = 42 }),
			 LINEARIZE_RAN_OUT);
	/* the linearizer is as good as new after that */
	op[40] = pop(200, 201, 0, 0);
	ck_assert_int_eq(linearize(l, &(const struct history){ .op = op, .count = 41 }),
			 LINEARIZABLE);
	linearizer_destroy(l);
}
END_TEST

START_TEST(equal_histories_are_judged_once)
{
	const struct queue_parameters p = { .capacity = 1 };
	struct linearizer *l = linearizer_create(&spec_queue, &p);
	struct operation op[] = { push(1, 2, 7, 0), pop(3, 5, 7, 0) };
	const struct history h = { .op = op, .count = 2 };
	size_t count;

	ck_assert_int_eq(linearize(l, &h), LINEARIZABLE);
	const uint16_t *order = linearizer_order(l, &count);
	ck_assert_uint_eq(count, 2);
	ck_assert(order[0] == 0 && order[1] == 1);
	op[1].call = 4; /* other stamps, the same order of events */
	ck_assert_int_eq(linearize(l, &h), LINEARIZABLE);
	ck_assert_uint_eq(linearizer_known(l), 1);
	op[1].result[1] = 8; /* another result: another history, and illegal again and again */
	for (unsigned i = 0; i < 3; i++) {
		ck_assert_int_eq(linearize(l, &h), NOT_LINEARIZABLE);
		(void)linearizer_order(l, &count);
		ck_assert_uint_eq(count, 1); /* the push can be explained */
	}
	op[1].result[1] = 7;
	op[1].call = 1; /* another order of events */
	ck_assert_int_eq(linearize(l, &h), LINEARIZABLE);
	ck_assert_uint_eq(linearizer_known(l), 1);
	linearizer_destroy(l);
}
END_TEST

TCase *linearize_test(void)
{
	TCase *tc = tcase_create("linearize");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, order_is_fifo);
	tcase_add_test(tc, full_and_empty_are_told_truly);
	tcase_add_test(tc, close_refuses_and_drains);
	tcase_add_test(tc, time_out_means_it_could_not_be_done);
	tcase_add_test(tc, many_are_consecutive);
	tcase_add_test(tc, size_is_of_one_instant);
	tcase_add_test(tc, pending_operations_may_have_worked);
	tcase_add_test(tc, sleep_only_where_the_queue_makes_wait);
	tcase_add_test(tc, semaphore_counts_from_0_to_max);
	tcase_add_test(tc, a_search_without_end_is_no_verdict);
	tcase_add_test(tc, equal_histories_are_judged_once);
	return tc;
}
