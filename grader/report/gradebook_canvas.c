/* Canvas: the second row says what an assignment is worth, and a column that Canvas does not know
 * makes a new assignment: the name is written back as it came, "(123456)" and all. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/json.h"
#include "base/text.h"
#include "report/book.h"
#include "report/form.h"
#include "report/gradebook.h"

static const struct book_key keys[] = {
	{ "ID", "lms_id" },
	{ "SIS User ID", "sid" },
	{ "SIS Login ID", "login" },
	{ "SIS Login ID", "email" },
};

/* The bytes of "Lab 3" in "Lab 3 (123456)". */
static size_t name_length(const char *text)
{
	size_t length = strlen(text);
	size_t p = length;
	if (p == 0 || text[p - 1] != ')')
		return length;
	for (p--; p > 0 && isdigit((unsigned char)text[p - 1]);)
		p--;
	return p > 1 && text[p - 1] == '(' && text[p - 2] == ' ' ? p - 2 : length;
}

/* The row "    Points Possible"; those above it are no people. 0: there is none. */
static size_t points_row(const struct csv *csv)
{
	for (size_t r = 1; r < csv_rows(csv); r++) {
		const char *text = csv_text(csv, r, 0);
		if (strncasecmp(text + strspn(text, " "), "Points Possible", 15) == 0)
			return r;
	}
	return 0;
}

static bool fill(struct book *book)
{
	size_t points = points_row(book->csv);
	long column = book_our_column(book, name_length, points);
	if (column < 0)
		return false;
	book->first = points + 1;
	book->possible_c = points > 0 ? book_number(csv_text(book->csv, points, (size_t)column))
				      : -1;
	if (book->possible_c < 0)
		words_addf(book->problems,
			   "%s: the file does not say what the column is worth; nothing was scaled",
			   book->system);
	book_match(book, keys, sizeof keys / sizeof keys[0]);
	book_fill(book, (size_t)column);
	return true;
}

/* "Doe, Jane" of "Jane Doe"; a name with a comma is in order. */
static char *last_first(const char *name)
{
	const char *blank = strrchr(name, ' ');
	if (blank == NULL || blank == name || strchr(name, ',') != NULL)
		return must_strdup(name);
	return must_printf("%s, %.*s", blank + 1, (int)(blank - name), name);
}

static void put_row(FILE *out, struct book *book, const struct book_grade *grade)
{
	static const char *const cells[] = { "lms_id", "sid", "login", "section" };
	AUTO_FREE char *name = form_line(grade->member, "name");
	AUTO_FREE char *ordered = last_first(name);
	char points[TEXT_POINTS_BYTES];
	csv_put(out, true, ordered);
	for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++) {
		AUTO_FREE char *text = form_line(grade->member, cells[i]);
		csv_put(out, false, text);
	}
	text_points(points, grade->points_c);
	csv_put(out, false, points);
	csv_end(out);
	if (*json_text_of(grade->member, "lms_id", "") == '\0' &&
	    *json_text_of(grade->member, "sid", "") == '\0')
		book_tell(book, grade, "has no id of Canvas: it will go by the name");
}

static void make(FILE *out, struct book *book)
{
	AUTO_FREE char *title = book_title(book);
	char possible[TEXT_POINTS_BYTES];
	text_points(possible, (long)json_integer_value(json_object_get(book->class, "max_c")));
	words_addf(
		book->problems,
		"%s: without the gradebook that it exports, the file makes a new assignment '%s'",
		book->system, title);
	book_match(book, NULL, 0);
	(void)fputs("Student,ID,SIS User ID,SIS Login ID,Section", out);
	csv_put(out, false, title);
	(void)fprintf(out, "\n    Points Possible,,,,,%s\n", possible);
	for (size_t g = 0; g < book->count; g++)
		put_row(out, book, &book->grades[g]);
}

bool report_canvas(FILE *out, const json_t *class, const char *given, size_t length,
		   struct words *problems)
{
	static const struct book_system system = { "Canvas", fill, make };
	return book_write(out, &system, class, given, length, problems);
}
