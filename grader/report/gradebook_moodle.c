/* Moodle's grading worksheet: all rows stay, and of those with a grade two cells change. Feedback
 * is HTML there; what an instructor wrote is never replaced. */
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
	{ "Identifier", "lms_id" },
	{ "ID number", "sid" },
	{ "Email address", "email" },
	{ "Username", "login" },
};

/* How our own feedback begins: such a one may be replaced. */
static const char mark[] = "Interleave: ";

static void put_html(FILE *out, const char *text)
{
	for (; *text != '\0'; text++) {
		if (strchr("&<>\"'", *text) != NULL)
			(void)fprintf(out, "&#%u;", (unsigned)(unsigned char)*text);
		else
			(void)fputc(*text, out);
	}
}

static void put_ids(FILE *out, const char *word, const json_t *ids)
{
	size_t i;
	json_t *id;
	json_array_foreach(ids, i, id)
	{
		const char *text = json_string_value(id);
		AUTO_FREE char *clean = text_clean_line(text != NULL ? text : "",
							text != NULL ? strlen(text) : 0);
		(void)fputs(i == 0 ? word : ", ", out);
		put_html(out, clean);
	}
}

/* One line. Returned. */
static char *feedback_of(const json_t *entry)
{
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);
	if (out == NULL)
		die("out of memory");
	AUTO_FREE char *worst = form_line(entry, "worst_finding");
	AUTO_FREE char *own = form_line(entry, "feedback");
	AUTO_FREE char *note = form_line(entry, "note");
	const json_t *failed = json_object_get(entry, "failed");
	(void)fputs(mark, out);
	put_html(out, own);
	if (*own == '\0' && json_array_size(failed) == 0)
		(void)fputs("all tests passed", out);
	if (*own == '\0') {
		put_ids(out, "failed ", failed);
		put_ids(out, "; blocked ", json_object_get(entry, "blocked"));
	}
	if (*own == '\0' && *worst != '\0') {
		(void)fputs("; first look at ", out);
		put_html(out, worst);
	}
	(void)fputs(*note != '\0' ? "; " : "", out);
	put_html(out, note);
	if (fclose(out) != 0 || text == NULL)
		die("out of memory");
	return text;
}

/* Moodle writes its own points with two decimals. */
static char *points_of(const struct book_grade *grade)
{
	return must_printf("%ld.%02ld", grade->points_c / 100, grade->points_c % 100);
}

static void set_row(struct book *book, const struct book_grade *grade, size_t points, long locked,
		    long feedback)
{
	size_t row = (size_t)grade->row;
	AUTO_FREE char *text = points_of(grade);
	if (locked >= 0 && strcasecmp(csv_text(book->csv, row, (size_t)locked), "No") == 0) {
		book_tell(book, grade, "has a grade that is locked in Moodle: it stays");
		return;
	}
	if (!book_set_points(book, grade, points, text) || feedback < 0 ||
	    (size_t)feedback >= csv_cells(book->csv, row))
		return;
	const char *old = csv_text(book->csv, row, (size_t)feedback);
	AUTO_FREE char *words = feedback_of(grade->entry);
	if (*old == '\0' || strncmp(old, mark, sizeof mark - 1) == 0)
		csv_set(book->csv, row, (size_t)feedback, words);
	else
		book_tell(book, grade, "has a feedback comment already: it stays");
}

static bool fill(struct book *book)
{
	long points = book_column(book, "Grade");
	long identifier = book_column(book, "Identifier");
	if (points < 0 || identifier < 0)
		return false;
	long maximum = csv_find(book->csv, 0, "Maximum Grade");
	long locked = csv_find(book->csv, 0, "Grade can be changed");
	long feedback = csv_find(book->csv, 0, "Feedback comments");
	book->first = 1;
	for (size_t r = 1; maximum >= 0 && r < csv_rows(book->csv) && book->possible_c < 0; r++)
		book->possible_c = book_number(csv_text(book->csv, r, (size_t)maximum));
	if (book->possible_c < 0)
		words_addf(book->problems,
			   "%s: the worksheet does not say a maximum grade in points; nothing was "
			   "scaled",
			   book->system);
	book_match(book, keys, sizeof keys / sizeof keys[0]);
	for (size_t g = 0; g < book->count; g++)
		if (book->grades[g].row >= 0)
			set_row(book, &book->grades[g], (size_t)points, locked, feedback);
	return true;
}

static void put_row(FILE *out, struct book *book, const struct book_grade *grade)
{
	static const char *const cells[] = { "name", "sid", "email" };
	AUTO_FREE char *number = form_line(grade->member, "lms_id");
	if (*number == '\0') {
		book_tell(book, grade, "has no participant number: left out, enter it by hand");
		return;
	}
	AUTO_FREE char *identifier = must_printf("Participant %s", number);
	AUTO_FREE char *points = points_of(grade);
	AUTO_FREE char *feedback = feedback_of(grade->entry);
	char max[TEXT_POINTS_BYTES];
	text_points(max, (long)json_integer_value(json_object_get(grade->entry, "max_c")));
	csv_put(out, true, identifier);
	for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++) {
		AUTO_FREE char *text = form_line(grade->member, cells[i]);
		csv_put(out, false, text);
	}
	csv_put(out, false, points);
	csv_put(out, false, max);
	csv_put(out, false, "Yes");
	csv_put(out, false, "-");
	csv_put(out, false, "-");
	csv_put(out, false, feedback);
	csv_end(out);
}

static void make(FILE *out, struct book *book)
{
	words_addf(
		book->problems,
		"%s: without the worksheet that it exports, dates are unknown; Moodle may ask to "
		"overwrite newer grades",
		book->system);
	book_match(book, NULL, 0);
	(void)fputs("Identifier,Full name,ID number,Email address,Grade,Maximum Grade,Grade can be "
		    "changed,Last modified (submission),Last modified (grade),Feedback comments\n",
		    out);
	for (size_t g = 0; g < book->count; g++)
		put_row(out, book, &book->grades[g]);
}

bool report_moodle(FILE *out, const json_t *class, const char *given, size_t length,
		   struct words *problems)
{
	static const struct book_system system = { "Moodle", fill, make };
	return book_write(out, &system, class, given, length, problems);
}
