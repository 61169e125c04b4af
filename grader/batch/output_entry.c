/* What one person gets. */
#include "batch/output_entry.h"

#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/json.h"
#include "batch/class.h"
#include "batch/output_file.h"
#include "batch/sql.h"

/* Sum of all that the files are made of. */
static void stamp_make(const struct words *formats, const json_t *class, const json_t *entry,
		       const char *verdict, char out[static HASH_HEX_BYTES])
{
	AUTO_FREE char *text = json_text(entry);
	struct hash hash;
	hash_init(&hash);
	hash_text(&hash, json_text_of(class, "grade_key", ""));
	hash_text(&hash, verdict);
	hash_text(&hash, text);
	for (size_t i = 0; i < formats->count; i++)
		hash_text(&hash, formats->item[i]);
	hash_final_hex(&hash, out);
}

static bool is_made(const char *folder, const char *stamp)
{
	AUTO_FREE char *path = must_printf("%s/.made", folder);
	AUTO_FREE char *old = NULL;
	size_t length = 0;
	return file_read(path, HASH_HEX_BYTES, &old, &length) == 0 && strcmp(old, stamp) == 0;
}

static void write_files(const char *folder, sqlite3_stmt *row)
{
	size_t grade_length = 0;
	size_t run_length = 0;
	const char *grade = sql_bytes(row, 1, &grade_length);
	const char *run = sql_bytes(row, 2, &run_length);
	output_bytes(folder, "grade.json", grade, grade_length);
	output_bytes(folder, "run.json", run, run_length);
}

void output_entry(struct store *store, const struct words *formats, const json_t *class,
		  const json_t *entry)
{
	AUTO_FREE char *folder = must_printf("%s/entries/%s", store->out,
					     json_text_of(entry, "entry", "?"));
	char stamp[HASH_HEX_BYTES];
	sqlite3_stmt *row = class_verdict(store, entry);
	stamp_make(formats, class, entry, row != NULL ? sql_text(row, 3) : "", stamp);
	if (!is_made(folder, stamp)) {
		(void)folder_remove(folder); /* of another state; folder_make tells */
		int error = folder_make(folder);
		if (error != 0)
			die_errno(error, "cannot make %s", folder);
		if (row != NULL)
			write_files(folder, row);
		output_bytes(folder, ".made", stamp, strlen(stamp));
	}
	if (row != NULL)
		sql_end(row);
}
