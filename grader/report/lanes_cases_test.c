/* Makes schedules by hand. */
#include <check.h>
#include <stdint.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/json.h"
#include "report/lanes_cases.h"
#include "report/lanes_numbers.h"

TCase *lanes_cases_test(void);

enum { LINES_MAX = 100 };

/* Text of a line of the source; the number is its line and its return address. */
struct line {
	int number;
	const char *function, *code;
};

struct story {
	json_t *script, *objects, *threads, *events, *end;
	unsigned stamp;
};

static struct story begin(void)
{
	return (struct story){ .script = json_array(),
			       .objects = json_array(),
			       .threads = json_array(),
			       .events = json_array(),
			       .end = json_object() };
}

static void op(struct story *s, int thread, const char *name, int argument, int result)
{
	(void)json_array_append_new(s->script, json_make("[i,i,s,i,i,i,i,i]", thread, 0, name,
							 argument, 1, 2, result, 0));
}

static void object(struct story *s, int kind, int line)
{
	(void)json_array_append_new(s->objects, json_make("[i,i,i,i,i]", kind, 1, line, 0, 0));
}

struct moment {
	int kind, thread, step, on, line, other;
	json_int_t detail;
};

static void event(struct story *s, struct moment e)
{
	(void)json_array_append_new(s->events,
				    json_make("[i,i,i,i,i,i,i,I]", (int)++s->stamp, e.kind,
					      e.thread, e.step, e.on, e.line, e.other, e.detail));
}

static void call(struct story *s, int thread, int operation)
{
	event(s, (struct moment){ EVENT_CALL, thread, 0, NOTHING, 0, NOBODY, operation });
}

static void back(struct story *s, int thread, int operation)
{
	event(s, (struct moment){ EVENT_RETURN, thread, 0, NOTHING, 0, NOBODY, operation });
}

static void runs(struct story *s, int thread, int step, int on, int line)
{
	event(s, (struct moment){ EVENT_RUNS, thread, step, on, line, NOBODY, 0 });
}

static void unlocks(struct story *s, int thread, int on, int line)
{
	event(s, (struct moment){ EVENT_STEP, thread, STEP_UNLOCK, on, line, NOBODY, 0 });
}

static void touches(struct story *s, int thread, int step, int line, int address)
{
	event(s, (struct moment){ EVENT_ACCESS, thread, step, NOTHING, line, NOBODY, address });
}

struct ending {
	int state, wait, on, owner, operation, line;
};

static void ends(struct story *s, struct ending e)
{
	(void)json_array_append_new(s->threads, json_make("[i,i,i,i,i,i]", e.state, e.wait, e.on,
							  e.owner, e.operation, e.line));
}

static json_t *places_of(const struct line *lines, json_t *source)
{
	json_t *places = json_object();
	for (; lines->number != 0; lines++) {
		AUTO_FREE char *key = must_printf("%d", lines->number);
		json_put(places, key,
			 json_make("{s:s, s:i, s:s}", "file", "bqueue.c", "line", lines->number,
				   "function", lines->function));
		json_put_text(source, key, lines->code);
	}
	return places;
}

static json_t *finish(struct story *s, const char *id, const char *what, const char *why,
		      const struct line *lines)
{
	json_t *source = json_object();
	json_t *places = places_of(lines, source);
	json_put(s->end, "threads", s->threads);
	json_t *record = json_make(
		"{s:s, s:s, s:s, s:s, s:i, s:i, s:i, s:i, s:o, s:o, s:o, s:o, s:s}", "rec",
		"schedule", "token", "L3.B.2-7f1c9e", "configuration", "one producer, one consumer",
		"finding", id, "flags", 0, "spurious", 0, "timeouts", 0, "preemptions", 1, "script",
		s->script, "objects", s->objects, "end", s->end, "events", s->events, "choices",
		"0c41");
	return json_make("{s:s, s:s, s:s, s:s, s:{s:s, s:s, s:s}, s:o, s:o, s:{s:o}}", "format",
			 "interleave-schedule/1", "lab", "3-work-queue", "test", "L3.B.2", "title",
			 "several producers and consumers, linearizable", "finding", "id", id,
			 "what", what, "why", why, "schedule", record, "places", places, "source",
			 "bqueue.c", source);
}

