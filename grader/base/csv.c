/* A cell remembers its bytes as they stood in the file beside what they mean: only what is set
 * anew is ever spelled anew. */
#include "base/csv.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/die.h"
#include "base/text.h"

struct cell {
	char *raw;  /* as in the file, quotes and all, without the separator */
	char *text; /* what it says                                          */
};

struct row {
	struct cell *cell;
	size_t count;
	bool dropped;
	char end[3]; /* "\r\n", "\n", "\r"; "" for a last line without one */
};

struct csv {
	struct row *row;
	size_t count;
	bool mark; /* of the byte order */
	bool utf8;
	char separator;
};

struct reader {
	const char *at, *end;
	size_t line;
	char **why;
};

static const char byte_order_mark[] = "\xef\xbb\xbf";

static bool refuse(const struct reader *reader, const char *problem)
{
	if (reader->why != NULL)
		*reader->why = must_printf("line %zu: %s", reader->line, problem);
	return false;
}

/* What separates the cells of the first line: of the three that are used, the most frequent one. */
static char find_separator(const char *at, const char *end)
{
	size_t commas = 0;
	size_t semicolons = 0;
	size_t tabs = 0;
	bool quoted = false;
	const char *start = at; /* of a cell, whatever separates them */
	for (; at < end && (quoted || (*at != '\n' && *at != '\r')); at++) {
		quoted ^= *at == '"' && (quoted || at == start);
		start = !quoted && strchr(",;\t", *at) != NULL ? at + 1 : start;
		commas += !quoted && *at == ',';
		semicolons += !quoted && *at == ';';
		tabs += !quoted && *at == '\t';
	}
	if (tabs > commas && tabs > semicolons)
		return '\t';
	return semicolons > commas ? ';' : ',';
}

static bool ends_cell(const char *at, const char *end, char separator)
{
	return at == end || *at == separator || *at == '\n' || *at == '\r';
}

/* The meaning of a quoted cell: between its quotes, of two quotes one. Returned. */
static char *unquote(const char *from, const char *to)
{
	char *text = must_alloc((size_t)(to - from) + 1);
	size_t length = 0;
	for (; from < to; from++) {
		text[length++] = *from;
		from += *from == '"';
	}
	text[length] = '\0';
	return text;
}

static char *copy(const char *from, const char *to)
{
	return must_printf("%.*s", (int)(to - from), from);
}

static bool read_cell(struct reader *reader, char separator, struct cell *cell)
{
	const char *from = reader->at;
	const char *at = from;
	if (at == reader->end || *at != '"') {
		while (!ends_cell(at, reader->end, separator))
			at++;
		reader->at = at;
		*cell = (struct cell){ .raw = copy(from, at), .text = copy(from, at) };
		return true;
	}
	size_t lines = 0;
	for (at++; at < reader->end; at++) {
		if (*at == '"' && (at + 1 == reader->end || at[1] != '"'))
			break;
		lines += *at == '\n';
		at += *at == '"';
	}
	if (at == reader->end)
		return refuse(reader, "a quote that begins here is never closed");
	if (!ends_cell(at + 1, reader->end, separator))
		return refuse(reader, "text stands behind a closing quote");
	reader->at = at + 1;
	reader->line += lines;
	*cell = (struct cell){ .raw = copy(from, at + 1), .text = unquote(from + 1, at) };
	return true;
}

/* Room for one more, in steps that double. */
static void *grow(void *items, size_t count, size_t bytes)
{
	bool full = count == 0 || (count & (count - 1)) == 0;
	return full ? must_realloc(items, (count == 0 ? 1 : 2 * count) * bytes) : items;
}

static void read_end(struct reader *reader, struct row *row)
{
	size_t length = 0;
	if (reader->at < reader->end && *reader->at == '\r')
		row->end[length++] = *reader->at++;
	if (reader->at < reader->end && *reader->at == '\n')
		row->end[length++] = *reader->at++;
	reader->line++;
}

static bool read_row(struct reader *reader, struct csv *csv)
{
	if (csv->count == CSV_ROWS_MAX)
		return refuse(reader, "too many lines");
	csv->row = grow(csv->row, csv->count, sizeof *csv->row);
	struct row *row = &csv->row[csv->count++];
	*row = (struct row){ 0 };
	for (;;) {
		if (row->count == CSV_CELLS_MAX)
			return refuse(reader, "too many cells");
		row->cell = grow(row->cell, row->count, sizeof *row->cell);
		if (!read_cell(reader, csv->separator, &row->cell[row->count]))
			return false;
		row->count++;
		if (reader->at == reader->end || *reader->at != csv->separator)
			break;
		reader->at++;
	}
	read_end(reader, row);
	return true;
}

