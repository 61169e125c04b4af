/* What a reader sees of four schedules, line by line, and that no schedule at all breaks a form. */
#include "report/lanes.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "report/lanes_cases.h"

TCase *lanes_test(void);

static const char race[] =
	" L3.B.2 data-race                                            TOKEN=L3.B.2-7f1c9e\n"
	"   T2 reads 8 bytes at offset 16 of a block of 64 bytes that T1 writes, and\n"
	"   nothing says which comes first.\n"
	"\n"
	"   T1: bq_push\n"
	"   T2: bq_try_pop\n"
	"   One interruption of a thread is enough for it. Lines of bqueue.c:\n"
	"\n"
	"   T1         T2\n"
	"   calls      .          bq_push(7)\n"
	"   locks      .            50  pthread_mutex_lock(&q->lock);\n"
	"   updates    .            51  q->slot[(q->head + q->count) % q->capacity] = ...\n"
	" * updates    .            52  q->count++;\n"
	"   |          .                writes, holding 1 lock\n"
	"   unlocks    .            54  pthread_mutex_unlock(&q->lock);\n"
	"   returns    .          bq_push: 0\n"
	"   .          calls      bq_try_pop()\n"
	" * .          reads        70  if (q->count == 0)\n"
	"   .          |                reads, holding no lock\n"
	"\n"
	"   | in an operation   : asleep   . in none   * what the finding is about\n"
	"\n"
	"   Two threads touch the same memory, one of them writes, and nothing orders\n"
	"   them: a lock that both hold, a join, or an atomic operation must.\n";

static const char wakeup[] =
	" L3.B.2 lost-wakeup                                          TOKEN=L3.B.2-7f1c9e\n"
	"   one producer, one consumer: T2 sleeps in bq_pop for ever although one item is\n"
	"   in the queue; 1 wake-up found nobody asleep, the last one by T1.\n"
	"\n"
	"   T1: bq_push\n"
	"   T2: bq_pop\n"
	"   One interruption of a thread is enough for it. Lines of bqueue.c:\n"
	"\n"
	"   T1         T2\n"
	"   .          calls      bq_pop()\n"
	"   .          loads        70  while (atomic_load(&q->count) == 0) {\n"
	"   calls      |          bq_push(7)\n"
	"   locks      |            50  pthread_mutex_lock(&q->lock);\n"
	"   |          |            ... 1 step left out\n"
	"   updates    |            52  atomic_fetch_add(&q->count, 1);\n"
	" * signals    |            53  pthread_cond_signal(&q->not_empty);\n"
	"   |          |                nobody sleeps there: unheard\n"
	"   unlocks    |            54  pthread_mutex_unlock(&q->lock);\n"
	"   returns    |          bq_push: 0\n"
	"   .          locks        71  pthread_mutex_lock(&q->lock);\n"
	" * .          sleeps       72  pthread_cond_wait(&q->not_empty, &q->lock);\n"
	"   .          :                and nobody ever wakes it\n"
	"\n"
	"   | in an operation   : asleep   . in none   * what the finding is about\n"
	"\n"
	"   In the end T1: has returned from all that it called.\n"
	"   In the end T2: asleep in bq_pop, waiting for q->not_empty.\n"
	"   Testing the condition and going to sleep must be one step: keep the lock from\n"
	"   the test to the wait.\n";

static const char deadlock[] =
	" L3.B.2 deadlock                                             TOKEN=L3.B.2-7f1c9e\n"
	"   T1 sleeps in move for ever, waiting for a mutex that T2 holds.\n"
	"\n"
	"   T1: move\n"
	"   T2: move\n"
	"   One interruption of a thread is enough for it. Lines of bqueue.c:\n"
	"\n"
	"   T1         T2\n"
	"   calls      .          move(1)\n"
	"   locks      .            10  pthread_mutex_lock(&from->lock);\n"
	"   |          calls      move(2)\n"
	"   |          locks        10  pthread_mutex_lock(&from->lock);\n"
	" * |          waits for    11  pthread_mutex_lock(&to->lock);\n"
	"   |          :                T1 has it\n"
	"   |          :                and nobody ever wakes it\n"
	" * waits for  :            11  pthread_mutex_lock(&to->lock);\n"
	"   :          :                T2 has it\n"
	"   :          :                and nobody ever wakes it\n"
	"\n"
	"   | in an operation   : asleep   . in none   * what the finding is about\n"
	"\n"
	"   In the end T1: asleep in move, waiting for b, which T2 has.\n"
	"   In the end T2: asleep in move, waiting for a, which T1 has.\n"
	"   Each holds what the other waits for: take locks in one order.\n";

