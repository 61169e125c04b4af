/* A grade goes into a row only if exactly one row is this person's, and nobody else's. */
#include "report/book.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/json.h"
#include "base/text.h"
#include "report/form.h"

enum { NO_ROW = -1, TWO_ROWS = -2 };

/* Reads the file, if one is given. false: it cannot be read, and a problem says so. */
static bool book_open(struct book *book, const char *given, size_t length)
{
	char *why = NULL;
	if (given == NULL)
		return true;
	book->csv = csv_read(given, length, &why);
	if (book->csv != NULL && csv_rows(book->csv) > 0)
		return true;
	words_addf(book->problems, "%s: the file cannot be read (%s); export it from %s once more",
		   book->system, why != NULL ? why : "it is empty", book->system);
	free(why);
	return false;
}

static void book_close(struct book *book)
{
	csv_destroy(book->csv);
	free(book->grades);
	book->csv = NULL;
	book->grades = NULL;
}

void book_tell(struct book *book, const struct book_grade *grade, const char *what)
{
	static const char *const keys[] = { "login", "name", "sid", "email", "lms_id" };
	AUTO_FREE char *entry = form_line(grade->entry, "entry");
	AUTO_FREE char *who = must_strdup("");
	for (size_t i = 0; *who == '\0' && i < sizeof keys / sizeof keys[0]; i++) {
		free(who);
		who = form_line(grade->member, keys[i]);
	}
	char points[TEXT_POINTS_BYTES];
	text_points(points, grade->points_c);
	words_addf(book->problems, "%s: %s (entry %s, %s points) %s", book->system, who, entry,
		   points, what);
}

/* The same id: blanks and capitals aside, and what the systems write in front of theirs: `#`
 * (Brightspace), "Participant" (Moodle). */
static bool same_id(const char *left, const char *right)
{
	static const char participant[] = "Participant ";
	left += strspn(left, " \t#");
	right += strspn(right, " \t#");
	if (strncasecmp(right, participant, sizeof participant - 1) == 0)
		right += sizeof participant - 1;
	size_t length = strlen(left);
	while (length > 0 && isspace((unsigned char)left[length - 1]))
		length--;
	return length > 0 && strncasecmp(left, right, length) == 0 &&
	       right[length + strspn(right + length, " \t")] == '\0';
}

static bool is_row_of(const struct book *book, size_t row, const json_t *member,
		      const struct book_key *keys, const long *columns, size_t count)
{
	for (size_t k = 0; k < count; k++)
		if (columns[k] >= 0 && same_id(json_text_of(member, keys[k].member, ""),
					       csv_text(book->csv, row, (size_t)columns[k])))
			return true;
	return false;
}

static long find_row(const struct book *book, const json_t *member, const struct book_key *keys,
		     const long *columns, size_t count)
{
	long found = NO_ROW;
	for (size_t r = book->first; r < csv_rows(book->csv); r++)
		if (is_row_of(book, r, member, keys, columns, count))
			found = found == NO_ROW ? (long)r : TWO_ROWS;
	return found;
}

/* final_c of max_c as points of what the column can hold, to the nearest hundredth. */
static long scaled(const struct book *book, const json_t *entry)
{
	long points = (long)json_integer_value(json_object_get(entry, "final_c"));
	long max = (long)json_integer_value(json_object_get(entry, "max_c"));
	if (book->possible_c < 0 || max <= 0 || book->possible_c == max)
		return points;
	return (points * book->possible_c + max / 2) / max;
}

static void tell_scale(struct book *book)
{
	long max = (long)json_integer_value(json_object_get(book->class, "max_c"));
	char ours[TEXT_POINTS_BYTES];
	char theirs[TEXT_POINTS_BYTES];
	if (book->possible_c < 0 || book->possible_c == max)
		return;
	text_points(ours, max);
	text_points(theirs, book->possible_c);
	words_addf(book->problems,
		   "%s: the column holds %s points and the lab %s; all grades were scaled",
		   book->system, theirs, ours);
}

