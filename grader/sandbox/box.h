/* sandbox/box.h - runs one command in a box of its own and tells how it ended.
 *
 * A box has user, mount, PID, IPC, UTS, cgroup and network namespaces, a read-only root made for it
 * alone, a default-deny system-call filter, no capabilities, resource limits, and a fresh cgroup
 * where the host allows one. Nothing of it is left when box_run returns. Works as root and as an
 * ordinary user; see grader/sandbox/README.md. Source: namespaces(7), user_namespaces(7),
 * cgroups(7), seccomp(2), pivot_root(2). All functions are [MT-Confined]: they fork, so they belong
 * into a single-threaded process. */
#ifndef GRADER_BOX_H
#define GRADER_BOX_H
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Which system calls a box allows. A submission's policy is its lab's. */
enum box_policy {
	BOX_POLICY_COMPILE,  /* compilers, linkers: fork and exec below /usr; no sockets   */
	BOX_POLICY_TOOL,     /* our own readers of hostile bytes: no fork, no sockets      */
	BOX_POLICY_EXAMINER, /* sockets, polls, memory files; no fork                      */
	BOX_POLICY_LAB1,     /* sockets, fork, /dev/shm; no exec, here and below            */
	BOX_POLICY_LAB2,     /* sockets, threads                                            */
	BOX_POLICY_LAB3,     /* threads                                                     */
	BOX_POLICY_LAB4,     /* threads, memory                                             */
	BOX_POLICY_LAB5,     /* sockets, threads, brokered io_uring                         */
	BOX_POLICY_LAB6,     /* the same                                                    */
	BOX_POLICY_COUNT,
};

/* What the program was built with, or runs under: adds the calls that this needs. Policies other
 * than a lab's know PLAIN only. */
enum box_profile {
	BOX_PROFILE_PLAIN,
	BOX_PROFILE_TSAN,
	BOX_PROFILE_ASAN,
	BOX_PROFILE_VALGRIND, /* may execute: its tools start one another                   */
	BOX_PROFILE_CHECK,    /* timers and children of libcheck's fork mode                */
	BOX_PROFILE_COUNT,
};

/* "lab1", "asan": the names used in lab.conf, in builds.conf and by build/box. -1: no such name.
 * [MT-Safe] */
int box_policy_find(const char *name);
int box_profile_find(const char *name);
const char *box_policy_name(enum box_policy policy);
const char *box_profile_name(enum box_profile profile);

/* A file copied into the box before it starts, so that no inode is shared with anything outside. */
struct box_file {
	const char *path; /* absolute path inside; missing folders are made         */
	int fd;           /* a regular file, read from its start; borrowed          */
	mode_t mode;      /* 0444 or 0555                                           */
};

/* A folder of the host shown read-only in the box. It must be readable by everybody (as /usr is).
 */
struct box_bind {
	const char *host;
	const char *path; /* absolute path inside                                   */
};

struct box_limits {
	uint64_t memory_bytes; /* of all processes; 0 = 256 MiB                     */
	unsigned tasks;        /* processes and threads; 0 = 64                     */
	unsigned cpu_s;        /* CPU seconds of each process, and of all; 0 = 10    */
	unsigned wall_ms;      /* bounds hangs only; 0 = 60 000. Both are of a common machine:
				  base/machine.h                                    */
	uint64_t file_bytes;   /* largest file; 0 = 16 MiB                          */
	uint64_t disk_bytes;   /* each writable folder; 0 = 64 MiB                  */
	unsigned descriptors;  /* 0 = 256                                           */
	size_t output_bytes;   /* kept of stdout and of stderr, each; 0 = 64 KiB    */
};

/* Everything is borrowed for the duration of the call. Lists end with a NULL path, argv and
 * environment with NULL. */
