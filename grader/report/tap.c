/* TAP: a line per test; what a submission wrote stands in quotes, or behind a test's name with `#`
 * and `\` escaped, where it is no directive. */
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/json.h"
#include "base/text.h"
#include "base/words.h"
#include "report/form.h"
#include "report/forms.h"

struct stream {
	FILE *out;
	int indent; /* blanks in front of each line: a subtest has four */
};

static bool is_ok(const json_t *test)
{
	enum form_status status = form_status(test);
	return status == FORM_PASS || status == FORM_SKIPPED;
}

static void put_description(FILE *out, const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '#' || *text == '\\')
			(void)fputc('\\', out);
		(void)fputc(*text, out);
	}
}

/* A double-quoted text of YAML in one line. */
static void put_pair(const struct stream *stream, const char *key, const char *text)
{
	if (*text == '\0')
		return;
	(void)fprintf(stream->out, "%*s  %s: \"", stream->indent, "", key);
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			(void)fputc('\\', stream->out);
		(void)fputc(*text, stream->out);
	}
	(void)fputs("\"\n", stream->out);
}

static void put_details(const struct stream *stream, const json_t *test)
{
	static const char *const names[] = { [FORM_PASS] = "pass",
					     [FORM_FAIL] = "fail",
					     [FORM_BLOCKED] = "blocked",
					     [FORM_SKIPPED] = "skipped",
					     [FORM_INFRA] = "infra" };
	bool hidden = json_is_true(json_object_get(test, "hidden"));
	const json_t *finding = hidden ? NULL : json_object_get(test, "finding");
	AUTO_FREE char *id = form_finding(test);
	AUTO_FREE char *what = form_line(finding, "what");
	AUTO_FREE char *at = form_at(form_place(test));
	AUTO_FREE char *replay = form_replay(test);
	AUTO_FREE char *gate = form_line(test, "blocked_by");
	AUTO_FREE char *reason = form_line(test, "reason");
	AUTO_FREE char *points = form_points(test, "points");
	AUTO_FREE char *max = form_points(test, "max");
	(void)fprintf(stream->out, "%*s  ---\n", stream->indent, "");
	(void)fprintf(stream->out, "%*s  status: %s\n", stream->indent, "",
		      names[form_status(test)]);
	put_pair(stream, "finding", id);
	put_pair(stream, "message", what);
	put_pair(stream, "at", at);
	put_pair(stream, "replay", replay);
	put_pair(stream, "blocked_by", gate);
	put_pair(stream, "reason", reason);
	(void)fprintf(stream->out, "%*s  points: %s\n%*s  max: %s\n%*s  ...\n", stream->indent, "",
		      points, stream->indent, "", max, stream->indent, "");
}

static void put_test(const struct stream *stream, size_t number, const json_t *test)
{
	AUTO_FREE char *name = form_name(test);
	(void)fprintf(stream->out, "%*s%s %zu - ", stream->indent, "",
		      is_ok(test) ? "ok" : "not ok", number);
	put_description(stream->out, name);
	if (form_status(test) == FORM_SKIPPED) {
		AUTO_FREE char *reason = form_line(test, "reason");
		(void)fputs(" # SKIP ", stream->out);
		put_description(stream->out, reason);
	}
	(void)fputc('\n', stream->out);
	if (!is_ok(test))
		put_details(stream, test);
}

static bool is_of_part(const json_t *test, const char *part)
{
	return part == NULL || strcmp(json_text_of(test, "part", "?"), part) == 0;
}

/* Plan and tests of one part; of all for NULL. true: each is ok. */
static bool put_tests(const struct stream *stream, const json_t *tests, const char *part)
{
	size_t count = 0;
	bool ok = true;
	size_t i;
	json_t *test;
	json_array_foreach(tests, i, test) count += is_of_part(test, part);
	(void)fprintf(stream->out, "%*s1..%zu\n", stream->indent, "", count);
	count = 0;
	json_array_foreach(tests, i, test)
	{
		if (!is_of_part(test, part))
			continue;
		put_test(stream, ++count, test);
		ok = ok && is_ok(test);
	}
	return ok;
}

static void put_parts(FILE *out, const json_t *tests)
{
	const struct stream inner = { .out = out, .indent = 4 };
	struct words parts = { 0 };
	size_t i;
	json_t *test;
	json_array_foreach(tests, i, test)
	{
		const char *part = json_text_of(test, "part", "?");
		if (!words_has(&parts, part))
			words_add(&parts, part);
	}
	(void)fprintf(out, "1..%zu\n", parts.count);
	for (size_t p = 0; p < parts.count; p++) {
		const char *part = parts.item[p];
		AUTO_FREE char *name = text_clean_line(part, strlen(part));
		(void)fprintf(out, "# Subtest: %s\n", name);
		bool ok = put_tests(&inner, tests, part);
		(void)fprintf(out, "%s %zu - ", ok ? "ok" : "not ok", p + 1);
		put_description(out, name);
		(void)fputc('\n', out);
	}
	words_fini(&parts);
}

void report_tap(FILE *out, const json_t *grade, unsigned version)
{
	const struct stream flat = { .out = out };
	const json_t *tests = json_object_get(grade, "tests");
	(void)fprintf(out, "TAP version %u\n", version);
	if (version >= 14)
		put_parts(out, tests);
	else
		(void)put_tests(&flat, tests, NULL);
	if (!form_is_graded(grade)) {
		AUTO_FREE char *why = form_no_grade(grade);
		(void)fprintf(out, "Bail out! no grade: %s\n", why);
		return;
	}
	AUTO_FREE char *score = form_points(grade, "score");
	AUTO_FREE char *max = form_points(grade, "max");
	AUTO_FREE char *isolation = form_line(grade, "isolation");
	AUTO_FREE char *seed = form_line(grade, "seed");
	(void)fprintf(out, "# score %s of %s, isolation %s, seed %s\n", score, max, isolation,
		      seed);
}
