/* Brightspace: "<item> Points Grade" and the maximum behind it in angle brackets; the last cell of
 * each row is `#`, and ids have one in front. */
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
	{ "OrgDefinedId", "sid" },
	{ "Username", "login" },
	{ "Email", "email" },
};

/* The bytes of "Lab 3" in "Lab 3 Points Grade <Numeric MaxPoints:35 Weight:10>"; 0: it is none. */
static size_t name_length(const char *text)
{
	const char *end = strcasestr(text, " Points Grade");
	return end != NULL ? (size_t)(end - text) : 0;
}

/* The number behind "MaxPoints:", -1 if there is none. */
static long possible_of(const char *text)
{
	const char *at = strcasestr(text, "MaxPoints:");
	if (at == NULL)
		return -1;
	at += strlen("MaxPoints:");
	AUTO_FREE char *number = must_printf("%.*s", (int)strspn(at, "0123456789.,"), at);
	return book_number(number);
}

static bool fill(struct book *book)
{
	long column = book_our_column(book, name_length, 0);
	if (column < 0)
		return false;
	book->first = 1;
	book->possible_c = possible_of(csv_text(book->csv, 0, (size_t)column));
	book_match(book, keys, sizeof keys / sizeof keys[0]);
	book_fill(book, (size_t)column);
	return true;
}

static void put_id(FILE *out, bool first, const char *id)
{
	AUTO_FREE char *text = must_printf("%s%s", *id != '\0' ? "#" : "", id);
	csv_put(out, first, text);
}

static void put_row(FILE *out, struct book *book, const struct book_grade *grade)
{
	AUTO_FREE char *sid = form_line(grade->member, "sid");
	AUTO_FREE char *login = form_line(grade->member, "login");
	char points[TEXT_POINTS_BYTES];
	if (*sid == '\0' && *login == '\0') {
		book_tell(book, grade, "has neither id nor login: left out, enter it by hand");
		return;
	}
	put_id(out, true, sid);
	put_id(out, false, login);
	text_points(points, grade->points_c);
	csv_put(out, false, points);
	csv_put(out, false, "#");
	csv_end(out);
}

static void make(FILE *out, struct book *book)
{
	AUTO_FREE char *title = book_title(book);
	AUTO_FREE char *column = must_printf("%s Points Grade", title);
	book_match(book, NULL, 0);
	(void)fputs("OrgDefinedId,Username", out);
	csv_put(out, false, column);
	(void)fputs(",End-of-Line Indicator\n", out);
	for (size_t g = 0; g < book->count; g++)
		put_row(out, book, &book->grades[g]);
}

bool report_brightspace(FILE *out, const json_t *class, const char *given, size_t length,
			struct words *problems)
{
	static const struct book_system system = { "Brightspace", fill, make };
	return book_write(out, &system, class, given, length, problems);
}
