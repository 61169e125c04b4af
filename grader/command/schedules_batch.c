/* A token names a picture of a verdict. Two submissions with the same mistake may have one of the
 * same name: each is told by its own lines. */
#include "command/schedules_batch.h"

#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/json.h"
#include "base/words.h"
#include "batch/objects.h"
#include "batch/sql.h"
#include "batch/store.h"
#include "command/schedules.h"

static void take(const struct store *store, sqlite3_stmt *row, const char *token,
		 struct batch_schedule *found)
{
	size_t length = 0;
	const char *bytes = sql_bytes(row, 1, &length);
	AUTO_FREE char *object = object_path(store->out, sql_text(row, 2));
	found->entry = must_strdup(sql_text(row, 0));
	found->file = json_read_bytes(bytes, length, NULL);
	if (!schedules_is_one(found->file))
		die("the schedule %s of %s is damaged, or of another version: grade the class "
		    "again",
		    token, found->entry);
	found->grading = must_printf("build/grade run --lab=%s --submission=%s --seed=%s",
				     json_text_of(found->file, "lab", "?"), object,
				     sql_text(row, 3));
}

void schedules_of_batch(const char *out, const char *token, const char *entry,
			struct batch_schedule *found)
{
	struct store store;
	struct words seen = { 0 };
	AUTO_FREE char *name = must_printf("schedules/%s.json", token);
	*found = (struct batch_schedule){ 0 };
	store_open_reader(&store, out);
	store_last_run(&store);
	sqlite3_stmt *row = sql_query(
		store.db,
		"SELECT e.name, p.bytes, e.hash, r.seed FROM runs r "
		"JOIN entries e ON e.run_id = r.id AND e.state = 'final' "
		"JOIN verdicts v ON v.hash = e.hash AND v.grade_key = r.grade_key "
		"JOIN pictures p ON p.verdict_id = v.id AND p.name = ? "
		"WHERE r.id = ? ORDER BY e.name",
		"ti", name, store.run);
	while (sql_step(row)) {
		if (!words_has(&seen, sql_text(row, 2)))
			words_add(&seen, sql_text(row, 2));
		if (found->file == NULL && (entry == NULL || strcmp(entry, sql_text(row, 0)) == 0))
			take(&store, row, token, found);
	}
	sql_end(row);
	if (found->file == NULL && entry != NULL)
		die("the batch in %s has no schedule %s of an entry %s: its report.txt names what "
		    "there is",
		    out, token, entry);
	if (found->file == NULL)
		die("the batch in %s has no schedule %s: report.html and each entry's report.txt "
		    "name what there is",
		    out, token);
	found->others = seen.count - 1;
	words_fini(&seen);
	store_close(&store);
}

void batch_schedule_fini(struct batch_schedule *found)
{
	json_decref(found->file);
	free(found->entry);
	free(found->grading);
	*found = (struct batch_schedule){ 0 };
}
