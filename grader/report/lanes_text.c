/* The lanes for a terminal: what each thread does stands in its lane, the line of the source at the
 * right. Plain characters only: it is read in mails and logs, too. */
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/text.h"
#include "report/lanes.h"

enum { COLUMNS = 80, MARGIN = 3, LANE_COLUMNS = 11, CODE_COLUMNS_MIN = 30, VERB_COLUMNS_MIN = 6 };

struct page {
	FILE *out;
	const struct lanes *lanes;
	size_t lane; /* columns of one lane */
	size_t code; /* columns at the right */
};

/* As much of a text as fits, and "..." if that is not all. Returned (free). */
static char *fit(const char *text, size_t columns)
{
	if (text_width(text) <= columns)
		return must_strdup(text);
	size_t bytes = 0, width = 0;
	for (; text[bytes] != '\0'; bytes++) {
		const bool begins = ((unsigned char)text[bytes] & 0xc0) != 0x80;
		if (begins && ++width + 2 >= columns)
			break;
	}
	return must_printf("%.*s...", (int)bytes, text);
}

static void print_cell(const struct page *page, const char *text)
{
	const size_t room = page->lane > 1 ? page->lane - 1 : 1;
	AUTO_FREE char *cell = text_width(text) <= room ? must_strdup(text)
							: must_printf("%.*s", (int)room, text);
	const size_t width = text_width(cell);
	(void)fprintf(page->out, "%s%*s", cell, (int)(page->lane - width), "");
}

static const char *state_sign(unsigned state)
{
	return state == LANE_SLEEPS ? ":" : state == LANE_RUNS ? "|" : ".";
}

/* The lanes of one line; verb stands in the lane of thread, NULL: every lane goes on. */
static void print_lanes(const struct page *page, const struct lane_row *row, const char *verb,
			bool first)
{
	for (size_t i = 0; i < page->lanes->threads; i++) {
		const unsigned t = page->lanes->thread[i];
		const char *sign = state_sign(row->state[t]);
		if (verb != NULL && t == row->thread)
			print_cell(page, page->lane >= VERB_COLUMNS_MIN ? verb : "*");
		else if (first && (row->wakes & 1u << t) != 0)
			print_cell(page, page->lane >= VERB_COLUMNS_MIN ? "is woken" : "!");
		else
			print_cell(page, sign);
	}
}

/* Prints a line whose right end may be empty, without blanks there. */
static void print_right(const struct page *page, const char *text)
{
	AUTO_FREE char *right = fit(text, page->code);
	(void)fprintf(page->out, "%s\n", right);
}

static const char *without_indent(const char *code)
{
	return code + strspn(code, " \t");
}

/* What stands at the right of a step: the line and its code, or what is known instead. */
static char *line_of(const struct page *page, const struct lane_row *row)
{
	const struct lane_place *at = &row->at;
	if (row->kind == LANE_CALL)
		return must_printf("%s%s", row->object, row->note);
	if (row->kind == LANE_RETURN)
		return must_printf("%s%s%s", row->object, *row->note != '\0' ? ": " : "",
				   row->note);
	AUTO_FREE char *what = must_printf("%s%s%s", row->verb, *row->object != '\0' ? " " : "",
					   row->object);
	const char *code = at->code != NULL ? without_indent(at->code) : what;
	if (at->file == NULL)
		return must_strdup(what);
	if (page->lanes->one_file != NULL)
		return must_printf("%4ld  %s", at->line, code);
	return must_printf("%s:%ld  %s", at->file, at->line, code);
}

static const char *mark_note(const struct lane_row *row)
{
	switch (row->mark) {
	case LANE_STUCK:
		return "and nobody ever wakes it";
	case LANE_PAIR:
	case LANE_UNHEARD:
	case LANE_PLAIN:
		break;
	}
	return "";
}

static void print_note(const struct page *page, const struct lane_row *row, const char *note)
{
	if (*note == '\0')
		return;
	AUTO_FREE char *right = must_printf("%s%s", page->lanes->one_file != NULL ? "      " : "  ",
					    note);
	(void)fprintf(page->out, "%*s", MARGIN, "");
	print_lanes(page, row, NULL, false);
	print_right(page, right);
}

static void print_fold(const struct page *page, const struct lane_row *row, unsigned folded)
{
	if (folded == 0)
		return;
	AUTO_FREE char *text = must_printf("  ... %u step%s left out", folded,
					   folded == 1 ? "" : "s");
	(void)fprintf(page->out, "%*s", MARGIN, "");
	if (row != NULL)
		print_lanes(page, row, NULL, false);
	print_right(page, text);
}

