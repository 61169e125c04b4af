/* sandbox/job.h - the inside of box.h: a job owns a network, and boxes are started in it.
 *
 *   caller --control--> job (user, net, ipc, uts namespaces; lo up; only starts boxes)
 *                        +-- init (PID 1 of a box: own user, pid, mount, ipc, cgroup namespaces;
 * trusted)
 *                              +-- main (the program; untrusted)
 *
 * The caller is parent of the job only. It knows a box by the host's pids of init and main, and
 * talks to init through a socket of its own: init says when main is there, when it was executed,
 * and how it ended. [MT-Confined] */
#ifndef GRADER_JOB_H
#define GRADER_JOB_H
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "sandbox/box.h"
#include "sandbox/cgroup.h"
#include "sandbox/guard.h"

enum {
	JOB_FDS_MAX = 8,
	JOB_BOXES_MAX = 3, /* each has host uids of its own */
	BOX_DEFAULT_CPU_S = 10,
	BOX_DEFAULT_MEMORY_MIB = 256,
};

/* The writable folders of a box. */
enum box_dir { BOX_DIR_OUT, BOX_DIR_SHM, BOX_DIR_TMP, BOX_DIRS };

/* Which step of the set-up failed, and why. */
struct box_fault {
	char step[64];
	int error;
};

struct job {
	bool alone; /* there is no job: the one box owns its network, and is our child */
	pid_t pid;
	int control; /* SOCK_SEQPACKET to the job */
	const struct box_spec *specs;
	size_t count;
};

struct box {
	const struct box_spec *spec;
	pid_t init, main;   /* as the host sees them                                    */
	int init_handle;    /* pidfd of init                                            */
	int control;        /* SOCK_SEQPACKET to init                                   */
	int output[2];      /* read ends of stdout and stderr                           */
	int dirs[BOX_DIRS]; /* -1: it has none                                        */
	struct cgroup group;
	struct guard guard;
	bool child; /* init is our own child, to be waited for */
	bool held;  /* main waited at its very start, for a tracer */
	bool executed, ended, gone;
	int wait_status; /* of main, once ended                                      */
};

enum box_event {
	BOX_EVENT_NONE,
	BOX_EVENT_EXECUTED,
	BOX_EVENT_ENDED,
	BOX_EVENT_FAULT,
	BOX_EVENT_GONE
};

/* Makes the namespaces that the boxes share. The specs, and the descriptors in them, are borrowed
 * until job_close: the job process is a copy of this one and keeps them. 0 or errno with *fault
 * filled in. */
int job_open(struct job *job, const struct box_spec *specs, size_t count, struct box_fault *fault);

/* The same for one box that needs no neighbour: a process less. */
void job_open_alone(struct job *job, const struct box_spec *spec);

/* Starts specs[which] up to the point before exec: box->main is there and waits for box_go; `held`
 * at its very start, so that a tracer can seize it before its filter is loaded. The descriptors are
 * borrowed; they become 3, 4, ... of the program. 0 or errno with *fault. */
int job_start(struct job *job, size_t which, bool held, const int *fds, size_t fd_count,
	      struct box *box, struct box_fault *fault);

/* Lets main execute its program. */
void box_go(struct box *box);

/* Answers the calls that the filter stopped; ends the box if one was of the never list, or if there
 * were too many. To be called when guard.listener is readable. True: the box was ended so. */
bool box_guard(struct box *box);

/* What the box used, once everything in it is dead (box_end), before box_destroy. */
struct box_usage {
	struct cgroup_usage group;
	uint64_t disk_kib, inodes; /* in its writable folders */
};
void box_account(const struct box *box, struct box_usage *usage);

/* How many of its processes are alive besides init: after the end of main, its orphans. */
unsigned box_processes(const struct box *box);

/* What its processes together have used too much of: CPU time, which RLIMIT_CPU bounds for each
 * alone; memory, where the kernel has ended one of them, or where no group limits it. */
enum box_excess { BOX_EXCESS_NONE, BOX_EXCESS_CPU, BOX_EXCESS_MEMORY };
enum box_excess box_excess(const struct box *box);
/* The CPU time that a box may use on this machine, in seconds. */
uint64_t box_cpu_s(const struct box_limits *limits);
uint64_t box_memory_bytes(const struct box_spec *spec);

/* Reads one message of init; `wait` says whether to block. BOX_EVENT_FAULT fills in *fault; GONE
 * means init is dead. */
enum box_event box_read(struct box *box, bool wait, struct box_fault *fault);

/* Sends the kill without waiting: init_handle becomes readable when all are gone. A tracer must go
 * on serving its tracees until then, since the kernel waits for each of them. */
void box_kill(const struct box *box);

/* The same, and waits. Fine twice. */
void box_end(const struct box *box);

/* Kills all that is left in the box, waits until it is gone, and releases everything.
 * dirs[BOX_DIR_OUT] is the caller's if taken out before (set to -1). */
void box_destroy(struct box *box);
void job_close(struct job *job);

#endif
