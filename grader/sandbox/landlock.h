/* sandbox/landlock.h - the second layer behind the mount namespace: what the program may read,
 * write and execute, by a rule set that no process can take off again. Source: landlock(7). */
#ifndef GRADER_LANDLOCK_H
#define GRADER_LANDLOCK_H
#include "sandbox/box.h"

/* The version of the kernel's Landlock; 0 = none. [MT-Safe] */
int landlock_abi(void);

/* Restricts this process, in the box's root, as far as `abi` knows: reads everything (all of it is
 * the box's own), executes what was brought along as executable, writes the writable folders;
 * without sockets in the policy no TCP; signals and abstract sockets stay below this process. Needs
 * no_new_privs. 0 or errno. */
int landlock_enter(const struct box_spec *spec, int abi);

#endif
