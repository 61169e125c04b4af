/* SQL in, JSON out; nothing here depends on a clock. */
#include "batch/class.h"

#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/json.h"
#include "batch/similar.h"
#include "batch/sql.h"

/* The statements that are asked once for each entry. */
struct asked {
	struct store *store;
	struct batch_conf conf; /* of the late rule */
	const char *isolation;
	long long max_c;
	sqlite3_stmt *members, *failed, *blocked, *worst;
};

static json_t *text_or_null(sqlite3_stmt *row, int column)
{
	const char *text = sql_text(row, column);
	return text != NULL ? json_string(text) : json_null();
}

static json_t *number_or_null(sqlite3_stmt *row, int column)
{
	return sqlite3_column_type(row, column) == SQLITE_NULL
		       ? json_null()
		       : json_integer(sqlite3_column_int64(row, column));
}

static json_t *members_of(const struct asked *asked, const char *entry)
{
	static const char *const keys[] = { "login", "sid", "lms_id", "email", "name", "section" };
	json_t *list = json_array();
	sql_bind(asked->members, "it", asked->store->run, entry);
	while (sql_step(asked->members)) {
		json_t *member = json_object();
		for (int i = 0; i < (int)(sizeof keys / sizeof keys[0]); i++)
			json_put(member, keys[i], text_or_null(asked->members, i));
		(void)json_array_append_new(list, member);
	}
	return list;
}

static json_t *tests_of(sqlite3_stmt *statement, const struct asked *asked, long long verdict)
{
	json_t *list = json_array();
	sql_bind(statement, "ii", asked->store->run, verdict);
	while (sql_step(statement))
		(void)json_array_append_new(list, text_or_null(statement, 0));
	return list;
}

static json_t *worst_of(const struct asked *asked, long long verdict)
{
	sql_bind(asked->worst, "ii", asked->store->run, verdict);
	return sql_step(asked->worst) ? text_or_null(asked->worst, 0) : json_null();
}

/* A note of the scan, and why there is no grade. */
static json_t *note_of(sqlite3_stmt *row)
{
	const char *note = sql_text(row, 8);
	const char *reason = sql_text(row, 9);
	if (note == NULL || reason == NULL)
		return text_or_null(row, note != NULL ? 8 : 9);
	AUTO_FREE char *both = must_printf("%s; %s", reason, note);
	return json_string(both);
}

static json_t *final_of(const struct asked *asked, sqlite3_stmt *row)
{
	if (sqlite3_column_type(row, 11) == SQLITE_NULL)
		return json_null();
	return json_integer(batch_final_c(&asked->conf, (int)sql_number(row, 5, -1),
					  sql_text(row, 4), (long)sql_number(row, 11, 0),
					  (long)sql_number(row, 12, 0)));
}

static json_t *entry_make(const struct asked *asked, sqlite3_stmt *row)
{
	const long long verdict = sql_number(row, 10, 0);
	json_t *entry = json_object();
	json_put(entry, "entry", text_or_null(row, 0));
	json_put(entry, "origin", text_or_null(row, 1));
	json_put(entry, "state", text_or_null(row, 2));
	json_put(entry, "score_c", number_or_null(row, 11));
	json_put(entry, "final_c", final_of(asked, row));
	json_put(entry, "max_c", json_integer(sql_number(row, 12, asked->max_c)));
	json_put(entry, "attempt", number_or_null(row, 3));
	json_put(entry, "submitted", text_or_null(row, 4));
	json_put(entry, "late", number_or_null(row, 5));
	json_put(entry, "group", text_or_null(row, 6));
	json_put_text(entry, "isolation", asked->isolation);
	json_put(entry, "submission", text_or_null(row, 7));
	json_put(entry, "worst_finding", worst_of(asked, verdict));
	json_put(entry, "note", note_of(row));
	json_put(entry, "failed", tests_of(asked->failed, asked, verdict));
	json_put(entry, "blocked", tests_of(asked->blocked, asked, verdict));
	json_put(entry, "cpu_ms", number_or_null(row, 13));
	json_put(entry, "wall_ms", number_or_null(row, 14));
	json_put(entry, "members", members_of(asked, sql_text(row, 0)));
	return entry;
}

#define TESTS_WITH                                                                 \
	"SELECT t.test_id FROM lab_tests l JOIN tests t ON t.test_id = l.test_id " \
	"WHERE l.run_id = ?1 AND t.verdict_id = ?2 AND t.status = "

