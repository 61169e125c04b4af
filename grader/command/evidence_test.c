/* Evidence that is read is of its form to the last key, or refused as a whole. */
#include "command/evidence.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/file.h"
#include "base/json.h"

TCase *evidence_test(void);

#define SUM "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/* A lab of one test in one build. */
static struct lab *make_lab(void)
{
	static char id[] = "L9.A.1", part[] = "A", detector[] = "FI", name[] = "9-x", nat[] = "nat";
	static struct lab_test test = { .id = id, .part = part, .detector = detector };
	static struct lab_build build = { .name = nat };
	static struct lab lab = {
		.name = name, .tests = &test, .test_count = 1, .builds = &build, .build_count = 1
	};
	if (test.builds.count == 0)
		words_split(&test.builds, "nat");
	return &lab;
}

static const char good[] =
	"{\"format\":\"interleave-evidence/1\",\"lab\":\"9-x\",\"seed\":\"9f3a61c2d4e5f607\","
	"\"submission\":\"" SUM "\",\"isolation\":\"full\",\"machine\":1,"
	"\"versions\":{\"grader_hash\":\"sha256:" SUM "\",\"lab_hash\":\"sha256:" SUM
	"\",\"toolchain\":\"gcc 12\",\"features\":[\"tracer\"]},\"warnings\":[\"w\"],"
	"\"records\":{\"L9.A.1 nat\":[{\"rec\":\"begin\",\"test\":\"L9.A.1\",\"build\":\"nat\","
	"\"seed\":\"9f3a61c2d4e5f607\"},{\"rec\":\"law\",\"name\":\"a\",\"held\":false,"
	"\"finding\":\"f\",\"what\":\"w\",\"where\":[{\"place\":\"0x12\",\"role\":\"here\"}]},"
	"{\"rec\":\"end\",\"evidence\":{\"items\":3}},{\"rec\":\"fact\",\"by\":\"grade\","
	"\"setup\":\"ok\",\"examiner_exit\":0,\"denied\":[{\"syscall\":\"ptrace\",\"count\":1}]}]},"
	"\"attempts\":{\"L9.A.1 nat\":1},\"detectors\":{\"nat\":true},"
	"\"functions\":{\"f\":[\"net.c\",12]},"
	"\"lines\":{\"nat\":{\"srv\":{\"0x12\":{\"file\":\"net.c\",\"line\":3,\"function\":\"f\"}},"
	"\"player\":{}}},\"second\":[{\"detector\":\"tsan\",\"part\":\"A\",\"about\":\"f\","
	"\"saw\":\"nothing\"}],\"host\":{\"kernel\":\"6.1\",\"layers\":[\"seccomp\"]},"
	"\"stages\":{\"collect_ms\":0,\"compile_ms\":0,\"audit_ms\":0,\"link_ms\":0,\"run_ms\":7,"
	"\"second_ms\":0,\"judge_ms\":0,\"total_ms\":0,\"cached\":false}}";

/* The good one with `from` replaced by `to`. Returned (free). */
static char *changed(const char *from, const char *to)
{
	const char *at = strstr(good, from);
	ck_assert_msg(at != NULL, "'%s' is not in the evidence", from);
	return must_printf("%.*s%s%s", (int)(at - good), good, to, at + strlen(from));
}

START_TEST(good_evidence_is_taken)
{
	AUTO_FREE char *why = NULL;
	json_t *evidence = evidence_parse(good, strlen(good), make_lab(), &why);
	ck_assert_msg(evidence != NULL, "%s", why);
	json_decref(evidence);
}
END_TEST

