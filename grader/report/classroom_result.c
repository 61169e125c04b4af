/* The value that GitHub's own reporter of autograded tests reads: one test, base64. */
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/json.h"
#include "base/words.h"
#include "report/form.h"
#include "report/forms.h"

enum { NAMED_MAX = 20 }; /* failed tests in the message */

/* Source: RFC 4648 section 4. */
static void put_base64(FILE *out, const char *bytes, size_t length)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	for (size_t i = 0; i < length; i += 3) {
		size_t left = length - i < 3 ? length - i : 3;
		unsigned value = 0;
		for (size_t b = 0; b < 3; b++)
			value = value << 8 | (b < left ? (unsigned char)bytes[i + b] : 0U);
		for (size_t d = 0; d < 4; d++)
			(void)fputc(d <= left ? digits[value >> (18 - 6 * d) & 63] : '=', out);
	}
	(void)fputc('\n', out);
}

/* "L3.B.2 lost-wakeup, L3.C.2 blocked" */
static char *message_of(const json_t *grade)
{
	AUTO_FREE char *message = must_strdup("");
	size_t count = 0;
	size_t i;
	json_t *test;
	json_array_foreach(json_object_get(grade, "tests"), i, test)
	{
		enum form_status status = form_status(test);
		if ((status != FORM_FAIL && status != FORM_BLOCKED) || ++count > NAMED_MAX)
			continue;
		AUTO_FREE char *id = form_line(test, "id");
		AUTO_FREE char *finding = form_finding(test);
		const char *word = status == FORM_BLOCKED ? "blocked"
				   : *finding != '\0'     ? finding
							  : "failed";
		char *longer = must_printf("%s%s%s %s", message, count > 1 ? ", " : "", id, word);
		free(message);
		message = longer;
	}
	return count > NAMED_MAX ? must_printf("%s and %zu more", message, count - NAMED_MAX)
				 : must_strdup(message);
}

static const json_t *first_failed(const json_t *grade)
{
	size_t i;
	json_t *test;
	json_array_foreach(json_object_get(grade, "tests"), i, test)
	{
		if (form_status(test) == FORM_FAIL && form_place(test) != NULL)
			return form_place(test);
	}
	return NULL;
}

void report_classroom_result(FILE *out, const json_t *grade, const json_t *run)
{
	bool graded = form_is_graded(grade);
	long score = form_hundredths(grade, "score");
	long max = form_hundredths(grade, "max");
	const char *status = !graded ? "error" : score == max ? "pass" : "fail";
	const char *lab = json_text_of(grade, "lab", "?");
	AUTO_FREE char *clean = form_line(grade, "lab");
	AUTO_FREE char *name = must_printf("Lab %s", clean);
	AUTO_FREE char *message = graded ? message_of(grade) : form_no_grade(grade);
	AUTO_FREE char *command = must_printf("make grade LAB=%.*s", (int)strspn(lab, "0123456789"),
					      lab);
	const json_t *place = first_failed(grade);
	AUTO_FREE char *file = form_line(place, "file");
	AUTO_FREE char *time = must_printf("%ldms", form_total_ms(run));
	json_t *result = json_make(
		"{s:i, s:s, s:o, s:[{s:s, s:s, s:o, s:s, s:s, s:s, s:I, s:s}]}", "version", 1,
		"status", status, "max_score", json_points(max), "tests", "name", name, "status",
		status, "score", json_points(score), "message", message, "test_code", command,
		"filename", file, "line_no", json_integer_value(json_object_get(place, "line")),
		"execution_time", time);
	AUTO_FREE char *text = json_text(result);
	put_base64(out, text, strlen(text));
	json_decref(result);
}
