/* Histories of explored executions: moments at the ends of phases, and answers that cannot be. */
#include "explored_history.h"

#include <check.h>
#include <errno.h>
#include <string.h>

#include "spec_queue.h"

TCase *explored_history_test(void);

enum { CREATE = 100 };

static bool translate(const struct explore_op *played, struct operation *out)
{
	out->op = played->op;
	return played->op != CREATE;
}

/* T1 creates in phase 0; T1 pops, T2 pushes 7 in phase 1; T2 closes in phase 2. */
static const struct explore_script script = {
	.threads = 2,
	.phases = 3,
	.ops = 4,
	.op = { { .thread = 1, .phase = 0, .op = CREATE },
		{ .thread = 1, .phase = 1, .op = QUEUE_POP },
		{ .thread = 2, .phase = 1, .op = QUEUE_PUSH, .arg = { 7 } },
		{ .thread = 2, .phase = 2, .op = QUEUE_CLOSE } },
};

static enum linearize_verdict judge(const struct explore_history *seen, size_t moments)
{
	static struct explored_history h;
	const struct queue_parameters p = { .capacity = 1 };
	struct linearizer *l = linearizer_create(&spec_queue, &p);

	ck_assert_ptr_nonnull(l);
	ck_assert_ptr_null(explored_history(&script, seen, translate, &h));
	ck_assert_uint_eq(h.history.moments, moments);
	enum linearize_verdict verdict = linearize(l, &h.history);
	linearizer_destroy(l);
	return verdict;
}

START_TEST(who_sleeps_at_the_end_of_a_phase_is_known)
{
	struct explore_history seen[EXPLORE_OPS] = { { .call = 1, .back = 2 },
						     { .call = 3, .back = 7, .result = { 0, 7 } },
						     { .call = 5, .back = 6 },
						     { .call = 8, .back = 9 } };

	ck_assert_int_eq(judge(seen, 0), LINEARIZABLE);
	seen[1].result[1] = 8;
	ck_assert_int_eq(judge(seen, 0), NOT_LINEARIZABLE);

	/* A lost wake-up: the pop sleeps beside the item, and is woken by close. */
	seen[1] = (struct explore_history){
		.call = 3, .back = 10, .asleep = 1u << 1, .result = { 0, 7 }
	};
	ck_assert_int_eq(judge(seen, 1), NOT_LINEARIZABLE);

	/* The push was never called: its thread had ended. Then sleeping is right. */
	seen[2] = (struct explore_history){ 0 };
	seen[1].result[0] = EPIPE;
	ck_assert_int_eq(judge(seen, 1), LINEARIZABLE);

	/* An execution cut short in phase 1: nobody is said to sleep. */
	seen[1] = (struct explore_history){ .call = 3 };
	seen[2] = (struct explore_history){ .call = 5, .back = 6 };
	seen[3] = (struct explore_history){ 0 };
	ck_assert_int_eq(judge(seen, 0), LINEARIZABLE);

	seen[1].asleep = 1u << 1; /* while another one was still on its way */
	seen[2].back = 0;
	ck_assert_int_eq(judge(seen, 0), LINEARIZABLE);

	/* Asleep to the end. */
	seen[1].asleep = 1u << 1 | 1u << 2;
	seen[2] = (struct explore_history){ 0 };
	ck_assert_int_eq(judge(seen, 2), LINEARIZABLE);
	seen[3] = (struct explore_history){ .call = 8, .back = 9 }; /* and the queue is closed */
	ck_assert_int_eq(judge(seen, 2), NOT_LINEARIZABLE);
}
END_TEST

START_TEST(an_answer_that_cannot_be_is_refused)
{
	const struct explore_history good[EXPLORE_OPS] = { { .call = 1, .back = 2 },
							   { .call = 3, .back = 7 },
							   { .call = 5, .back = 6 },
							   { .call = 8, .back = 9 } };
	static const struct {
		unsigned op;
		struct explore_history seen;
		const char *says;
	} bad[] = {
		{ 1, { .call = 0, .back = 7 }, "never called" },
		{ 1, { .call = 0, .asleep = 2 }, "never called" },
		{ 1, { .call = 7, .back = 7 }, "before it was called" },
		{ 1, { .call = 7, .back = 3 }, "before it was called" },
		{ 1, { .call = 3, .back = 0x40000000 }, "too large" },
		{ 1, { .call = 3, .back = 7, .asleep = 1 }, "no part in" },
		{ 1, { .call = 3, .back = 7, .asleep = 8 }, "no part in" },
		{ 3, { .call = 4, .back = 9 }, "before its phase" },
		{ 1, { .call = 3, .back = 4, .asleep = 2 }, "after it had returned" },
	};
	static struct explored_history h;
	struct explore_history seen[EXPLORE_OPS];

	memcpy(seen, good, sizeof(seen));
	ck_assert_ptr_null(explored_history(&script, seen, translate, &h));
	seen[bad[_i].op] = bad[_i].seen;
	const char *wrong = explored_history(&script, seen, translate, &h);
	ck_assert_ptr_nonnull(wrong);
	ck_assert_msg(strstr(wrong, bad[_i].says) != NULL, "%s", wrong);
}
END_TEST

TCase *explored_history_test(void)
{
	TCase *tc = tcase_create("explored_history");

	tcase_add_test(tc, who_sleeps_at_the_end_of_a_phase_is_known);
	tcase_add_loop_test(tc, an_answer_that_cannot_be_is_refused, 0, 9);
	return tc;
}
