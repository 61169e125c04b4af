/* batch/sql.h - SQLite with values bound by a format and no way to go on after an error.
 * Source: the C interface of SQLite 3. Every text from outside is a bound parameter; no statement
 * is composed. A failure (a full disk above all) ends the program with what to do next: what was
 * committed stays, so the same command again goes on. [MT-Confined] to one connection. */
#ifndef GRADER_SQL_H
#define GRADER_SQL_H
#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>

/* Values by a letter each: t const char * (NULL: null), i long long, o long long (negative: null),
 * b const void * and size_t. A statement is used again by sql_bind and ended by sql_end. */
sqlite3_stmt *sql_prepare(sqlite3 *db, const char *text);
void sql_bind(sqlite3_stmt *statement, const char *format, ...);
/* sql_prepare and sql_bind. */
sqlite3_stmt *sql_query(sqlite3 *db, const char *text, const char *format, ...);

/* true: there is a row. */
bool sql_step(sqlite3_stmt *statement);
void sql_end(sqlite3_stmt *statement);

/* Runs a statement that gives no rows. */
void sql_do(sqlite3 *db, const char *text, const char *format, ...);

/* Columns of the row; the text is borrowed until the next step, NULL for null. A null number is
 * `absent`. */
const char *sql_text(sqlite3_stmt *statement, int column);
long long sql_number(sqlite3_stmt *statement, int column, long long absent);
/* Borrowed; *length may be NULL. */
const char *sql_bytes(sqlite3_stmt *statement, int column, size_t *length);

/* The first number of the first row, or `absent` without one. */
long long sql_value(sqlite3 *db, long long absent, const char *text, const char *format, ...);

#endif