static const char three[] =
	" L3.B.2 lost-wakeup                                          TOKEN=L3.B.2-7f1c9e\n"
	"   T1 sleeps in bq_pop for ever, waiting for a condition variable.\n"
	"\n"
	"   T1: bq_pop\n"
	"   T2: bq_pop_until\n"
	"   T3: bq_push\n"
	"   One interruption of a thread is enough for it. Lines of bqueue.c:\n"
	"\n"
	"   T1         T2         T3\n"
	"   calls      .          .          bq_pop()\n"
	"   locks      .          .            71  pthread_mutex_lock(&q->lock);\n"
	"   sleeps     .          .            72  pthread_cond_wait(&q->not_empty, &q...\n"
	"   :          calls      .          bq_pop_until()\n"
	"   :          locks      .            71  pthread_mutex_lock(&q->lock);\n"
	"   :          sleeps     .            80  pthread_cond_timedwait(&q->not_empt...\n"
	"   wakes up   :          .            72  pthread_cond_wait(&q->not_empty, &q...\n"
	"   |          :          .                without cause, as POSIX allows\n"
	"   retakes    :          .            72  pthread_cond_wait(&q->not_empty, &q...\n"
	"   sleeps     :          .            72  pthread_cond_wait(&q->not_empty, &q...\n"
	"   :          :          calls      bq_push(7)\n"
	"   :          :          locks        50  pthread_mutex_lock(&q->lock);\n"
	"   :          time-out   |            80  pthread_cond_timedwait(&q->not_empt...\n"
	"   :          |          |                its deadline has come\n"
	"   :          waits for  |            80  pthread_cond_timedwait(&q->not_empt...\n"
	"   :          :          |                T3 has it\n"
	"   is woken   :          signals      53  pthread_cond_signal(&q->not_empty);\n"
	"   waits for  :          |            72  pthread_cond_wait(&q->not_empty, &q...\n"
	"   :          :          |                T3 has it\n"
	"   |          |          unlocks      54  pthread_mutex_unlock(&q->lock);\n"
	"   |          |          returns    bq_push: 0\n"
	"   -- part 2 of the script begins --\n"
	"   |          retakes    .            80  pthread_cond_timedwait(&q->not_empt...\n"
	"   |          unlocks    .            73  pthread_mutex_unlock(&q->lock);\n"
	"   |          returns    .          bq_pop_until: 110\n"
	"   retakes    .          .            72  pthread_cond_wait(&q->not_empty, &q...\n"
	" * sleeps     .          .            72  pthread_cond_wait(&q->not_empty, &q...\n"
	"   :          .          .                and nobody ever wakes it\n"
	"\n"
	"   | in an operation   : asleep   . in none   * what the finding is about\n"
	"\n"
	"   In the end T1: asleep in bq_pop, waiting for q->not_empty.\n"
	"   In the end T2: has returned from all that it called.\n"
	"   In the end T3: has returned from all that it called.\n"
	"   Testing the condition and going to sleep must be one step: keep the lock from\n"
	"   the test to the wait.\n";

static const char answer[] =
	" L3.B.2 not-linearizable                                     TOKEN=L3.B.2-7f1c9e\n"
	"   bq_pop of T2 returned what T1 had got.\n"
	"\n"
	"   T1: bq_push, bq_pop\n"
	"   T2: bq_pop\n"
	"   One interruption of a thread is enough for it. Lines of bqueue.c:\n"
	"\n"
	"   T1         T2\n"
	"   -- T3: bq_create(1) = 0 --\n"
	"   calls      .          bq_push(#1) = 0\n"
	"   .          calls      bq_pop()\n"
	"   .          locks        71  pthread_mutex_lock(&q->lock);\n"
	"   .          reads        70  while (atomic_load(&q->count) == 0) {\n"
	"   .          unlocks      73  pthread_mutex_unlock(&q->lock);\n"
	"   calls      |          bq_pop()\n"
	"   locks      |            71  pthread_mutex_lock(&q->lock);\n"
	"   writes     |            70  while (atomic_load(&q->count) == 0) {\n"
	"   unlocks    |            73  pthread_mutex_unlock(&q->lock);\n"
	"   returns    |          bq_pop: 0, #1\n"
	"   .          writes       72  pthread_cond_wait(&q->not_empty, &q->lock);\n"
	" * .          returns    bq_pop: 0, #1\n"
	"   -- T3: bq_close() = 0 --\n"
	"\n"
	"   | in an operation   : asleep   . in none   * what the finding is about\n"
	"\n"
	"   #1 is 2000000001.\n"
	"   Every operation takes effect at one instant.\n";

