/* sandbox/guard.h - the supervisor's end of a box's filter: every call that no rule allows stops
 * there and is told here. It is named and counted, and answered by EPERM; a call of the never list
 * ends the box; io_uring_setup is answered by a restricted ring (ring.h). If the supervisor dies
 * the kernel answers ENOSYS: nothing is ever allowed by silence. Source: seccomp_unotify(2).
 * [MT-Confined] */
#ifndef GRADER_GUARD_H
#define GRADER_GUARD_H
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum {
	GUARD_CALLS = 64,            /* distinct calls that are kept by name; more are counted as
					"others"                                                 */
	GUARD_DENIED_LIMIT = 100000, /* each costs the supervisor some microseconds: whoever makes
					more has used up its time                                */
	GUARD_RINGS = 8,             /* of one process at a time */
	/* Of one box: a ring that lives on in a mapping has no descriptor by which it could be
	 * counted, and its memory is charged to the supervisor. */
	GUARD_RINGS_EVER = 256,
};

/* What became of one io_uring_setup. */
struct guard_ring {
	uint32_t entries, flags; /* as asked for                       */
	int error;               /* 0, or the errno it was refused by  */
};

struct guard {
	int listener; /* owned; -1: none yet, or gone                                        */
	bool rings;   /* io_uring_setup goes to the broker                            */
	struct {
		int call;
		uint64_t count;
	} denied[GUARD_CALLS];
	size_t distinct;
	uint64_t total;                          /* all denied calls               */
	int violation;                           /* the never call, or -1          */
	struct guard_ring ring[GUARD_RINGS * 2]; /* the first ones, refused ones too */
	size_t ring_count;                       /* all: may exceed the array      */
	unsigned rings_made;                     /* handed out */
};

void guard_init(struct guard *guard, bool rings);

enum guard_event {
	GUARD_FINE,
	GUARD_VIOLATION, /* a never call: the box is to be ended; the caller is still held */
	GUARD_FLOOD,     /* GUARD_DENIED_LIMIT is reached                                  */
};

/* Answers what waits, without blocking, a bounded number at a time. */
enum guard_event guard_serve(struct guard *guard);

/* Is a task of the box held in a call that has not been answered? Then it only seems asleep. */
bool guard_pending(const struct guard *guard);

/* [{"syscall":"ptrace","count":1,"killed":true}], by number of the call; returned. */
json_t *guard_denied(const struct guard *guard);
/* [{"entries":64,"flags":0,"refused":"EINVAL"}]; returned. */
json_t *guard_rings(const struct guard *guard);

void guard_close(struct guard *guard);

#endif
