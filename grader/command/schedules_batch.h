/* command/schedules_batch.h - the schedules of a batch: they lie in its store. The programs that
 * they were seen in are gone; grading the same files with the same seed makes them again.
 * [MT-Confined] */
#ifndef GRADER_SCHEDULES_BATCH_H
#define GRADER_SCHEDULES_BATCH_H
#include <jansson.h>
#include <stddef.h>

struct batch_schedule {
	json_t *file;  /* interleave-schedule/1, checked                     */
	char *entry;   /* whose it is                                        */
	char *grading; /* the command that makes its programs again          */
	size_t others; /* submissions with a schedule of the same name       */
};

/* The schedule of this token in the last run of OUT: of `entry`, NULL: of the first that has it.
 * Dies if there is none, or if it is damaged. */
void schedules_of_batch(const char *out, const char *token, const char *entry,
			struct batch_schedule *found);
void batch_schedule_fini(struct batch_schedule *found);

#endif
