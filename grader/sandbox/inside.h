/* sandbox/inside.h - the steps that processes take inside a box, between clone and exec. Used by
 * job.c only. Each returns 0, or an errno with *step naming what failed: set-up failures are ours,
 * never the submission's. */
#ifndef GRADER_INSIDE_H
#define GRADER_INSIDE_H
#include "sandbox/box.h"
#include "sandbox/job.h"

/* uids and gids inside a user namespace: init's, and the program's (also init's when there is only
 * one). */
enum { INSIDE_INIT_ID = 0, INSIDE_MAIN_ID = 1000 };

/* What goes over a box's control socket. Main's first message brings the writable folders along,
 * value says which; FAULT carries step and error, ENDED the wait status. The supervisor answers
 * MAIN and FILTERED by a byte of leave. */
enum control_kind {
	CONTROL_MAIN,     /* of a held box: is there          */
	CONTROL_FILTERED, /* with the listener of its filter, first of all descriptors */
	CONTROL_EXECUTED,
	CONTROL_ENDED,
	CONTROL_FAULT
};
struct control_message {
	enum control_kind kind;
	int value;
	char step[64];
};

/* What a box gets from outside. The descriptors are borrowed. */
struct seat {
	const struct box_spec *spec;
	size_t which;     /* its number in the job                            */
	const int *stdio; /* stdin, stdout, stderr                            */
	const int *fds;   /* become 3, 4, ... of the program                  */
	size_t fd_count;
	bool two_ids; /* init and the program have uids of their own      */
	bool alone;   /* no job: init owns the network                    */
	bool held;    /* somebody waits to trace main: it says that it is there, and waits */
	int landlock; /* the kernel's ABI                                 */
};

/* Write the id maps of the job's namespace; from within the job, of its box number `which`; and of
 * a box without a job. 0 or errno. */
int ids_map_job(pid_t pid);
int ids_map_box(pid_t pid, bool two_ids, size_t which);
int ids_map_alone(pid_t pid);

/* Names the host "lab"; brings the loopback of a new network namespace up, if anybody can use it. 0
 * or errno. */
int network_enter(bool loopback);

/* Builds the read-only root and enters it; the writable folders that it has are opened before it is
 * closed to the world. */
int root_enter(const struct box_spec *spec, int dirs[BOX_DIRS], const char **step);

/* The same in two steps. The job, in a mount namespace of its own, builds the roots of its boxes
 * beside each other and leaves the host's files behind: a box that enters one of them has fewer
 * mounts to copy and to throw away, and nothing to fill. All boxes of one spec share what nobody
 * can write. */
int roots_prepare(const struct box_spec *specs, size_t count, const char **step);
int root_enter_prepared(const struct box_spec *spec, size_t which, int dirs[BOX_DIRS],
			const char **step);

/* Sends a message of main, with a listener unless it is -1, and with those of the folders that are
 * not. 0 or errno. */
int main_tell(int control, enum control_kind kind, int listener, const int dirs[BOX_DIRS]);

/* Puts away uid, capabilities, limits and descriptors, loads the filter, hands its listener (and
 * the folders, as above) to the supervisor, and executes. Only returns on failure. What is to
 * survive until then stands above POLICY_EXEC_FD. */
int program_execute(const struct seat *seat, int control, const int dirs[BOX_DIRS],
		    const char **step);

/* Handlers end with exec, but what is ignored stays ignored, and the mask stays as it was. */
void signals_default(void);

/* PID 1: never returns. Signals are at their defaults, but for SIGCHLD. */
_Noreturn void init_run(const struct seat *seat, int control);

#endif
