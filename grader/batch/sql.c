/* One function for each thing that we do with a statement; each checks. */
#include "batch/sql.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include "base/die.h"

static void failed(sqlite3 *db, const char *text)
{
	const int code = sqlite3_errcode(db);
	if (code == SQLITE_FULL || sqlite3_system_errno(db) == ENOSPC)
		die("the disk that holds %s is full. Nothing that was graded is lost: make room "
		    "and run the same command again",
		    sqlite3_db_filename(db, "main"));
	die("the store %s cannot be used (%s, at: %.60s). What was graded is kept: run the same "
	    "command "
	    "again",
	    sqlite3_db_filename(db, "main"), sqlite3_errmsg(db), text);
}

sqlite3_stmt *sql_prepare(sqlite3 *db, const char *text)
{
	sqlite3_stmt *statement = NULL;
	if (sqlite3_prepare_v2(db, text, -1, &statement, NULL) != SQLITE_OK)
		failed(db, text);
	return statement;
}

static int bind_number(sqlite3_stmt *statement, int at, char kind, long long value)
{
	return kind == 'o' && value < 0 ? sqlite3_bind_null(statement, at)
					: sqlite3_bind_int64(statement, at, value);
}

static void bind_all(sqlite3_stmt *statement, const char *format, va_list values)
{
	int at = 1;
	for (const char *kind = format; *kind != '\0'; kind++, at++) {
		int code = SQLITE_MISUSE;
		if (*kind == 't') {
			code = sqlite3_bind_text(statement, at, va_arg(values, const char *), -1,
						 SQLITE_TRANSIENT);
		} else if (*kind == 'b') {
			const void *bytes = va_arg(values, const void *);
			code = sqlite3_bind_blob64(statement, at, bytes, va_arg(values, size_t),
						   SQLITE_TRANSIENT);
		} else if (*kind == 'i' || *kind == 'o') {
			code = bind_number(statement, at, *kind, va_arg(values, long long));
		}
		if (code != SQLITE_OK)
			failed(sqlite3_db_handle(statement), sqlite3_sql(statement));
	}
}

void sql_bind(sqlite3_stmt *statement, const char *format, ...)
{
	va_list values;
	(void)sqlite3_reset(statement); /* tells the step's error once more */
	va_start(values, format);
	bind_all(statement, format, values);
	va_end(values);
}

sqlite3_stmt *sql_query(sqlite3 *db, const char *text, const char *format, ...)
{
	sqlite3_stmt *statement = sql_prepare(db, text);
	va_list values;
	va_start(values, format);
	bind_all(statement, format, values);
	va_end(values);
	return statement;
}

bool sql_step(sqlite3_stmt *statement)
{
	const int code = sqlite3_step(statement);
	if (code != SQLITE_ROW && code != SQLITE_DONE)
		failed(sqlite3_db_handle(statement), sqlite3_sql(statement));
	return code == SQLITE_ROW;
}

void sql_end(sqlite3_stmt *statement)
{
	(void)sqlite3_finalize(statement); /* tells the step's error once more */
}

void sql_do(sqlite3 *db, const char *text, const char *format, ...)
{
	sqlite3_stmt *statement = sql_prepare(db, text);
	va_list values;
	va_start(values, format);
	bind_all(statement, format, values);
	va_end(values);
	(void)sql_step(statement);
	sql_end(statement);
}

const char *sql_text(sqlite3_stmt *statement, int column)
{
	return (const char *)sqlite3_column_text(statement, column);
}

long long sql_number(sqlite3_stmt *statement, int column, long long absent)
{
	return sqlite3_column_type(statement, column) == SQLITE_NULL
		       ? absent
		       : sqlite3_column_int64(statement, column);
}

const char *sql_bytes(sqlite3_stmt *statement, int column, size_t *length)
{
	const char *bytes = sqlite3_column_blob(statement, column);
	if (length != NULL)
		*length = (size_t)sqlite3_column_bytes(statement, column);
	return bytes != NULL ? bytes : "";
}

long long sql_value(sqlite3 *db, long long absent, const char *text, const char *format, ...)
{
	sqlite3_stmt *statement = sql_prepare(db, text);
	va_list values;
	va_start(values, format);
	bind_all(statement, format, values);
	va_end(values);
	const long long value = sql_step(statement) ? sql_number(statement, 0, absent) : absent;
	sql_end(statement);
	return value;
}