static json_t *entries_make(struct asked *asked)
{
	sqlite3 *db = asked->store->db;
	asked->members = sql_prepare(db,
				     "SELECT login, sid, lms_id, email, fullname, section FROM "
				     "members WHERE run_id = ? AND entry = ? ORDER BY position");
	asked->failed = sql_prepare(db, TESTS_WITH "'fail' ORDER BY l.position");
	asked->blocked = sql_prepare(db, TESTS_WITH "'blocked' ORDER BY l.position");
	asked->worst = sql_prepare(
		db,
		"SELECT f.finding_id FROM tests t JOIN findings f USING (verdict_id, test_id) "
		"JOIN lab_tests l ON l.run_id = ?1 AND l.test_id = t.test_id "
		"WHERE t.verdict_id = ?2 ORDER BY t.max_c - t.points_c DESC, l.position LIMIT 1");
	sqlite3_stmt *row = sql_query(
		db,
		"SELECT e.name, e.origin, e.state, e.attempt, e.submitted, e.late, e.grp, e.hash, "
		"e.note, e.reason, v.id, v.score_c, v.max_c, v.cpu_ms, v.wall_ms FROM entries e "
		"LEFT JOIN verdicts v ON e.state = 'final' AND v.hash = e.hash AND v.grade_key = "
		"?2 "
		"WHERE e.run_id = ?1 ORDER BY e.name",
		"it", asked->store->run, asked->store->key);
	json_t *list = json_array();
	while (sql_step(row))
		(void)json_array_append_new(list, entry_make(asked, row));
	sql_end(row);
	sql_end(asked->members);
	sql_end(asked->failed);
	sql_end(asked->blocked);
	sql_end(asked->worst);
	return list;
}

/* Each test of the lab, and how many entries passed it. */
static json_t *tests_make(struct store *store)
{
	static const char *const counts[] = { "pass", "fail", "blocked", "skipped" };
	sqlite3_stmt *row = sql_query(
		store->db,
		"SELECT l.test_id, l.part, l.title, l.gate, l.max_c, sum(t.status = 'pass'), "
		"sum(t.status = 'fail'), sum(t.status = 'blocked'), sum(t.status = 'skipped') "
		"FROM lab_tests l LEFT JOIN entries e ON e.run_id = l.run_id AND e.state = 'final' "
		"LEFT JOIN verdicts v ON v.hash = e.hash AND v.grade_key = ?2 "
		"LEFT JOIN tests t ON t.verdict_id = v.id AND t.test_id = l.test_id "
		"WHERE l.run_id = ?1 GROUP BY l.position ORDER BY l.position",
		"it", store->run, store->key);
	json_t *list = json_array();
	while (sql_step(row)) {
		json_t *test = json_object();
		json_put(test, "id", text_or_null(row, 0));
		json_put(test, "part", text_or_null(row, 1));
		json_put(test, "title", text_or_null(row, 2));
		json_put(test, "gate", json_boolean(sql_number(row, 3, 0)));
		json_put(test, "max_c", json_integer(sql_number(row, 4, 0)));
		for (int i = 0; i < 4; i++)
			json_put(test, counts[i], json_integer(sql_number(row, 5 + i, 0)));
		(void)json_array_append_new(list, test);
	}
	sql_end(row);
	return list;
}

#define FINDINGS_OF                                                                     \
	" FROM findings f JOIN verdicts v ON v.id = f.verdict_id AND v.grade_key = ?2 " \
	"JOIN entries e ON e.run_id = ?1 AND e.state = 'final' AND e.hash = v.hash "

#define FIRST_ENTRY "WHERE f.finding_id = ?3 ORDER BY e.name, f.test_id LIMIT ?4"

static json_t *texts(struct store *store, const char *text, const char *finding, long long limit)
{
	sqlite3_stmt *row = sql_query(store->db, text, "itti", store->run, store->key, finding,
				      limit);
	json_t *list = json_array();
	while (sql_step(row))
		(void)json_array_append_new(list, text_or_null(row, 0));
	sql_end(row);
	return list;
}

/* One schedule that shows it, and whose: names of pictures hold the token behind "schedules/". */
static void put_schedule(struct store *store, json_t *finding, const char *id)
{
	sqlite3_stmt *row = sql_query(
		store->db,
		"SELECT substr(p.name, 11, length(p.name) - 15), e.name" FINDINGS_OF
		"JOIN pictures p ON p.verdict_id = v.id AND substr(p.name, 1, length(f.test_id) + "
		"11) = 'schedules/' || f.test_id || '-' "
		"WHERE f.finding_id = ?3 ORDER BY e.name, f.test_id, p.name LIMIT 1",
		"itt", store->run, store->key, id);
	const bool found = sql_step(row);
	json_put(finding, "token", found ? text_or_null(row, 0) : json_null());
	json_put(finding, "token_entry", found ? text_or_null(row, 1) : json_null());
	sql_end(row);
}

