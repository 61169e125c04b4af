/* fault.h - makes library calls of the submission fail, and counts the blocks of memory in use.
 *
 * System calls are failed from outside, by the tracer. An allocation or a pthread_mutex_init is no
 * system call, so this is done here: the player is linked with --wrap for these names. A lab's
 * binding arms a fault right before it calls a function of the submission. Only the calling thread
 * is concerned, and the player itself calls nothing in between. Not believed, as all in the
 * subject: what comes of a fault is judged by the examiner. [MT-Safe] */
#ifndef SUBJECT_FAULT_H
#define SUBJECT_FAULT_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of the calls that this thread makes from now on to an allocating function (malloc and its kin) or
 * to an initialising one (pthread_mutex_init, pthread_cond_init, pthread_rwlock_init, and the
 * attributes' init) the nth fails with ENOMEM, once. 0: none. */
void fault_arm(uint64_t n);
/* No more faults. True if one happened. */
bool fault_disarm(void);

/* What lies in here is nobody's to release: free of an address in it does nothing but count. One
 * range at a time; the count starts anew. */
void fault_guard(const void *first, size_t bytes);
/* How often somebody tried. */
uint64_t fault_refused(void);

/* Blocks that were allocated in this process and not released yet, by whomever. */
int64_t fault_blocks(void);
#endif
