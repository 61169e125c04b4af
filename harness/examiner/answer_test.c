/* An answer comes from a process that is not believed: what is wrong is named, and whatever passes
 * can be judged and told without harm. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "exploration.h"
#include "script.h"

TCase *answer_test(void);

enum { ROUNDS = 200000, BYTES_MAX = 8 };

static const struct explore_script two = {
	.threads = 2,
	.phases = 1,
	.ops = 3,
	.op = { { .thread = 1 }, { .thread = 1 }, { .thread = 2 } },
};

static struct execution whole;
static uint16_t prefix[2];

static const char *name_of(uint16_t op)
{
	(void)op;
	return "f";
}

static bool judge(const struct exploration *x, const struct execution *e, struct verdict *v)
{
	if (e->answer.end != EXPLORE_END_STUCK)
		return false;
	for (unsigned op = 0; op < x->script->ops; op++)
		finding_stuck(x, e, op, v);
	return true;
}

/* Two threads, one preemption, nothing wrong. */
static void make(void)
{
	whole = (struct execution){
		.plan = { .index = 7, .prefix = 2, .strategy = EXPLORE_DEFAULT }
	};
	struct explore_answer *a = &whole.answer;
	prefix[0] = explore_choice(EXPLORE_CHOOSE_THREAD, 0, 2, 1);
	prefix[1] = explore_choice(EXPLORE_CHOOSE_THREAD, 1, 2, 1);
	whole.choice[0] = prefix[0];
	whole.choice[1] = prefix[1];
	whole.choice[2] = explore_choice(EXPLORE_CHOOSE_WAITER, 0, 3, 2);
	a->index = 7;
	a->end = EXPLORE_END_DONE;
	a->choices = 3;
	a->preemptions = 1;
	a->hash = EXPLORE_HASH_START;
	for (unsigned i = 0; i < 3; i++)
		a->hash = explore_hash(a->hash, whole.choice[i]);
	a->history[0] = (struct explore_history){ .call = 1, .back = 2 };
	a->history[1] = (struct explore_history){ .call = 3, .back = 6 };
	a->history[2] = (struct explore_history){ .call = 4, .back = 5 };
}

static const char *check(void)
{
	return answer_check(&two, &whole.plan, prefix, &whole.answer, whole.choice);
}

START_TEST(a_good_answer_passes)
{
	make();
	ck_assert_ptr_null(check());
}
END_TEST

START_TEST(what_is_wrong_is_named)
{
	struct explore_answer *a = &whole.answer;

	make();
	a->index = 8;
	ck_assert_ptr_nonnull(check());
	make();
	a->choices = EXPLORE_CHOICES + 1;
	ck_assert_ptr_nonnull(check());
	make();
	a->hash ^= 1;
	ck_assert_ptr_nonnull(check());
	make();
	a->preemptions = 0;
	ck_assert_ptr_nonnull(check());
	make();
	whole.choice[1] = explore_choice(EXPLORE_CHOOSE_THREAD, 1, 2, 0); /* not what was given */
	ck_assert_ptr_nonnull(check());
	make();
	whole.choice[2] = explore_choice(EXPLORE_CHOOSE_WAITER, 0, 2, 2); /* no such option */
	ck_assert_ptr_nonnull(check());
	make();
	a->history[1].call = 2; /* before the one before it returned */
	a->history[0].back = 3;
	ck_assert_ptr_nonnull(check());
	make();
	a->history[2].back = 0; /* called, and not returned at the end */
	ck_assert_ptr_nonnull(check());
	make();
	a->end = EXPLORE_END_FINDING;
	a->finding.kind = EXPLORE_FINDINGS;
	ck_assert_ptr_nonnull(check());
}
END_TEST

/* A finding of random bytes: refused, or told. */
START_TEST(random_findings_are_survived)
{
	struct rng rng = { .state = 1 };
	const struct exploration x = {
		.name = "x", .script = &two, .judge = judge, .name_of = name_of
	};
	struct verdict v;
	unsigned told = 0;

	for (unsigned i = 0; i < ROUNDS; i++) {
		make();
		struct explore_finding *f = &whole.answer.finding;
		whole.answer.end = rng_below(&rng, 2) ? EXPLORE_END_FINDING : EXPLORE_END_STUCK;
		f->kind = (uint8_t)rng_below(&rng, EXPLORE_FINDINGS + 1);
		f->threads = (uint8_t)rng_below(&rng, EXPLORE_THREADS + 1);
		f->objects = (uint16_t)rng_below(&rng, EXPLORE_OBJECTS + 2);
		f->object = EXPLORE_NOTHING;
		for (unsigned k = 0; k < BYTES_MAX; k++)
			((unsigned char *)f)[rng_below(&rng, sizeof(*f))] = (unsigned char)
				rng_below(&rng, 256);
		if (check())
			continue;
		(void)exploration_judge(&x, &whole, &v);
		ck_assert_ptr_nonnull(memchr(v.what, '\0', sizeof(v.what)));
		ck_assert_ptr_nonnull(v.law.finding);
		told++;
	}
	ck_assert_uint_gt(told, ROUNDS / 100);
}
END_TEST

TCase *answer_test(void)
{
	TCase *tests = tcase_create("answer");

	tcase_set_timeout(tests, 120); /* others may use the machine */
	tcase_add_test(tests, a_good_answer_passes);
	tcase_add_test(tests, what_is_wrong_is_named);
	tcase_add_test(tests, random_findings_are_survived);
	return tests;
}
