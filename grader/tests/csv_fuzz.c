/* libFuzzer target: tables from course systems and spreadsheets. What is read comes back byte for
 * byte; a cell that is set says so after another reading, and no other cell has changed. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "tests/fuzz.h"

static struct csv *again(const struct csv *csv, char **bytes, size_t *length)
{
	FILE *out = open_memstream(bytes, length);
	DEMAND(out != NULL);
	csv_write(out, csv);
	DEMAND(fclose(out) == 0);
	return csv_read(*bytes, *length, NULL);
}

static void demand_same(const struct csv *left, const struct csv *right)
{
	DEMAND(csv_rows(left) == csv_rows(right));
	for (size_t r = 0; r < csv_rows(left); r++) {
		DEMAND(csv_cells(left, r) == csv_cells(right, r));
		for (size_t c = 0; c < csv_cells(left, r); c++)
			DEMAND(strcmp(csv_text(left, r, c), csv_text(right, r, c)) == 0);
	}
}

/* Sets one cell below the header, whose separators decide how the rest is read. */
static void set_one(struct csv *csv, const uint8_t *data, size_t size)
{
	char text[8] = "";
	memcpy(text, data, size < sizeof text - 1 ? size : sizeof text - 1);
	size_t row = 1 + size % (csv_rows(csv) - 1);
	csv_set(csv, row, size % csv_cells(csv, row), text);
	DEMAND(strcmp(csv_text(csv, row, size % csv_cells(csv, row)), text) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *why = NULL;
	struct csv *csv = csv_read((const char *)data, size, &why);
	if (csv == NULL) {
		DEMAND(strncmp(why, "line ", 5) == 0);
		free(why);
		return 0;
	}
	char *bytes = NULL;
	size_t length = 0;
	struct csv *same = again(csv, &bytes, &length);
	DEMAND(length == size && memcmp(bytes, data, size) == 0);
	csv_destroy(same);
	free(bytes);
	/* What a quote that is opened in the header means hangs on the rows below it. */
	const uint8_t *end = memchr(data, '\n', size);
	size_t header = end != NULL ? (size_t)(end - data) : size;
	if (csv_rows(csv) > 1 && memchr(data, '"', header) == NULL) {
		set_one(csv, data, size);
		struct csv *changed = again(csv, &bytes, &length);
		DEMAND(changed != NULL);
		demand_same(csv, changed);
		csv_destroy(changed);
		free(bytes);
	}
	csv_destroy(csv);
	return 0;
}
