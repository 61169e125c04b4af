/* libFuzzer target: what the runner makes of any message on descriptor 3. It never crashes, keeps
 * records of six kinds only and not too many, and each question gets a reply that says ok or not.
 *
 * The input is cut into messages at NUL bytes, so that one of them can prepare the next. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "run/runner.h"
#include "run/schedule.h"
#include "tests/fuzz.h"
#include "tests/fuzz_tables.h"

static void check_records(const json_t *records)
{
	static const char kinds[] = " begin law end note fault schedule ";
	size_t i, schedules = 0;
	json_t *record;
	DEMAND(json_array_size(records) <= RECORDS_MAX);
	json_array_foreach(records, i, record)
	{
		const char *kind = json_string_value(json_object_get(record, "rec"));
		DEMAND(kind != NULL && *kind != '\0' && strstr(kinds, kind) != NULL);
		if (strcmp(kind, "schedule") != 0)
			continue;
		DEMAND(schedule_is_formed(record) && ++schedules == 1);
		DEMAND(strchr(json_string_value(json_object_get(record, "token")), '/') == NULL);
	}
}

/* Every question of the protocol, without what it needs: libFuzzer learns the words from these. */
static const char *const words[] = {
	"start", "stop",    "sample",  "quiet",   "signal", "inject", "fired", "disarm", "calls",
	"step",  "stepped", "release", "at_exit", "output", "plants", "plant", "text",   "lines",
};

static json_t *serve(struct runner *runner, const char *text, size_t length)
{
	/* A copy that ends where its heap block ends: a read beyond it is a report. */
	char *copy = malloc(length > 0 ? length : 1);
	DEMAND(copy != NULL);
	memcpy(copy, text, length);
	json_t *reply = message_serve(runner, copy, length, NULL, 0);
	free(copy);
	return reply;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct run_text texts[] = { { "t", "T1 \xff", 4, NULL },
						 { "gone", NULL, 0, "a folder" } };
	static const struct run_job spec = { .plant = "address undefined",
					     .texts = texts,
					     .text_count = 2 };
	static struct runner runner;
	runner = (struct runner){ .spec = &spec, .asks = -1, .records = json_array() };
	for (size_t i = 0; i < 2; i++)
		stream_init(&runner.subject.output[i], 64);
	const char *text = (const char *)data;
	for (size_t at = 0; at < size;) {
		const char *end = memchr(text + at, '\0', size - at);
		size_t length = end != NULL ? (size_t)(end - text) - at : size - at;
		json_t *reply = NULL;
		if (length > 0 && (unsigned char)text[at] < sizeof words / sizeof *words) {
			/* A short form: the number of a question, and the rest of its fields. */
			char question[512];
			int used = snprintf(question, sizeof question, "{\"ask\":\"%s\"%.*s}",
					    words[(unsigned char)text[at]],
					    length > 300 ? 300 : (int)length - 1, text + at + 1);
			reply = serve(&runner, question, (size_t)used);
		} else {
			reply = serve(&runner, text + at, length);
		}
		DEMAND(reply == NULL || json_is_boolean(json_object_get(reply, "ok")));
		json_decref(reply);
		check_records(runner.records);
		at += length + 1;
	}
	DEMAND(!runner.subject.running && runner.subjects == 0);
	json_decref(runner.records);
	for (size_t i = 0; i < 2; i++)
		free(runner.subject.output[i].text);
	return 0;
}