static const struct line queue[] = {
	{ 30, "bq_create", "\tpthread_mutex_init(&q->lock, NULL);" },
	{ 31, "bq_create", "\tpthread_cond_init(&q->not_empty, NULL);" },
	{ 50, "bq_push", "\tpthread_mutex_lock(&q->lock);" },
	{ 51, "bq_push", "\tq->slot[(q->head + q->count) % q->capacity] = item;" },
	{ 52, "bq_push", "\tatomic_fetch_add(&q->count, 1);" },
	{ 53, "bq_push", "\tpthread_cond_signal(&q->not_empty);" },
	{ 54, "bq_push", "\tpthread_mutex_unlock(&q->lock);" },
	{ 70, "bq_pop", "\twhile (atomic_load(&q->count) == 0) {" },
	{ 71, "bq_pop", "\t\tpthread_mutex_lock(&q->lock);" },
	{ 72, "bq_pop", "\t\tpthread_cond_wait(&q->not_empty, &q->lock);" },
	{ 73, "bq_pop", "\t\tpthread_mutex_unlock(&q->lock);" },
	{ 80, "bq_pop_until", "\tpthread_cond_timedwait(&q->not_empty, &q->lock, &end);" },
	{ 0 },
};

static const char one_step[] =
	"Testing the condition and going to sleep must be one step: keep the "
	"lock from the test to the wait.";

json_t *lanes_case_wakeup(void)
{
	struct story s = begin();
	op(&s, 1, "bq_push", 7, 0);
	op(&s, 2, "bq_pop", 0, 0);
	object(&s, OBJECT_MUTEX, 30);
	object(&s, OBJECT_CONDITION, 31);
	call(&s, 2, 1);
	runs(&s, 2, STEP_LOAD, NOTHING, 70);
	call(&s, 1, 0);
	runs(&s, 1, STEP_LOCK, 0, 50);
	touches(&s, 1, STEP_READ, 51, 8);
	touches(&s, 1, STEP_WRITE, 51, 64);
	runs(&s, 1, STEP_RMW, NOTHING, 52);
	runs(&s, 1, STEP_SIGNAL, 1, 53);
	event(&s, (struct moment){ EVENT_UNHEARD, 1, STEP_SIGNAL, 1, 53, NOBODY, 0 });
	unlocks(&s, 1, 0, 54);
	back(&s, 1, 0);
	runs(&s, 2, STEP_LOCK, 0, 71);
	runs(&s, 2, STEP_WAIT, 1, 72);
	event(&s, (struct moment){ EVENT_SLEEPS, 2, STEP_WAIT, 1, 72, NOBODY, -1 });
	json_put(s.end, "how", json_integer(2));
	ends(&s, (struct ending){ THREAD_IDLE, 0, NOTHING, NOBODY, NOTHING, 0 });
	ends(&s, (struct ending){ THREAD_IDLE, 0, NOTHING, NOBODY, NOTHING, 0 });
	ends(&s, (struct ending){ THREAD_ASLEEP, STEP_WAIT, 1, NOBODY, 1, 72 });
	return finish(
		&s, "lost-wakeup",
		"one producer, one consumer: T2 sleeps in bq_pop for ever although one item is "
		"in the queue; 1 wake-up found nobody asleep, the last one by T1.",
		one_step, queue);
}

static const struct line count_lines[] = {
	{ 30, "bq_create", "\tpthread_mutex_init(&q->lock, NULL);" },
	{ 50, "bq_push", "\tpthread_mutex_lock(&q->lock);" },
	{ 51, "bq_push", "\tq->slot[(q->head + q->count) % q->capacity] = item;" },
	{ 52, "bq_push", "\tq->count++;" },
	{ 54, "bq_push", "\tpthread_mutex_unlock(&q->lock);" },
	{ 70, "bq_try_pop", "\tif (q->count == 0)" },
	{ 0 },
};

