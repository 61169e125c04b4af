/* Workflow commands: a line that begins with `::` is obeyed by GitHub's runner, so no text of a
 * submission begins one or ends its own. */
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/json.h"
#include "report/form.h"
#include "report/forms.h"

/* Source: the escapes of GitHub's toolkit: messages, and more of them in properties. */
static void put_escaped(FILE *out, const char *text, bool property)
{
	const char *special = property ? "%\r\n:," : "%\r\n";
	for (; *text != '\0'; text++) {
		if (strchr(special, *text) != NULL)
			(void)fprintf(out, "%%%02X", (unsigned)(unsigned char)*text);
		else
			(void)fputc(*text, out);
	}
}

static void put_property(FILE *out, const char *name, const char *value, bool first)
{
	if (*value == '\0')
		return;
	(void)fprintf(out, "%s%s=", first ? " " : ",", name);
	put_escaped(out, value, true);
}

static char *title_of(const json_t *test)
{
	AUTO_FREE char *id = form_line(test, "id");
	AUTO_FREE char *finding = form_finding(test);
	return must_printf("%s %s", id, *finding != '\0' ? finding : "failed");
}

static void put_error(FILE *out, const json_t *test)
{
	const json_t *place = form_place(test);
	AUTO_FREE char *file = form_line(place, "file");
	json_int_t number = json_integer_value(json_object_get(place, "line"));
	AUTO_FREE char *line = number > 0 ? must_printf("%lld", (long long)number)
					  : must_strdup("");
	AUTO_FREE char *title = title_of(test);
	AUTO_FREE char *story = form_story(test);
	(void)fputs("::error", out);
	put_property(out, "file", file, true);
	put_property(out, "line", line, *file == '\0');
	put_property(out, "title", title, *file == '\0' && *line == '\0');
	(void)fputs("::", out);
	put_escaped(out, story, false);
	(void)fputc('\n', out);
}

void report_classroom(FILE *out, const json_t *grade)
{
	if (!form_is_graded(grade)) {
		AUTO_FREE char *why = form_no_grade(grade);
		(void)fputs("::error title=No grade::", out);
		put_escaped(out, why, false);
		(void)fputs(". This is not your fault and costs nothing.\n", out);
		return;
	}
	size_t i;
	json_t *test;
	json_array_foreach(json_object_get(grade, "tests"), i, test)
	{
		if (form_status(test) == FORM_FAIL)
			put_error(out, test);
	}
	AUTO_FREE char *score = form_points(grade, "score");
	AUTO_FREE char *max = form_points(grade, "max");
	(void)fprintf(out, "::notice title=Autograding complete::Points %s/%s\n", score, max);
	(void)fprintf(out,
		      "::notice title=Autograding report::{\"totalPoints\":%s,\"maxPoints\":%s}\n",
		      score, max);
}

/* Markdown: every sign that could mean something is written as its number. */
static void put_markdown(FILE *out, const char *text)
{
	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;
		bool plain = c >= 0x80 || c == ' ' || c == ',' || (c >= '0' && c <= '9') ||
			     (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
		if (plain)
			(void)fputc(c, out);
		else
			(void)fprintf(out, "&#%u;", c);
	}
}

static void put_row(FILE *out, const json_t *test)
{
	static const char *const words[] = { [FORM_PASS] = "pass",
					     [FORM_FAIL] = "**fail**",
					     [FORM_BLOCKED] = "blocked",
					     [FORM_SKIPPED] = "skipped",
					     [FORM_INFRA] = "no result" };
	AUTO_FREE char *name = form_name(test);
	AUTO_FREE char *points = form_points(test, "points");
	AUTO_FREE char *max = form_points(test, "max");
	AUTO_FREE char *phrase = form_phrase(test);
	(void)fputs("| ", out);
	put_markdown(out, name);
	(void)fprintf(out, " | %s | %s / %s | ", words[form_status(test)], points, max);
	put_markdown(out, phrase);
	(void)fputs(" |\n", out);
}

void report_classroom_summary(FILE *out, const json_t *grade)
{
	AUTO_FREE char *lab = form_line(grade, "lab");
	AUTO_FREE char *score = form_points(grade, "score");
	AUTO_FREE char *max = form_points(grade, "max");
	(void)fputs("### Interleave, lab ", out);
	put_markdown(out, lab);
	(void)fputs("\n\n", out);
	if (form_is_graded(grade))
		(void)fprintf(out, "Points %s of %s\n\n", score, max);
	else
		(void)fputs("No grade: not your fault, and it costs nothing.\n\n", out);
	(void)fputs("| Test | Result | Points | |\n|---|---|---|---|\n", out);
	size_t i;
	json_t *test;
	json_array_foreach(json_object_get(grade, "tests"), i, test) put_row(out, test);
	(void)fputc('\n', out);
}