static void add_grades(struct book *book, const json_t *entry)
{
	size_t m;
	json_t *member;
	json_array_foreach(json_object_get(entry, "members"), m, member)
	{
		book->grades = must_realloc(book->grades, (book->count + 1) * sizeof *book->grades);
		book->grades[book->count++] = (struct book_grade){
			.entry = entry, .member = member, .row = -1, .points_c = scaled(book, entry)
		};
	}
}

static void find_rows(struct book *book, const struct book_key *keys, size_t count)
{
	long columns[BOOK_KEYS_MAX];
	unsigned *claims = must_alloc((csv_rows(book->csv) + 1) * sizeof *claims);
	for (size_t k = 0; k < count; k++)
		columns[k] = csv_find(book->csv, 0, keys[k].column);
	for (size_t g = 0; g < book->count; g++) {
		struct book_grade *grade = &book->grades[g];
		grade->row = find_row(book, grade->member, keys, columns, count);
		if (grade->row >= 0)
			claims[grade->row]++;
	}
	for (size_t g = 0; g < book->count; g++) {
		struct book_grade *grade = &book->grades[g];
		if (grade->row == NO_ROW)
			book_tell(book, grade, "matches no row: enter it by hand");
		else if (grade->row == TWO_ROWS)
			book_tell(book, grade, "matches more than one row: enter it by hand");
		else if (claims[grade->row] > 1)
			book_tell(book, grade,
				  "matches a row that somebody else matches, too: enter it by "
				  "hand");
		if (grade->row >= 0 && claims[grade->row] > 1)
			grade->row = NO_ROW;
	}
	free(claims);
}

void book_match(struct book *book, const struct book_key *keys, size_t count)
{
	size_t e;
	json_t *entry;
	tell_scale(book);
	json_array_foreach(json_object_get(book->class, "entries"), e, entry)
	{
		if (json_is_integer(json_object_get(entry, "final_c")))
			add_grades(book, entry);
	}
	if (book->csv != NULL)
		find_rows(book, keys, count < BOOK_KEYS_MAX ? count : BOOK_KEYS_MAX);
}

long book_number(const char *text)
{
	text += strspn(text, " \t");
	size_t whole = strspn(text, "0123456789");
	const char *p = text + whole;
	long value = 0;
	if (whole == 0 || whole > 9)
		return -1;
	for (size_t i = 0; i < whole; i++)
		value = value * 10 + (text[i] - '0');
	value *= 100;
	if (*p == '.' || *p == ',') {
		p++;
		value += isdigit((unsigned char)p[0]) ? (p[0] - '0') * 10L : 0;
		value += isdigit((unsigned char)p[0]) && isdigit((unsigned char)p[1]) ? p[1] - '0'
										      : 0;
		p += strspn(p, "0123456789");
	}
	return p[strspn(p, " \t")] == '\0' ? value : -1;
}

bool book_set_points(struct book *book, const struct book_grade *grade, size_t column,
		     const char *text)
{
	size_t row = (size_t)grade->row;
	if (column >= csv_cells(book->csv, row)) {
		book_tell(book, grade, "has a row that is too short: enter it by hand");
		return false;
	}
	if (book_number(csv_text(book->csv, row, column)) != grade->points_c)
		csv_set(book->csv, row, column, text);
	return true;
}

bool book_write(FILE *out, const struct book_system *system, const json_t *class, const char *given,
		size_t length, struct words *problems)
{
	struct book book = {
		.system = system->name, .class = class, .problems = problems, .possible_c = -1
	};
	bool written = book_open(&book, given, length) && (book.csv == NULL || system->fill(&book));
	if (written && book.csv != NULL)
		csv_write(out, book.csv);
	else if (written)
		system->make(out, &book);
	book_close(&book);
	return written;
}
