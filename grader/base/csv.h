/* base/csv.h - tables of comma-separated values that others wrote: read whole, looked up by column
 * name, and written back with every byte of an untouched cell as it was.
 *
 * Source: RFC 4180, read as spreadsheets do: a byte order mark, semicolons or tabs instead of
 * commas, and line ends of any system are accepted and kept; a quote inside an unquoted cell is an
 * ordinary character. Cells are bytes: nothing here demands UTF-8 (see csv_is_utf8). Rows and cells
 * count from 0; the header is a row like any other. [MT-Confined] to one struct csv; dies only when
 * memory is out. */
#ifndef GRADER_CSV_H
#define GRADER_CSV_H
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum {
	CSV_BYTES_MAX = 64 * 1024 * 1024,
	CSV_ROWS_MAX = 1000000,
	CSV_CELLS_MAX = 4096, /* in a row */
};

struct csv;

/* The table in these bytes (borrowed), or NULL; *why then says which line is wrong and how
 * (returned, free). Refused: NUL bytes, UTF-16, a quote that is never closed, text behind a closing
 * quote, more than the limits above. No bytes are a table without rows. */
struct csv *csv_read(const char *bytes, size_t length, char **why);
void csv_destroy(struct csv *csv);

size_t csv_rows(const struct csv *csv);
size_t csv_cells(const struct csv *csv, size_t row);
/* What a cell says, without its quotes; "" where the row has no such cell, so rows that are too
 * short need no care. Borrowed until the cell is set. */
const char *csv_text(const struct csv *csv, size_t row, size_t cell);
/* true: an empty line, or nothing but empty cells. */
bool csv_is_blank(const struct csv *csv, size_t row);
/* The first cell of the row that says `name`, in capitals or not, blanks around it aside; -1: none.
 */
long csv_find(const struct csv *csv, size_t row, const char *name);
bool csv_is_utf8(const struct csv *csv);

/* Sets the text of a cell that is there. It keeps its quotes if it had any and gets some if it
 * needs them; setting what it says already changes no byte. `text` is copied. */
void csv_set(struct csv *csv, size_t row, size_t cell, const char *text);

/* Leaves a row out of what csv_write writes; it can still be read. */
void csv_drop(struct csv *csv, size_t row);

/* All bytes of the table. */
void csv_write(FILE *out, const struct csv *csv);

/* One cell, with quotes if asked for or needed. */
void csv_spell(FILE *out, const char *text, char separator, bool quoted);

/* Tables of our own: commas, LF, quotes only where needed. `first` begins a line; csv_end ends it.
 */
void csv_put(FILE *out, bool first, const char *text);
void csv_end(FILE *out);

/* As csv_put for text that others wrote, in tables that people open with a spreadsheet: where a
 * reader of any locale could take a piece of it for a formula (at the start and behind what might
 * separate cells; also the full-width forms) a ' stands in front. Numbers are left alone. */
void csv_put_guarded(FILE *out, bool first, const char *text);

#endif
