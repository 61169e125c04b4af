/* command/batch_where.h - where a class is graded, on this host or in virtual machines, and what
 * that makes of its grades. [MT-Confined] */
#ifndef GRADER_BATCH_WHERE_H
#define GRADER_BATCH_WHERE_H
#include <jansson.h>
#include <stdbool.h>

#include "command/vm.h"
#include "intake/lab.h"

/* The isolation that each grade must have. Dies if there is none, or less than all and that is not
 * allowed; in a virtual machine less is no grade. */
const char *batch_isolation(bool vm, bool allow_reduced);

/* What the grades depend on, see command/versions.h; `machine` is NULL on this host. Returned. */
json_t *batch_versions(const struct lab *lab, const char *seed, const char *isolation,
		       const struct vm_options *machine);

#endif
