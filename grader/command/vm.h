/* command/vm.h - one submission in a machine that exists for it alone: this program collects and
 * judges, build/machine (vm/README.md) runs what is not trusted. [MT-Confined]
 *
 * The machine gets a plain ustar: the files of the lab that were handed in, mode 0644, time 0, by
 * name, and job.json {"format":"interleave-job/1","lab","seed"}; seeds come from here. What it
 * gives back is evidence (command/evidence.h), and is believed as far as evidence_read goes. */
#ifndef GRADER_VM_H
#define GRADER_VM_H
#include <jansson.h>
#include <stddef.h>

#include "intake/collect.h"
#include "intake/lab.h"

enum { VM_LIMIT_S = 3600, VM_LIMIT_S_MAX = 24 * 3600 };

struct vm_options {
	const char *program; /* stands in for build/machine, for tests; NULL: that */
	long limit_s;        /* wall clock of the machine; 0: VM_LIMIT_S           */
};

/* What a grade depends on beside lab and seed: the image, by build/vm/SHA256SUMS, and a program
 * that stands in. Part of the grade key. Dies, with what to type, if there is no image. Returned
 * (free). */
char *vm_image(const struct lab *lab, const struct vm_options *options);

/* The input of the machine as bytes. Returned (free). */
char *vm_input(const struct lab *lab, const struct submission *submission, const char *seed,
	       size_t *length);

/* What the machine left, at most EVIDENCE_BYTES_MAX. `folder` holds its files meanwhile.
 * Dies (no grade), with the reason, if it left nothing. Returned (free). */
char *vm_run(const struct lab *lab, const struct submission *submission, const char *seed,
	     const struct vm_options *options, const char *folder, size_t *length);

#endif
