/* run/runner.h - the state of one job in its runner, and the parts of the runner. Everything here
 * is [MT-Confined]. */
#ifndef GRADER_RUNNER_H
#define GRADER_RUNNER_H
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "run/plant.h"
#include "run/run.h"
#include "run/trace.h"
#include "sandbox/job.h"
#include "sandbox/stream.h"
#include "sandbox/tasks.h"

enum program { PROGRAM_EXAMINER, PROGRAM_SRV, PROGRAM_PLAYER, PROGRAM_COUNT };

enum {
	OUTPUT_KEPT = 64 << 10, /* of the subject's stdout and stderr, each                     */
	OUTPUT_LIMIT = 1 << 20, /* more is an attack on us, not an answer                       */
	MESSAGE_BYTES = 200 << 10, /* one message of descriptor 3 */
	RECORDS_MAX = 20000, /* evidence of one job                                          */
};

/* The program under test that runs at the moment, or ran last. */
struct subject {
	bool running; /* its box exists */
	enum program program;
	struct box box;
	struct tracer tracer;
	struct stream output[2]; /* stdout, stderr */
	json_t *at_exit;         /* sample taken when main was about to exit */
	struct plant plant;      /* the error that it was told to commit     */
	int watch;               /* of what is removed from its /out         */
};

struct runner {
	const struct run_job *spec;
	struct box_spec boxes[PROGRAM_COUNT];
	struct box_file files[PROGRAM_COUNT][64];
	struct trace_map maps[PROGRAM_COUNT];
	struct job job;
	struct box examiner;
	struct stream examiner_output[2];
	int asks;     /* our end of the examiner's descriptor 3 */
	int children; /* signalfd of SIGCHLD: stops of tracees  */
	struct subject subject;
	json_t *records;
	json_t *denied, *rings; /* of all subjects, as box.h has them */
	uint64_t start_us, deadline_us;
	/* facts */
	struct box_fault fault;
	bool failed, wall, oom, cpu_limit, output_limit;
	bool ended_by_us;   /* the subject that runs: a limit, or a call of the never list */
	uint64_t looked_us; /* at the CPU time */
	unsigned subjects;
	uint64_t peak_kib, cpu_us;
	/* a question that is answered later */
	struct {
		bool waiting;
		pid_t pid;
		uint64_t deadline_us;
	} stepped;
};

/* runner.c: serves everything that has happened; waits at most wait_ms for something to happen. */
void runner_turn(struct runner *runner, int wait_ms);
/* The whole job, in a process of its own; the records are the runner's and end with the fact. */
json_t *runner_run(const struct run_job *spec);

/* programs.c: fills in runner->boxes, opens the programs, loads the maps. */
void programs_describe(struct runner *runner);

/* subject.c */
/* 0, or errno with runner->fault: ours. */
int subject_start(struct runner *runner, enum program program, bool trace, bool handlers,
		  const int *fds, size_t fd_count);
void subject_stop(struct runner *runner);

/* denied.c: adds what the subject's filter stopped to runner->denied. */
void denied_keep(struct runner *runner);

/* message.c: one message of the examiner, with the descriptors that came along (borrowed). A record
 * is kept, a question gets the reply (returned; NULL = later, or none is due), anything else fails
 * the job. */
json_t *message_serve(struct runner *runner, const char *text, size_t length, const int *fds,
		      size_t fd_count);

/* sample.c: what the kernel shows of the subject */
json_t *sample_take(struct runner *runner, bool fds, bool memory, bool maps);
json_t *sample_quiet(struct runner *runner);
bool sample_holds(struct runner *runner, pid_t pid);

/* ask.c: answers one question of the examiner; the descriptors came with it and are borrowed. NULL
 * = answered later. */
json_t *ask_answer(struct runner *runner, json_t *question, const int *fds, size_t fd_count);
json_t *ask_stepped(struct runner *runner, bool late);

/* ask_trace.c: the questions that need a traced subject; NULL = answered later. */
json_t *ask_trace_answer(struct runner *runner, const char *ask, json_t *question);
json_t *ask_refuse(const char *why);

/* ask_given.c: "text" and "lines". */
json_t *ask_given(struct runner *runner, const char *ask, json_t *question);
json_t *ask_agree(void);
const char *ask_text(json_t *question, const char *key);
json_int_t ask_number(json_t *question, const char *key);

/* detector.c: watches /out before a subject runs that is to report a planted error; 0 or errno. */
int detector_watch(struct runner *runner);
/* Answers "plants" and "plant", and what the detectors of a subject that has ended wrote: a
 * record for the first report that was not planted, and one for the planted error. */
json_t *detector_answer(struct runner *runner, const char *ask);
void detector_collect(struct runner *runner);

/* map.c */
void map_load(struct trace_map *map, const char *path);

#endif