static json_t *findings_make(struct store *store)
{
	sqlite3_stmt *row = sql_query(store->db,
				      "SELECT f.finding_id, count(DISTINCT e.name)" FINDINGS_OF
				      "GROUP BY f.finding_id ORDER BY 2 DESC, 1",
				      "it", store->run, store->key);
	json_t *list = json_array();
	while (sql_step(row)) {
		const char *id = sql_text(row, 0);
		json_t *what = texts(store, "SELECT f.what" FINDINGS_OF FIRST_ENTRY, id, 1);
		json_t *why = texts(store, "SELECT f.why" FINDINGS_OF FIRST_ENTRY, id, 1);
		json_t *finding = json_object();
		json_put_text(finding, "id", id);
		json_put(finding, "tests",
			 texts(store,
			       "SELECT DISTINCT f.test_id" FINDINGS_OF
			       "WHERE f.finding_id = ?3 ORDER BY f.test_id LIMIT ?4",
			       id, -1));
		json_put(finding, "count", json_integer(sql_number(row, 1, 0)));
		json_put(finding, "what", json_incref(json_array_get(what, 0)));
		json_put(finding, "why", json_incref(json_array_get(why, 0)));
		json_put(finding, "entries",
			 texts(store,
			       "SELECT DISTINCT e.name" FINDINGS_OF
			       "WHERE f.finding_id = ?3 ORDER BY e.name LIMIT ?4",
			       id, CLASS_FINDING_ENTRIES_MAX));
		put_schedule(store, finding, id);
		json_decref(what);
		json_decref(why);
		(void)json_array_append_new(list, finding);
	}
	sql_end(row);
	return list;
}

static json_t *audit_make(struct store *store)
{
	sqlite3_stmt *row = sql_query(
		store->db, "SELECT sample, conditions, differences FROM audits WHERE run_id = ?",
		"i", store->run);
	json_t *audit = json_null();
	if (sql_step(row))
		audit = json_make("{s:I, s:I, s:I}", "sample", (json_int_t)sql_number(row, 0, 0),
				  "conditions", (json_int_t)sql_number(row, 1, 0), "differences",
				  (json_int_t)sql_number(row, 2, 0));
	sql_end(row);
	return audit;
}

static json_t *lines(const char *text)
{
	json_t *list = json_array();
	while (text != NULL && *text != '\0') {
		const size_t length = strcspn(text, "\n");
		(void)json_array_append_new(list, json_stringn(text, length));
		text += length + (text[length] == '\n');
	}
	return list;
}

json_t *class_make(struct store *store)
{
	sqlite3_stmt *row = sql_query(store->db,
				      "SELECT lab, lab_number, title, seed, grade_key, isolation, "
				      "started, finished, layout, "
				      "warnings, due_s, grace_minutes, per_day, max_days, "
				      "(SELECT sum(max_c) FROM lab_tests WHERE run_id = runs.id), "
				      "parts FROM runs WHERE id = ?",
				      "i", store->run);
	if (!sql_step(row))
		die("the store has lost its run");
	static char some[] = "due";
	struct asked asked = {
		.store = store,
		.conf = { .due = sqlite3_column_type(row, 10) != SQLITE_NULL ? some : NULL,
			  .due_s = sql_number(row, 10, 0),
			  .grace_minutes = (long)sql_number(row, 11, 0),
			  .per_day = (long)sql_number(row, 12, 0),
			  .max_days = (long)sql_number(row, 13, 0) },
		.isolation = sql_text(row, 5),
		.max_c = sql_number(row, 14, 0),
	};
	json_t *class = json_object();
	json_put_text(class, "format", "interleave-class/1");
	json_put(class, "lab", text_or_null(row, 0));
	const char *digits = sql_text(row, 1);
	json_put(class, "lab_number", json_integer(strtol(digits, NULL, 10)));
	json_put(class, "title", text_or_null(row, 2));
	json_t *parts = json_read_bytes(sql_text(row, 15), strlen(sql_text(row, 15)), NULL);
	json_put(class, "parts", parts != NULL ? parts : json_object());
	json_put(class, "seed", text_or_null(row, 3));
	json_put(class, "grade_key", text_or_null(row, 4));
	json_put(class, "isolation", text_or_null(row, 5));
	json_put(class, "max_c", json_integer(asked.max_c));
	json_put(class, "started", text_or_null(row, 6));
	json_put(class, "finished", text_or_null(row, 7));
	json_put(class, "layout", text_or_null(row, 8));
	json_put(class, "warnings", lines(sql_text(row, 9)));
	json_put(class, "entries", entries_make(&asked));
	json_put(class, "tests", tests_make(store));
	json_put(class, "findings", findings_make(store));
	json_put(class, "audit", audit_make(store));
	json_t *similarity = similar_value(store);
	json_put(class, "similarity", similarity != NULL ? similarity : json_null());
	sql_end(row);
	return class;
}

sqlite3_stmt *class_verdict(struct store *store, const json_t *entry)
{
	sqlite3_stmt *row = sql_query(
		store->db,
		"SELECT id, json, run, json_hash FROM verdicts WHERE hash = ? AND grade_key = ?",
		"tt", json_text_of(entry, "submission", ""), store->key);
	if (strcmp(json_text_of(entry, "state", ""), "final") == 0 && sql_step(row))
		return row;
	sql_end(row);
	return NULL;
}

json_t *class_value(sqlite3_stmt *verdict, int column)
{
	if (verdict == NULL)
		return NULL;
	size_t length = 0;
	const char *bytes = sql_bytes(verdict, column, &length);
	json_t *value = json_read_bytes(bytes, length, NULL);
	if (value == NULL)
		die("the store holds a grade that is none: run grade batch again");
	return value;
}
