/* libFuzzer target: evidence from elsewhere, of whatever bytes, is refused with a clean phrase, or
 * becomes a grade that keeps the rules of grade.json, with points for no test without its records,
 * and without one control character.
 *
 * The first byte chooses: good evidence with a few bytes or pieces put into it, or spelt from
 * pieces throughout. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "command/evidence.h"
#include "command/judge.h"
#include "command/lab_json.h"
#include "judge/layers.h"
#include "judge/score.h"
#include "report/grade.h"
#include "tests/fuzz.h"

enum { TEXT_BYTES = 16 << 10, EDIT_BYTES = 3 };

#define SUM "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define HEAD                                                                                   \
	"{\"format\":\"interleave-evidence/1\",\"lab\":\"9-x\",\"seed\":\"9f3a61c2d4e5f607\"," \
	"\"submission\":\"" SUM "\",\"isolation\":\"full\",\"machine\":1,"                     \
	"\"versions\":{\"grader_hash\":\"sha256:" SUM "\",\"lab_hash\":\"sha256:" SUM          \
	"\",\"toolchain\":\"gcc 12\",\"features\":[\"tracer\"]},\"warnings\":[\"w\"],"
#define BEGIN \
	"{\"rec\":\"begin\",\"test\":\"L9.A.1\",\"build\":\"nat\",\"seed\":\"9f3a61c2d4e5f607\"}"
#define LAW "{\"rec\":\"law\",\"name\":\"a\",\"held\":true}"
#define BROKEN                                                                                 \
	"{\"rec\":\"law\",\"name\":\"b\",\"held\":false,\"finding\":\"f\",\"what\":\"w\","     \
	"\"why\":\"y\",\"detector\":\"FI\",\"where\":[{\"place\":\"0x12\",\"role\":\"here\"}," \
	"{\"function\":\"f\"}]}"
#define END "{\"rec\":\"end\",\"evidence\":{\"items\":3}}"
#define FACT                                                                       \
	"{\"rec\":\"fact\",\"by\":\"grade\",\"setup\":\"ok\",\"examiner_exit\":0," \
	"\"cpu_ms\":5,\"denied\":[{\"syscall\":\"ptrace\",\"count\":1,\"killed\":false}]}"
#define TAIL                                                                                 \
	"\"attempts\":{\"L9.A.1 nat\":1},\"detectors\":{\"nat\":true},"                      \
	"\"functions\":{\"f\":[\"net.c\",12]},\"lines\":{\"nat\":{\"srv\":{\"0x12\":"        \
	"{\"file\":\"net.c\",\"line\":3,\"function\":\"f\"}},\"player\":{}}},\"second\":["   \
	"{\"detector\":\"tsan\",\"part\":\"A\",\"about\":\"f\",\"saw\":\"report\",\"what\":" \
	"\"x\",\"where\":[{\"file\":\"net.c\",\"line\":2,\"function\":\"f\"}]}],\"host\":"   \
	"{\"kernel\":\"6.1\",\"layers\":[\"seccomp\"]},\"stages\":{\"collect_ms\":0,"        \
	"\"compile_ms\":0,\"audit_ms\":0,\"link_ms\":0,\"run_ms\":7,\"second_ms\":0,"        \
	"\"judge_ms\":0,\"total_ms\":0,\"cached\":false}}"

static const char *const pieces[] = {
	HEAD,
	"\"records\":{\"L9.A.1 nat\":[",
	BEGIN ",",
	LAW ",",
	BROKEN ",",
	END ",",
	FACT,
	"]},",
	TAIL,
	"],\"L9.A.2 nat\":[",
	"{\"rec\":\"note\",\"text\":\"\\u001b[2J\"},",
	"{\"rec\":\"fault\",\"why\":\"\\u202e\"},",
	"{\"rec\":\"sanitizer\",\"summary\":\"net.c:3 in f\",\"text\":\"\\u0007\"},",
	"\"finding\":{\"id\":\"x\",\"detector\":\"BUILD\",\"what\":\"\\u009b\",\"where\":[],"
	"\"why\":\"w\",\"next\":\"n\"},",
	"\"",
	":",
	"{",
	"}",
	"[",
	"]",
	",",
	"null",
	"-1",
	"1e400",
	"\\u0000",
	"\\u001b",
	"\\u007f",
	"\xff",
};

enum { PIECES = sizeof pieces / sizeof *pieces };

static const char good[] = HEAD "\"records\":{\"L9.A.1 nat\":[" BEGIN "," LAW "," END "," FACT
				"]}," TAIL;

static size_t spell(char *text, const uint8_t *data, size_t size)
{
	return fuzz_spell(pieces, PIECES, data, size, text, TEXT_BYTES);
}

/* Edits of three bytes: where, where, and what is put there in place of one byte: a piece, or a
 * character. */
