/* command/plan.h - runs the tests of a submission in two phases: all gates, then what the gates
 * opened. [MT-Confined] */
#ifndef GRADER_PLAN_H
#define GRADER_PLAN_H
#include <jansson.h>
#include <stdbool.h>

#include "intake/programs.h"

struct plan_options {
	const char *seed;
	unsigned slots;                      /* jobs at once */
	const struct submission *submission; /* for its texts */
	/* After each test whose jobs have all ended; NULL: nobody looks. `verdicts` are those so
	 * far, borrowed. */
	void (*progress)(size_t done, size_t tests, const char *test, const json_t *verdicts,
			 void *context);
	void *context;
};

/* What the runs gave: `verdicts` maps test ids to verdicts (see judge/verdict.h), each with the
 * keys "build" and "program" beside them; `evidence` maps "ID BUILD" to the records of the last
 * attempt; `attempts` likewise to numbers; `detectors` maps builds to "its detectors report errors
 * on this machine", for those that had to be asked. All are returned to the caller. */
struct plan_result {
	json_t *verdicts, *evidence, *attempts, *detectors;
};

void plan_run(const struct lab *lab, const json_t *lab_json, const struct programs *programs,
	      const struct plan_options *options, struct plan_result *result);
void plan_result_fini(struct plan_result *result);

#endif