json_t *lanes_case_race(void)
{
	struct story s = begin();
	op(&s, 1, "bq_push", 7, 0);
	op(&s, 2, "bq_try_pop", 0, 11);
	object(&s, OBJECT_MUTEX, 30);
	call(&s, 1, 0);
	runs(&s, 1, STEP_LOCK, 0, 50);
	touches(&s, 1, STEP_READ, 51, 8);
	touches(&s, 1, STEP_READ, 51, 16);
	touches(&s, 1, STEP_WRITE, 51, 64);
	touches(&s, 1, STEP_READ, 52, 16);
	touches(&s, 1, STEP_WRITE, 52, 16);
	unlocks(&s, 1, 0, 54);
	back(&s, 1, 0);
	/* T2 has not come to its first point: neither its call nor its access is in the log. */
	json_put(s.end, "how", json_integer(3));
	json_put(s.end, "kind", json_integer(1));
	json_put(s.end, "object", json_integer(NOTHING));
	json_put(s.end, "earlier", json_make("[i,i,i,i]", 1, ACCESS_WRITE, 52, 8));
	json_put(s.end, "later", json_make("[i,i,i,i]", 2, ACCESS_READ, 70, 8));
	json_put(s.end, "memory", json_make("[i,i,i,i,i]", 1, NOBODY, 0, 16, 8));
	json_t *story = finish(
		&s, "data-race",
		"T2 reads 8 bytes at offset 16 of a block of 64 bytes that T1 writes, and "
		"nothing says which comes first.",
		"Two threads touch the same memory, one of them writes, and nothing orders "
		"them: a lock that both hold, a join, or an atomic operation must.",
		count_lines);
	json_put(json_object_get(story, "finding"), "where",
		 json_make("[{s:i, s:s}, {s:i, s:s}]", "line", 70, "role",
			   "T2 reads, holding no lock", "line", 52, "role",
			   "T1 writes, holding 1 lock"));
	return story;
}

static const struct line order[] = {
	{ 10, "move", "\tpthread_mutex_lock(&from->lock);" },
	{ 11, "move", "\tpthread_mutex_lock(&to->lock);" },
	{ 20, "setup", "\tpthread_mutex_init(&a, NULL);" },
	{ 21, "setup", "\tpthread_mutex_init(&b, NULL);" },
	{ 0 },
};

json_t *lanes_case_deadlock(void)
{
	struct story s = begin();
	op(&s, 1, "move", 1, 0);
	op(&s, 2, "move", 2, 0);
	object(&s, OBJECT_MUTEX, 20);
	object(&s, OBJECT_MUTEX, 21);
	call(&s, 1, 0);
	runs(&s, 1, STEP_LOCK, 0, 10);
	call(&s, 2, 1);
	runs(&s, 2, STEP_LOCK, 1, 10);
	event(&s, (struct moment){ EVENT_SLEEPS, 2, STEP_LOCK, 0, 11, NOBODY, 0 });
	event(&s, (struct moment){ EVENT_SLEEPS, 1, STEP_LOCK, 1, 11, NOBODY, 0 });
	json_put(s.end, "how", json_integer(2));
	ends(&s, (struct ending){ THREAD_IDLE, 0, NOTHING, NOBODY, NOTHING, 0 });
	ends(&s, (struct ending){ THREAD_ASLEEP, STEP_LOCK, 1, 2, 0, 11 });
	ends(&s, (struct ending){ THREAD_ASLEEP, STEP_LOCK, 0, 1, 1, 11 });
	return finish(&s, "deadlock",
		      "T1 sleeps in move for ever, waiting for a mutex that T2 holds.",
		      "Each holds what the other waits for: take locks in one order.", order);
}

