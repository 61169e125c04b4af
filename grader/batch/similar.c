/* When to compare, what is kept, and what is said. */
#include "batch/similar.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/hash.h"
#include "base/json.h"
#include "batch/similar_box.h"
#include "batch/similar_hands.h"
#include "batch/sql.h"

static struct hand *hands_of(struct store *store, size_t *count)
{
	struct hand *hands = NULL;
	*count = 0;
	sqlite3_stmt *row = sql_query(
		store->db,
		"SELECT name, hash, grp FROM entries WHERE run_id = ? AND hash IS NOT NULL ORDER "
		"BY name",
		"i", store->run);
	while (sql_step(row)) {
		hands = must_realloc(hands, (*count + 1) * sizeof *hands);
		const char *group = sql_text(row, 2);
		hands[(*count)++] = (struct hand){ .name = must_strdup(sql_text(row, 0)),
						   .hash = must_strdup(sql_text(row, 1)),
						   .group = group != NULL && *group != '\0'
								    ? must_strdup(group)
								    : NULL };
	}
	sql_end(row);
	return hands;
}

static void hands_fini(struct hand *hands, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(hands[i].name);
		free(hands[i].hash);
		free(hands[i].group);
	}
	free(hands);
}

/* Sum of all that the answer is made of. */
static void stamp_make(struct store *store, const struct batch_conf *conf, const struct hand *hands,
		       size_t count, char out[static HASH_HEX_BYTES])
{
	struct hash hash;
	hash_init(&hash);
	AUTO_FREE char *settings = must_printf("similar/1 %ld %ld", conf->min_tokens,
					       conf->report_above);
	hash_text(&hash, settings);
	hash_text(&hash, store->key);
	for (size_t i = 0; i < count; i++) {
		hash_text(&hash, hands[i].name);
		hash_text(&hash, hands[i].hash);
		hash_text(&hash, hands[i].group != NULL ? hands[i].group : "");
	}
	sqlite3_stmt *row = sql_query(
		store->db,
		"SELECT entry, login, sid, lms_id, email FROM members WHERE run_id = ? ORDER BY "
		"entry, position",
		"i", store->run);
	while (sql_step(row))
		for (int i = 0; i < 5; i++)
			hash_text(&hash, sql_text(row, i) != NULL ? sql_text(row, i) : "");
	sql_end(row);
	hash_final_hex(&hash, out);
}

static bool is_kept(struct store *store, const char *stamp)
{
	return sql_value(store->db, 0, "SELECT 1 FROM similarities WHERE run_id = ? AND stamp = ?",
			 "it", store->run, stamp) != 0;
}

static void tell(const json_t *value, const char *out)
{
	size_t i, pairs = 0;
	json_t *file;
	json_array_foreach(json_object_get(value, "files"), i, file)
	{
		const char *why = json_text_of(file, "why", NULL);
		pairs += (size_t)json_integer_value(json_object_get(file, "pairs"));
		if (why != NULL)
			(void)printf("similarity: %s was not compared: %s\n",
				     json_text_of(file, "file", "?"), why);
	}
	const size_t left_out = json_array_size(json_object_get(value, "left_out"));
	if (left_out > 0)
		(void)printf("similarity: %zu files could not be compared: see "
			     "%s/similarity.html\n",
			     left_out, out);
	(void)printf("similarity: %zu pairs of files to look at (no grade is touched): "
		     "%s/similarity.html\n",
		     pairs, out);
}

void similar_update(struct store *store, const struct lab *lab, const struct batch_conf *conf)
{
	if (!conf->similarity || !similar_is_here()) {
		sql_do(store->db, "DELETE FROM similarities WHERE run_id = ?", "i", store->run);
		if (conf->similarity)
			(void)puts("similarity: nothing was compared, since the package "
				   "similarity-tester is not installed: make deps installs it, "
				   "then run the same command again");
		return;
	}
	size_t count = 0;
	struct hand *hands = hands_of(store, &count);
	char stamp[HASH_HEX_BYTES];
	stamp_make(store, conf, hands, count, stamp);
	if (!is_kept(store, stamp)) {
		json_t *value = similar_compare(store, lab, conf, hands, count);
		AUTO_FREE char *text = json_text(value);
		sql_do(store->db,
		       "INSERT INTO similarities (run_id, stamp, value) VALUES (?1, ?2, ?3) ON "
		       "CONFLICT (run_id) DO UPDATE SET stamp = ?2, value = ?3",
		       "itb", store->run, stamp, text, strlen(text));
		json_decref(value);
	}
	json_t *value = similar_value(store);
	tell(value, store->out);
	json_decref(value);
	hands_fini(hands, count);
}

json_t *similar_value(struct store *store)
{
	sqlite3_stmt *row = sql_query(store->db, "SELECT value FROM similarities WHERE run_id = ?",
				      "i", store->run);
	json_t *value = NULL;
	if (sql_step(row)) {
		size_t length = 0;
		const char *bytes = sql_bytes(row, 0, &length);
		value = json_read_bytes(bytes, length, NULL);
	}
	sql_end(row);
	return value;
}
