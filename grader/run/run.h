/* run/run.h - runs the tests of one submission: for each job a fresh runner, a fresh examiner,
 * fresh subjects.
 *
 * A job is one test in one build. Each job gets a child of this process, the *runner*, which makes
 * the boxes and cgroups, is the tracer, and gathers the evidence. Functions are [MT-Confined]. */
#ifndef GRADER_RUN_H
#define GRADER_RUN_H
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "sandbox/box.h"

/* A file of the submission that is data for the examiner: any bytes, never run. */
struct run_text {
	const char *name, *bytes; /* bytes NULL: it was not handed in                    */
	size_t length;
	const char *why; /* NULL, or why not: "a folder"                                 */
};

struct run_job {
	const char *test;     /* "L1.A.2"                                                        */
	const char *build;    /* "nat"                                                           */
	const char *seed;     /* 16 hex digits                                                   */
	bool replay;          /* of one schedule, the text "replay" (harness/examiner/replay.h)  */
	const char *examiner; /* path of the examiner program                                    */
	const char *srv;      /* path of srv.BUILD, NULL if the lab has no server                */
	const char *player;   /* path of player.BUILD                                            */
	const char *srv_map, *player_map; /* path of the program's map (see below) or NULL       */
	const char *const *environment;   /* of the subject (sanitizer options), NULL = empty    */
	const char *lines; /* path of where the player's calls stand, as tool-lines writes it, or
			      NULL */
	const struct run_text *texts;
	size_t text_count;
	const char *plant; /* the build's detectors that must report a planted error; NULL: none */
	const struct box_file *libraries; /* shared libraries of dynamic builds, NULL = none     */
	enum box_policy policy;
	enum box_profile profile; /* of the subject                                      */
	struct box_limits limits; /* of the subject; wall_ms bounds the whole job        */
};
/* A program's map is a JSON file: {"text":[start,end],"functions":{"name":address,...}} with
 * link-time addresses as integers: text is the section student_text, functions are all function
 * symbols. */

/* Called in the caller's process as each job ends, in order of ending. `records` is a JSON array of
 * evidence records (contract: harness/README.md), the runner's fact last; borrowed. */
typedef void run_done(size_t job, json_t *records, void *context);

/* Runs all jobs, at most `slots` at once (>= 1). Returns when all have ended. A job whose runner
 * died yields a fact with setup "failed". */
void run_jobs(const struct run_job *jobs, size_t count, unsigned slots, run_done *done,
	      void *context);

#endif
