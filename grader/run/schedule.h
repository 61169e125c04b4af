/* run/schedule.h - the form of the record of a schedule. The examiner's memory of an execution is
 * shared with the submission, so its numbers may be any; what passes here has the right shape and a
 * bounded size, and a token that can be a file's name. What the numbers mean is for who draws them.
 * Source: harness/explore.h, harness/examiner/picture.c. [MT-Safe] */
#ifndef GRADER_SCHEDULE_H
#define GRADER_SCHEDULE_H
#include <jansson.h>
#include <stdbool.h>

enum {
	SCHEDULE_TOKEN_MAX = 80,
	SCHEDULE_OPS_MAX = 64,
	SCHEDULE_OBJECTS_MAX = 128,
	SCHEDULE_THREADS_MAX = 16,
	SCHEDULE_EVENTS_MAX = 800,
	SCHEDULE_CHOICES_MAX = 24576, /* each is at most twelve characters */
};

/* [A-Za-z0-9._-], begins with a letter or digit, at most SCHEDULE_TOKEN_MAX characters. */
bool schedule_is_token(const char *text);

/* {"rec":"schedule","token","configuration","finding","operation","flags","spurious","timeouts","preemptions",
 *  "script":[[thread, phase, operation, argument, call stamp, return stamp, result, result]...],
 *  "objects":[[kind, kind of memory, pc of first use, block, offset]...],
 *  "end":{"how","threads":[[state, wait, object, owner, operation, pc]...]; and if something was
 *	 found: "kind","object","earlier" and "later":[thread, access, pc, bytes],
 *	 "memory":[kind, thread, block, offset, bytes]},
 *  "events":[[stamp, kind, thread, step, object, pc, other, detail]...],
 *  "choices":"0421*12 0c41"}: these keys, no others. */
bool schedule_is_formed(const json_t *record);

#endif
