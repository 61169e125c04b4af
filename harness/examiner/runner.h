/* runner.h - the questions that an examiner asks its runner on descriptor 3, with types.
 *
 * The runner starts, traces, samples and ends the subject; it knows no lab. It never fails for the
 * submission's sake: a refusal or a reply that is not as promised is a fault, so none of these
 * functions has an error to return. Pids are the host's and opaque. [MT-Confined] */
#ifndef RUNNER_H
#define RUNNER_H
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define RUNNER_TASKS_MAX 256
#define RUNNER_FDS_MAX   2048
#define RUNNER_NAMES_MAX 4

/* How main ended by itself; signal is 0 if it exited. */
struct ending {
	bool ended;
	int exit_status, signal;
};

struct start {
	const char *program; /* "srv" or "player"                                       */
	bool trace;          /* follow every system call of all its tasks               */
	bool handlers;       /* log what its signal handlers call                       */
	const int *fds;      /* borrowed; become 3, 4, ... of the subject               */
	size_t fd_count;
};

/* Ends a subject that is still there and starts a new one. Returns its main process. */
pid_t runner_start(const struct start *start);
/* Kills what is left of the subject and waits until nothing is. */
struct ending runner_stop(void);

struct task {
	pid_t pid, process,
		parent; /* thread, its process, that one's parent (0: adopted by init) */
	char state;     /* as in proc(5): R S D Z T t                            */
	uint64_t switches, cpu_us;
};
struct open_fd {
	pid_t pid;
	int fd;
	char kind; /* first letter of socket, pipe, file, memfd, other                        */
	bool cloexec;
	uint64_t inode;
};
struct sample {
	pid_t main;
	struct ending ending;
	struct task task[RUNNER_TASKS_MAX];
	size_t task_count;
	struct open_fd fd[RUNNER_FDS_MAX];
	size_t fd_count;
	uint64_t anonymous_kib, memory_kib; /* of all processes                              */
	uint64_t maps, shm;                 /* maps of all processes; files in /dev/shm      */
};
enum sample_parts { SAMPLE_FDS = 1, SAMPLE_MEMORY = 2, SAMPLE_MAPS = 4 };
/* Looks at all tasks of the subject; parts says what else to fill in. */
void runner_sample(unsigned parts, struct sample *out);
/* The same with descriptors, taken when main was about to exit (traced subjects). False: it did
 * not. */
bool runner_at_exit(struct sample *out);

/* A cheap sample: quiet = there is a task, all but zombies sleep, and none has run since the last
 * sample. */
struct pulse {
	bool quiet, ended;
	uint64_t switches; /* of all kinds: equal numbers mean that nobody ran */
	uint64_t wakeups;  /* voluntary ones alone: preemption is the machine's doing */
	uint64_t cpu_us, tasks;
};
struct pulse runner_pulse(void);

/* Sends a signal to a task of the subject; 0 = main. */
void runner_signal(pid_t pid, int signo);

/* What to do at the system calls from..from+times-1, counted from now, of the named calls. */
struct injection {
	const char *calls[RUNNER_NAMES_MAX]; /* kernel names or groups: "@accept" "@fork" "@read"
						"@write"
						"@poll"; none: any call                         */
	const char *who;                     /* "main" "child" "any"                            */
	unsigned from, times;
	int error;      /* not 0: the call is not made and fails with this errno              */
	unsigned limit; /* not 0: its length argument is lowered to this                      */
	int signal;     /* not 0: delivered before the call, or after (on its return)         */
	bool after;
};
unsigned runner_inject(const struct injection *injection); /* returns the rule's number */
unsigned runner_fired(unsigned rule);                      /* how often it hit          */
void runner_disarm(void);                                  /* removes all rules         */

/* A traced call, or an event: "+fork" (r = child), "+exit" (r = wait status), "+handler" (a[0] =
 * signal, names = library functions that it entered). */
struct call {
	uint64_t number;
	pid_t pid;
	char name[24];
	int64_t a[3], r;
	bool inside; /* the call has not returned: r means nothing                              */
	bool injected;
	uint64_t inode;   /* of the socket or pipe a[0], else 0                                   */
	uint64_t place;   /* in the submission, 0 if unknown                                      */
	char names[1024]; /* blank-separated                                                     */
};
struct call_log {
	struct call *call; /* returned: call_log_free                                           */
	size_t count;
	uint64_t next; /* `since` of the next question                                          */
};
/* All calls since number `since` with these names (a NULL ends the list). */
void runner_calls(uint64_t since, const char *const *names, struct call_log *out);
void call_log_free(struct call_log *log);

/* Stepping: when task pid next enters the function, it is stopped after n instructions and held. */
enum step_state { STEP_HELD, STEP_RETURNED, STEP_ENDED, STEP_RUNNING };
void runner_step(pid_t pid, const char *function, uint64_t n);
enum step_state runner_stepped(pid_t pid, uint64_t *steps); /* waits for one of the states     */
void runner_release(pid_t pid);

/* A question as it is sent (given) and its reply (returned), which says ok. For runner_given.c. */
json_t *runner_ask(json_t *question);

/* runner_given.c: a text that the submission holds, by its name in lab.conf. Returned, to be freed;
 * NULL: it was not handed in, and *why (static) says "" or what is there instead, "a folder". */
char *runner_text(const char *name, size_t *length, const char **why);
/* Where the calls of the program stand that this test is given. *out is returned (free its `at`).
 */
struct code_lines;
void runner_lines(struct code_lines *out);

/* True if the job's build has a detector that must report an error planted in every subject. */
bool runner_plants(void);
struct plant_order;
/* Draws what the subject is to commit; called when it is ready and nothing else of it runs. */
void runner_plant(struct plant_order *order);

/* How often the text occurs in what the subject wrote to stdout so far. */
uint64_t runner_output(const char *text);
#endif
