/* batch/slot.h - a slot: one core, and on it one grading at a time as a child process.
 * The child leads a process group of its own, reads nothing, and prints into a pipe of which the
 * first bytes are kept; it dies with this process. What it grades can reach neither: it runs in the
 * child's boxes. Source: sched_setaffinity(2), pidfd_open(2), PR_SET_PDEATHSIG. [MT-Confined] */
#ifndef GRADER_SLOT_H
#define GRADER_SLOT_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/words.h"

enum { SLOT_LOG_BYTES = 64 * 1024 };

struct slot {
	unsigned number;
	int core;
	pid_t pid;  /* 0: free */
	int ended;  /* descriptor that is readable when the child has ended; -1 */
	int output; /* of its stdout and stderr; -1 */
	char *log;  /* SLOT_LOG_BYTES */
	size_t log_bytes;
	uint64_t started_us;
	/* What runs; the pipeline's. */
	size_t work;
	long long attempt;
	char *folder;
};

/* How a child ended. */
struct slot_end {
	int status; /* of waitpid */
	long long wall_ms, peak_kib;
};

/* The cores that this process may use, in order. Returned (free); *count of them. */
int *slot_cores(size_t *count);

void slot_init(struct slot *slot, unsigned number, int core);
void slot_fini(struct slot *slot);

/* Starts a program (argv[0] is its path). A positive errno if there is no process for it: infra. */
int slot_start(struct slot *slot, const struct words *argv);

/* Keeps what it has printed, without blocking. */
void slot_drain(struct slot *slot);

/* Waits for its end, ends what is left of its group, frees the slot. To be called when `ended` is
 * readable, or after slot_kill. */
void slot_reap(struct slot *slot, struct slot_end *end);

void slot_kill(struct slot *slot);

#endif
