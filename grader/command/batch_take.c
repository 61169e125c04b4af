/* What would go wrong later, and quietly, is refused here. */
#include "command/batch_take.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "batch/sql.h"
#include "batch/stop.h"

/* The path as it will be when it is there: its folder must be. Returned (free), or NULL. */
static char *real_path_of(const char *path)
{
	char *real = realpath(path, NULL);
	if (real != NULL || errno != ENOENT)
		return real;
	AUTO_FREE char *copy = must_strdup(path);
	for (size_t n = strlen(copy); n > 1 && copy[n - 1] == '/'; n--)
		copy[n - 1] = '\0';
	char *slash = strrchr(copy, '/');
	if (slash != NULL)
		*slash = '\0';
	AUTO_FREE char *above = realpath(slash == NULL ? "." : *copy != '\0' ? copy : "/", NULL);
	return above != NULL ? must_printf("%s/%s", above, slash != NULL ? slash + 1 : copy) : NULL;
}

/* Before anything is made. What is written into the class would be somebody's hand-in the next
 * time. */
void batch_check_places(const char *submissions, const char *out)
{
	if (*submissions == '\0' || *out == '\0')
		die("SUBMISSIONS and OUT are needed: make batch SUBMISSIONS=dir-or-archive LAB=3 "
		    "OUT=dir");
	AUTO_FREE char *from = realpath(submissions, NULL);
	if (from == NULL)
		die_errno(errno, "cannot open the submissions %s", submissions);
	AUTO_FREE char *to = real_path_of(out);
	const size_t length = strlen(from);
	if (to != NULL && strncmp(to, from, length) == 0 &&
	    (to[length] == '/' || to[length] == '\0'))
		die("OUT (%s) lies in SUBMISSIONS. Choose a folder outside of it", to);
}

void batch_check_only(struct store *store, const struct words *only)
{
	for (size_t i = 0; i < only->count; i++)
		if (sql_value(store->db, 0, "SELECT 1 FROM entries WHERE run_id = ? AND name = ?",
			      "it", store->run, only->item[i]) == 0)
			die("--only: there is no entry '%s'. Names are those of the column 'entry' "
			    "in grades.csv",
			    only->item[i]);
}

/* A folder without any: likely the wrong one, and an answer would take everybody out of the run. */
static void refuse_none(const struct lab *lab, const struct scan_options *scan,
			const struct entries *entries)
{
	if (entries->count > 0)
		return;
	die("no hand-in was found in %s (read as %s). It should be what the course system gave, "
	    "or a "
	    "folder that holds a folder or an archive for each login; one hand-in alone is graded "
	    "by make grade LAB=%s SUBMISSION=%s",
	    scan->submissions, entries->layout, lab->number, scan->submissions);
}

void batch_take_class(struct store *store, const struct lab *lab, const struct scan_options *scan)
{
	struct entries entries;
	AUTO_FREE char *half_made = must_printf("%s/scan", store->out);
	stop_arm(half_made);
	scan_class(lab, scan, &entries);
	stop_here();
	stop_disarm();
	(void)printf("%s: %zu entries, layout %s\n", scan->submissions, entries.count,
		     entries.layout);
	for (size_t i = 0; i < entries.warnings.count; i++)
		(void)printf("warning: %s\n", entries.warnings.item[i]);
	(void)fflush(stdout);
	refuse_none(lab, scan, &entries);
	store_entries(store, &entries);
	entries_fini(&entries);
}
