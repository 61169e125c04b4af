/* From the surest to the least: no run, no end, a log that is not the detector's, a report, a
 * crash, silence. */
#include "judge/second.h"

#include <stdbool.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/json.h"

enum { STATUS_REPORTED = 66, STATUS_NOTHING_TO_TRY = 3, PLACES_MAX = 2, NAME_MAX_BYTES = 64 };

static json_t *observation(const char *saw, const char *what)
{
	return json_make("{s:s, s:s*}", "saw", saw, "what", what);
}

/* The race of harness/stress/stress.c. */
static bool is_planted(const json_t *report)
{
	const json_t *frame = json_array_get(json_array_get(json_object_get(report, "stacks"), 0),
					     0);
	return strcmp(json_text_of(frame, "function", ""), "stress_planted_race") == 0 &&
	       strcmp(json_text_of(frame, "file", ""), "stress.c") == 0;
}

static bool is_of(const json_t *files, const char *name)
{
	size_t i;
	json_t *file;
	json_array_foreach(files, i,
			   file) if (strcmp(json_string_value(file), name) == 0) return true;
	return false;
}

/* The innermost frame of a stack that is the submission's. Borrowed, or NULL. */
static json_t *place_of(const json_t *stack, const json_t *files)
{
	size_t i;
	json_t *frame;
	json_array_foreach(stack, i,
			   frame) if (is_of(files, json_text_of(frame, "file", ""))) return frame;
	return NULL;
}

static json_t *places_of(const json_t *report, const json_t *files)
{
	json_t *places = json_array();
	size_t i;
	json_t *stack;
	json_array_foreach(json_object_get(report, "stacks"), i, stack)
	{
		json_t *place = place_of(stack, files);
		const bool twice = json_array_size(places) > 0 &&
				   json_equal(place, json_array_get(places, 0));
		if (place != NULL && !twice && json_array_size(places) < PLACES_MAX)
			(void)json_array_append(places, place);
	}
	return places;
}

/* Names in debug data can be anything. */
static bool is_identifier(const char *name)
{
	const size_t length = strlen(name);
	return length > 0 && length <= NAME_MAX_BYTES &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789") ==
		       length;
}

static char *place_text(const json_t *place)
{
	const char *function = json_text_of(place, "function", "");
	return must_printf("%s (%s:%lld)", is_identifier(function) ? function : "a function",
			   json_text_of(place, "file", "?"),
			   (long long)json_integer_value(json_object_get(place, "line")));
}

static json_t *report_observation(const json_t *report, const json_t *files, size_t others)
{
	json_t *places = places_of(report, files);
	AUTO_FREE char *first = place_text(json_array_get(places, 0));
	AUTO_FREE char *second = place_text(json_array_get(places, 1));
	AUTO_FREE char *more = others > 0 ? must_printf(", and %zu more", others) : must_strdup("");
	const char *kind = json_text_of(report, "kind", "?");
	AUTO_FREE char *what = NULL;
	if (json_array_size(places) == 2)
		what = must_printf("%s, in %s and %s%s", kind, first, second, more);
	else if (json_array_size(places) == 1)
		what = must_printf("%s, in %s%s", kind, first, more);
	else
		what = must_printf("%s, at no line of yours%s", kind, more);
	json_t *seen = observation("report", what);
	json_put(seen, "where", places);
	return seen;
}

static json_t *of_reports(const json_t *run, const json_t *files)
{
	const json_t *reports = json_object_get(run, "reports");
	const json_t *first = NULL;
	bool planted = false, placed = false;
	size_t i, count = 0;
	json_t *report;
	json_array_foreach(reports, i, report)
	{
		if (is_planted(report)) {
			planted = true;
			continue;
		}
		count++;
		json_t *places = places_of(report, files);
		/* One that names a line of the submission says more. */
		if (first == NULL || (!placed && json_array_size(places) > 0))
			first = report;
		placed = placed || json_array_size(places) > 0;
		json_decref(places);
	}
	const bool exited = strcmp(json_text_of(run, "ended", ""), "exited") == 0 &&
			    !json_is_true(json_object_get(run, "crashed"));
	if (exited && !planted)
		return observation("tampered",
				   "the error that we plant at its end was not reported: "
				   "it ended too early, or its detector was silenced");
	if (exited && (!json_is_true(json_object_get(run, "whole")) ||
		       json_integer_value(json_object_get(run, "code")) != STATUS_REPORTED))
		return observation("tampered", "its log is not as a detector leaves it");
	if (first != NULL)
		return report_observation(first, files, count - 1);
	return exited ? observation("nothing", NULL)
		      : observation("crash", "it was ended by a signal");
}

json_t *second_judge(const json_t *run, const json_t *files)
{
	const char *ended = json_text_of(run, "ended", "box");
	if (strcmp(ended, "box") == 0)
		return observation("error", "its box could not be set up");
	if (json_is_true(json_object_get(run, "unable")))
		return observation("error", "the detector does not run on this machine");
	if (strcmp(ended, "time") == 0)
		return observation("hang", "it did not come to its end in time");
	if (strcmp(ended, "limit") == 0)
		return observation("error",
				   "it took too much memory, wrote too much, or made a call "
				   "that no policy allows");
	if (strcmp(ended, "exited") == 0 &&
	    json_integer_value(json_object_get(run, "code")) == STATUS_NOTHING_TO_TRY)
		return observation("untried", "there was nothing to try yet");
	return of_reports(run, files);
}
