/* Completes findings. A place that cannot be resolved keeps what is known of it; with no place at
 * all, the function that the test is about is shown. */
#include "judge/finding.h"

#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/json.h"
#include "base/text.h"

enum { PLACES_MAX = 8 };

static void put_clean(json_t *object, const char *key, const char *text)
{
	AUTO_FREE char *clean = text_clean(text, strlen(text));
	json_put_text(object, key, clean);
}

static bool is_listed(const struct finding_context *context, const char *file)
{
	size_t i;
	json_t *name;
	json_array_foreach(context->files, i,
			   name) if (strcmp(json_string_value(name), file) == 0) return true;
	return false;
}

static json_t *place_make(const struct finding_context *context, const char *file, long line,
			  const char *function, const json_t *from)
{
	json_t *place = json_object();
	if (file != NULL && is_listed(context, file)) {
		json_put_text(place, "file", file);
		if (line > 0)
			json_put(place, "line", json_integer(line));
	}
	if (function != NULL && *function != '\0')
		put_clean(place, "function", function);
	const char *thread = json_text_of(from, "thread", NULL);
	const char *role = json_text_of(from, "role", NULL);
	if (thread != NULL)
		put_clean(place, "thread", thread);
	if (role != NULL && json_object_size(place) > 0)
		put_clean(place, "role", role);
	return place;
}

static json_t *place_of_function(const struct finding_context *context, const char *function,
				 const json_t *from)
{
	const json_t *entry = json_object_get(context->functions, function);
	return place_make(context, json_string_value(json_array_get(entry, 0)),
			  (long)json_integer_value(json_array_get(entry, 1)), function, from);
}

static json_t *place_resolve(const struct finding_context *context, const json_t *from)
{
	const char *address = json_text_of(from, "place", NULL);
	const char *file = json_text_of(from, "file", NULL);
	if (file != NULL)
		return place_make(context, file,
				  (long)json_integer_value(json_object_get(from, "line")),
				  json_text_of(from, "function", NULL), from);
	if (address == NULL)
		return place_of_function(context, json_text_of(from, "function", ""), from);
	const json_t *entry = json_object_get(context->places, address);
	return place_make(context, json_text_of(entry, "file", NULL),
			  (long)json_integer_value(json_object_get(entry, "line")),
			  json_text_of(entry, "function", NULL), from);
}

/* The first NAME:LINE of a listed file in a sanitizer's words, as in "heap-buffer-overflow
 * conn.c:42 in conn_serve". NULL if there is none. */
static json_t *place_in_text(const struct finding_context *context, const char *text)
{
	const char *first = NULL;
	const char *file = NULL;
	size_t i;
	json_t *name;
	json_array_foreach(context->files, i, name)
	{
		const char *at = strstr(text, json_string_value(name));
		if (at == NULL || at[json_string_length(name)] != ':' ||
		    (first != NULL && at > first))
			continue;
		first = at;
		file = json_string_value(name);
	}
	if (first == NULL)
		return NULL;
	const char *end = first + strcspn(first, "\n");
	const char *in = strstr(first, " in ");
	AUTO_FREE char *function = in != NULL && in < end
					   ? must_printf("%.*s", (int)strcspn(in + 4, " \n("),
							 in + 4)
					   : NULL;
	return place_make(context, file, strtol(first + strlen(file) + 1, NULL, 10), function,
			  NULL);
}

static json_t *place_of_report(const struct finding_context *context, const json_t *finding)
{
	json_t *place = place_in_text(context, json_text_of(finding, "summary", ""));
	return place != NULL ? place : place_in_text(context, json_text_of(finding, "text", ""));
}

static json_t *places_of(const json_t *test, const json_t *finding,
			 const struct finding_context *context)
{
	json_t *places = json_array();
	size_t i;
	json_t *from;
	json_array_foreach(json_object_get(finding, "where"), i, from)
	{
		json_t *place = place_resolve(context, from);
		if (json_object_size(place) > 0 && i < PLACES_MAX)
			(void)json_array_append_new(places, place);
		else
			json_decref(place);
	}
	json_t *report = place_of_report(context, finding);
	if (report != NULL)
		(void)json_array_append_new(places, report);
	const char *about = json_text_of(test, "about", "");
	if (json_array_size(places) == 0 && *about != '\0')
		(void)json_array_append_new(places, place_of_function(context, about, NULL));
	return places;
}

/* The next step that a finding has not named itself. Returned (free). */
static char *next_of(const json_t *test, const json_t *finding,
		     const struct finding_context *context)
{
	const char *token = json_text_of(finding, "token", NULL);
	AUTO_FREE char *show = token != NULL ? must_printf("make show TOKEN=%s draws it; ", token)
					     : must_strdup("");
	return must_printf("%smake hint LAB=%s TEST=%s%s", show, context->lab_number,
			   json_text_of(test, "id", "?"), token != NULL ? " helps." : "");
}

json_t *finding_finish(const json_t *test, const json_t *finding,
		       const struct finding_context *context)
{
	AUTO_FREE char *next = next_of(test, finding, context);
	json_t *whole = json_object();
	put_clean(whole, "id", json_text_of(finding, "id", "?"));
	put_clean(whole, "what", json_text_of(finding, "what", "?"));
	json_put(whole, "where", places_of(test, finding, context));
	put_clean(whole, "why", json_text_of(finding, "why", "?"));
	put_clean(whole, "next", json_text_of(finding, "next", next));
	return whole;
}
