/* batch/store.h - the journal of a batch: one SQLite file in OUT that every other file is derived
 * from. One writer at a time (a lock on OUT); each verdict is a transaction, synced. Killed at any
 * moment it holds all that was committed. A failure of the store ends the program (sql.h).
 * Source: SQLite's WAL with synchronous=FULL. [MT-Confined] */
#ifndef GRADER_STORE_H
#define GRADER_STORE_H
#include <jansson.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/hash.h"
#include "base/words.h"
#include "batch/conf.h"
#include "batch/entry.h"
#include "batch/result.h"
#include "intake/lab.h"

enum { STORE_VERSION = 2, STORE_SEED_BYTES = 17 };
extern const char store_schema[];

struct store {
	sqlite3 *db;
	char *out;                /* the folder */
	int lock;                 /* -1: opened for reading only */
	long long run;            /* the run that is worked on or told about; 0: none yet */
	char key[HASH_HEX_BYTES]; /* its grade key */
	bool set_aside;           /* a damaged store was: *.bad */
};

/* Makes OUT if need be, takes its lock, opens or makes the store. Dies, with what to do, if OUT
 * holds other things and no batch, if another batch holds it, if the file system is one that others
 * can write to (place.h), or if the store is of another program or version. A store that is damaged
 * is set aside (store.sqlite.bad), and the submissions are graded again. */
void store_open(struct store *store, const char *out);
/* For reports: for reading, beside a batch that works; dies if there is none. */
void store_open_reader(struct store *store, const char *out);
void store_close(struct store *store);

void store_begin(struct store *store);
void store_commit(struct store *store);

/* Now, as times are written. */
void store_now(char out[static TIME_TEXT_BYTES]);

/* What a run is made with. */
struct store_key {
	const struct lab *lab;
	const char *seed;
	const char *isolation;  /* "full" or "reduced"                                     */
	const json_t *versions; /* of grade.json                                          */
	const char *program;    /* who grades, if it is not this program; NULL: it is      */
};

/* The seed that OUT has been graded with; false: none yet. */
bool store_seed(struct store *store, char seed[static STORE_SEED_BYTES]);

/* Goes on with the run of this key, or begins one. If OUT was graded with another key (the last
 * run's), `regrade` is needed: without it the program ends and says what differs and how many
 * entries would be graded again. */
void store_run(struct store *store, const struct store_key *key, bool regrade);

/* The last run: for reports. Dies if there is none. */
void store_last_run(struct store *store);

/* The settings of this run that reports need, and the instructor's files (bytes NULL: none). */
void store_settings(struct store *store, const struct batch_conf *conf, const char *formats);
void store_input(struct store *store, const char *kind, const char *bytes, size_t length);

/* The class as it was scanned. What has been graded with this key is final at once, what has become
 * another submission is queued; entries that are no longer in the class leave the run. Entries that
 * were ungraded are queued again. All in one transaction. */
void store_entries(struct store *store, const struct entries *entries);

/* Commits a verdict, its attempt and the state of all entries with this hash. */
void store_verdict(struct store *store, const char *hash, const struct result *result,
		   long long attempt);
/* No grade could be given: the entries with this hash. */
void store_ungraded(struct store *store, const char *hash, const char *reason);

/* Crash accounting: a row before each start, closed after its end. */
long long store_attempt(struct store *store, const char *hash, unsigned slot);
void store_attempt_end(struct store *store, long long attempt, const char *outcome,
		       const struct result *result);
/* The number of the last one; 0: none yet. */
long long store_last_attempt(struct store *store);
/* Closes those behind `last` that are open as "stopped", and ends whatever transaction is open.
 * Never dies: false if it could not be done. For a program that ends. */
bool store_abandon(struct store *store, long long last);
/* Closes the attempts that were running when the batch ended: the next command counts from 0. */
void store_forgive(struct store *store, const char *hash);

/* Sets or clears the time of the end. */
void store_finish(struct store *store, bool finished);

struct store_counts {
	size_t entries, final, queued, unreadable, ungraded, missing;
	long median_c; /* of the final scores; -1: none */
};
void store_count(struct store *store, struct store_counts *counts);

#endif
