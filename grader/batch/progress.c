/* One line. */
#include "batch/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/die.h"
#include "base/file.h"
#include "base/json.h"
#include "base/text.h"

enum { REDRAW_US = 500000, LINE_US = 10000000, FILE_US = 1000000, KNOWN_AFTER = 4 };

void progress_begin(struct progress *progress, const char *lab, unsigned slots)
{
	*progress = (struct progress){ .terminal = isatty(STDERR_FILENO) == 1,
				       .lab = lab,
				       .slots = slots,
				       .begun_us = clock_us() };
	progress->drawn_us = progress->terminal ? 0 : progress->begun_us;
}

void progress_took(struct progress *progress, long long wall_ms)
{
	progress->recent[progress->graded++ % PROGRESS_RECENT] = wall_ms;
}

static int compare(const void *left, const void *right)
{
	const long long a = *(const long long *)left;
	const long long b = *(const long long *)right;
	return (a > b) - (a < b);
}

long progress_minutes(const struct progress *progress, size_t left)
{
	if (left == 0)
		return 0;
	if (progress->graded < KNOWN_AFTER)
		return -1;
	const size_t n = progress->graded < PROGRESS_RECENT ? progress->graded : PROGRESS_RECENT;
	long long sorted[PROGRESS_RECENT];
	for (size_t i = 0; i < n; i++)
		sorted[i] = progress->recent[i];
	/* cppcheck-suppress uninitvar ; the loop fills what is sorted: n is at least KNOWN_AFTER */
	qsort(sorted, n, sizeof sorted[0], compare);
	return (long)((sorted[n / 2] * (long long)left / progress->slots + 59999) / 60000);
}

static double per_minute(const struct progress *progress)
{
	const double minutes = (double)(clock_us() - progress->begun_us) / 60e6;
	return minutes > 0 ? (double)progress->graded / minutes : 0;
}

static void print_line(const struct progress *progress, const struct store_counts *counts,
		       size_t running, const char *what, const char *remark)
{
	const long minutes = progress_minutes(progress, counts->queued);
	char median[TEXT_POINTS_BYTES] = "--";
	if (counts->median_c >= 0)
		text_points(median, counts->median_c);
	AUTO_FREE char *eta = minutes < 0 ? must_strdup("--") : must_printf("%ld min", minutes);
	(void)fprintf(stderr,
		      "%slab %s  %zu/%zu graded  %zu running  %zu unreadable  %zu ungraded  "
		      "median %s  %.1f/min  ETA %s",
		      progress->terminal ? "\r" : "", progress->lab, counts->final,
		      counts->entries - counts->missing, running, counts->unreadable,
		      counts->ungraded, median, per_minute(progress), eta);
	if (what != NULL)
		(void)fprintf(stderr, "  [%s]", what);
	if (remark != NULL)
		(void)fprintf(stderr, "  %s", remark);
	(void)fputs(progress->terminal ? "\033[K" : "\n", stderr);
}

static void write_file(const struct progress *progress, struct store *store,
		       const struct store_counts *counts, size_t running)
{
	AUTO_FREE char *path = must_printf("%s/progress.json", store->out);
	json_t *value = json_make(
		"{s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "lab", progress->lab, "entries",
		(json_int_t)counts->entries, "graded", (json_int_t)counts->final, "running",
		(json_int_t)running, "queued", (json_int_t)counts->queued, "unreadable",
		(json_int_t)counts->unreadable, "ungraded", (json_int_t)counts->ungraded, "missing",
		(json_int_t)counts->missing, "minutes_left",
		(json_int_t)progress_minutes(progress, counts->queued));
	(void)json_write_file(path, value); /* on a full disk the line tells */
	json_decref(value);
}

void progress_show(struct progress *progress, struct store *store, size_t running, const char *what,
		   const char *remark)
{
	const uint64_t now = clock_us();
	const bool draw = now - progress->drawn_us >= (progress->terminal ? REDRAW_US : LINE_US);
	const bool file = now - progress->filed_us >= FILE_US;
	struct store_counts counts;
	if (!draw && !file)
		return;
	store_count(store, &counts);
	if (draw) {
		print_line(progress, &counts, running, what, remark);
		progress->drawn_us = now;
	}
	if (file) {
		write_file(progress, store, &counts, running);
		progress->filed_us = now;
	}
}

void progress_end(struct progress *progress, struct store *store)
{
	struct store_counts counts;
	store_count(store, &counts);
	write_file(progress, store, &counts, 0);
	if (progress->terminal)
		(void)fputs("\r\033[K", stderr);
}
