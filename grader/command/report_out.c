/* grade report: every file of a batch made again from its store. */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/die.h"
#include "batch/outputs.h"
#include "batch/sql.h"
#include "command/commands.h"

struct arguments {
	const char *out;
	long compare; /* a run's number; 0: none */
};

static const struct argp_option options[] = {
	{ "compare", 'c', "RUN", 0,
	  "list each score that differs from those of an earlier run (1 is the first)", 0 },
	{ 0 },
};

/* NOLINTNEXTLINE(readability-non-const-parameter): as argp calls it */
static error_t parse(int key, char *value, struct argp_state *state)
{
	struct arguments *arguments = state->input;
	switch (key) {
	case 'c':
		arguments->compare = strtol(value, NULL, 10);
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num > 0)
			argp_usage(state);
		arguments->out = value;
		return 0;
	case ARGP_KEY_END:
		if (state->arg_num != 1)
			argp_usage(state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void print_points(sqlite3_stmt *row, int column)
{
	if (sqlite3_column_type(row, column) == SQLITE_NULL)
		(void)printf("  no grade");
	else
		(void)printf("  %8.2f", (double)sql_number(row, column, 0) / 100);
}

/* Entries of both runs whose score is another, and the tests that made the difference. */
static void compare(struct store *store, long run)
{
	sqlite3_stmt *row = sql_query(
		store->db,
		"SELECT e.name, w.score_c, v.score_c, (SELECT group_concat(t.test_id, ' ') FROM "
		"tests t "
		"JOIN tests u ON u.test_id = t.test_id AND u.verdict_id = w.id WHERE t.verdict_id "
		"= v.id "
		"AND (t.points_c <> u.points_c OR t.status <> u.status)) "
		"FROM entries e JOIN runs r ON r.id = e.run_id JOIN entries f ON f.name = e.name "
		"AND "
		"f.run_id = ?2 JOIN runs q ON q.id = f.run_id "
		"LEFT JOIN verdicts v ON v.hash = e.hash AND v.grade_key = r.grade_key AND e.state "
		"= "
		"'final' LEFT JOIN verdicts w ON w.hash = f.hash AND w.grade_key = q.grade_key AND "
		"f.state = 'final' WHERE e.run_id = ?1 AND v.score_c IS NOT w.score_c ORDER BY "
		"e.name",
		"ii", store->run, (long long)run);
	size_t count = 0;
	while (sql_step(row)) {
		(void)printf("%-24s", sql_text(row, 0));
		print_points(row, 1);
		(void)printf("  ->");
		print_points(row, 2);
		(void)printf("  %s\n", sql_text(row, 3) != NULL ? sql_text(row, 3) : "");
		count++;
	}
	sql_end(row);
	(void)printf("%zu scores differ between run %ld and run %lld\n", count, run, store->run);
}

int command_report(int argc, char **argv)
{
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "OUT",
		.doc = "Makes all files of a batch again from its store, with the same bytes; "
		       "those "
		       "that are right already are not written.",
	};
	struct arguments arguments = { 0 };
	(void)argp_parse(&argp, argc, argv, 0, NULL, &arguments);
	struct store store;
	store_open_reader(&store, arguments.out);
	store_last_run(&store);
	if (arguments.compare > 0)
		compare(&store, arguments.compare);
	else
		outputs_all(&store);
	store_close(&store);
	return 0;
}