json_t *lanes_case_three(void)
{
	struct story s = begin();
	op(&s, 1, "bq_pop", 0, 0);
	op(&s, 2, "bq_pop_until", 0, 110);
	op(&s, 3, "bq_push", 7, 0);
	object(&s, OBJECT_MUTEX, 30);
	object(&s, OBJECT_CONDITION, 31);
	call(&s, 1, 0);
	runs(&s, 1, STEP_LOCK, 0, 71);
	runs(&s, 1, STEP_WAIT, 1, 72);
	event(&s, (struct moment){ EVENT_SLEEPS, 1, STEP_WAIT, 1, 72, NOBODY, -1 });
	call(&s, 2, 1);
	runs(&s, 2, STEP_LOCK, 0, 71);
	runs(&s, 2, STEP_WAIT, 1, 80);
	event(&s, (struct moment){ EVENT_SLEEPS, 2, STEP_WAIT, 1, 80, NOBODY, 5000 });
	event(&s, (struct moment){ EVENT_SPURIOUS, 1, STEP_WAIT, 1, 72, 1, 0 });
	runs(&s, 1, STEP_RELOCK, 0, 72);
	runs(&s, 1, STEP_WAIT, 1, 72);
	event(&s, (struct moment){ EVENT_SLEEPS, 1, STEP_WAIT, 1, 72, NOBODY, -1 });
	call(&s, 3, 2);
	runs(&s, 3, STEP_LOCK, 0, 50);
	event(&s, (struct moment){ EVENT_TIMEOUT, 2, STEP_WAIT, 1, 80, 3, 5000 });
	event(&s, (struct moment){ EVENT_SLEEPS, 2, STEP_RELOCK, 0, 80, NOBODY, 0 });
	runs(&s, 3, STEP_SIGNAL, 1, 53);
	event(&s, (struct moment){ EVENT_WAKES, 1, STEP_WAIT, 1, 72, 3, 0 });
	event(&s, (struct moment){ EVENT_SLEEPS, 1, STEP_RELOCK, 0, 72, NOBODY, 0 });
	unlocks(&s, 3, 0, 54);
	event(&s, (struct moment){ EVENT_WAKES, 1, STEP_RELOCK, 0, 72, 3, 0 });
	event(&s, (struct moment){ EVENT_WAKES, 2, STEP_RELOCK, 0, 80, 3, 0 });
	back(&s, 3, 2);
	event(&s, (struct moment){ EVENT_PHASE, 0, 0, NOTHING, 0, NOBODY, 1 });
	runs(&s, 2, STEP_RELOCK, 0, 80);
	unlocks(&s, 2, 0, 73);
	back(&s, 2, 1);
	runs(&s, 1, STEP_RELOCK, 0, 72);
	runs(&s, 1, STEP_WAIT, 1, 72);
	event(&s, (struct moment){ EVENT_SLEEPS, 1, STEP_WAIT, 1, 72, NOBODY, -1 });
	json_put(s.end, "how", json_integer(2));
	ends(&s, (struct ending){ THREAD_IDLE, 0, NOTHING, NOBODY, NOTHING, 0 });
	ends(&s, (struct ending){ THREAD_ASLEEP, STEP_WAIT, 1, NOBODY, 0, 72 });
	ends(&s, (struct ending){ THREAD_IDLE, 0, NOTHING, NOBODY, NOTHING, 0 });
	ends(&s, (struct ending){ THREAD_IDLE, 0, NOTHING, NOBODY, NOTHING, 0 });
	return finish(&s, "lost-wakeup",
		      "T1 sleeps in bq_pop for ever, waiting for a condition variable.", one_step,
		      queue);
}

/* As the runtime sends it: an operation's first accesses come before its call, and of an execution
 * in which everything returned no object is described. */
json_t *lanes_case_answer(void)
{
	struct story s = begin();
	const int drawn = 2000000001;
	op(&s, 1, "bq_push", drawn, 0);
	op(&s, 1, "bq_pop", 0, 0);
	op(&s, 2, "bq_pop", 0, 0);
	op(&s, 3, "bq_create", 1, 0);
	op(&s, 3, "bq_close", 0, 0);
	for (size_t i = 1; i < 3; i++)
		(void)json_array_set_new(json_array_get(s.script, i), 7, json_integer(drawn));
	event(&s, (struct moment){ EVENT_RUNS, 3, STEP_NONE, NOTHING, 0, NOBODY, 0 });
	touches(&s, 3, STEP_WRITE, 30, 16);
	call(&s, 3, 3);
	back(&s, 3, 3);
	event(&s, (struct moment){ EVENT_PHASE, 0, 0, NOTHING, 0, NOBODY, 1 });
	call(&s, 1, 0);
	runs(&s, 1, STEP_LOCK, 0, 50);
	touches(&s, 1, STEP_WRITE, 51, 16);
	unlocks(&s, 1, 0, 54);
	back(&s, 1, 0);
	call(&s, 2, 2);
	runs(&s, 2, STEP_LOCK, 0, 71);
	touches(&s, 2, STEP_READ, 70, 16);
	unlocks(&s, 2, 0, 73);
	touches(&s, 1, STEP_READ, 71, 16);
	call(&s, 1, 1);
	runs(&s, 1, STEP_LOCK, 0, 71);
	touches(&s, 1, STEP_WRITE, 70, 16);
	unlocks(&s, 1, 0, 73);
	back(&s, 1, 1);
	touches(&s, 2, STEP_WRITE, 72, 16);
	back(&s, 2, 2);
	event(&s, (struct moment){ EVENT_PHASE, 0, 0, NOTHING, 0, NOBODY, 2 });
	call(&s, 3, 4);
	runs(&s, 3, STEP_LOCK, 0, 50);
	back(&s, 3, 4);
	json_put(s.end, "how", json_integer(1));
	json_t *story = finish(&s, "not-linearizable", "bq_pop of T2 returned what T1 had got.",
			       "Every operation takes effect at one instant.", queue);
	json_put(json_object_get(story, "schedule"), "operation", json_integer(2));
	return story;
}