static size_t edit(char *text, const uint8_t *data, size_t size)
{
	size_t length = strlen(good);
	memcpy(text, good, length);
	for (; size >= EDIT_BYTES; data += EDIT_BYTES, size -= EDIT_BYTES) {
		const size_t at = (data[0] | (size_t)data[1] << 8) % length;
		const char own[2] = { (char)(data[2] / 2), '\0' };
		const char *piece = data[2] % 2 == 0 ? pieces[data[2] / 2 % PIECES] : own;
		const size_t bytes = data[2] % 2 == 0 ? strlen(piece) : 1;
		if (length - 1 + bytes > TEXT_BYTES)
			break;
		memmove(text + at + bytes, text + at + 1, length - at - 1);
		memcpy(text + at, piece, bytes);
		length += bytes - 1;
	}
	return length;
}

static struct lab *make_lab(void)
{
	static char ids[2][8] = { "L9.A.1", "L9.A.2" }, part[] = "A", detector[] = "FI";
	static char name[] = "9-x", number[] = "9", nat[] = "nat", title[] = "t", about[] = "f";
	static struct lab_test tests[2];
	static struct lab_build build = { .name = nat };
	static struct lab lab = { .name = name,
				  .number = number,
				  .tests = tests,
				  .test_count = 2,
				  .builds = &build,
				  .build_count = 1,
				  .limits = { .cpu_s = 10 } };
	for (size_t i = 0; i < 2 && tests[i].id == NULL; i++) {
		tests[i] = (struct lab_test){ .id = ids[i],
					      .part = part,
					      .detector = detector,
					      .title = title,
					      .about = about,
					      .gate = i == 0,
					      .points = 200 };
		words_split(&tests[i].builds, "nat");
	}
	if (lab.files.count == 0)
		words_split(&lab.files, "net.c conn.c");
	return &lab;
}

static void check_clean(const char *text)
{
	for (; *text != '\0'; text++)
		DEMAND(((unsigned char)*text >= ' ' && *text != 0x7f) || *text == '\n' ||
		       *text == '\t');
}

static void check_texts(json_t *value)
{
	size_t i;
	const char *key;
	json_t *inner;
	if (json_is_string(value))
		check_clean(json_string_value(value));
	json_array_foreach(value, i, inner) check_texts(inner);
	json_object_foreach(value, key, inner)
	{
		check_clean(key);
		check_texts(inner);
	}
}

/* A file that a finding names is the student's, and a pass has its records. */
static void check_rows(json_t *rows, const json_t *evidence)
{
	size_t i, k;
	json_t *row, *place;
	json_array_foreach(rows, i, row)
	{
		char job[32];
		(void)snprintf(job, sizeof job, "%s nat", json_text_of(row, "id", "?"));
		const json_t *records = json_object_get(json_object_get(evidence, "records"), job);
		if (strcmp(json_text_of(row, "status", ""), "pass") == 0)
			DEMAND(json_array_size(records) >= 4);
		json_array_foreach(json_object_get(json_object_get(row, "finding"), "where"), k,
				   place)
		{
			const char *file = json_text_of(place, "file", "net.c");
			DEMAND(strcmp(file, "net.c") == 0 || strcmp(file, "conn.c") == 0);
		}
	}
}

static void check(const struct lab *lab, json_t *evidence)
{
	const struct words none = { 0 };
	struct grade_head head = { .lab = "9-x",
				   .isolation = "full",
				   .seed = "0",
				   .submission = SUM,
				   .versions = json_object_get(evidence, "versions"),
				   .notes = &none };
	json_t *verdicts = NULL, *rows = NULL, *lab_json = lab_to_json(lab);
	check_texts(evidence);
	if (json_object_get(evidence, "too_large") == NULL) {
		judge_evidence(lab, lab_json, evidence, &verdicts, &rows);
		score_total(rows, &head.score, &head.max);
		json_t *grade = grade_make(&head, rows);
		json_t *seen = layers_compare(rows, json_object_get(evidence, "second"));
		DEMAND(grade_flaw(grade) == NULL);
		check_texts(grade);
		check_rows(rows, evidence);
		json_decref(seen);
		json_decref(grade);
		json_decref(rows);
		json_decref(verdicts);
	}
	json_decref(lab_json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char spelled[TEXT_BYTES];
	const struct lab *lab = make_lab();
	char *why = NULL;
	if (size == 0)
		return 0;
	const size_t length = data[0] % 4 == 0 ? spell(spelled, data + 1, size - 1)
					       : edit(spelled, data + 1, size - 1);
	char *text = malloc(length > 0 ? length : 1); /* ends where its heap block ends */
	DEMAND(text != NULL);
	memcpy(text, spelled, length);
	json_t *evidence = evidence_parse(text, length, lab, &why);
	DEMAND((evidence == NULL) == (why != NULL));
	if (evidence != NULL)
		check(lab, evidence);
	else
		check_clean(why);
	DEMAND(size > 1 || data[0] % 4 == 0 || evidence != NULL); /* the good one is good */
	json_decref(evidence);
	free(why);
	free(text);
	return 0;
}