static const char loop[] =
	" L3.B.2 no-progress                                          TOKEN=L3.B.2-7f1c9e\n"
	"   the threads go round without end; T1 is among them.\n"
	"\n"
	"   T1: bq_pop\n"
	"   T2: bq_push\n"
	"   One interruption of a thread is enough for it. Lines of bqueue.c:\n"
	"\n"
	"   T1         T2\n"
	"   .          calls      bq_push(7)\n"
	"   .          locks        50  pthread_mutex_lock(&q->lock);\n"
	"   calls      |          bq_pop()\n"
	"   loads      |            70  while (atomic_load(&q->count) == 0) {\n"
	"   |          |            ... 1 step left out\n"
	"   yields     |            71  pthread_mutex_lock(&q->lock);\n"
	"   -- the last 2 rows again, 49 times --\n"
	" * is here    |            72  pthread_cond_wait(&q->not_empty, &q->lock);\n"
	"\n"
	"   | in an operation   : asleep   . in none   * what the finding is about\n"
	"\n"
	"   Waiting must sleep: a loop that asks again and again keeps others from\n"
	"   running.\n";

static const struct {
	json_t *(*make)(void);
	const char *text;
} stories[] = {
	{ lanes_case_race, race },         { lanes_case_wakeup, wakeup },
	{ lanes_case_deadlock, deadlock }, { lanes_case_three, three },
	{ lanes_case_answer, answer },     { lanes_case_loop, loop },
};

/* The text form, or the picture; returned (free). */
static char *draw(const json_t *schedule, void (*form)(FILE *out, const struct lanes *lanes))
{
	char *text = NULL;
	size_t length = 0;
	struct lanes lanes;
	FILE *out = open_memstream(&text, &length);
	lanes_make(schedule, &lanes);
	form(out, &lanes);
	(void)fclose(out);
	lanes_fini(&lanes);
	return text;
}

/* Names the first line that differs: the whole is too long for a message. */
static void expect_lines(const char *got, const char *wanted)
{
	for (unsigned line = 1; *got != '\0' || *wanted != '\0'; line++) {
		const size_t g = strcspn(got, "\n"), w = strcspn(wanted, "\n");
		ck_assert_msg(g == w && memcmp(got, wanted, g) == 0,
			      "line %u is '%.*s', not '%.*s'", line, (int)g, got, (int)w, wanted);
		got += g + (got[g] != '\0');
		wanted += w + (wanted[w] != '\0');
	}
}

START_TEST(a_story_reads_like_this)
{
	json_t *schedule = stories[_i].make();
	char *text = draw(schedule, lanes_text);
	expect_lines(text, stories[_i].text);
	free(text);
	json_decref(schedule);
}
END_TEST

static unsigned count_of(const char *text, const char *part)
{
	unsigned count = 0;
	for (const char *at = text; (at = strstr(at, part)) != NULL; at += strlen(part))
		count++;
	return count;
}

START_TEST(a_picture_marks_what_the_text_marks)
{
	json_t *schedule = stories[_i].make();
	char *text = draw(schedule, lanes_text);
	char *svg = draw(schedule, lanes_svg);
	ck_assert_uint_eq(count_of(svg, "class=\"card\""), count_of(svg, "class=\"edge\""));
	ck_assert_uint_eq(count_of(svg, " marked"), count_of(text, "\n * "));
	ck_assert_uint_gt(count_of(svg, " marked"), 0);
	ck_assert_uint_eq(count_of(svg, "class=\"name\""), _i == 3 ? 3 : 2);
	ck_assert_ptr_null(strstr(svg, "<script"));
	ck_assert_uint_eq(count_of(svg, "http"), 1); /* the name of the format */
	free(svg);
	free(text);
	json_decref(schedule);
}
END_TEST

START_TEST(what_matters_is_drawn_from_lane_to_lane)
{
	static const char *const drawn[] = { "nothing orders these two", "T2 does not sleep yet",
					     "T1 waits for T2", "T3 wakes T1" };
	json_t *schedule = stories[_i].make();
	char *svg = draw(schedule, lanes_svg);
	for (int i = 0; i < 4; i++)
		ck_assert_msg((strstr(svg, drawn[i]) != NULL) == (i == _i), "%s", drawn[i]);
	free(svg);
	json_decref(schedule);
}
END_TEST

