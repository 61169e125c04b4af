/* judge/second.h - what a run of a stress under a detector of others amounts to: an observation for
 * layers_compare, never a verdict. Pure. [MT-Safe] */
#ifndef GRADER_JUDGE_SECOND_H
#define GRADER_JUDGE_SECOND_H
#include <jansson.h>

/* `run`: {"ended","code","reports","whole","unable","crashed"} as run/stress.h has it, all
 * frames with function, file and line as far as they are known; `files`: the names of the
 * submission's files. Returned: {"saw":...} of layers.h, with "what", a phrase of our own words,
 * unless it saw nothing, and for a report "where", at most two places of the submission's files;
 * or "untried": what creates the object created none, so there is nothing to say.
 *
 * Silence counts only if the stress came to its end, and to the error that we plant there: with its
 * report missing, or a count that is not the detector's own, something has spoken for the detector
 * ("tampered"). */
json_t *second_judge(const json_t *run, const json_t *files);

#endif
