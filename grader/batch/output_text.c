/* The grade with other words for the next step, and the commands below, each on a line of its own.
 */
#include "batch/output_text.h"

#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/json.h"
#include "report/terminal.h"

static const char *drawn_token(const json_t *test, const json_t *page)
{
	const char *token = json_text_of(test, "replay", NULL);
	return token != NULL && json_object_get(json_object_get(page, "schedules"), token) != NULL
		       ? token
		       : NULL;
}

/* "make show TOKEN=... draws it; " (judge/finding.c) needs the student's own build folder. */
static void reword(json_t *finding, const char *token)
{
	AUTO_FREE char *command = must_printf("make show TOKEN=%s draws it", token);
	const char *next = json_text_of(finding, "next", "");
	const char *at = strstr(next, command);
	if (at == NULL)
		return;
	AUTO_FREE char *text = must_printf("%.*sgrade show (below) draws it%s", (int)(at - next),
					   next, at + strlen(command));
	json_put_text(finding, "next", text);
}

void output_text(FILE *out, const json_t *class, const json_t *entry, const json_t *grade,
		 const json_t *page)
{
	const struct words none = { 0 };
	const char *name = json_text_of(entry, "entry", "?");
	AUTO_FREE char *number = must_printf(
		"%lld", (long long)json_integer_value(json_object_get(class, "lab_number")));
	AUTO_FREE char *folder = must_printf("entries/%s", name);
	const struct terminal_context context = { .lab_number = number,
						  .parts = json_object_get(class, "parts"),
						  .warnings = &none,
						  .folder = folder };
	json_t *copy = json_deep_copy(grade);
	const json_t *tests = json_object_get(copy, "tests");
	size_t i, count = 0;
	json_t *test;
	json_array_foreach(tests, i, test)
	{
		if (drawn_token(test, page) != NULL)
			reword(json_object_get(test, "finding"), drawn_token(test, page));
	}
	terminal_report(out, copy, &context);
	json_array_foreach(tests, i, test)
	{
		const char *token = drawn_token(test, page);
		if (token != NULL && count++ == 0)
			(void)fputs("\n The schedules (OUT: the folder of this batch):\n", out);
		if (token != NULL)
			(void)fprintf(out, "   build/grade show --from=OUT --entry=%s --token=%s\n",
				      name, token);
	}
	json_decref(copy);
}
