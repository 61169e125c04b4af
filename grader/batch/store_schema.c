/* The tables of the store. Points are integers in hundredths of a point ("_c"), times UTC in ISO
 * 8601. No row of runs, verdicts, tests, findings or pictures is ever deleted. */
#include "batch/store.h"

const char store_schema[] =
	"CREATE TABLE runs (\n" /* one for each grade key that this folder was graded with */
	"	id             INTEGER PRIMARY KEY,\n"
	"	lab            TEXT NOT NULL,\n"
	"	lab_number     TEXT NOT NULL,\n"
	"	title          TEXT NOT NULL,\n"
	"	parts          TEXT NOT NULL,\n" /* JSON: {"A": title} */
	"	seed           TEXT NOT NULL,\n" /* 16 hex digits, one for all submissions */
	"	grade_key      TEXT NOT NULL,\n"
	"	grader_hash    TEXT NOT NULL,\n"
	"	lab_hash       TEXT NOT NULL,\n"
	"	toolchain      TEXT NOT NULL,\n"
	"	features       TEXT NOT NULL,\n" /* sorted, comma separated */
	"	isolation      TEXT NOT NULL CHECK (isolation IN ('full', 'reduced')),\n"
	"	layout         TEXT NOT NULL DEFAULT '',\n"
	"	formats        TEXT NOT NULL DEFAULT '',\n" /* as asked for */
	"	warnings       TEXT NOT NULL DEFAULT '',\n" /* of the scan, a line each */
	"	due_s          INTEGER,\n"                  /* late rule, as in batch.conf */
	"	grace_minutes  INTEGER NOT NULL DEFAULT 0,\n"
	"	per_day        INTEGER NOT NULL DEFAULT 0,\n"
	"	max_days       INTEGER NOT NULL DEFAULT 0,\n"
	"	started        TEXT NOT NULL,\n"
	"	finished       TEXT\n"
	");\n"
	"CREATE TABLE lab_tests (\n" /* what was asked, in the order of tests.tsv */
	"	run_id   INTEGER NOT NULL REFERENCES runs,\n"
	"	position INTEGER NOT NULL,\n"
	"	test_id  TEXT NOT NULL,\n"
	"	part     TEXT NOT NULL,\n"
	"	title    TEXT NOT NULL,\n"
	"	gate     INTEGER NOT NULL,\n"
	"	max_c    INTEGER NOT NULL,\n"
	"	PRIMARY KEY (run_id, position)\n"
	") WITHOUT ROWID;\n"
	"CREATE TABLE inputs (\n" /* the instructor's files that reports need, as given */
	"	run_id INTEGER NOT NULL REFERENCES runs,\n"
	"	kind   TEXT NOT NULL CHECK (kind IN ('conf', 'roster', 'gradebook')),\n"
	"	bytes  BLOB NOT NULL,\n"
	"	PRIMARY KEY (run_id, kind)\n"
	") WITHOUT ROWID;\n"
	"CREATE TABLE entries (\n" /* one per hand-in; many may share one hash */
	"	run_id    INTEGER NOT NULL REFERENCES runs,\n"
	"	name      TEXT NOT NULL,\n"
	"	hash      TEXT,\n" /* NULL when unreadable or missing */
	"	origin    TEXT NOT NULL,\n"
	"	attempt   INTEGER,\n"
	"	submitted TEXT,\n"
	"	late      INTEGER,\n"
	"	grp       TEXT,\n"
	"	state     TEXT NOT NULL CHECK (state IN\n"
	"		('queued', 'final', 'unreadable', 'ungraded', 'missing')),\n"
	"	note      TEXT,\n" /* of the scan */
	"	reason    TEXT,\n" /* why it is ungraded */
	"	CHECK ((hash IS NULL) = (state IN ('unreadable', 'missing'))),\n"
	"	PRIMARY KEY (run_id, name)\n"
	") WITHOUT ROWID;\n"
	"CREATE INDEX entries_hash ON entries (run_id, hash);\n"
	"CREATE TABLE members (\n" /* the people behind an entry */
	"	run_id   INTEGER NOT NULL,\n"
	"	entry    TEXT NOT NULL,\n"
	"	position INTEGER NOT NULL,\n"
	"	login TEXT, sid TEXT, lms_id TEXT, email TEXT, fullname TEXT, section TEXT,\n"
	"	PRIMARY KEY (run_id, entry, position),\n"
	"	FOREIGN KEY (run_id, entry) REFERENCES entries (run_id, name) ON DELETE CASCADE\n"
	") WITHOUT ROWID;\n"
	"CREATE TABLE verdicts (\n"
	"	id        INTEGER PRIMARY KEY,\n"
	"	hash      TEXT NOT NULL,\n" /* of the submission */
	"	grade_key TEXT NOT NULL,\n"
	"	score_c   INTEGER NOT NULL CHECK (score_c BETWEEN 0 AND max_c),\n"
	"	max_c     INTEGER NOT NULL,\n"
	"	json      BLOB NOT NULL,\n" /* the exact bytes of grade.json */
	"	json_hash TEXT NOT NULL,\n"
	"	run       BLOB NOT NULL,\n" /* the exact bytes of run.json */
	"	cpu_ms    INTEGER NOT NULL,\n"
	"	wall_ms   INTEGER NOT NULL,\n"
	"	UNIQUE (hash, grade_key)\n"
	");\n"
	"CREATE TABLE tests (\n"
	"	verdict_id INTEGER NOT NULL REFERENCES verdicts,\n"
	"	test_id    TEXT NOT NULL,\n"
	"	status     TEXT NOT NULL CHECK (status IN ('pass', 'fail', 'blocked', "
	"'skipped')),\n"
	"	points_c   INTEGER NOT NULL,\n"
	"	max_c      INTEGER NOT NULL,\n"
	"	CHECK (points_c BETWEEN 0 AND max_c),\n"
	"	CHECK (status <> 'fail' OR points_c < max_c),\n"
	"	CHECK (status = 'fail' OR points_c = CASE status WHEN 'pass' THEN max_c ELSE 0 "
	"END),\n"
	"	PRIMARY KEY (verdict_id, test_id)\n"
	") WITHOUT ROWID;\n"
	"CREATE TABLE findings (\n"
	"	verdict_id INTEGER NOT NULL,\n"
	"	test_id    TEXT NOT NULL,\n"
	"	finding_id TEXT NOT NULL,\n" /* stable name: lost-wakeup, data-race, ... */
	"	what       TEXT NOT NULL,\n"
	"	why        TEXT NOT NULL,\n"
	"	PRIMARY KEY (verdict_id, test_id),\n"
	"	FOREIGN KEY (verdict_id, test_id) REFERENCES tests\n"
	") WITHOUT ROWID;\n"
	"CREATE TABLE pictures (\n" /* schedules/TOKEN.json, plots/TEST.svg */
	"	verdict_id INTEGER NOT NULL REFERENCES verdicts,\n"
	"	name       TEXT NOT NULL,\n"
	"	bytes      BLOB NOT NULL,\n"
	"	PRIMARY KEY (verdict_id, name)\n"
	");\n"
	"CREATE TABLE attempts (\n" /* committed before a start, closed after its end */
	"	id       INTEGER PRIMARY KEY,\n"
	"	run_id   INTEGER NOT NULL REFERENCES runs,\n"
	"	hash     TEXT NOT NULL,\n"
	"	slot     INTEGER NOT NULL,\n"
	"	started  TEXT NOT NULL,\n"
	"	ended    TEXT,\n" /* NULL: the batch ended before it did */
	"	outcome  TEXT,\n" /* ok, stopped, crash, infra: reason */
	"	cpu_ms INTEGER, wall_ms INTEGER, peak_kib INTEGER\n"
	");\n"
	"CREATE INDEX attempts_hash ON attempts (run_id, hash);\n"
	"CREATE TABLE audits (\n" /* the last audit of a run */
	"	run_id      INTEGER PRIMARY KEY REFERENCES runs,\n"
	"	sample      INTEGER NOT NULL,\n"
	"	conditions  INTEGER NOT NULL,\n"
	"	differences INTEGER NOT NULL\n"
	");\n"
	"CREATE TABLE similarities (\n" /* whose hand-ins of a run are alike */
	"	run_id INTEGER PRIMARY KEY REFERENCES runs,\n"
	"	stamp  TEXT NOT NULL,\n" /* sum of what was compared, and how */
	"	value  BLOB NOT NULL\n"  /* JSON: interleave-similar/1 */
	");\n";
