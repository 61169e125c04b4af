/* Verdicts and attempts. A verdict is one transaction: it is there with all its rows or not at all.
 */
#include <string.h>

#include "base/die.h"
#include "base/json.h"
#include "batch/sql.h"
#include "batch/store.h"

static void put_tests(struct store *store, long long verdict, const json_t *grade)
{
	sqlite3_stmt *row = sql_prepare(store->db,
					"INSERT INTO tests (verdict_id, test_id, status, "
					"points_c, max_c) VALUES (?, ?, ?, ?, ?)");
	sqlite3_stmt *found = sql_prepare(store->db,
					  "INSERT INTO findings (verdict_id, test_id, finding_id, "
					  "what, why) VALUES (?, ?, ?, ?, ?)");
	size_t i;
	json_t *test;
	json_array_foreach(json_object_get(grade, "tests"), i, test)
	{
		const char *id = json_text_of(test, "id", "?");
		const json_t *finding = json_object_get(test, "finding");
		sql_bind(row, "ittii", verdict, id, json_text_of(test, "status", "?"),
			 (long long)result_points(test, "points"),
			 (long long)result_points(test, "max"));
		(void)sql_step(row);
		if (finding == NULL)
			continue;
		sql_bind(found, "itttt", verdict, id, json_text_of(finding, "id", "?"),
			 json_text_of(finding, "what", "?"), json_text_of(finding, "why", "?"));
		(void)sql_step(found);
	}
	sql_end(row);
	sql_end(found);
}

static void put_verdict(struct store *store, const char *hash, const struct result *result)
{
	char sum[HASH_HEX_BYTES];
	hash_bytes_hex(result->grade, result->grade_bytes, sum);
	sql_do(store->db,
	       "INSERT INTO verdicts (hash, grade_key, score_c, max_c, json, json_hash, run, "
	       "cpu_ms, "
	       "wall_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
	       "ttiibtbii", hash, store->key, (long long)result_points(result->value, "score"),
	       (long long)result_points(result->value, "max"), result->grade, result->grade_bytes,
	       sum, result->run, result->run_bytes, result->cpu_ms, result->wall_ms);
	const long long verdict = sqlite3_last_insert_rowid(store->db);
	put_tests(store, verdict, result->value);
	for (size_t i = 0; i < result->picture_count; i++)
		sql_do(store->db, "INSERT INTO pictures (verdict_id, name, bytes) VALUES (?, ?, ?)",
		       "itb", verdict, result->pictures[i].name, result->pictures[i].bytes,
		       result->pictures[i].length);
}

static void end_attempt(struct store *store, long long attempt, const char *outcome,
			const struct result *result)
{
	char now[TIME_TEXT_BYTES];
	store_now(now);
	sql_do(store->db,
	       "UPDATE attempts SET ended = ?, outcome = ?, cpu_ms = ?, wall_ms = ?, peak_kib = ? "
	       "WHERE id = ?",
	       "ttoiii", now, outcome, result->cpu_ms, result->wall_ms, result->peak_kib, attempt);
}

void store_verdict(struct store *store, const char *hash, const struct result *result,
		   long long attempt)
{
	store_begin(store);
	put_verdict(store, hash, result);
	end_attempt(store, attempt, "ok", result);
	store_forgive(store, hash);
	sql_do(store->db, "UPDATE entries SET state = 'final' WHERE run_id = ? AND hash = ?", "it",
	       store->run, hash);
	store_commit(store);
}

void store_ungraded(struct store *store, const char *hash, const char *reason)
{
	sql_do(store->db,
	       "UPDATE entries SET state = 'ungraded', reason = ? WHERE run_id = ? AND hash = ?",
	       "tit", reason, store->run, hash);
}

long long store_attempt(struct store *store, const char *hash, unsigned slot)
{
	char now[TIME_TEXT_BYTES];
	store_now(now);
	sql_do(store->db, "INSERT INTO attempts (run_id, hash, slot, started) VALUES (?, ?, ?, ?)",
	       "itit", store->run, hash, (long long)slot, now);
	return sqlite3_last_insert_rowid(store->db);
}

void store_attempt_end(struct store *store, long long attempt, const char *outcome,
		       const struct result *result)
{
	end_attempt(store, attempt, outcome, result);
}

void store_forgive(struct store *store, const char *hash)
{
	char now[TIME_TEXT_BYTES];
	store_now(now);
	sql_do(store->db,
	       "UPDATE attempts SET ended = ?, outcome = 'crash' "
	       "WHERE run_id = ? AND hash = ? AND ended IS NULL",
	       "tit", now, store->run, hash);
}

long long store_last_attempt(struct store *store)
{
	return sql_value(store->db, 0, "SELECT max(id) FROM attempts", "");
}

bool store_abandon(struct store *store, long long last)
{
	sqlite3_stmt *row = NULL;
	char now[TIME_TEXT_BYTES];
	store_now(now);
	(void)sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL); /* mostly there is none */
	(void)sqlite3_wal_autocheckpoint(store->db, 0); /* it takes room before it gives some */
	const bool done = sqlite3_prepare_v2(store->db,
					     "UPDATE attempts SET ended = ?, outcome = 'stopped' "
					     "WHERE id > ? AND ended IS NULL",
					     -1, &row, NULL) == SQLITE_OK &&
			  sqlite3_bind_text(row, 1, now, -1, SQLITE_TRANSIENT) == SQLITE_OK &&
			  sqlite3_bind_int64(row, 2, last) == SQLITE_OK &&
			  sqlite3_step(row) == SQLITE_DONE;
	(void)sqlite3_finalize(row); /* tells the step's error once more */
	return done;
}