START_TEST(a_trace_has_a_bar_for_each_row)
{
	json_t *schedule = stories[_i].make();
	struct lanes lanes;
	lanes_make(schedule, &lanes);
	json_t *trace = lanes_trace(&lanes);
	size_t i, bars = 0, phases = 0, starts = 0, ends = 0;
	json_t *event;
	for (i = 0; i < lanes.count; i++)
		phases += lanes.rows[i].kind == LANE_PHASE;
	json_array_foreach(json_object_get(trace, "traceEvents"), i, event)
	{
		bars += strcmp(json_text_of(event, "ph", ""), "X") == 0 &&
			strcmp(json_text_of(event, "cat", ""), "sleep") != 0;
		starts += strcmp(json_text_of(event, "ph", ""), "s") == 0;
		ends += strcmp(json_text_of(event, "ph", ""), "f") == 0;
	}
	ck_assert_uint_eq(bars, lanes.count - phases);
	ck_assert_uint_eq(starts, ends);
	ck_assert_uint_eq(starts, _i == 3 ? 1 : 0);
	json_decref(trace);
	lanes_fini(&lanes);
	json_decref(schedule);
}
END_TEST

/* The picture must stay one: what the submission wrote stands in no tag. */
static void check_harmless(const char *text, bool svg)
{
	for (const char *at = text; *at != '\0'; at++)
		ck_assert_msg((unsigned char)*at >= ' ' || *at == '\n', "byte %d", *at);
	ck_assert(text_is_utf8(text, strlen(text)));
	ck_assert_ptr_null(strstr(text, "\xe2\x80\x8e"));
	ck_assert_msg(strlen(text) < 2u << 20, "%zu bytes", strlen(text));
	if (svg) {
		ck_assert_ptr_null(strstr(text, "<script"));
		ck_assert_ptr_null(strstr(text, "<b>"));
		ck_assert_uint_eq(count_of(text, "<g"), count_of(text, "</g>"));
		ck_assert_uint_eq(count_of(text, "<text"), count_of(text, "</text>"));
	}
}

START_TEST(any_numbers_and_texts_can_be_drawn)
{
	static const size_t events[] = { 0, 1, 40, 800, 100000 };
	json_t *schedule = lanes_case_hostile(events[_i]);
	char *text = draw(schedule, lanes_text);
	char *svg = draw(schedule, lanes_svg);
	check_harmless(text, false);
	check_harmless(svg, true);
	ck_assert_uint_le(count_of(text, "\n"), 3 * LANES_ROWS_MAX + 200);
	for (char *rest = text, *line = strsep(&rest, "\n"); line != NULL;
	     line = strsep(&rest, "\n"))
		ck_assert_msg(text_width(line) <= 80, "%zu columns: %s", text_width(line), line);
	free(svg);
	free(text);
	json_decref(schedule);
}
END_TEST

START_TEST(what_is_no_schedule_can_be_drawn)
{
	static const char *const texts[] = {
		"{}",
		"[]",
		"7",
		"{\"schedule\":[]}",
		"{\"schedule\":{\"events\":[[],7,{},[1]]}}",
		"{\"schedule\":{\"end\":{\"later\":[3,2,77,4],\"threads\":[7,[],[2]]}}}",
		"{\"places\":{\"1\":7},\"source\":{\"a\":[]},\"finding\":[]}",
	};
	json_t *schedule = json_read_bytes(texts[_i], strlen(texts[_i]), NULL);
	if (schedule == NULL)
		schedule = json_integer(7); /* our reader takes no scalar */
	char *text = draw(schedule, lanes_text);
	char *svg = draw(schedule, lanes_svg);
	check_harmless(text, false);
	check_harmless(svg, true);
	free(svg);
	free(text);
	json_decref(schedule);
}
END_TEST

TCase *lanes_test(void)
{
	TCase *tests = tcase_create("report/lanes");
	tcase_set_timeout(tests, 60);
	tcase_add_loop_test(tests, a_story_reads_like_this, 0, 6);
	tcase_add_loop_test(tests, a_picture_marks_what_the_text_marks, 0, 6);
	tcase_add_loop_test(tests, what_matters_is_drawn_from_lane_to_lane, 0, 4);
	tcase_add_loop_test(tests, a_trace_has_a_bar_for_each_row, 0, 4);
	tcase_add_loop_test(tests, any_numbers_and_texts_can_be_drawn, 0, 5);
	tcase_add_loop_test(tests, what_is_no_schedule_can_be_drawn, 0, 7);
	return tests;
}
