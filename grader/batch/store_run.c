/* A run: everything graded with one grade key. Another key is another run, and never by accident.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/file.h"
#include "base/json.h"
#include "batch/sql.h"
#include "batch/store.h"

/* The columns of a run that its key is made of. */
struct columns {
	char *grader, *lab, *toolchain, *features;
	char key[HASH_HEX_BYTES];
};

static const char *sum_of(const json_t *versions, const char *name)
{
	const char *text = json_text_of(versions, name, "");
	return strncmp(text, "sha256:", 7) == 0 ? text + 7 : text;
}

/* A program that stands in for this one makes a key of its own: its grades can never be taken for
 * ours. */
static void key_of_program(const char *program, struct columns *columns)
{
	AUTO_FREE char *bytes = NULL;
	size_t length = 0;
	int error = file_read(program, (size_t)64 << 20, &bytes, &length);
	if (error != 0)
		die_errno(error, "cannot read %s", program);
	char sum[HASH_HEX_BYTES];
	hash_bytes_hex(bytes, length, sum);
	free(columns->grader);
	columns->grader = must_printf("%s (%s)", sum, program);
	struct hash hash;
	hash_init(&hash);
	hash_text(&hash, columns->key);
	hash_text(&hash, sum);
	hash_final_hex(&hash, columns->key);
}

static void columns_make(const struct store_key *key, struct columns *columns)
{
	*columns = (struct columns){
		.grader = must_strdup(sum_of(key->versions, "grader_hash")),
		.lab = must_strdup(sum_of(key->versions, "lab_hash")),
		.toolchain = must_strdup(json_text_of(key->versions, "toolchain", "")),
		.features = must_strdup(""),
	};
	const char *sum = sum_of(key->versions, "grade_key");
	if (strlen(sum) != HASH_HEX_BYTES - 1)
		die("the grade key '%s' is none", sum);
	memcpy(columns->key, sum, HASH_HEX_BYTES);
	size_t i;
	json_t *feature;
	json_array_foreach(json_object_get(key->versions, "features"), i, feature)
	{
		char *longer = must_printf("%s%s%s", columns->features, i > 0 ? "," : "",
					   json_string_value(feature));
		free(columns->features);
		columns->features = longer;
	}
	if (key->program != NULL)
		key_of_program(key->program, columns);
}

static void columns_fini(struct columns *columns)
{
	free(columns->grader);
	free(columns->lab);
	free(columns->toolchain);
	free(columns->features);
}

static void insert_run(struct store *store, const struct store_key *key,
		       const struct columns *columns)
{
	char now[TIME_TEXT_BYTES];
	store_now(now);
	json_t *parts = json_object();
	for (size_t i = 0; i < key->lab->part_count; i++)
		json_put_text(parts, key->lab->parts[i].id, key->lab->parts[i].title);
	AUTO_FREE char *parts_text = json_text(parts);
	json_decref(parts);
	store_begin(store);
	sql_do(store->db,
	       "INSERT INTO runs (lab, lab_number, title, parts, seed, grade_key, grader_hash, "
	       "lab_hash, "
	       "toolchain, features, isolation, started) "
	       "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	       "tttttttttttt", key->lab->name, key->lab->number, key->lab->title, parts_text,
	       key->seed, columns->key, columns->grader, columns->lab, columns->toolchain,
	       columns->features, key->isolation, now);
	store->run = sqlite3_last_insert_rowid(store->db);
	for (size_t i = 0; i < key->lab->test_count; i++) {
		const struct lab_test *test = &key->lab->tests[i];
		sql_do(store->db,
		       "INSERT INTO lab_tests (run_id, position, test_id, part, title, gate, "
		       "max_c) "
		       "VALUES (?, ?, ?, ?, ?, ?, ?)",
		       "iitttii", store->run, (long long)i, test->id, test->part, test->title,
		       (long long)test->gate, (long long)test->points);
	}
	store_commit(store);
}

static void add_difference(struct words *list, sqlite3_stmt *row, int column, const char *now,
			   const char *name)
{
	const char *then = sql_text(row, column);
	if (then == NULL || strcmp(then, now) != 0)
		words_add(list, name);
}

/* "another grader and another lab". Returned (free). */
static char *join(const struct words *list)
{
	char *text = must_strdup("");
	for (size_t i = 0; i < list->count; i++) {
		char *longer = must_printf("%s%s%s", text, i > 0 ? " and " : "", list->item[i]);
		free(text);
		text = longer;
	}
	return text;
}