struct box_spec {
	enum box_policy policy;
	enum box_profile profile;
	const char *const *argv;        /* argv[0] is the absolute path inside the box */
	const char *const *environment; /* NULL = empty                                */
	const struct box_file *files;   /* NULL = none                                 */
	const struct box_bind *binds;   /* NULL = none                                 */
	int input;                      /* stdin; -1 = /dev/null                       */
	bool out;                       /* make a writable, non-executable /out        */
	bool tmp;                       /* make a writable, non-executable /tmp        */
	struct box_limits limits;
};

enum box_status {
	BOX_EXITED,
	BOX_SIGNALLED,
	BOX_WALL_LIMIT,
	BOX_CPU_LIMIT, /* of one process, or of all together; or too many denied calls */
	BOX_MEMORY_LIMIT,
	BOX_OUTPUT_LIMIT,
	BOX_VIOLATION,    /* a call of the never list: `denied` names it */
	BOX_SETUP_FAILED, /* our fault: infra */
	BOX_STATUS_COUNT,
};

struct box_result {
	enum box_status status;
	int code;        /* exit status, or the signal's number                        */
	char step[64];   /* BOX_SETUP_FAILED: the step that failed                     */
	int error;       /* and its errno                                              */
	char *out, *err; /* what it printed, cut at output_bytes, NUL-terminated (bytes of the
			    submission may hold anything, NUL too) */
	size_t out_bytes, err_bytes; /* kept                                             */
	bool out_cut, err_cut;       /* there was more                                   */
	int out_dir;    /* spec.out: the folder /out, readable after the end; else -1 */
	json_t *denied; /* [{"syscall":"execve","count":1,"killed":false}], by number of the call */
	json_t *rings;  /* [{"entries":64,"flags":0}], and "refused":"EINVAL"             */
	uint64_t wall_us, cpu_us, cpu_user_us, cpu_system_us;
	uint64_t peak_kib, disk_kib, inodes; /* of memory; in the writable folders         */
	uint64_t tasks_peak;                 /* 0: not counted by this kernel              */
	uint64_t tasks_refused;              /* forks beyond the limit                     */
	unsigned orphans;                    /* processes left when main had ended         */
};

/* Runs the command to its end. *result is always filled in; returned to the caller, release with
 * box_result_fini. */
void box_run(const struct box_spec *spec, struct box_result *result);
void box_result_fini(struct box_result *result);

/* Opens a regular file of result->out_dir for reading: no link is followed, no device or FIFO is
 * opened. Returns a descriptor (returned to the caller) or a negative errno: -ENOENT, -ELOOP,
 * -EFBIG if larger than max_bytes, -EINVAL if it is no regular file. */
int box_out_open(const struct box_result *result, const char *name, uint64_t max_bytes);

/* What this host allows, found by trying once per process. */
enum box_mode {
	BOX_MODE_FULL,    /* all layers                                                     */
	BOX_MODE_REDUCED, /* a box, but without a group to kill by, limits of one, or Landlock */
	BOX_MODE_NONE,    /* no user namespaces: nothing can be run safely                  */
};

/* One way in which a box is closed. */
struct box_layer {
	const char *name; /* "landlock:7" */
	bool present;
	const char *costs;  /* if it is missing: what is then not promised       */
	const char *remedy; /* and how to get it                                 */
};

enum { BOX_LAYERS = 8 };

struct box_host {
	enum box_mode mode;
	const char
		*missing; /* what is missing, what that costs, how to get it; NULL in full mode */
	bool tracer;      /* ptrace of the subject works                                     */
	struct box_layer layers[BOX_LAYERS];
};
const struct box_host *box_host_probe(void);
/* The names of the layers in force; returned. */
json_t *box_layers(void);
const char *box_mode_name(enum box_mode mode);

/* The result as one object: status, limits hit, usage, denied calls, layers in force, policy and
 * its hash. No byte of the program's output is in it. Returned. */
json_t *box_report(const struct box_spec *spec, const struct box_result *result);

#endif
