/* Which column is ours: systems add numbers to names, people add words. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/json.h"
#include "base/text.h"
#include "report/book.h"
#include "report/form.h"

long book_column(struct book *book, const char *name)
{
	long column = csv_find(book->csv, 0, name);
	if (column < 0)
		words_addf(book->problems, "%s: the file has no column '%s'; is it the right one?",
			   book->system, name);
	return column;
}

static bool same_text(const char *text, size_t length, const char *name)
{
	return strlen(name) == length && strncasecmp(text, name, length) == 0;
}

char *book_title(const struct book *book)
{
	const char *column = json_text_of(book->class, "column", NULL);
	return column != NULL ? text_clean_line(column, strlen(column))
			      : form_lab(json_text_of(book->class, "lab", "?"));
}

/* true: so is our lab called. */
static bool is_ours(const struct book *book, const char *text, size_t length, bool exactly)
{
	AUTO_FREE char *title = book_title(book);
	while (length > 0 && isspace((unsigned char)text[length - 1]))
		length--;
	if (same_text(text, length, title))
		return true;
	if (json_text_of(book->class, "column", NULL) != NULL)
		return false;
	size_t begin = strlen(title);
	if (!exactly) /* "Lab 3: the queue", but not "Lab 33" */
		return length > begin && strncasecmp(text, title, begin) == 0 &&
		       !isalnum((unsigned char)text[begin]);
	return same_text(text, length, json_text_of(book->class, "lab", "?")) ||
	       same_text(text, length, json_text_of(book->class, "title", "?"));
}

static long find(const struct book *book, size_t (*name_length)(const char *text), size_t points,
		 bool exactly, size_t *count)
{
	long found = -1;
	*count = 0;
	for (size_t c = 0; c < csv_cells(book->csv, 0); c++) {
		const char *text = csv_text(book->csv, 0, c);
		bool read_only = points > 0 &&
				 strcasestr(csv_text(book->csv, points, c), "read only") != NULL;
		if (read_only || !is_ours(book, text, name_length(text), exactly))
			continue;
		found = (long)c;
		++*count;
	}
	return found;
}

long book_our_column(struct book *book, size_t (*name_length)(const char *text), size_t points)
{
	size_t count = 0;
	long column = find(book, name_length, points, true, &count);
	if (count == 0)
		column = find(book, name_length, points, false, &count);
	if (count == 1)
		return column;
	AUTO_FREE char *title = book_title(book);
	words_addf(book->problems,
		   "%s: %s of the file is called '%s'; name the item so in %s and export its "
		   "grades once more, as points",
		   book->system, count == 0 ? "no column" : "more than one column", title,
		   book->system);
	return -1;
}

void book_fill(struct book *book, size_t column)
{
	bool *kept = must_alloc((csv_rows(book->csv) + 1) * sizeof *kept);
	for (size_t g = 0; g < book->count; g++) {
		const struct book_grade *grade = &book->grades[g];
		char text[TEXT_POINTS_BYTES];
		text_points(text, grade->points_c);
		if (grade->row >= 0)
			kept[grade->row] = book_set_points(book, grade, column, text);
	}
	for (size_t r = book->first; r < csv_rows(book->csv); r++)
		if (!kept[r])
			csv_drop(book->csv, r);
	free(kept);
}
