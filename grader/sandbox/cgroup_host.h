/* sandbox/cgroup_host.h - where on this host groups may be made. Source: cgroups(7), the kernel's
 * cgroup-v2 and cgroup-v1 documents. [MT-Confined] */
#ifndef GRADER_CGROUP_HOST_H
#define GRADER_CGROUP_HOST_H
#include "sandbox/cgroup.h"

/* Folders in which our groups are made; NULL where the host has none that we may use. */
struct cgroup_places {
	enum cgroup_kind kind;
	char *unified, *memory;
	char *cpu; /* version 1 without version 2: counts CPU time */
};

/* Found once per process; borrowed. */
const struct cgroup_places *cgroup_places(void);

/* A file of a group. write: 0 or errno. read: false, and an empty text, if it cannot be read. */
int cgroup_write(const char *folder, const char *name, const char *text);
bool cgroup_read(const char *folder, const char *name, char *text, size_t bytes);

/* cgroup_sweep.c: removes the groups that graders which were killed have left in a folder. NULL is
 * fine. */
void cgroup_sweep(const char *path);

#endif
