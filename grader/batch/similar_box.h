/* batch/similar_box.h - one run of sim_c (Debian: similarity-tester) in a box: it reads what
 * students wrote, so what it says about that is believed no further than its form goes.
 * Source: sim(1). [MT-Confined]; forks. */
#ifndef GRADER_SIMILAR_BOX_H
#define GRADER_SIMILAR_BOX_H
#include <stdbool.h>
#include <stddef.h>

/* What to compare. Texts are as similar_text makes them; the last `olds` of them are only compared
 * with, one by one, and all else with nothing but them; 0: all with all others together. */
struct similar_job {
	const char *const *texts;
	size_t count, olds;
	long min_tokens; /* in a row, that count as a run                       */
	unsigned cpu_s;
};

/* The same tokens in two texts, by number; lines count from 1. */
struct similar_run {
	size_t a, b;
	long a_first, a_last, b_first, b_last, tokens;
};

struct similar_answer {
	long *tokens; /* of each text                                                  */
	struct similar_run *runs;
	size_t count;
};

enum { SIMILAR_TEXTS_MAX = 3000, SIMILAR_TOKENS_MAX = 1 << 24 };

/* true: sim_c is installed. */
bool similar_is_here(void);

/* NULL, and *answer is returned (similar_answer_fini); or why there is none: a phrase (static). A
 * box that cannot be set up is such a reason, too: nothing here is worth a batch. */
const char *similar_run_box(const struct similar_job *job, struct similar_answer *answer);
void similar_answer_fini(struct similar_answer *answer);

#endif