json_t *lanes_case_loop(void)
{
	struct story s = begin();
	op(&s, 1, "bq_pop", 0, 0);
	op(&s, 2, "bq_push", 7, 0);
	object(&s, OBJECT_MUTEX, 30);
	call(&s, 2, 1);
	runs(&s, 2, STEP_LOCK, 0, 50);
	call(&s, 1, 0);
	for (int i = 0; i < 50; i++) {
		runs(&s, 1, STEP_LOAD, NOTHING, 70);
		event(&s, (struct moment){ EVENT_STEP, 1, STEP_CLOCK, NOTHING, 80, NOBODY, 0 });
		runs(&s, 1, STEP_YIELD, NOTHING, 71);
	}
	json_put(s.end, "how", json_integer(3));
	json_put(s.end, "kind", json_integer(13));
	json_put(s.end, "object", json_integer(NOTHING));
	json_put(s.end, "earlier", json_make("[i,i,i,i]", 0, 0, 0, 0));
	json_put(s.end, "later", json_make("[i,i,i,i]", 1, 0, 72, 0));
	return finish(
		&s, "no-progress", "the threads go round without end; T1 is among them.",
		"Waiting must sleep: a loop that asks again and again keeps others from running.",
		queue);
}

json_t *lanes_case_hostile(size_t events)
{
	static const json_int_t odd[] = { 0,         1,         -1,        2,     3,
					  15,        16,        255,       65535, INT32_MAX,
					  INT64_MAX, INT64_MIN, 4294967296 };
	static const struct line lines[] = {
		{ 1, "\033[2Jf\"<&>'",
		  "\tpthread_mutex_lock(&\033]0;x\a<script>alert(1)</script>);" },
		{ 2, "]]>-->", "\xe2\x80\x8e pthread_cond_wait(&a<b>&c\"d, e);" },
		{ 0 },
	};
	struct story s = begin();
	const size_t count = sizeof odd / sizeof odd[0];
	op(&s, 300, "\033[31m<b>", -1, 7);
	op(&s, 2, "f\n\"<&'", 2147483647, -2147483647);
	object(&s, 77, 1);
	object(&s, OBJECT_CONDITION, 2);
	for (size_t i = 0; i < events; i++) {
		json_t *row = json_array();
		size_t mix = i * 2654435761U;
		for (size_t j = 0; j < 8; j++, mix = mix * 31 + 7)
			(void)json_array_append_new(row, json_integer(odd[(mix >> 5) % count]));
		if (i % 3 == 0)
			(void)json_array_set_new(row, 1, json_integer((json_int_t)(i % 14)));
		if (i % 2 == 0)
			(void)json_array_set_new(row, 2, json_integer((json_int_t)(i % 5)));
		(void)json_array_append_new(s.events, row);
	}
	json_put(s.end, "how", json_integer(2));
	for (int i = 0; i < 40; i++)
		ends(&s, (struct ending){ i % 6, i * 9, i, i * 7, i, i });
	return finish(&s, "<x>", "\033[1mwhat\"<&>'", "why & <why>", lines);
}

/* The stories are what the tests of the forms start from: each has what its name says. */
START_TEST(a_story_is_whole)
{
	static const struct {
		json_t *(*make)(void);
	} stories[] = { { lanes_case_race },  { lanes_case_wakeup }, { lanes_case_deadlock },
			{ lanes_case_three }, { lanes_case_answer }, { lanes_case_loop } };
	for (size_t i = 0; i < sizeof stories / sizeof stories[0]; i++) {
		json_t *story = stories[i].make();
		json_t *record = json_object_get(story, "schedule");
		ck_assert_uint_gt(json_array_size(json_object_get(record, "events")), 5);
		ck_assert_ptr_nonnull(json_object_get(json_object_get(record, "end"), "threads"));
		json_decref(story);
	}
}
END_TEST

TCase *lanes_cases_test(void)
{
	TCase *tests = tcase_create("report/lanes_cases");
	tcase_add_test(tests, a_story_is_whole);
	return tests;
}
