/* libFuzzer target: the judge on arbitrary records. A pass is what a second, naive reading of the
 * same records calls one; what adds nothing that a pass needs never makes one; and whatever a pass
 * needs, taken away, ends it.
 *
 * The input is a list of bytes: most stand for a record, one begins a text that ends at a NUL. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "judge/verdict.h"
#include "tests/fuzz.h"
#include "tests/fuzz_tables.h"

enum { RECORDS_MAX = 40 };

/* Those before `harmless` are what a pass needs; those from it on do neither good nor harm; those
 * from `harmful` on do harm. */
static const char *const needed[] = {
	"{\"rec\":\"begin\",\"test\":\"T\",\"build\":\"asan\",\"seed\":\"0\"}",
	"{\"rec\":\"law\",\"name\":\"a\",\"held\":true}",
	"{\"rec\":\"end\",\"evidence\":{\"requests\":1}}",
	"{\"rec\":\"control\",\"planted\":\"address\",\"reported\":true,\"alone\":true,\"removed\":"
	"false}",
	"{\"rec\":\"fact\",\"setup\":\"ok\",\"examiner_exit\":0,\"cpu_ms\":1}",
};
static const char *const harmless[] = {
	"{\"rec\":\"note\",\"text\":\"x\"}",
	"{\"rec\":\"wall\",\"asleep\":true}",
	"{\"rec\":\"schedule\",\"token\":\"T-1\",\"finding\":\"f\"}",
};
static const char *const harmful[] = {
	"{\"rec\":\"law\",\"name\":\"b\",\"held\":false,\"finding\":\"f\",\"what\":\"w\"}",
	"{\"rec\":\"law\",\"name\":\"b\",\"held\":\"yes\"}",
	"{\"rec\":\"law\",\"held\":true}",
	"{\"rec\":\"control\",\"planted\":\"address\",\"reported\":false,\"alone\":true,"
	"\"removed\":false}",
	"{\"rec\":\"control\",\"planted\":\"address\",\"reported\":true,\"alone\":false,"
	"\"removed\":false}",
	"{\"rec\":\"control\",\"planted\":\"address\",\"reported\":true,\"alone\":true,\"removed\":"
	"true}",
	"{\"rec\":\"control\",\"reported\":true}",
	"{\"rec\":\"fact\",\"setup\":\"failed\"}",
	"{\"rec\":\"fact\",\"setup\":\"ok\",\"oom\":true}",
	"{\"rec\":\"fact\",\"setup\":\"ok\",\"wall\":true}",
	"{\"rec\":\"fact\",\"setup\":\"ok\",\"examiner_exit\":3}",
	"{\"rec\":\"fact\",\"setup\":\"ok\",\"denied\":[{\"syscall\":\"ptrace\",\"killed\":true}]}",
	"{\"rec\":\"begin\",\"test\":\"U\",\"build\":\"asan\",\"seed\":\"0\"}",
	"{\"rec\":\"fault\",\"why\":\"x\"}",
	"{\"rec\":\"skip\",\"why\":\"x\"}",
	"{\"rec\":\"sanitizer\",\"summary\":\"\",\"text\":\"\"}",
	"{\"rec\":\"verdict\",\"status\":\"pass\"}",
	"{}",
	"[]",
	"7",
};

enum {
	NEEDED = sizeof needed / sizeof *needed,
	HARMLESS = sizeof harmless / sizeof *harmless,
	HARMFUL = sizeof harmful / sizeof *harmful,
	KNOWN = NEEDED + HARMLESS + HARMFUL,
	TEXT = 0xff,
};

static json_t *read_text(const char *text, size_t length)
{
	return json_read_bytes(text, length, NULL);
}

/* What a byte stands for. Counts what a pass needs in *count, or what ends one in *harm. */
static json_t *known(uint8_t which, unsigned count[NEEDED], unsigned *harm)
{
	which %= KNOWN;
	const char *text = which < NEEDED              ? needed[which]
			   : which < NEEDED + HARMLESS ? harmless[which - NEEDED]
						       : harmful[which - NEEDED - HARMLESS];
	if (which < NEEDED)
		count[which]++;
	else if (which >= NEEDED + HARMLESS)
		(*harm)++;
	return read_text(text, strlen(text));
}

static bool passes(const json_t *records, bool planted)
{
	json_t *test = json_make("{s:s,s:s,s:s}", "id", "T", "detector", "FI", "title", "t");
	const struct verdict_job job = {
		.build = "asan", .seed = "0", .cpu_ms_bound = 1000, .planted = planted
	};
	json_t *verdict = verdict_of_job(test, &job, records);
	const char *status = json_text_of(verdict, "status", "");
	const bool pass = strcmp(status, "pass") == 0;
	const bool fail = strcmp(status, "fail") == 0;
	DEMAND(pass || fail || strcmp(status, "infra") == 0 || strcmp(status, "skipped") == 0);
	DEMAND(fail == (json_object_get(verdict, "finding") != NULL));
	DEMAND((pass || fail) == (json_object_get(verdict, "reason") == NULL));
	json_decref(verdict);
	json_decref(test);
	return pass;
}

/* From one that passed: no array without one of its records but a harmless one may pass, unless it
 * was there twice. */
static void check_removals(const json_t *records, const unsigned count[NEEDED])
{
	for (size_t i = 0; i < json_array_size(records); i++) {
		const char *kind = json_text_of(json_array_get(records, i), "rec", "");
		json_t *fewer = json_copy((json_t *)(uintptr_t)records);
		DEMAND(json_array_remove(fewer, i) == 0);
		const bool dear = (strcmp(kind, "law") == 0 && count[1] == 1) ||
				  (strcmp(kind, "control") == 0 && count[3] == 1) ||
				  strcmp(kind, "begin") == 0 || strcmp(kind, "end") == 0 ||
				  strcmp(kind, "fact") == 0;
		DEMAND(passes(fewer, true) == !dear);
		json_decref(fewer);
	}
}

static void check_additions(const json_t *records, bool passed)
{
	unsigned count[NEEDED] = { 0 }, harm = 0;
	for (uint8_t which = NEEDED; which < KNOWN; which++) {
		json_t *more = json_copy((json_t *)(uintptr_t)records);
		json_t *record = known(which, count, &harm);
		(void)json_array_insert_new(more, json_array_size(more) / 2, record);
		DEMAND(passes(more, true) == (passed && which < NEEDED + HARMLESS));
		json_decref(more);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned count[NEEDED] = { 0 }, harm = 0;
	bool foreign = false;
	json_t *records = json_array();
	for (size_t i = 0; i < size && json_array_size(records) < RECORDS_MAX; i++) {
		if (data[i] != TEXT) {
			(void)json_array_append_new(records, known(data[i], count, &harm));
			continue;
		}
		const uint8_t *end = memchr(data + i + 1, '\0', size - i - 1);
		const size_t length = (end != NULL ? (size_t)(end - data) : size) - i - 1;
		json_t *record = read_text((const char *)data + i + 1, length);
		if (record != NULL) {
			foreign = true;
			(void)json_array_append_new(records, record);
		}
		i += length + 1;
	}
	const bool passed = passes(records, true);
	const bool whole = harm == 0 && count[0] == 1 && count[1] > 0 && count[2] == 1 &&
			   count[3] > 0 && count[4] == 1;
	if (!foreign)
		DEMAND(passed == whole);
	if (!foreign && passed)
		check_removals(records, count);
	if (!foreign)
		check_additions(records, passed);
	if (passed)
		DEMAND(passes(records, false)); /* who owes less does not pass less */
	json_decref(records);
	return 0;
}
