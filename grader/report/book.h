/* report/book.h - what the gradebooks of all course systems have in common: whose row is whose,
 * which column is ours, and how many points it holds. For report/gradebook_*.c. [MT-Confined] */
#ifndef GRADER_BOOK_H
#define GRADER_BOOK_H
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/csv.h"
#include "base/words.h"

enum { BOOK_KEYS_MAX = 4 };

/* What a row and a person have in common: a column, and a member's key. */
struct book_key {
	const char *column, *member;
};

/* A person with a grade. */
struct book_grade {
	const json_t *entry, *member;
	long row;      /* -1: none that is theirs alone */
	long points_c; /* as the column is to say       */
};

struct book {
	const char *system; /* "Canvas" */
	const json_t *class;
	struct words *problems;
	struct csv *csv; /* NULL: a file is made anew */
	size_t first;    /* row of a person */
	long possible_c; /* what the column can hold; -1: unknown */
	struct book_grade *grades;
	size_t count;
};

/* How a course system's file is filled in (false: it cannot be, and a problem says so), and how one
 * is made where it gave none. */
struct book_system {
	const char *name;
	bool (*fill)(struct book *book);
	void (*make)(FILE *out, struct book *book);
};

/* The gradebook of a class: the given file with our cells in it, or one of our own. false: nothing
 * was written, and a problem says why. */
bool book_write(FILE *out, const struct book_system *system, const json_t *class, const char *given,
		size_t length, struct words *problems);

/* Everybody with a grade, their points scaled to possible_c; with `keys` (count of them, at most
 * BOOK_KEYS_MAX) and a file, also their rows. Tells who has none. */
void book_match(struct book *book, const struct book_key *keys, size_t count);

/* The column with this name, or a problem and -1. */
long book_column(struct book *book, const char *name);
/* The one column that is called like our lab, or a problem and -1. name_length: the bytes of the
 * name in a text of the header, 0 if it is no item's. points: the row that says what columns are
 * worth, 0 if there is none; what is read only there is no candidate. */
long book_our_column(struct book *book, size_t (*name_length)(const char *text), size_t points);
/* All grades with a row into this column; all other rows of people are left out. */
void book_fill(struct book *book, size_t column);
/* What a column of ours is called in a file of our own. Returned. */
char *book_title(const struct book *book);

/* "35", "35.00" or "35,00" in hundredths, blanks around it aside; -1: it is no such number. */
long book_number(const char *text);
/* Sets the points of a cell, unless it says as much already. false: the row has no such cell, and a
 * problem says so. */
bool book_set_points(struct book *book, const struct book_grade *grade, size_t column,
		     const char *text);
/* A sentence about a person: "Canvas: jdoe (Jane Doe) ...". */
void book_tell(struct book *book, const struct book_grade *grade, const char *what);

#endif
