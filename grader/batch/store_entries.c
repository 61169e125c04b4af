/* The class: who handed in what. Scanning again gives the same rows again. */
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "batch/sql.h"
#include "batch/store.h"

/* Members of an entry, all anew. */
static void put_members(struct store *store, const struct entry *entry)
{
	sql_do(store->db, "DELETE FROM members WHERE run_id = ? AND entry = ?", "it", store->run,
	       entry->name);
	for (size_t i = 0; i < entry->member_count; i++) {
		const struct member *member = &entry->members[i];
		sql_do(store->db,
		       "INSERT INTO members (run_id, entry, position, login, sid, lms_id, email, "
		       "fullname, section) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
		       "ititttttt", store->run, entry->name, (long long)i, member->login,
		       member->sid, member->lms_id, member->email, member->name, member->section);
	}
}

static const char *state_of(struct store *store, const struct entry *entry)
{
	if (entry->state != ENTRY_QUEUED)
		return entry_state_name(entry->state);
	return sql_value(store->db, 0, "SELECT 1 FROM verdicts WHERE hash = ? AND grade_key = ?",
			 "tt", entry->hash, store->key) != 0
		       ? "final"
		       : "queued";
}

static void put_entry(struct store *store, const struct entry *entry)
{
	sql_do(store->db,
	       "INSERT INTO entries (run_id, name, hash, origin, attempt, submitted, late, grp, "
	       "state, note) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
	       "ON CONFLICT (run_id, name) DO UPDATE SET hash = excluded.hash, "
	       "origin = excluded.origin, attempt = excluded.attempt, "
	       "submitted = excluded.submitted, late = excluded.late, grp = excluded.grp, "
	       "state = excluded.state, note = excluded.note, reason = NULL",
	       "itttotottt", store->run, entry->name,
	       entry->state == ENTRY_QUEUED ? entry->hash : NULL, entry->origin,
	       (long long)entry->attempt, entry->submitted, (long long)entry->late, entry->group,
	       state_of(store, entry), entry->note);
	put_members(store, entry);
	sql_do(store->db, "INSERT INTO temp.seen (name) VALUES (?)", "t", entry->name);
}

void store_entries(struct store *store, const struct entries *entries)
{
	AUTO_FREE char *warnings = must_strdup("");
	for (size_t i = 0; i < entries->warnings.count; i++) {
		char *longer = must_printf("%s%s\n", warnings, entries->warnings.item[i]);
		free(warnings);
		warnings = longer;
	}
	store_begin(store);
	sql_do(store->db, "CREATE TEMP TABLE IF NOT EXISTS seen (name TEXT PRIMARY KEY)", "");
	sql_do(store->db, "DELETE FROM temp.seen", "");
	for (size_t i = 0; i < entries->count; i++)
		put_entry(store, &entries->item[i]);
	sql_do(store->db,
	       "DELETE FROM entries WHERE run_id = ? AND name NOT IN (SELECT name FROM temp.seen)",
	       "i", store->run);
	sql_do(store->db, "UPDATE runs SET layout = ?, warnings = ? WHERE id = ?", "tti",
	       entries->layout != NULL ? entries->layout : "", warnings, store->run);
	store_commit(store);
}

void store_settings(struct store *store, const struct batch_conf *conf, const char *formats)
{
	sql_do(store->db,
	       "UPDATE runs SET due_s = CASE WHEN ? THEN ? END, grace_minutes = ?, per_day = ?, "
	       "max_days = ?, formats = ? WHERE id = ?",
	       "iiiiiti", (long long)(conf->due != NULL), (long long)conf->due_s,
	       (long long)conf->grace_minutes, (long long)conf->per_day, (long long)conf->max_days,
	       formats, store->run);
}

void store_input(struct store *store, const char *kind, const char *bytes, size_t length)
{
	sql_do(store->db, "DELETE FROM inputs WHERE run_id = ? AND kind = ?", "it", store->run,
	       kind);
	if (bytes != NULL)
		sql_do(store->db, "INSERT INTO inputs (run_id, kind, bytes) VALUES (?, ?, ?)",
		       "itb", store->run, kind, bytes, length);
}

void store_count(struct store *store, struct store_counts *counts)
{
	*counts = (struct store_counts){ 0 };
	sqlite3_stmt *row = sql_query(
		store->db, "SELECT state, count(*) FROM entries WHERE run_id = ? GROUP BY state",
		"i", store->run);
	while (sql_step(row)) {
		const char *state = sql_text(row, 0);
		const size_t n = (size_t)sql_number(row, 1, 0);
		counts->entries += n;
		*(strcmp(state, "final") == 0        ? &counts->final
		  : strcmp(state, "queued") == 0     ? &counts->queued
		  : strcmp(state, "unreadable") == 0 ? &counts->unreadable
		  : strcmp(state, "ungraded") == 0   ? &counts->ungraded
						     : &counts->missing) = n;
	}
	sql_end(row);
	counts->median_c = (long)sql_value(
		store->db, -1,
		"SELECT v.score_c FROM entries e JOIN verdicts v ON v.hash = e.hash AND "
		"v.grade_key = ?2 "
		"WHERE e.run_id = ?1 AND e.state = 'final' ORDER BY v.score_c "
		"LIMIT 1 OFFSET ?3",
		"iti", store->run, store->key,
		(long long)(counts->final > 0 ? (counts->final - 1) / 2 : 0));
}
