/* Counts, times, and what to do next. */
#include "command/batch_end.h"

#include <stdio.h>
#include <sys/resource.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/file.h"

/* CPU time of this process, without the gradings. */
static double own_cpu_s(void)
{
	struct rusage usage;
	if (getrusage(RUSAGE_SELF, &usage) != 0)
		return 0;
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
	       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

void batch_end_print(const struct store_counts *counts, const struct pipeline_costs *costs,
		     const struct pipeline_end *end, uint64_t wall_us)
{
	const double all = (double)wall_us / 1e6;
	const double own = (double)(costs->scan_us + costs->commit_us + costs->report_us) / 1e6;
	(void)printf("%zu entries: %zu graded, %zu unreadable, %zu ungraded, %zu missing, %zu not "
		     "yet graded\n",
		     counts->entries, counts->final, counts->unreadable, counts->ungraded,
		     counts->missing, counts->queued);
	(void)printf(
		"%zu submission%s graded now, in %.1f s; of these %.1f s (%.1f %%) were the "
		"batch's own, mostly beside gradings: scan %.2f s, store %.2f s, reports %.2f s; "
		"%.2f s of CPU\n",
		end->graded, end->graded == 1 ? "" : "s", all, own, all > 0 ? own / all * 100 : 0,
		(double)costs->scan_us / 1e6, (double)costs->commit_us / 1e6,
		(double)costs->report_us / 1e6, own_cpu_s());
}

int batch_end_advice(const struct store *store, const struct store_counts *counts,
		     const struct pipeline_end *end, size_t differences)
{
	if (differences > 0)
		(void)printf("%zu of the submissions that the audit graded again came out "
			     "differently: a defect of the grader, nobody's fault. Do not publish "
			     "these grades; both versions and what differs are in %s/audit: send "
			     "that folder to the grader's maintainers\n",
			     differences, store->out);
	if (end->full)
		(void)printf(
			"Stopped: the disk that holds %s is full (%s). Nothing that was graded is "
			"lost: make room and run the same command again\n",
			store->out, end->last_reason);
	else if (end->broken != NULL)
		(void)printf(
			"Stopped: %s, so this machine is to blame, not they. The last one: %s. "
			"Logs are in %s/infra. Nothing is lost: run the same command again\n",
			end->broken, end->last_reason, store->out);
	else if (counts->queued > 0)
		(void)puts("Not finished. Nothing is lost: run the same command again");
	else if (counts->ungraded > 0)
		(void)printf(
			"Some have no grade by our fault (the last one: %s): see %s/infra, then "
			"run the same command again\n",
			end->last_reason != NULL ? end->last_reason : "see ungraded.csv",
			store->out);
	else if (counts->unreadable > 0)
		(void)puts("Some hand-ins cannot be read: ungraded.csv says why");
	AUTO_FREE char *report = must_printf("%s/report.html", store->out);
	if (!end->full && file_exists(report))
		(void)printf("Results: %s\n", report);
	if (differences > 0 || end->broken != NULL || counts->queued > 0 || counts->ungraded > 0)
		return 2;
	return counts->unreadable > 0 ? 1 : 0;
}
