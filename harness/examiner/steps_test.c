/* The text form of schedules: every step read and written, every error with its line. */
#include "steps.h"

#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

TCase *steps_test(void);

static struct steps parse(const char *text)
{
	struct steps s;
	struct steps_error error;

	ck_assert_msg(steps_parse(text, strlen(text), &s, &error) == 0, "%u: %s", error.line,
		      error.text);
	return s;
}

static void expect_step(const struct schedule_step *step, const struct schedule_step *wanted)
{
	ck_assert_int_eq(step->kind, wanted->kind);
	ck_assert_uint_eq(step->thread, wanted->thread);
	ck_assert_uint_eq(step->other, wanted->other);
	ck_assert_uint_eq(step->number, wanted->number);
	ck_assert_uint_eq(step->line, wanted->line);
	ck_assert_str_eq(step->file, wanted->file);
}

START_TEST(reads_every_step)
{
	struct steps s = parse(
		"# how it fails\nheap reuse\nT2 T2*3 # twice\n\nT1@bqueue.c:51 T1>T3\n"
		"spurious\tT3 timeout T1\r\nT15<2\nexpect lost-item # so");
	const struct schedule_step wanted[] = {
		{ .kind = STEPS_RUN, .thread = 2, .number = 1, .line = 3 },
		{ .kind = STEPS_RUN, .thread = 2, .number = 3, .line = 3 },
		{ .kind = STEPS_UNTIL, .thread = 1, .number = 51, .line = 5, .file = "bqueue.c" },
		{ .kind = STEPS_WAKE, .thread = 1, .other = 3, .line = 5 },
		{ .kind = STEPS_SPURIOUS, .thread = 3, .line = 6 },
		{ .kind = STEPS_TIMEOUT, .thread = 1, .line = 6 },
		{ .kind = STEPS_STORE, .thread = 15, .number = 2, .line = 7 },
	};

	ck_assert(s.heap_reuse && s.expect == STEPS_EXPECT_LOST_ITEM && s.expect_line == 8);
	ck_assert_uint_eq(s.count, sizeof(wanted) / sizeof(wanted[0]));
	for (size_t i = 0; i < s.count; i++)
		expect_step(&s.step[i], &wanted[i]);
	char *text = steps_text(&s);
	ck_assert_str_eq(text, "heap reuse\nT2 T2*3 T1@bqueue.c:51 T1>T3 spurious T3 timeout T1 "
			       "T15<2\nexpect lost-item\n");
	free(text);
	steps_free(&s);
}
END_TEST

START_TEST(an_empty_text_is_an_empty_schedule)
{
	struct steps s = parse("  # nothing\n");

	ck_assert_uint_eq(s.count, 0);
	ck_assert(!s.heap_reuse && s.expect == STEPS_EXPECT_NOTHING);
	char *text = steps_text(&s);
	ck_assert_str_eq(text, "");
	free(text);
	steps_free(&s);
}
END_TEST

/* Text, line of the error, a part of its sentence. */
static const struct {
	const char *text;
	uint32_t line;
	const char *says;
} refused[] = {
	{ "T1\nT2\nT16", 3, "'T16' is no step" },
	{ "T01", 1, "no step" },
	{ "T", 1, "no step" },
	{ "t1", 1, "no step" },
	{ "T1*0", 1, "no step" },
	{ "T1*", 1, "no step" },
	{ "T1*1000001", 1, "no step" },
	{ "T1*99999999999999999999", 1, "no step" },
	{ "T1 * 2", 1, "'*' is no step" },
	{ "\nT1@bqueue.c", 2, "no step" },
	{ "T1@:5", 1, "no step" },
	{ "T1@../a.c:5", 1, "no step" },
	{ "T1@a.c:0", 1, "no step" },
	{ "T1>T1", 1, "no step" },
	{ "T1>2", 1, "no step" },
	{ "T1<9", 1, "no step" },
	{ "T1<0", 1, "no step" },
	{ "spurious", 1, "needs a thread" },
	{ "timeout\n2", 2, "behind 'timeout' stands a thread" },
	{ "spurious T1x", 1, "stands a thread" },
	{ "T1 heap reuse", 1, "first step" },
	{ "heap reuse heap reuse", 1, "first step" },
	{ "heap", 1, "behind heap stands reuse" },
	{ "expect", 1, "behind expect stands deadlock" },
	{ "expect dead", 1, "not 'dead'" },
	{ "expect crash\nT1", 2, "move 'T1' before it" },
	{ "expect crash expect crash", 1, "last step" },
	{ "\x1b[31mred", 1, "'?[31mred'" },
	{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	  "aaaaa",
	  1, "aaa...'" },
};

