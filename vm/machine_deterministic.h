/* vm/machine_deterministic.h - the machine whose every interleaving, the kernel's scheduler
 * included, follows from a seed. [MT-Confined] */
#ifndef VM_MACHINE_DETERMINISTIC_H
#define VM_MACHINE_DETERMINISTIC_H
#include "machine_grade.h"

enum { TOKEN_BYTES = 80 };

/* Names a run: "VM-SEED-IMAGE-INPUT-QEMU-OPTIONS", all but the seed as sums. */
void token_make(const struct machine_job *job, uint64_t seed, char token[static TOKEN_BYTES]);

/* The seed of a token, if everything else in it is as here; dies naming each difference, or that it
 * is no token. */
uint64_t token_seed(const struct machine_job *job, const char *token);

/* Runs job->input with this seed; what the machine printed goes to job->output, the token to
 * stdout. */
enum machine_status machine_deterministic(const struct machine_job *job, uint64_t seed);

#endif
