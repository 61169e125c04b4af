/* The submission can write these files, too: a report that it forges harms only itself. */
#include "run/report.h"

#include <stdio.h>
#include <string.h>

enum { SUMMARY_BYTES = 300 };

void report_clean(char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		const unsigned char byte = (unsigned char)text[i];
		if (byte >= 0x7f || (byte < ' ' && byte != '\n'))
			text[i] = '?';
	}
	text[length] = '\0';
}

json_t *report_record(const char *text)
{
	const char *line = strstr(text, "SUMMARY: ");
	if (line == NULL)
		line = strstr(text, "runtime error: ");
	char summary[SUMMARY_BYTES];
	(void)snprintf(summary, sizeof summary, "%.*s", line != NULL ? (int)strcspn(line, "\n") : 0,
		       line != NULL ? line : "");
	return json_pack("{s:s,s:s,s:s}", "rec", "sanitizer", "summary", summary, "text", text);
}