static void print_row(const struct page *page, const struct lane_row *before,
		      const struct lane_row *row)
{
	static const struct lane_row start = { .kind = LANE_STEP };
	print_fold(page, before != NULL ? before : &start, row->folded);
	if (row->kind == LANE_PHASE) {
		(void)fprintf(page->out, "%*s-- %s --\n", MARGIN, "", row->note);
		return;
	}
	AUTO_FREE char *right = line_of(page, row);
	(void)fprintf(page->out, " %s ", row->mark != LANE_PLAIN ? "*" : " ");
	print_lanes(page, row, row->verb, true);
	print_right(page, right);
	if (row->kind == LANE_STEP)
		print_note(page, row, row->note);
	print_note(page, row, mark_note(row));
}

static void print_threads(const struct page *page)
{
	const struct lanes *lanes = page->lanes;
	for (size_t i = 0; i < lanes->threads; i++) {
		const unsigned t = lanes->thread[i];
		AUTO_FREE char *line = must_printf(
			"T%u: %s", t,
			lanes->program[t] != NULL ? lanes->program[t] : "started by the program");
		text_wrap(page->out, line, MARGIN, COLUMNS);
	}
}

static void print_head(const struct page *page)
{
	const struct lanes *lanes = page->lanes;
	AUTO_FREE char *head = must_printf("%s %s", lanes_head(lanes, "test"),
					   lanes_head(lanes, "id"));
	AUTO_FREE char *token = must_printf("TOKEN=%s", lanes_head(lanes, "token"));
	const size_t used = 1 + text_width(head) + text_width(token);
	(void)fprintf(page->out, " %s%*s%s\n", head, used < COLUMNS - 1 ? (int)(COLUMNS - used) : 1,
		      "", token);
	text_wrap(page->out, lanes_head(lanes, "what"), MARGIN, COLUMNS);
	(void)fputc('\n', page->out);
	print_threads(page);
	AUTO_FREE char *how = lanes_preemptions(lanes);
	AUTO_FREE char *where = lanes->one_file != NULL
					? must_printf("%s Lines of %s:", how, lanes->one_file)
					: must_strdup(how);
	text_wrap(page->out, where, MARGIN, COLUMNS);
	(void)fprintf(page->out, "\n%*s", MARGIN, "");
	for (size_t i = 0; i + 1 < lanes->threads; i++)
		(void)fprintf(page->out, "T%-*u", (int)page->lane - 1, lanes->thread[i]);
	if (lanes->threads > 0)
		(void)fprintf(page->out, "T%u", lanes->thread[lanes->threads - 1]);
	(void)fputc('\n', page->out);
}

static void print_foot(const struct page *page)
{
	const struct lanes *lanes = page->lanes;
	size_t marked = 0;
	for (size_t i = 0; i < lanes->count; i++)
		marked += lanes->rows[i].mark != LANE_PLAIN;
	(void)fprintf(page->out, "\n%*s| in an operation   : asleep   . in none%s\n\n", MARGIN, "",
		      marked > 0 ? "   * what the finding is about" : "");
	for (size_t i = 0; i < lanes->threads; i++) {
		const unsigned t = lanes->thread[i];
		if (lanes->end[t] == NULL)
			continue;
		AUTO_FREE char *line = must_printf("In the end T%u: %s.", t, lanes->end[t]);
		text_wrap(page->out, line, MARGIN, COLUMNS);
	}
	AUTO_FREE char *values = lanes_values(lanes);
	text_wrap(page->out, values, MARGIN, COLUMNS);
	text_wrap(page->out, lanes_head(lanes, "why"), MARGIN, COLUMNS);
}

void lanes_text(FILE *out, const struct lanes *lanes)
{
	struct page page = { .out = out, .lanes = lanes, .lane = LANE_COLUMNS };
	const size_t room = COLUMNS - MARGIN - CODE_COLUMNS_MIN;
	if (lanes->threads > 0 && lanes->threads * page.lane > room)
		page.lane = room / lanes->threads;
	page.code = COLUMNS - MARGIN - lanes->threads * page.lane;
	print_head(&page);
	for (size_t i = 0; i < lanes->count; i++)
		print_row(&page, i > 0 ? &lanes->rows[i - 1] : NULL, &lanes->rows[i]);
	print_fold(&page, lanes->count > 0 ? &lanes->rows[lanes->count - 1] : NULL,
		   lanes->folded_end);
	print_foot(&page);
}