static void refuse_change(struct store *store, const struct store_key *key,
			  const struct columns *columns, sqlite3_stmt *row)
{
	struct words list = { 0 };
	add_difference(&list, row, 3, columns->grader, "another grader (the program itself)");
	add_difference(&list, row, 4, columns->lab,
		       "another state of the lab (its tests or files)");
	add_difference(&list, row, 5, columns->toolchain, "another tool chain");
	add_difference(&list, row, 6, columns->features, "other features of the machine");
	add_difference(&list, row, 7, key->isolation, "another isolation");
	add_difference(&list, row, 8, key->seed, "another seed");
	AUTO_FREE char *text = join(&list);
	const long long all = sql_value(
		store->db, 0, "SELECT count(*) FROM entries WHERE run_id = ? AND hash IS NOT NULL",
		"i", sqlite3_column_int64(row, 0));
	const long long touched = sql_value(
		store->db, 0,
		"SELECT count(*) FROM entries WHERE run_id = ? AND hash IS NOT NULL AND NOT EXISTS "
		"(SELECT 1 FROM verdicts v WHERE v.hash = entries.hash AND v.grade_key = ?)",
		"it", sqlite3_column_int64(row, 0), columns->key);
	die("%s was made with %s: %lld of %lld entries would be graded again. --regrade does that "
	    "(no verdict is deleted); another folder for OUT leaves this one as it is",
	    store->out, text, touched, all);
}

void store_run(struct store *store, const struct store_key *key, bool regrade)
{
	struct columns columns;
	columns_make(key, &columns);
	sqlite3_stmt *row = sql_query(
		store->db,
		"SELECT id, grade_key, lab, grader_hash, lab_hash, toolchain, "
		"features, isolation, seed FROM runs ORDER BY id DESC LIMIT 1",
		"");
	const bool any = sql_step(row);
	if (any && strcmp(sql_text(row, 2), key->lab->name) != 0)
		die("%s holds grades of lab %s, not of %s. Choose another folder for OUT",
		    store->out, sql_text(row, 2), key->lab->name);
	const bool same = any && strcmp(sql_text(row, 1), columns.key) == 0;
	if (any && !same && !regrade)
		refuse_change(store, key, &columns, row);
	if (same)
		store->run = sqlite3_column_int64(row, 0);
	sql_end(row);
	if (!same)
		insert_run(store, key, &columns);
	memcpy(store->key, columns.key, sizeof store->key);
	columns_fini(&columns);
}

void store_last_run(struct store *store)
{
	sqlite3_stmt *row = sql_query(
		store->db, "SELECT id, grade_key FROM runs ORDER BY id DESC LIMIT 1", "");
	if (!sql_step(row) || strlen(sql_text(row, 1)) != HASH_HEX_BYTES - 1)
		die("%s holds no run: grade a class first, see grade batch --help", store->out);
	store->run = sqlite3_column_int64(row, 0);
	memcpy(store->key, sql_text(row, 1), sizeof store->key);
	sql_end(row);
}

/* A file beside the store holds it too, so that a store that was set aside is made again with the
 * same bytes. */
bool store_seed(struct store *store, char seed[static STORE_SEED_BYTES])
{
	AUTO_FREE char *path = must_printf("%s/seed", store->out);
	AUTO_FREE char *bytes = NULL;
	size_t length = 0;
	sqlite3_stmt *row = sql_query(store->db, "SELECT seed FROM runs ORDER BY id DESC LIMIT 1",
				      "");
	bool found = sql_step(row) && strlen(sql_text(row, 0)) == STORE_SEED_BYTES - 1;
	if (found)
		memcpy(seed, sql_text(row, 0), STORE_SEED_BYTES);
	sql_end(row);
	if (!found && file_read(path, 64, &bytes, &length) == 0 && length == STORE_SEED_BYTES &&
	    strspn(bytes, "0123456789abcdef") == STORE_SEED_BYTES - 1) {
		memcpy(seed, bytes, STORE_SEED_BYTES - 1);
		seed[STORE_SEED_BYTES - 1] = '\0';
		found = true;
	}
	return found;
}

void store_finish(struct store *store, bool finished)
{
	char now[TIME_TEXT_BYTES];
	store_now(now);
	sql_do(store->db, "UPDATE runs SET finished = ?1 WHERE id = ?2", "ti",
	       finished ? now : NULL, store->run);
}
