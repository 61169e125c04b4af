/* Two tables, files and who writes them, and the walk over the class. */
#include "batch/outputs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/file.h"
#include "base/json.h"
#include "batch/class.h"
#include "batch/output_entry.h"
#include "batch/output_file.h"
#include "batch/sql.h"

static const char known[] = "csv jsonl html";

/* Of the whole class, from its value alone. */
static const struct {
	const char *file, *format;
	void (*write)(FILE *out, const json_t *class);
} class_files[] = {
	{ NULL, NULL, NULL },
};

void outputs_usual(const char *layout, struct words *formats)
{
	words_split(formats, "csv jsonl html");
	if (strcmp(layout, "canvas") == 0 || strcmp(layout, "moodle") == 0 ||
	    strcmp(layout, "brightspace") == 0)
		words_add(formats, layout);
}

void outputs_check(const struct words *formats)
{
	struct words all = { 0 };
	words_split(&all, known);
	for (size_t i = 0; i < formats->count; i++)
		if (!words_has(&all, formats->item[i]))
			die("there is no format '%s'; --formats takes, with commas: %s",
			    formats->item[i], known);
	words_fini(&all);
}

void outputs_asked(struct store *store, struct words *formats)
{
	sqlite3_stmt *row = sql_query(store->db, "SELECT formats, layout FROM runs WHERE id = ?",
				      "i", store->run);
	if (sql_step(row) && *sql_text(row, 0) != '\0')
		words_split(formats, sql_text(row, 0));
	else
		outputs_usual(sql_text(row, 1), formats);
	sql_end(row);
}

void outputs_class(struct store *store, const json_t *class, bool html)
{
	struct words formats = { 0 };
	outputs_asked(store, &formats);
	for (size_t i = 0; i < sizeof class_files / sizeof class_files[0]; i++) {
		if (class_files[i].file == NULL || !words_has(&formats, class_files[i].format) ||
		    (!html && strcmp(class_files[i].format, "html") == 0))
			continue;
		struct output output;
		output_begin(&output);
		class_files[i].write(output.stream, class);
		output_end(&output, store->out, class_files[i].file);
	}
	words_fini(&formats);
}

void outputs_entry(struct store *store, const json_t *class, const json_t *entry)
{
	struct words formats = { 0 };
	outputs_asked(store, &formats);
	output_entry(store, &formats, class, entry);
	words_fini(&formats);
}

static void remove_others(struct store *store, const json_t *class)
{
	AUTO_FREE char *folder = must_printf("%s/entries", store->out);
	struct words names = { 0 };
	json_t *wanted = json_object();
	size_t i;
	json_t *entry;
	json_array_foreach(json_object_get(class, "entries"), i, entry)
		json_put(wanted, json_text_of(entry, "entry", "?"), json_true());
	(void)folder_list(folder, 1000000, &names);
	for (i = 0; i < names.count; i++) {
		AUTO_FREE char *path = must_printf("%s/%s", folder, names.item[i]);
		if (json_object_get(wanted, names.item[i]) == NULL)
			(void)folder_remove(path); /* if it stays, it stays */
	}
	words_fini(&names);
	json_decref(wanted);
}

void outputs_all(struct store *store)
{
	json_t *class = class_make(store);
	size_t i;
	json_t *entry;
	json_array_foreach(json_object_get(class, "entries"), i, entry)
		outputs_entry(store, class, entry);
	remove_others(store, class);
	outputs_class(store, class, true);
	json_decref(class);
}