START_TEST(errors_name_line_and_remedy)
{
	struct steps s;
	struct steps_error error;

	ck_assert_int_eq(steps_parse(refused[_i].text, strlen(refused[_i].text), &s, &error),
			 EINVAL);
	ck_assert_msg(error.line == refused[_i].line && strstr(error.text, refused[_i].says),
		      "%u: %s", error.line, error.text);
	ck_assert(s.count == 0 && !s.step);
}
END_TEST

START_TEST(there_are_limits)
{
	static const char step[] = { 'T', '1', ' ' };
	const size_t room = (size_t)STEPS_TEXT_MAX + 1;
	char *text = malloc(room);
	struct steps s;
	struct steps_error error;

	ck_assert_ptr_nonnull(text);
	memset(text, ' ', room);
	ck_assert_int_eq(steps_parse(text, room, &s, &error), EINVAL);
	ck_assert_int_eq(steps_parse(text, room - 1, &s, &error), 0);
	for (size_t i = 0; i <= STEPS_MAX; i++)
		memcpy(text + 3 * i, step, sizeof(step));
	ck_assert_int_eq(steps_parse(text, (size_t)STEPS_MAX * 3, &s, &error), 0);
	ck_assert_uint_eq(s.count, STEPS_MAX);
	steps_free(&s);
	ck_assert_int_eq(steps_parse(text, (size_t)STEPS_MAX * 3 + 3, &s, &error), EINVAL);
	ck_assert_ptr_nonnull(strstr(error.text, "at most 24576 steps"));
	free(text);
}
END_TEST

START_TEST(runs_are_joined_and_lines_are_short)
{
	struct steps s = { 0 };

	for (unsigned i = 0; i < 7; i++)
		ck_assert_int_eq(
			steps_add(&s, &(const struct schedule_step){ .kind = STEPS_RUN,
								     .thread = i < 5 ? 1 : 2,
								     .number = 1 }),
			0);
	ck_assert_int_eq(
		steps_add(&s, &(const struct schedule_step){ .kind = STEPS_TIMEOUT, .thread = 2 }),
		0);
	char *text = steps_text(&s);
	ck_assert_str_eq(text, "T1*5 T2*2 timeout T2\n");
	free(text);
	for (unsigned i = 0; i < 100; i++)
		ck_assert_int_eq(steps_add(&s, &(const struct schedule_step){ .kind = STEPS_WAKE,
									      .thread = 1,
									      .other = 2 }),
				 0);
	text = steps_text(&s);
	for (const char *line = text; *line; line = strchr(line, '\n') + 1)
		ck_assert_uint_le(strcspn(line, "\n"), 80);
	struct steps again = parse(text);
	ck_assert_uint_eq(again.count, s.count);
	free(text);
	steps_free(&again);
	steps_free(&s);
}
END_TEST

TCase *steps_test(void)
{
	TCase *tc = tcase_create("steps");

	tcase_add_test(tc, reads_every_step);
	tcase_add_test(tc, an_empty_text_is_an_empty_schedule);
	tcase_add_loop_test(tc, errors_name_line_and_remedy, 0,
			    (int)(sizeof(refused) / sizeof(refused[0])));
	tcase_add_test(tc, there_are_limits);
	tcase_add_test(tc, runs_are_joined_and_lines_are_short);
	return tc;
}