static bool read_all(struct reader *reader, struct csv *csv)
{
	size_t length = (size_t)(reader->end - reader->at);
	if (length > CSV_BYTES_MAX)
		return refuse(reader, "the file is larger than 64 MiB");
	if (length >= 2 &&
	    (memcmp(reader->at, "\xff\xfe", 2) == 0 || memcmp(reader->at, "\xfe\xff", 2) == 0))
		return refuse(reader, "this is UTF-16; save the file as CSV UTF-8");
	if (memchr(reader->at, '\0', length) != NULL)
		return refuse(reader, "a NUL byte: this is no CSV file");
	csv->utf8 = text_is_utf8(reader->at, length);
	csv->mark = length >= 3 && memcmp(reader->at, byte_order_mark, 3) == 0;
	reader->at += csv->mark ? 3 : 0;
	csv->separator = find_separator(reader->at, reader->end);
	while (reader->at < reader->end)
		if (!read_row(reader, csv))
			return false;
	return true;
}

struct csv *csv_read(const char *bytes, size_t length, char **why)
{
	struct csv *csv = must_alloc(sizeof *csv);
	struct reader reader = { .at = bytes, .end = bytes + length, .line = 1, .why = why };
	if (read_all(&reader, csv))
		return csv;
	csv_destroy(csv);
	return NULL;
}

void csv_destroy(struct csv *csv)
{
	if (csv == NULL)
		return;
	for (size_t r = 0; r < csv->count; r++) {
		for (size_t c = 0; c < csv->row[r].count; c++) {
			free(csv->row[r].cell[c].raw);
			free(csv->row[r].cell[c].text);
		}
		free(csv->row[r].cell);
	}
	free(csv->row);
	free(csv);
}

size_t csv_rows(const struct csv *csv)
{
	return csv->count;
}

size_t csv_cells(const struct csv *csv, size_t row)
{
	return row < csv->count ? csv->row[row].count : 0;
}

const char *csv_text(const struct csv *csv, size_t row, size_t cell)
{
	return cell < csv_cells(csv, row) ? csv->row[row].cell[cell].text : "";
}

bool csv_is_blank(const struct csv *csv, size_t row)
{
	for (size_t c = 0; c < csv_cells(csv, row); c++)
		if (*csv_text(csv, row, c) != '\0')
			return false;
	return true;
}

bool csv_is_utf8(const struct csv *csv)
{
	return csv->utf8;
}

static bool says(const char *text, const char *name)
{
	size_t length = strlen(name);
	text += strspn(text, " \t");
	return strncasecmp(text, name, length) == 0 &&
	       text[length + strspn(text + length, " \t")] == '\0';
}

long csv_find(const struct csv *csv, size_t row, const char *name)
{
	for (size_t c = 0; c < csv_cells(csv, row); c++)
		if (says(csv_text(csv, row, c), name))
			return (long)c;
	return -1;
}

void csv_set(struct csv *csv, size_t row, size_t cell, const char *text)
{
	if (cell >= csv_cells(csv, row))
		die("row %zu of a table has no cell %zu", row, cell);
	struct cell *old = &csv->row[row].cell[cell];
	if (strcmp(old->text, text) == 0)
		return;
	char *raw = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&raw, &length);
	if (out == NULL)
		die("out of memory");
	/* An empty last line without an end would be none. */
	bool only = *text == '\0' && csv_cells(csv, row) == 1;
	csv_spell(out, text, csv->separator, only || old->raw[0] == '"');
	if (fclose(out) != 0 || raw == NULL)
		die("out of memory");
	char *meaning = must_strdup(text); /* text may be a piece of what is freed next */
	free(old->raw);
	free(old->text);
	*old = (struct cell){ .raw = raw, .text = meaning };
}

void csv_drop(struct csv *csv, size_t row)
{
	if (row < csv->count)
		csv->row[row].dropped = true;
}

void csv_write(FILE *out, const struct csv *csv)
{
	if (csv->mark)
		(void)fputs(byte_order_mark, out);
	for (size_t r = 0; r < csv->count; r++) {
		for (size_t c = 0; !csv->row[r].dropped && c < csv->row[r].count; c++) {
			if (c > 0)
				(void)fputc(csv->separator, out);
			(void)fputs(csv->row[r].cell[c].raw, out);
		}
		if (!csv->row[r].dropped)
			(void)fputs(csv->row[r].end, out);
	}
}
