/* Writes evidence records. The descriptor is one of the process, so is the state of this file. */
#include "evidence.h"

#include <check.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define TEXT_MAX   1024
#define LAWS_MAX   128 /* different laws of one test that are remembered as written */
#define COUNTS_MAX 16

static struct {
	bool broken;
	const char *held[LAWS_MAX];
	size_t held_count;
	struct {
		const char *name;
		uint64_t n;
	} count[COUNTS_MAX];
	size_t counts;
} evidence;

void evidence_send(json_t *object)
{
	char *text = object ? json_dumps(object, JSON_COMPACT) : NULL;
	size_t len = text ? strlen(text) : 0;

	if (!len)
		exit(3);
	while (send(EVIDENCE_FD, text, len, MSG_NOSIGNAL) < 0)
		if (errno != EINTR)
			exit(3); /* nobody is left to be told */
	free(text);
	json_decref(object);
}

__attribute__((format(printf, 2, 0))) static void say(char out[TEXT_MAX], const char *format,
						      va_list args)
{
	if (vsnprintf(out, TEXT_MAX, format, args) < 0)
		out[0] = '\0';
}

/* Findings are read by people: what is seen is a sentence. */
static void end_sentence(char text[TEXT_MAX])
{
	size_t n = strlen(text);

	if (n && n + 1 < TEXT_MAX && !strchr(".!?", text[n - 1])) {
		text[n] = '.';
		text[n + 1] = '\0';
	}
}

void fault(const char *format, ...)
{
	char text[TEXT_MAX];
	va_list args;

	va_start(args, format);
	say(text, format, args);
	va_end(args);
	evidence_send(json_pack("{ss ss}", "rec", "fault", "why", text));
	exit(3);
}

void evidence_note(const char *format, ...)
{
	char text[TEXT_MAX];
	va_list args;

	va_start(args, format);
	say(text, format, args);
	va_end(args);
	evidence_send(json_pack("{ss ss}", "rec", "note", "text", text));
}

void evidence_plot(const char *title, const char *x, const char *y, const struct chart *chart,
		   size_t charts)
{
	json_t *list = json_array();

	for (size_t i = 0; i < charts; i++) {
		json_t *values = json_array();
		for (unsigned n = 0; n < chart[i].count; n++)
			if (json_array_append_new(values, json_real(chart[i].value[n])))
				fault("no memory for a plot");
		if (json_array_append_new(list, json_pack("{ss ss si so}", "name", chart[i].name,
							  "about", chart[i].about, "mark",
							  (int)chart[i].mark, "values", values)))
			fault("no memory for a plot");
	}
	evidence_send(json_pack("{ss ss ss ss so}", "rec", "plot", "title", title, "x", x, "y", y,
				"charts", list));
}

static json_t *where_list(const struct law *law)
{
	json_t *list = json_array();

	for (size_t i = 0; i < sizeof(law->where) / sizeof(law->where[0]); i++) {
		const struct where *w = &law->where[i];
		const char *role = w->role ? w->role : "here";
		char place[32];

		(void)snprintf(place, sizeof(place), "0x%llx", (unsigned long long)w->place);
		if (w->function)
			json_array_append_new(
				list, json_pack("{ss ss}", "function", w->function, "role", role));
		else if (w->place)
			json_array_append_new(list,
					      json_pack("{ss ss}", "place", place, "role", role));
	}
	return list;
}

static bool already_written(const char *name)
{
	for (size_t i = 0; i < evidence.held_count; i++)
		if (strcmp(evidence.held[i], name) == 0)
			return true;
	if (evidence.held_count < LAWS_MAX)
		evidence.held[evidence.held_count++] = name;
	return false;
}

void law_state(bool held, const struct law *law, const char *format, ...)
{
	const char *name = law->name ? law->name : law->finding;
	char what[TEXT_MAX];
	va_list args;

	if (held) {
		if (!already_written(name))
			evidence_send(
				json_pack("{ss ss sb}", "rec", "law", "name", name, "held", 1));
		return;
	}
	va_start(args, format);
	say(what, format, args);
	va_end(args);
	end_sentence(what);
	json_t *record = json_pack("{ss ss sb ss ss}", "rec", "law", "name", name, "held", 0,
				   "finding", law->finding, "what", what);
	if (law->why)
		json_object_set_new(record, "why", json_string(law->why));
	if (law->detector)
		json_object_set_new(record, "detector", json_string(law->detector));
	json_t *where = where_list(law);
	if (json_array_size(where))
		json_object_set(record, "where", where);
	json_decref(where);
	evidence_send(record);
	evidence.broken = true;
	ck_abort_msg("%s", law->finding); /* jumps back to main.c */
}

void EVIDENCE(const char *name, uint64_t n)
{
	for (size_t i = 0; i < evidence.counts; i++) {
		if (strcmp(evidence.count[i].name, name) == 0) {
			evidence.count[i].n += n;
			return;
		}
	}
	if (evidence.counts == COUNTS_MAX)
		fault("more than %d counts in one test", COUNTS_MAX);
	evidence.count[evidence.counts].name = name;
	evidence.count[evidence.counts++].n = n;
}

void evidence_begin(const char *test, const char *build, const char *seed)
{
	evidence_send(json_pack("{ss ss ss ss}", "rec", "begin", "test", test, "build", build,
				"seed", seed));
}

void evidence_end(void)
{
	json_t *counts = json_object();

	for (size_t i = 0; i < evidence.counts; i++)
		json_object_set_new(counts, evidence.count[i].name,
				    json_integer((json_int_t)evidence.count[i].n));
	evidence_send(json_pack("{ss so}", "rec", "end", "evidence", counts));
}

void evidence_assert(const char *test, const char *text)
{
	evidence_send(json_pack("{ss ss sb ss ss}", "rec", "law", "name", test, "held", 0,
				"finding", test, "what", text));
	evidence.broken = true;
}

bool evidence_broken(void)
{
	return evidence.broken;
}