static const struct {
	const char *from, *to;
} bad[] = {
	{ "evidence/1", "evidence/2" },
	{ "\"lab\":\"9-x\"", "\"lab\":\"9-x\",\"lab\":\"9-x\"" },
	{ "\"gcc 12\"", "\"gcc \xff\"" },
	{ "\"gcc 12\"", "\"gcc \\u0000\"" },
	{ "9f3a61c2d4e5f607", "9F3a61c2d4e5f607" },
	{ "9f3a61c2d4e5f607", "../../../etc/x" },
	{ "\"isolation\":\"full\"", "\"isolation\":\"none\"" },
	{ "\"machine\":1", "\"machine\":0" },
	{ "\"machine\":1", "\"machine\":1001" },
	{ "\"machine\":1", "\"machine\":1.0" },
	{ "\"warnings\":[\"w\"]", "\"warnings\":[3]" },
	{ "\"warnings\":[\"w\"]", "\"warnings\":[\"w\"],\"score\":100" },
	{ "\"warnings\":[\"w\"],", "" },
	{ "\"records\":{\"L9.A.1 nat\"", "\"records\":{\"L9.A.2 nat\"" },
	{ "\"records\":{\"L9.A.1 nat\"", "\"records\":{\"L9.A.1 asan\"" },
	{ "\"records\":{\"L9.A.1 nat\"", "\"records\":{\"L9.A.1\"" },
	{ "\"rec\":\"law\"", "\"rec\":\"verdict\"" },
	{ "\"name\":\"a\",\"held\":false", "\"name\":\"a\",\"held\":0" },
	{ "\"name\":\"a\"", "\"name\":\"a\",\"points\":4" },
	{ "\"finding\":\"f\"", "\"finding\":[]" },
	{ "\"finding\":\"f\"", "\"finding\":\"f\",\"detector\":\"<b>\"" },
	{ "\"place\":\"0x12\"", "\"place\":18" },
	{ "{\"items\":3}", "{\"items\":-3}" },
	{ "{\"items\":3}", "{\"it\\u001bms\":3}" },
	{ "{\"items\":3}", "{\"items\":{}}" },
	{ "{\"rec\":\"end\"", "{\"rec\":\"schedule\"},{\"rec\":\"end\"" },
	{ "{\"rec\":\"end\"", "{\"rec\":\"plot\"},{\"rec\":\"end\"" },
	{ "\"count\":1", "\"count\":[1]" },
	{ "\"attempts\":{\"L9.A.1 nat\":1}", "\"attempts\":{\"L9.A.1 nat\":0}" },
	{ "\"attempts\":{\"L9.A.1 nat\":1}", "\"attempts\":{\"L9.A.9 nat\":1}" },
	{ "\"detectors\":{\"nat\"", "\"detectors\":{\"msan\"" },
	{ "[\"net.c\",12]", "[\"net.c\"]" },
	{ "\"srv\":{\"0x12\"", "\"srv\":{\"12\"" },
	{ "\"srv\":{\"0x12\"", "\"../srv\":{\"0x12\"" },
	{ "\"line\":3", "\"line\":-3" },
	{ "\"saw\":\"nothing\"", "\"saw\":\"\\u001b[2J\"" },
	{ "\"kernel\":\"6.1\"", "\"kernel\":\"6.1\\n\"" },
	{ "\"run_ms\":7", "\"run_ms\":\"7\"" },
	{ "\"cached\":false}}", "\"cached\":false}} {}" },
	{ "\"cached\":false}}", "\"cached\":false}" },
	{ "\"layers\":[\"seccomp\"]", "\"layers\":[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]" },
};

START_TEST(what_is_not_of_the_form_is_refused)
{
	AUTO_FREE char *text = changed(bad[_i].from, bad[_i].to);
	AUTO_FREE char *why = NULL;
	json_t *evidence = evidence_parse(text, strlen(text), make_lab(), &why);
	ck_assert_msg(evidence == NULL, "taken: '%s' for '%s'", bad[_i].to, bad[_i].from);
	ck_assert(why != NULL && *why != '\0');
	for (const char *at = why; *at != '\0'; at++)
		ck_assert_msg((unsigned char)*at >= ' ', "not clean: %s", why);
}
END_TEST

START_TEST(control_characters_become_harmless)
{
	AUTO_FREE char *text = changed("\"w\"]", "\"\\u001b[2J\\u202e\\n\xc3\xa4\"]");
	AUTO_FREE char *why = NULL;
	json_t *evidence = evidence_parse(text, strlen(text), make_lab(), &why);
	ck_assert_msg(evidence != NULL, "%s", why);
	const json_t *warning = json_array_get(json_object_get(evidence, "warnings"), 0);
	ck_assert_str_eq(json_string_value(warning), "\\u001b[2J\\u202e\n\xc3\xa4");
	evidence_clean(evidence);
	ck_assert_str_eq(
		json_string_value(json_array_get(json_object_get(evidence, "warnings"), 0)),
		"\\u001b[2J\\u202e\n\xc3\xa4");
	json_decref(evidence);
}
END_TEST

