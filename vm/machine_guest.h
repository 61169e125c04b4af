/* vm/machine_guest.h - one QEMU: its command line, its start in confinement, its serial line, its
 * end. The guest, and a QEMU that the guest has taken over, are hostile: all that comes from them
 * is bounded in size and in time, and none of it is a path, a command or a verdict. Source:
 * qemu-system-x86_64(1), QEMU 7.2. Functions are [MT-Confined] to one guest; they die when the host
 * fails us. */
#ifndef VM_MACHINE_GUEST_H
#define VM_MACHINE_GUEST_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/words.h"

/* The descriptors of QEMU. Their numbers are fixed, so that the same machine has the same command
 * line. */
enum guest_fd {
	GUEST_COMPLAINTS = 2, /* its stderr */
	GUEST_KERNEL,
	GUEST_INITRD,
	GUEST_ROOT,
	GUEST_PROJECT,
	GUEST_INPUT,
	GUEST_RESULT, /* the deterministic machine's serial line goes there */
	GUEST_CONSOLE,
	GUEST_MONITOR,
	GUEST_STATE,
	GUEST_FDS,
};

enum {
	GUEST_TEXT_BYTES_MAX = 1 << 20, /* of the serial line; more ends the guest */
	GUEST_NAME_BYTES = 16,
};

struct guest_spec {
	const char *qemu;       /* the program's path */
	struct words arguments; /* all of them, without the program's name */
	int fd[GUEST_FDS];      /* borrowed; -1: closed. COMPLAINTS, CONSOLE and MONITOR are made by
				   guest_start */
	uint64_t file_bytes_max; /* the largest file that it may write */
	unsigned limit_s;        /* wall clock, from the start on; also bounds its CPU time */
};

struct guest {
	pid_t pid;
	int process; /* a pidfd */
	int console, monitor, complaints;
	uint64_t deadline_us;
	char *text; /* the serial line so far, with a NUL */
	size_t length;
};

enum guest_event {
	GUEST_SAID,    /* what was waited for */
	GUEST_ENDED,   /* QEMU is gone */
	GUEST_HUNG,    /* the limit */
	GUEST_FLOODED, /* more text than anybody reads, or an answer of the monitor that is none */
};

/* The command line of a throw-away machine and of the deterministic one. driver: "kvm" or "qemu".
 */
void guest_throw_away(struct words *arguments, const char *driver, unsigned cpus,
		      unsigned memory_mib);
void guest_deterministic(struct words *arguments, uint64_t seed, unsigned memory_mib);

void guest_start(struct guest *guest, const struct guest_spec *wanted);
/* Waits until a line of the serial line is `line`, from the start of the text on; NULL: until QEMU
 * is gone. */
enum guest_event guest_wait(struct guest *guest, const char *line);
/* Types on the serial line. */
void guest_type(struct guest *guest, const char *text);
/* Kills QEMU if it still runs, and waits for it. True: it had ended by itself, with status 0. */
bool guest_finish(struct guest *guest);
/* What QEMU complained about, harmless to print; returned (free), may be empty. */
char *guest_complaints(const struct guest *guest);
/* The last lines of the serial line, harmless to print; returned (free). */
char *guest_last_lines(const struct guest *guest);
/* After guest_finish. */
void guest_fini(struct guest *guest);

/* What the child must know of its parent. */
struct confinement {
	int parent;      /* a pidfd */
	pid_t parent_id; /* its number, where there is one user for each machine */
	bool own_users;  /* the child was born in a user namespace: */
	uid_t uid;       /* whose only user and group are these */
	gid_t gid;
};

/* What the child does between its birth and exec. 0 or a positive errno, with *step naming what
 * failed. */
int confine_child(const struct guest_spec *spec, const struct confinement *confinement,
		  const char **step);
/* Flags of clone(2) for the namespaces that a child of ours could have. */
unsigned long confine_namespaces(void);
/* Forbids system calls that QEMU has no use for. */
int filter_load(void);

#endif
