/* command/run_record.h - run.json and evidence.jsonl: all that may differ between two gradings.
 * [MT-Confined] */
#ifndef GRADER_RUN_RECORD_H
#define GRADER_RUN_RECORD_H
#include <jansson.h>

#include "command/grading.h"

/* Times per stage and per job, the host, and the sum of the grade.json that it belongs to.
 * Returned. */
json_t *run_record_make(const struct grading *grading, const json_t *evidence);

/* Times of a grading, {"collect_ms",...,"cached"}. Returned. */
json_t *run_record_stages(const struct grading *grading);

/* What is known of this host. Returned. */
json_t *run_record_host(void);

/* folder/evidence.jsonl: the records of every job, one a line, each job behind a line that names
 * it. */
void run_record_write_evidence(const char *folder, const json_t *evidence);

#endif
