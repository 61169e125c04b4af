/* libFuzzer target: a sanitizer's report, of whatever bytes, becomes a record of clean text and a
 * finding that names no file but the student's; only one that shows the drawn values is the planted
 * one. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "judge/finding.h"
#include "judge/verdict.h"
#include "run/plant.h"
#include "run/report.h"
#include "tests/fuzz.h"
#include "tests/fuzz_tables.h"

enum { FILL_BYTES = 64 };

/* Pieces of true reports, each called by one byte: what the fuzzer would take long to guess. */
static const char *const pieces[] = {
	"=================================================================\n",
	"==2==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x1 at pc 0x2\n",
	"READ of size 1 at 0x1 thread T0\n",
	"    #0 0x1 in plant_heap_read labs/common/plant.c:15\n",
	"    #1 0x1 in conn_serve /src/conn.c:42\n",
	"0x1 is located 5 bytes to the right of 1000-byte region [0x1,0x2)\n",
	"0x1 is located 5 bytes after 1000-byte region [0x1,0x2)\n",
	"labs/common/plant.c:9:2: runtime error: signed integer overflow: 1073741831 + 1073741832 "
	"cannot be represented in type 'int'\n",
	"    #0 0x1 in plant_overflow labs/common/plant.c:9\n",
	"SUMMARY: AddressSanitizer: heap-use-after-free conn.c:7 in f\n",
	"\n",
	"conn.c:",
	/* All but the place. */
	"=================================================================\n"
	"==2==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x1 at pc 0x2\n"
	"READ of size 1 at 0x1 thread T0\n"
	"    #0 0x1 in plant_heap_read labs/common/plant.c:15\n\n",
	/* Whole ones, to be spoiled by what stands around them. */
	"=================================================================\n"
	"==2==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x1 at pc 0x2\n"
	"READ of size 1 at 0x1 thread T0\n"
	"    #0 0x1 in plant_heap_read labs/common/plant.c:15\n\n"
	"0x1 is located 5 bytes to the right of 1000-byte region [0x1,0x2)\n",
	"labs/common/plant.c:9:2: runtime error: signed integer overflow: 1073741831 + 1073741832 "
	"cannot be represented in type 'int'\n"
	"    #0 0x1 in plant_overflow labs/common/plant.c:9\n\n",
};

static size_t spell(char *text, const uint8_t *data, size_t size)
{
	return fuzz_spell(pieces, sizeof pieces / sizeof *pieces, data, size, text, REPORT_BYTES);
}

static void check_finding(json_t *record)
{
	json_t *records = json_make("[{s:s,s:s,s:s,s:s},O,{s:s,s:s}]", "rec", "begin", "test", "T",
				    "build", "asan", "seed", "0", record, "rec", "fact", "setup",
				    "ok");
	json_t *test = json_make("{s:s,s:s,s:s}", "id", "T", "about", "f", "detector", "FI");
	json_t *files = json_make("[s,s]", "net.c", "conn.c");
	json_t *none = json_object();
	const struct verdict_job job = { .build = "asan", .seed = "0", .planted = true };
	const struct finding_context context = {
		.lab_number = "1", .files = files, .functions = none, .places = none
	};
	json_t *verdict = verdict_of_job(test, &job, records);
	DEMAND(strcmp(json_text_of(verdict, "status", ""), "fail") == 0);
	json_t *whole = finding_finish(test, json_object_get(verdict, "finding"), &context);
	size_t i;
	json_t *place;
	json_array_foreach(json_object_get(whole, "where"), i, place)
	{
		const char *file = json_text_of(place, "file", "net.c");
		DEMAND(strcmp(file, "net.c") == 0 || strcmp(file, "conn.c") == 0);
		DEMAND(json_integer_value(json_object_get(place, "line")) >= 0);
	}
	for (const char *at = json_text_of(whole, "what", ""); *at != '\0'; at++)
		DEMAND((unsigned char)*at >= ' ' && *at != 0x7f);
	json_decref(whole);
	json_decref(verdict);
	json_decref(none);
	json_decref(files);
	json_decref(test);
	json_decref(records);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char text[REPORT_BYTES + 1 + FILL_BYTES];
	struct plant plant = { .kind = PLANT_HEAP_READ,
			       .bytes = 1000,
			       .offset = 5,
			       .left = 1073741831,
			       .right = 1073741832 };
	memset(text, 0x5a, sizeof text);
	size_t length = spell(text, data, size);
	report_clean(text, length);
	DEMAND(text[length] == '\0' && strlen(text) == length && text[length + 1] == 0x5a);
	for (int undefined = 0; undefined < 2; undefined++) {
		plant.undefined = undefined;
		const bool reported = plant_is_reported(&plant, text);
		DEMAND(!reported ||
		       (plant_is_alike(text) && strstr(text, " 5 bytes ") != NULL &&
			strstr(text, " 1000-byte region [") != NULL &&
			strstr(text, "READ of size 1 ") != NULL &&
			(!undefined || strstr(text, ": 1073741831 + 1073741832 ") != NULL)));
	}
	json_t *record = report_record(text);
	DEMAND(record != NULL);
	check_finding(record);
	json_decref(record);
	return 0;
}
