/* Opening a store: who may, where, and what is done with one that is damaged. */
#include "batch/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/file.h"
#include "batch/place.h"
#include "batch/sql.h"

enum { APPLICATION = 0x494c5631 /* "ILV1" */, BUSY_MS = 10000, BAD_MAX = 100 };

static int take_lock(const char *out)
{
	AUTO_FREE char *path = must_printf("%s/lock", out);
	AUTO_FD int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (fd < 0)
		die_errno(errno, "cannot write into %s (choose another folder for OUT)", out);
	if (flock(fd, LOCK_EX | LOCK_NB) != 0)
		die("another batch works on %s. Wait for its end, or stop it with Ctrl-C", out);
	return take_fd(&fd);
}

static sqlite3 *open_file(const char *path, int flags)
{
	sqlite3 *db = NULL;
	if (sqlite3_open_v2(path, &db, flags | SQLITE_OPEN_NOFOLLOW, NULL) != SQLITE_OK)
		die("cannot open %s: %s", path, sqlite3_errmsg(db));
	(void)sqlite3_busy_timeout(db, BUSY_MS);
	(void)sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	(void)sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	return db;
}

/* Not by sql.h: here an error is an answer. */
static bool is_sound(sqlite3 *db)
{
	sqlite3_stmt *statement = NULL;
	bool sound = sqlite3_prepare_v2(db, "PRAGMA quick_check(1)", -1, &statement, NULL) ==
			     SQLITE_OK &&
		     sqlite3_step(statement) == SQLITE_ROW &&
		     strcmp((const char *)sqlite3_column_text(statement, 0), "ok") == 0;
	const int code = sqlite3_errcode(db);
	(void)sqlite3_finalize(statement);
	if (code != SQLITE_ROW && code != SQLITE_NOTADB && code != SQLITE_CORRUPT &&
	    code != SQLITE_OK && code != SQLITE_DONE)
		die("the store %s cannot be read: %s", sqlite3_db_filename(db, "main"),
		    sqlite3_errmsg(db));
	return sound;
}

/* The file and what SQLite keeps beside it, under the first free name. */
static void set_aside(const char *path)
{
	static const char *const parts[] = { "", "-wal", "-shm" };
	AUTO_FREE char *to = must_printf("%s.bad", path);
	for (int i = 2; file_exists(to) && i < BAD_MAX; i++) {
		free(to);
		to = must_printf("%s.bad%d", path, i);
	}
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		AUTO_FREE char *from = must_printf("%s%s", path, parts[i]);
		AUTO_FREE char *aside = must_printf("%s%s", to, parts[i]);
		if (rename(from, aside) != 0 && errno != ENOENT)
			die_errno(errno, "cannot set %s aside", from);
	}
	(void)fprintf(
		stderr,
		"grade: %s was damaged and lies now in %s; the submissions are graded again\n",
		path, to);
}

static void prepare(struct store *store, const char *path)
{
	const long long application = sql_value(store->db, 0, "PRAGMA application_id", "");
	const long long version = sql_value(store->db, 0, "PRAGMA user_version", "");
	const bool empty = sql_value(store->db, 0, "SELECT count(*) FROM sqlite_master", "") == 0;
	if (!empty && application != APPLICATION)
		die("%s is a data base of another program. Choose another folder for OUT", path);
	if (!empty && version != STORE_VERSION)
		die("%s has version %lld, this grader knows %d. Nothing was changed: choose "
		    "another "
		    "folder for OUT, or use the grader that made it",
		    path, version, STORE_VERSION);
	if (!empty)
		return;
	char *why = NULL;
	AUTO_FREE char *text = must_printf("BEGIN;%sPRAGMA application_id = %d;"
					   "PRAGMA user_version = %d;COMMIT",
					   store_schema, APPLICATION, STORE_VERSION);
	if (sqlite3_exec(store->db, text, NULL, NULL, &why) != SQLITE_OK)
		die("cannot make the store %s: %s", path, why);
}

/* A folder that somebody else filled; "lock" is the first thing that a batch makes in its own. */
static bool is_foreign(const char *out)
{
	static const char *const ours[] = { "lock", "store.sqlite" };
	struct words names = { 0 };
	bool foreign = folder_list(out, SIZE_MAX, &names) == 0 && names.count > 0;
	for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++)
		foreign = foreign && !words_has(&names, ours[i]);
	words_fini(&names);
	return foreign;
}

void store_open(struct store *store, const char *out)
{
	*store = (struct store){ .lock = -1 };
	if (is_foreign(out))
		die("%s holds other things, and no batch. Choose a new or an empty folder for OUT",
		    out);
	if (!folder_exists(out)) {
		AUTO_FREE char *above = must_strdup(out);
		char *slash = strrchr(above, '/');
		if (slash != NULL && slash != above) {
			*slash = '\0';
			(void)folder_make(above); /* mkdir tells */
		}
		if (mkdir(out, 0700) != 0) /* grades are nobody else's business */
			die_errno(errno, "cannot make %s", out);
	}
	const char *place = place_unsafe(out);
	if (place != NULL)
		die("%s lies on %s, where a store is not safe. Choose a folder of a local disk for "
		    "OUT",
		    out, place);
	store->out = realpath(out, NULL);
	if (store->out == NULL)
		die_errno(errno, "cannot find %s", out);
	store->lock = take_lock(store->out);
	AUTO_FREE char *path = must_printf("%s/store.sqlite", store->out);
	store->db = open_file(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
	if (!is_sound(store->db)) {
		(void)sqlite3_close(store->db);
		set_aside(path);
		store->set_aside = true;
		store->db = open_file(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
	}
	(void)sql_value(store->db, 0, "PRAGMA journal_mode = WAL", "");
	(void)sql_value(store->db, 0, "PRAGMA synchronous = FULL", "");
	(void)sql_value(store->db, 0, "PRAGMA foreign_keys = ON", "");
	(void)sql_value(store->db, 0, "PRAGMA temp_store = MEMORY", "");
	prepare(store, path);
}

void store_open_reader(struct store *store, const char *out)
{
	*store = (struct store){ .lock = -1 };
	AUTO_FREE char *path = must_printf("%s/store.sqlite", out);
	if (!file_exists(path))
		die("%s holds no batch: there is no store.sqlite in it", out);
	store->out = realpath(out, NULL);
	store->db = open_file(path, SQLITE_OPEN_READWRITE);
	if (!is_sound(store->db))
		die("%s is damaged: run grade batch again, it sets it aside and grades anew", path);
	prepare(store, path);
}

void store_close(struct store *store)
{
	(void)sqlite3_close(store->db);
	if (store->lock >= 0)
		(void)close(store->lock);
	free(store->out);
	*store = (struct store){ .lock = -1 };
}

void store_begin(struct store *store)
{
	sql_do(store->db, "BEGIN IMMEDIATE", "");
}

void store_commit(struct store *store)
{
	sql_do(store->db, "COMMIT", "");
}

void store_now(char out[static TIME_TEXT_BYTES])
{
	time_write((int64_t)time(NULL), out);
}
