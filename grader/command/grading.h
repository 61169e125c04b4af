/* command/grading.h - the life of one submission: collect, make programs, run, judge, write
 * grade.json. [MT-Confined] */
#ifndef GRADER_GRADING_H
#define GRADER_GRADING_H
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/words.h"
#include "command/vm.h"
#include "intake/lab.h"

struct grading_options {
	const char *seed; /* 16 hex digits                        */
	unsigned slots;   /* jobs at once                         */
	bool fresh;       /* make the programs anew               */
	bool progress;    /* a line on stderr that is written over */
	/* At the start and after each test, with the grade so far (see command/partial.h),
	 * borrowed; NULL: nobody looks. */
	void (*partial)(const json_t *grade, void *context);
	void *partial_context;
	const char *detectors; /* asked for a second opinion besides the usual ones, see
				  command/second.h; "none": nobody is asked */
};

struct grading {
	json_t *second;      /* what they saw: rows of layers_compare */
	json_t *grade, *run; /* grade.json and run.json, both also in the folder    */
	char *folder;        /* build/run/LAB/HASH                                  */
	struct words warnings;
	struct words plots; /* names in the folder                                 */
	long long collect_ms, compile_ms, audit_ms, link_ms, run_ms, second_ms, judge_ms, total_ms;
	bool cached; /* the programs were those of an earlier run           */
};

/* How many jobs run at once if nobody says: two for each core, since a job waits half of its time
 * (for the end of boxes and groups, for a subject to fall asleep). No verdict depends on it. */
unsigned grading_slots(void);

/* Dies (exit 2, no grade) if the host cannot run anything safely or a file of ours is missing.
 * *grading is filled in, returned to the caller. */
void grading_run(const struct lab *lab, const char *folder, const struct grading_options *options,
		 struct grading *grading);

/* Everything but judging: what judging needs goes to the file `path` (command/evidence.h), to be
 * judged elsewhere. Dies likewise. */
void grading_gather(const struct lab *lab, const char *folder,
		    const struct grading_options *options, const char *path);

/* The other half: judges such a file of whatever origin, as long as it is of this lab, seed and
 * submission. Nothing of the submission is compiled or run. Dies (no grade) if it cannot be judged.
 * *grading is filled in, returned to the caller. */
void grading_judge(const struct lab *lab, const char *folder, const char *seed, const char *path,
		   struct grading *grading);

/* Both halves, the first in a virtual machine that is thrown away (command/vm.h). */
void grading_vm(const struct lab *lab, const char *folder, const char *seed,
		const struct vm_options *options, struct grading *grading);

void grading_fini(struct grading *grading);

/* 0 full marks, 1 less, 2 no grade. */
int grading_exit_status(const struct grading *grading);

void grading_print(FILE *out, const struct lab *lab, const struct grading *grading);
/* "collect 0.0 s, compile 1.2 s, ...". */
void grading_print_times(FILE *out, const struct grading *grading);

#endif
