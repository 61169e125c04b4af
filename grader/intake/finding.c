/* Findings of the intake: four sentences that a student can act on. */
#include "intake/finding.h"

#include <string.h>

#include "base/auto.h"
#include "base/json.h"
#include "base/text.h"

static void put_clean(json_t *finding, const char *key, const char *text)
{
	AUTO_FREE char *clean = text_clean(text, strlen(text));
	json_put_text(finding, key, clean);
}

json_t *finding_make(const char *id, const char *detector, const char *what, const char *why,
		     const char *next)
{
	json_t *finding = json_object();
	json_put_text(finding, "id", id);
	json_put_text(finding, "detector", detector);
	put_clean(finding, "what", what);
	json_put(finding, "where", json_array());
	put_clean(finding, "why", why);
	put_clean(finding, "next", next);
	return finding;
}

void finding_add_place(json_t *finding, const char *file, long line, const char *function)
{
	json_t *place = json_object();
	put_clean(place, "file", file);
	if (line > 0)
		json_put(place, "line", json_integer(line));
	if (function != NULL)
		put_clean(place, "function", function);
	(void)json_array_append_new(json_object_get(finding, "where"), place);
}
