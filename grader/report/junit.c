/* XML 1.0 forbids what the sanitiser has turned into words, and two characters more. */
#include "report/junit.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/json.h"
#include "report/form.h"

/* Text or attribute alike: the five, and line ends and tabs, which an attribute would lose. `>` is
 * among them, so no `]]>` and no `-->` is left. */
static void put_xml(FILE *out, const char *text, bool attribute)
{
	for (; *text != '\0'; text++) {
		const char *five = strchr("&<>\"'", *text);
		bool space = attribute && (*text == '\n' || *text == '\t');
		if (strncmp(text, "\xef\xbf\xbe", 3) == 0 ||
		    strncmp(text, "\xef\xbf\xbf", 3) == 0) {
			(void)fprintf(out, "\\uff%s", text[2] == '\xbe' ? "fe" : "ff");
			text += 2;
		} else if (five != NULL || space)
			(void)fprintf(out, "&#%u;", (unsigned)(unsigned char)*text);
		else
			(void)fputc(*text, out);
	}
}

static void put_attribute(FILE *out, const char *name, const char *value)
{
	(void)fprintf(out, " %s=\"", name);
	put_xml(out, value, true);
	(void)fputc('"', out);
}

static void put_seconds(FILE *out, long ms)
{
	(void)fprintf(out, " time=\"%ld.%03ld\"", ms / 1000, ms % 1000);
}

static void put_sum(FILE *out, const struct junit_sum *sum)
{
	(void)fprintf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\"",
		      sum->tests, sum->failures, sum->errors, sum->skipped);
	put_seconds(out, sum->ms);
}

void report_junit_count(struct junit_sum *sum, const json_t *grade, const json_t *run)
{
	size_t i;
	json_t *test;
	if (grade == NULL) {
		sum->tests++;
		sum->errors++;
		return;
	}
	json_array_foreach(json_object_get(grade, "tests"), i, test)
	{
		enum form_status status = form_status(test);
		sum->tests++;
		sum->failures += status == FORM_FAIL || status == FORM_BLOCKED;
		sum->errors += status == FORM_INFRA;
		sum->skipped += status == FORM_SKIPPED;
	}
	sum->ms += form_total_ms(run);
}

static void put_property(FILE *out, const char *name, const char *value)
{
	(void)fprintf(out, "   <property name=\"%s\"", name);
	put_attribute(out, "value", value);
	(void)fputs("/>\n", out);
}

static void put_properties(FILE *out, const json_t *grade)
{
	static const char *const texts[] = { "seed", "isolation", "submission" };
	(void)fputs("  <properties>\n", out);
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		AUTO_FREE char *text = form_line(grade, texts[i]);
		put_property(out, texts[i], text);
	}
	AUTO_FREE char *score = form_points(grade, "score");
	AUTO_FREE char *max = form_points(grade, "max");
	put_property(out, "score", form_is_graded(grade) ? score : "no grade");
	put_property(out, "max", max);
	(void)fputs("  </properties>\n", out);
}

static void put_outcome(FILE *out, const json_t *test)
{
	enum form_status status = form_status(test);
	bool hidden = json_is_true(json_object_get(test, "hidden"));
	const json_t *finding = hidden ? NULL : json_object_get(test, "finding");
	AUTO_FREE char *phrase = form_phrase(test);
	AUTO_FREE char *id = form_finding(test);
	const char *element = status == FORM_SKIPPED ? "skipped"
			      : status == FORM_INFRA ? "error"
						     : "failure";
	const char *type = status == FORM_BLOCKED ? "blocked"
			   : status == FORM_INFRA ? "infra"
			   : *id != '\0'          ? id
						  : "failed";
	(void)fprintf(out, "   <%s", element);
	if (status != FORM_SKIPPED)
		put_attribute(out, "type", type);
	put_attribute(out, "message", phrase);
	(void)fputc('>', out);
	AUTO_FREE char *places = form_places(test);
	AUTO_FREE char *why = form_text(finding, "why");
	AUTO_FREE char *next = form_text(finding, "next");
	const char *const lines[] = { places, why, next };
	for (size_t i = 0; status == FORM_FAIL && i < sizeof lines / sizeof lines[0]; i++) {
		put_xml(out, lines[i], false);
		(void)fputs(*lines[i] != '\0' ? "\n" : "", out);
	}
	(void)fprintf(out, "</%s>\n", element);
}

