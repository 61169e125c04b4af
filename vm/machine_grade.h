/* vm/machine_grade.h - the throw-away machine: one for each submission. [MT-Confined] */
#ifndef VM_MACHINE_GRADE_H
#define VM_MACHINE_GRADE_H
#include "machine_image.h"

enum machine_status {
	MACHINE_DONE = 0,
	MACHINE_CANNOT = 2,    /* also what die() exits with: nothing was run */
	MACHINE_NO_RESULT = 3, /* the guest hung, flooded us or ended without a result */
};

struct machine_job {
	struct image *image; /* borrowed, as are all texts */
	const char *driver;  /* "kvm" or "qemu" */
	const char *input, *output;
	const char *serial; /* the serial line goes there, too; NULL: nowhere */
	unsigned limit_s, cpus, memory_mib;
	bool cold; /* boots, and neither makes nor uses a saved state */
};

/* A descriptor of the saved state of this image, made first if there is none or `fresh`. Dies where
 * that fails. */
int snapshot_open(const struct machine_job *job, bool fresh);

/* Runs one submission. The result is in job->output if MACHINE_DONE, else stderr says why there is
 * none. */
enum machine_status machine_grade(const struct machine_job *job);

/* The result on a disk: checks the length that the guest wrote and writes the bytes to `path`.
 * NULL, or why there is none. */
const char *result_take(int disk, const char *path);

#endif
