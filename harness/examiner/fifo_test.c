/* Each forbidden pattern by hand, then against the search on random histories, then at length. */
#include "fifo.h"

#include <check.h>
#include <stdlib.h>

#include "script.h"
#include "spec_queue.h"

TCase *fifo_test(void);

static const struct fifo_call put_1 = { 1, 1, 2, 0 }, put_2 = { 2, 3, 4, 0 },
			      put_3 = { 3, 3, 4, 1 };
static const struct fifo_call get_1 = { 1, 5, 6, 2 }, get_2 = { 2, 7, 8, 2 };

#define JUDGE(drained, put, got)                                                                 \
	fifo_judge((put), sizeof(put) / sizeof((put)[0]), (got), sizeof(got) / sizeof((got)[0]), \
		   (drained))

START_TEST(patterns_have_names)
{
	const struct fifo_call both[] = { put_1, put_2 }, two[] = { put_1, put_3 };
	const struct fifo_call right[] = { get_1, get_2 }, one[] = { get_1 };
	const struct fifo_call twice[] = { get_1, { 1, 9, 10, 3 } }, never[] = { { 9, 5, 6, 2 } };
	const struct fifo_call early[] = { { 2, 1, 2, 2 } }, same[] = { put_1, { 1, 7, 8, 1 } };
	const struct fifo_call reversed[] = { { 2, 5, 6, 2 }, { 1, 7, 8, 2 } };
	const struct fifo_call across[] = { { 3, 5, 6, 2 }, { 1, 7, 8, 2 } };
	const struct fifo_call overlap[] = { { 2, 5, 8, 2 }, { 1, 7, 9, 3 } };
	const struct fifo_call only_2[] = { get_2 };

	ck_assert_int_eq(JUDGE(true, both, right).pattern, FIFO_NONE);
	ck_assert_int_eq(JUDGE(false, both, one).pattern, FIFO_NONE);
	ck_assert_int_eq(JUDGE(true, both, one).pattern, FIFO_LOST);
	ck_assert_uint_eq(JUDGE(true, both, one).first, 1);
	ck_assert_int_eq(JUDGE(false, both, twice).pattern, FIFO_GOT_TWICE);
	ck_assert_int_eq(JUDGE(false, both, never).pattern, FIFO_NEVER_PUT);
	ck_assert_int_eq(JUDGE(false, both, early).pattern, FIFO_GOT_BEFORE_PUT);
	ck_assert_int_eq(JUDGE(false, both, reversed).pattern, FIFO_PRODUCER_ORDER);
	ck_assert_int_eq(JUDGE(false, two, across).pattern, FIFO_ORDER);
	ck_assert_int_eq(JUDGE(false, both, overlap).pattern, FIFO_NONE);
	ck_assert_int_eq(JUDGE(false, both, only_2).pattern, FIFO_PRODUCER_ORDER); /* 1 overtaken */
	ck_assert_int_eq(JUDGE(false, same, one).pattern, FIFO_PUT_TWICE);
	ck_assert_int_eq(fifo_judge(NULL, 0, NULL, 0, true).pattern, FIFO_NONE);
}
END_TEST

#define ITEMS 4

/* Random puts and gets of ITEMS items, each got once at most. */
static void draw(struct rng *rng, struct fifo_call *put, struct fifo_call *got, size_t *gots)
{
	*gots = 0;
	for (size_t i = 0; i < ITEMS; i++) {
		uint64_t at = 1 + rng_below(rng, 24);
		put[i] = (struct fifo_call){ (int64_t)i + 1, at * 100 + i, 0, (uint32_t)i };
		put[i].back = put[i].call + 50 + 100 * rng_below(rng, 6);
		if (rng_below(rng, 5) == 0)
			continue;
		at += rng_below(rng, 20);
		got[*gots] = (struct fifo_call){ (int64_t)i + 1, at * 100 + 10 + i, 0, 9 };
		got[*gots].back = got[*gots].call + 50 + 100 * rng_below(rng, 6);
		++*gots;
	}
}

static enum linearize_verdict search(const struct fifo_call *put, const struct fifo_call *got,
				     size_t gots)
{
	const struct queue_parameters p = { .capacity = ITEMS };
	struct linearizer *l = linearizer_create(&spec_queue, &p);
	struct operation op[2 * ITEMS];

	for (size_t i = 0; i < ITEMS; i++)
		op[i] = (struct operation){ .op = QUEUE_PUSH,
					    .call = (uint32_t)put[i].call,
					    .back = (uint32_t)put[i].back,
					    .arg = { put[i].value } };
	for (size_t i = 0; i < gots; i++)
		op[ITEMS + i] = (struct operation){ .op = QUEUE_POP,
						    .call = (uint32_t)got[i].call,
						    .back = (uint32_t)got[i].back,
						    .result = { 0, got[i].value } };
	enum linearize_verdict v = linearize(
		l, &(const struct history){ .op = op, .count = ITEMS + gots });
	linearizer_destroy(l);
	return v;
}

START_TEST(agrees_with_the_search)
{
	struct rng rng = { .state = 5 };
	unsigned legal = 0, illegal = 0;

	for (unsigned i = 0; i < 5000; i++) {
		struct fifo_call put[ITEMS], got[ITEMS];
		size_t gots;
		draw(&rng, put, got, &gots);
		bool none = fifo_judge(put, ITEMS, got, gots, false).pattern == FIFO_NONE;
		ck_assert_int_eq(search(put, got, gots), none ? LINEARIZABLE : NOT_LINEARIZABLE);
		++*(none ? &legal : &illegal);
	}
	ck_assert_uint_gt(legal, 500);
	ck_assert_uint_gt(illegal, 500);
}
END_TEST

START_TEST(a_long_run_takes_no_time)
{
	const size_t n = 200000;
	struct fifo_call *put = calloc(n, sizeof(*put)), *got = calloc(n, sizeof(*got));

	ck_assert(put && got);
	for (size_t i = 0; i < n; i++) {
		put[i] = (struct fifo_call){ (int64_t)i, 10 * i + 1, 10 * i + 15, i % 4 };
		got[i] = (struct fifo_call){ (int64_t)i, 10 * i + 1012, 10 * i + 1033, 9 };
	}
	ck_assert_int_eq(fifo_judge(put, n, got, n, true).pattern, FIFO_NONE);
	got[100000].value = 100040; /* far apart: these two changed places */
	got[100040].value = 100000;
	struct fifo_fault fault = fifo_judge(put, n, got, n, true);
	ck_assert_int_eq(fault.pattern, FIFO_PRODUCER_ORDER);
	ck_assert_uint_eq(fault.first, 100000);
	free(put);
	free(got);
}
END_TEST

TCase *fifo_test(void)
{
	TCase *tc = tcase_create("fifo");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, patterns_have_names);
	tcase_add_test(tc, agrees_with_the_search);
	tcase_add_test(tc, a_long_run_takes_no_time);
	return tc;
}
