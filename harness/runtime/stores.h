/* stores.h - the last stores of each atomic: what a load may return where memory is weak. */
#ifndef RUNTIME_STORES_H
#define RUNTIME_STORES_H
#include "runtime/state.h"

/* A load of o, whose memory holds `newest`: returns the store that it reads, and takes the clock
 * that store published as its order says. */
uint64_t store_load(struct object *o, uint64_t newest, bool seq_cst, bool acquire);
/* The current thread stored `value` over `old`; epoch: its own time before it published anything.
 */
void store_note(struct object *o, uint64_t old, uint64_t value, uint32_t epoch, bool seq_cst);
/* The current thread read the newest store (a compare that failed). */
void store_seen(struct object *o);
/* A seq_cst fence of the current thread. */
void store_fence(void);
/* An operation of the script returned, or is called: what is older than what a returned one stored
 * is out of reach for those called later. */
void store_returned(const struct thread *t);
void store_called(struct thread *t);
#endif
