/* One line for each detector, then its notes; a note that several parts share is printed once. */
#include "report/second.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/json.h"
#include "base/text.h"
#include "base/words.h"

enum { COLUMNS = 80, NAME_COLUMN = 3, NOTE_COLUMN = 5 };

static bool is_of(const json_t *row, const char *key, const char *value)
{
	return strcmp(json_text_of(row, key, ""), value) == 0;
}

/* How the detector stands to the explorer in this part. */
static const char *stand_of(const json_t *row)
{
	const json_t *agree = json_object_get(row, "agree");
	const char *saw = json_text_of(row, "saw", "");
	if (agree != NULL)
		return json_is_true(agree) ? "agrees on" : "disagrees on";
	return strcmp(saw, "nothing") == 0 || strcmp(saw, "report") == 0 ||
			       strcmp(saw, "crash") == 0
		       ? "waits for the explorer on"
		       : "has no opinion on";
}

static void append(char **text, const char *before, const char *word)
{
	char *longer = must_printf("%s%s%s", *text, before, word);
	free(*text);
	*text = longer;
}

/* "tsan agrees on B0, C; disagrees on B." */
static void print_stands(FILE *out, const json_t *rows, const char *detector)
{
	static const char *const stands[] = { "agrees on", "disagrees on", "has no opinion on",
					      "waits for the explorer on" };
	AUTO_FREE char *line = must_strdup(detector);
	for (size_t s = 0; s < sizeof stands / sizeof *stands; s++) {
		size_t i, count = 0;
		json_t *row;
		json_array_foreach(rows, i, row)
		{
			if (!is_of(row, "detector", detector) || is_of(row, "part", "") ||
			    strcmp(stand_of(row), stands[s]) != 0)
				continue;
			if (count++ == 0) {
				append(&line, strchr(line, ' ') != NULL ? "; " : " ", stands[s]);
				append(&line, " ", json_text_of(row, "part", "?"));
			} else {
				append(&line, ", ", json_text_of(row, "part", "?"));
			}
		}
	}
	if (strchr(line, ' ') != NULL) {
		append(&line, ".", "");
		text_wrap(out, line, NAME_COLUMN, COLUMNS);
	}
}

static bool is_told_by(const json_t *row, const char *detector, const char *note, const char *what)
{
	return is_of(row, "detector", detector) && is_of(row, "note", note) &&
	       strcmp(json_text_of(row, "what", "nothing seen"), what) == 0;
}

/* "B, C: data race, in bq_push (bqueue.c:7)." A detector that did not work at all has no parts. */
static void print_what(FILE *out, const json_t *rows, const char *detector, const char *note,
		       const char *what)
{
	AUTO_FREE char *line = must_strdup("");
	size_t i;
	json_t *row;
	json_array_foreach(rows, i, row) if (is_told_by(row, detector, note, what))
		append(&line, *line != '\0' ? ", " : "", json_text_of(row, "part", "?"));
	const bool whole = *line == '\0';
	append(&line, whole ? detector : "", ": ");
	append(&line, what, ".");
	text_wrap(out, line, whole ? NAME_COLUMN : NOTE_COLUMN, COLUMNS);
}

/* What was seen under one note, then the note. */
static void print_note(FILE *out, const json_t *rows, const char *detector, const char *note)
{
	struct words told = { 0 };
	size_t i;
	json_t *row;
	json_array_foreach(rows, i, row)
	{
		const char *what = json_text_of(row, "what", "nothing seen");
		if (!is_told_by(row, detector, note, what) || words_has(&told, what))
			continue;
		words_add(&told, what);
		print_what(out, rows, detector, note, what);
	}
	text_wrap(out, note, NOTE_COLUMN, COLUMNS);
	words_fini(&told);
}

static void print_notes(FILE *out, const json_t *rows, const char *detector)
{
	struct words told = { 0 };
	size_t i;
	json_t *row;
	json_array_foreach(rows, i, row)
	{
		const char *note = json_text_of(row, "note", NULL);
		if (note == NULL || !is_of(row, "detector", detector) || words_has(&told, note))
			continue;
		words_add(&told, note);
		print_note(out, rows, detector, note);
	}
	words_fini(&told);
}

void second_report(FILE *out, const json_t *rows)
{
	struct words detectors = { 0 };
	size_t i;
	json_t *row;
	if (json_array_size(rows) == 0)
		return;
	(void)fputs("\n Second opinion: your code on real threads, under detectors of others. It "
		    "gives\n"
		    " and costs no points.\n",
		    out);
	json_array_foreach(rows, i, row)
	{
		const char *detector = json_text_of(row, "detector", "?");
		if (words_has(&detectors, detector))
			continue;
		words_add(&detectors, detector);
		print_stands(out, rows, detector);
		print_notes(out, rows, detector);
	}
	words_fini(&detectors);
}
