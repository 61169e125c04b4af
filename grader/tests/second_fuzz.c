/* libFuzzer target: a detector's log of whatever bytes becomes an observation that is one of the
 * known, names no file but the student's, holds no control character, and is silence only beside
 * the report of the planted error. */
#include <stdint.h>
#include <string.h>

#include "base/json.h"
#include "judge/second.h"
#include "run/report.h"
#include "run/second_log.h"
#include "tests/fuzz.h"

enum { TEXT_BYTES = 16 << 10 };

/* Lines of true logs, each called by one byte: what the fuzzer would take long to guess. */
static const char *const pieces[] = {
	"WARNING: ThreadSanitizer: data race (pid=2)\n",
	"WARNING: ThreadSanitizer: lock-order-inversion (potential deadlock) (pid=2)\n",
	"  Write of size 4 at 0x1 by thread T7:\n",
	"  Previous write of size 4 at 0x1 by thread T6:\n",
	"    #0 <null> <null> (stress+0x27bf)\n",
	"\n",
	"ThreadSanitizer: reported 1 warnings\n",
	"==2==ERROR: ThreadSanitizer: SEGV on unknown address\n",
	"FATAL: ThreadSanitizer: unexpected memory mapping\n",
	"==2== Possible data race during write of size 4 at 0x1 by thread #7\n",
	"==2== Locks held: none\n",
	"==2==    at 0x10A530: stress_planted_race (stress.c:52)\n",
	"==2==    by 0x10A530: bq_push (bqueue.c:52)\n",
	"==2== This conflicts with a previous write of size 4 by thread #6\n",
	"==2== Conflicting load by thread 6 at 0x1 size 8\n",
	"==2== ERROR SUMMARY: 1 errors from 1 contexts (suppressed: 0 from 0)\n",
	"valgrind: failed to start\n",
};

static size_t spell(char *text, const uint8_t *data, size_t size)
{
	return fuzz_spell(pieces, sizeof pieces / sizeof *pieces, data, size, text, TEXT_BYTES);
}

static void check_bounds(const json_t *log)
{
	const json_t *reports = json_object_get(log, "reports");
	DEMAND(json_array_size(reports) <= SECOND_REPORTS_MAX);
	size_t r, s;
	json_t *report, *stack;
	json_array_foreach(reports, r, report)
	{
		const json_t *stacks = json_object_get(report, "stacks");
		DEMAND(json_array_size(stacks) <= 2);
		json_array_foreach(stacks, s, stack)
			DEMAND(json_array_size(stack) <= SECOND_FRAMES_MAX);
	}
}

static void check(json_t *log, const char *text, const char *ended)
{
	json_t *files = json_make("[s]", "bqueue.c");
	check_bounds(log);
	json_put_text(log, "ended", ended);
	json_put(log, "code", json_integer(66));
	json_t *seen = second_judge(log, files);
	const char *saw = json_text_of(seen, "saw", "?");
	DEMAND(strstr(" nothing report crash hang error untried tampered ", saw) != NULL);
	if (strcmp(saw, "nothing") == 0)
		DEMAND(strcmp(ended, "exited") == 0 &&
		       strstr(text, "stress_planted_race (stress.c:") != NULL);
	for (const char *at = json_text_of(seen, "what", ""); *at != '\0'; at++)
		DEMAND((unsigned char)*at >= ' ' && (unsigned char)*at < 0x7f);
	size_t i;
	json_t *place;
	json_array_foreach(json_object_get(seen, "where"), i, place)
		DEMAND(strcmp(json_text_of(place, "file", "?"), "bqueue.c") == 0);
	json_decref(seen);
	json_decref(files);
	json_decref(log);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char text[TEXT_BYTES + 1];
	const size_t length = spell(text, data, size);
	report_clean(text, length);
	static const char *const endings[] = { "exited", "signal", "time", "limit", "box" };
	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
		check(second_log_tsan(text), text, endings[i]);
		check(second_log_valgrind(text), text, endings[i]);
	}
	return 0;
}