/* The phrase for evidence held against these. Returned (free). */
static char *mismatch(const char *text, const char *seed, const char *hash, const char *lab_hash)
{
	struct submission submission = { 0 };
	AUTO_FREE char *why = NULL;
	json_t *evidence = evidence_parse(text, strlen(text), make_lab(), &why);
	ck_assert_msg(evidence != NULL, "%s", why);
	(void)snprintf(submission.hash, sizeof submission.hash, "%s", hash);
	char *told = evidence_mismatch(evidence, make_lab(), seed, &submission, lab_hash);
	json_decref(evidence);
	return told;
}

START_TEST(evidence_of_something_else_is_told)
{
	static const char seed[] = "9f3a61c2d4e5f607", lab_hash[] = "sha256:" SUM;
	AUTO_FREE char *same = mismatch(good, seed, SUM, lab_hash);
	AUTO_FREE char *of_seed = mismatch(good, "0000000000000001", SUM, lab_hash);
	AUTO_FREE char *of_files = mismatch(good, seed, "00", lab_hash);
	AUTO_FREE char *of_lab = mismatch(good, seed, SUM, "sha256:00");
	AUTO_FREE char *text = changed("\"lab\":\"9-x\",",
				       "\"lab\":\"9-x\",\"compiler\":\"clang\",");
	AUTO_FREE char *of_compiler = mismatch(text, seed, SUM, lab_hash);
	ck_assert_ptr_null(same);
	ck_assert(of_seed != NULL && strstr(of_seed, "another seed") != NULL);
	ck_assert(of_files != NULL && strstr(of_files, "another submission") != NULL);
	ck_assert(of_lab != NULL && strstr(of_lab, "another state of the lab") != NULL);
	ck_assert(of_compiler != NULL && strstr(of_compiler, "another compiler") != NULL);
}
END_TEST

START_TEST(more_values_than_there_are_tests_for_are_refused)
{
	enum { BYTES = 9 << 20 };
	AUTO_FREE char *why = NULL;
	AUTO_FREE char *text = must_alloc(BYTES);
	for (size_t i = 0; i < BYTES; i++)
		text[i] = "[],"[i % 3];
	text[0] = '[';
	ck_assert_ptr_null(evidence_parse(text, BYTES, make_lab(), &why));
	ck_assert(why != NULL && strstr(why, "values") != NULL);
}
END_TEST

START_TEST(too_much_is_told_and_never_cut)
{
	static const char path[] = "build/test/evidence_too_large.json";
	AUTO_FREE char *why = NULL;
	json_t *evidence = json_read_bytes(good, strlen(good), NULL);
	char *text = must_alloc(EVIDENCE_BYTES_MAX);
	memset(text, 'x', EVIDENCE_BYTES_MAX - 1);
	text[EVIDENCE_BYTES_MAX - 1] = '\0';
	json_put(evidence, "warnings", json_make("[s]", text));
	evidence_write(path, evidence);
	json_decref(evidence);
	free(text);
	char *written = NULL;
	size_t length = 0;
	ck_assert_int_eq(file_read(path, EVIDENCE_BYTES_MAX, &written, &length), 0);
	evidence = evidence_parse(written, length, make_lab(), &why);
	free(written);
	ck_assert_msg(evidence != NULL, "%s", why);
	struct submission submission = { .hash = SUM };
	AUTO_FREE char *told = evidence_mismatch(evidence, make_lab(), "9f3a61c2d4e5f607",
						 &submission, "");
	ck_assert(told != NULL && strstr(told, "more evidence than is taken") != NULL);
	json_decref(evidence);
	(void)remove(path);
}
END_TEST

TCase *evidence_test(void)
{
	TCase *tests = tcase_create("evidence");
	tcase_add_test(tests, good_evidence_is_taken);
	tcase_add_loop_test(tests, what_is_not_of_the_form_is_refused, 0,
			    (int)(sizeof bad / sizeof *bad));
	tcase_add_test(tests, control_characters_become_harmless);
	tcase_add_test(tests, evidence_of_something_else_is_told);
	tcase_add_test(tests, more_values_than_there_are_tests_for_are_refused);
	tcase_add_test(tests, too_much_is_told_and_never_cut);
	return tests;
}
