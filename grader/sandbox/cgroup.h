/* sandbox/cgroup.h - a fresh control group for each box: limits, counters, and the certain end of
 * everything in it.
 *
 * Four kinds of host: unified (all in version 2), hybrid (version 2 for membership and killing,
 * version 1 for memory), version 1 alone, and none (no group that we may write). Where version 2
 * does not count tasks, RLIMIT_NPROC does: it counts a user's in a namespace, and both are the
 * box's own. A group of version 1 for them would cost each box 0.15 ms. Source: the kernel's
 * cgroup-v2 and cgroup-v1 documents. */
#ifndef GRADER_CGROUP_H
#define GRADER_CGROUP_H
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum cgroup_kind { CGROUP_NONE, CGROUP_V1, CGROUP_HYBRID, CGROUP_UNIFIED };

struct cgroup {
	enum cgroup_kind kind;
	char *unified; /* the version-2 folder, NULL without one */
	char *memory;  /* folder with the memory counters (equal to unified, or version 1)    */
	char *cpu;     /* version 1 alone: folder that counts CPU time                        */
};

struct cgroup_usage {
	uint64_t peak_kib;
	uint64_t cpu_us; /* of all tasks that ever were in it */
	uint64_t user_us, system_us;
	uint64_t tasks_peak;    /* 0: this host does not count it             */
	uint64_t tasks_refused; /* how often the limit of tasks refused a fork; likewise */
	bool oom;               /* the memory limit killed somebody */
};

/* What this host has; found once. [MT-Confined] */
enum cgroup_kind cgroup_host(void);

/* Makes a group with limits. 0 or a positive errno; *group is then of kind CGROUP_NONE. Given to
 * the caller. */
int cgroup_create(struct cgroup *group, uint64_t memory_bytes, unsigned tasks);

/* Puts a process into the group, before it has children. 0 or errno. CLONE_INTO_CGROUP would be
 * quicker, but the job that clones has no right to the group, and must not have one. */
int cgroup_join(const struct cgroup *group, pid_t pid);

void cgroup_usage(const struct cgroup *group, struct cgroup_usage *usage);
/* Memory in use now; 0 without a group. */
uint64_t cgroup_current_kib(const struct cgroup *group);

/* Kills everything inside, waits until it is empty (bounded by 10 s), removes it. Never reused: a
 * group on which cgroup.kill was ever written kills later children that are cloned into it. */
void cgroup_destroy(struct cgroup *group);

#endif