static void put_case(FILE *out, const char *lab, const json_t *test, const json_t *run)
{
	AUTO_FREE char *part = form_line(test, "part");
	AUTO_FREE char *class = must_printf("%s.%s", lab, part);
	AUTO_FREE char *name = form_name(test);
	const json_t *place = form_place(test);
	AUTO_FREE char *file = form_line(place, "file");
	json_int_t line = json_integer_value(json_object_get(place, "line"));
	(void)fputs("  <testcase", out);
	put_attribute(out, "classname", class);
	put_attribute(out, "name", name);
	if (place != NULL)
		put_attribute(out, "file", file);
	if (line > 0)
		(void)fprintf(out, " line=\"%lld\"", (long long)line);
	put_seconds(out, form_test_ms(run, json_text_of(test, "id", "")));
	if (form_status(test) == FORM_PASS) {
		(void)fputs("/>\n", out);
		return;
	}
	(void)fputs(">\n", out);
	put_outcome(out, test);
	(void)fputs("  </testcase>\n", out);
}

/* When the grading began, in UTC but without a zone; the beginning of 1970 without a run.json. */
static void put_timestamp(FILE *out, const json_t *run)
{
	struct tm calendar = { 0 };
	char text[32] = "1970-01-01T00:00:00";
	const char *end = strptime(json_text_of(run, "ended", ""), "%Y-%m-%dT%H:%M:%SZ", &calendar);
	if (end != NULL && *end == '\0') {
		time_t begun = timegm(&calendar) - form_total_ms(run) / 1000;
		if (gmtime_r(&begun, &calendar) != NULL)
			(void)strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &calendar);
	}
	put_attribute(out, "timestamp", text);
}

static void put_no_grade(FILE *out, const json_t *entry)
{
	AUTO_FREE char *state = form_line(entry, "state");
	AUTO_FREE char *note = form_line(entry, "note");
	(void)fputs("  <testcase classname=\"submission\" name=\"is graded\" time=\"0.000\">\n"
		    "   <error",
		    out);
	put_attribute(out, "type", state);
	put_attribute(out, "message", *note != '\0' ? note : "no grade");
	(void)fputs("></error>\n  </testcase>\n", out);
}

void report_junit_begin(FILE *out, const char *name, const struct junit_sum *sum)
{
	(void)fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites", out);
	put_attribute(out, "name", name);
	if (sum != NULL)
		put_sum(out, sum);
	(void)fputs(">\n", out);
}

void report_junit_suite(FILE *out, size_t id, const json_t *entry, const json_t *grade,
			const json_t *run)
{
	struct junit_sum sum = { 0 };
	report_junit_count(&sum, grade, run);
	AUTO_FREE char *lab = form_line(grade, "lab");
	AUTO_FREE char *name = form_line(entry, "entry");
	(void)fputs(" <testsuite", out);
	put_attribute(out, "name", entry != NULL ? name : lab);
	(void)fprintf(out, " id=\"%zu\" package=\"interleave\"", id);
	put_sum(out, &sum);
	put_timestamp(out, run);
	(void)fputs(" hostname=\"grader\">\n", out);
	size_t i;
	json_t *test;
	if (grade == NULL)
		put_no_grade(out, entry);
	else
		put_properties(out, grade);
	json_array_foreach(json_object_get(grade, "tests"), i, test) put_case(out, lab, test, run);
	(void)fputs("  <system-out></system-out>\n  <system-err></system-err>\n </testsuite>\n",
		    out);
}

void report_junit_end(FILE *out)
{
	(void)fputs("</testsuites>\n", out);
}

void report_junit(FILE *out, const json_t *grade, const json_t *run)
{
	struct junit_sum sum = { 0 };
	report_junit_count(&sum, grade, run);
	AUTO_FREE char *lab = form_line(grade, "lab");
	report_junit_begin(out, lab, &sum);
	report_junit_suite(out, 0, NULL, grade, run);
	report_junit_end(out);
}
