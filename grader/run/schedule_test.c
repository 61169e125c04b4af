/* A record of the right form, and every way of not having it: each text replaces one value. */
#include "run/schedule.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "run/runner.h"

TCase *schedule_test(void);

static const char right[] =
	"{\"rec\":\"schedule\",\"token\":\"L3.B.2-7f1c9e\",\"configuration\":\"2 producers\","
	"\"finding\":\"data-race\",\"operation\":1,\"flags\":0,\"spurious\":1,\"timeouts\":0,"
	"\"preemptions\":2,"
	"\"script\":[[1,0,\"bq_push\",7,1,9,0,0],[2,0,\"bq_pop\",0,2,0,0,0]],"
	"\"objects\":[[1,1,4112,0,8]],"
	"\"end\":{\"how\":3,\"kind\":1,\"object\":65535,\"earlier\":[1,2,4096,4],"
	"\"later\":[2,1,4100,4],\"memory\":[1,255,0,16,4],\"threads\":[[1,9,0,255,0,4096]]},"
	"\"events\":[[1,10,1,0,65535,0,255,0],[2,13,1,2,65535,4096,255,72057594037927936]],"
	"\"choices\":\"0421*12 0c41\"}";

static json_t *read_json(const char *text)
{
	json_t *value = json_read_bytes(text, strlen(text), NULL);
	ck_assert_msg(value != NULL, "no JSON: %s", text);
	return value;
}

START_TEST(what_the_examiner_sends_is_formed)
{
	json_t *record = read_json(right);
	ck_assert(schedule_is_formed(record));
	json_t *end = json_object_get(record, "end");
	ck_assert(json_object_del(end, "kind") == 0 && json_object_del(end, "object") == 0 &&
		  json_object_del(end, "earlier") == 0 && json_object_del(end, "later") == 0);
	ck_assert(!schedule_is_formed(record)); /* memory of nothing */
	ck_assert_int_eq(json_object_del(end, "memory"), 0);
	ck_assert(schedule_is_formed(record));
	json_decref(record);
}
END_TEST

static const struct {
	const char *key, *value; /* in an array; NULL: removed */
} wrong[] = {
	{ "token", "[\"../../etc/passwd\"]" },
	{ "token", "[\"\"]" },
	{ "token", "[\"..\"]" },
	{ "token", "[\"a b\"]" },
	{ "token", "[7]" },
	{ "configuration", NULL },
	{ "finding", "[null]" },
	{ "operation", "[-2]" },
	{ "operation", "[64]" },
	{ "flags", "[-1]" },
	{ "spurious", "[1.5]" },
	{ "timeouts", "[4294967296]" },
	{ "preemptions", "[\"2\"]" },
	{ "script", "[{}]" },
	{ "script", "[[[1,0,\"f\",0,0,0,0]]]" },
	{ "script", "[[[1,0,7,0,0,0,0,0]]]" },
	{ "objects", "[[[1,1,1,1,\"x\"]]]" },
	{ "objects", "[[7]]" },
	{ "end", "[[]]" },
	{ "end", "[{\"how\":2}]" },
	{ "end", "[{\"how\":2,\"threads\":[[1]]}]" },
	{ "end", "[{\"how\":2,\"threads\":[],\"kind\":1}]" },
	{ "events", "[[[1,2,3,4,5,6,7]]]" },
	{ "events", "[[[1,2,3,4,5,6,7,1e3]]]" },
	{ "choices", "[\"<script>\"]" },
	{ "choices", "[[]]" },
	{ "more", "[1]" },
};

START_TEST(what_is_not_of_the_form_is_refused)
{
	json_t *record = read_json(right);
	if (wrong[_i].value == NULL) {
		ck_assert_int_eq(json_object_del(record, wrong[_i].key), 0);
	} else {
		json_t *value = read_json(wrong[_i].value);
		json_put(record, wrong[_i].key, json_incref(json_array_get(value, 0)));
		json_decref(value);
	}
	ck_assert_msg(!schedule_is_formed(record), "%s: %s", wrong[_i].key,
		      wrong[_i].value != NULL ? wrong[_i].value : "removed");
	json_decref(record);
}
END_TEST

START_TEST(more_events_than_are_ever_sent_are_refused)
{
	json_t *record = read_json(right);
	json_t *events = json_object_get(record, "events");
	while (json_array_size(events) < SCHEDULE_EVENTS_MAX)
		(void)json_array_append(events, json_array_get(events, 0));
	ck_assert(schedule_is_formed(record));
	(void)json_array_append(events, json_array_get(events, 0));
	ck_assert(!schedule_is_formed(record));
	json_decref(record);
}
END_TEST

/* Through the door: one is kept, a second one and a flawed one are not, and none ends the job. */
START_TEST(a_job_keeps_one_schedule)
{
	static struct runner runner;
	runner = (struct runner){ .records = json_array() };
	static const char flawed[] = "{\"rec\":\"schedule\",\"token\":\"x\"}";
	static const char note[] = "{\"rec\":\"note\",\"text\":\"x\"}";
	const char *const texts[] = { flawed, note, right, right, note };
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		ck_assert_ptr_null(message_serve(&runner, texts[i], strlen(texts[i]), NULL, 0));
	ck_assert(!runner.failed);
	ck_assert_uint_eq(json_array_size(runner.records), 3);
	ck_assert_str_eq(json_text_of(json_array_get(runner.records, 1), "rec", ""), "schedule");
	json_decref(runner.records);
}
END_TEST

TCase *schedule_test(void)
{
	TCase *tests = tcase_create("run/schedule");
	tcase_add_test(tests, what_the_examiner_sends_is_formed);
	tcase_add_loop_test(tests, what_is_not_of_the_form_is_refused, 0,
			    sizeof wrong / sizeof wrong[0]);
	tcase_add_test(tests, more_events_than_are_ever_sent_are_refused);
	tcase_add_test(tests, a_job_keeps_one_schedule);
	return tests;
}
