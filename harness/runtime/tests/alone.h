/* alone.h - parts of the runtime without the rest: a state of its own, and findings that come back
 * to the test. */
#ifndef RUNTIME_ALONE_H
#define RUNTIME_ALONE_H
#include <stdbool.h>

#include "runtime/state.h"

/* An empty state with so many threads, ordered by nothing but their creation: none has seen
 * another. T0 runs. */
void alone_start(unsigned threads);
/* From now on thread `id` is the one that runs. */
void alone_run(unsigned id);
/* It accesses [address, address + bytes); true: that is a finding, which alone_kind tells. */
bool alone_access(uintptr_t address, size_t bytes, unsigned how);
/* enum explore_finding_kind of the last finding. */
int alone_kind(void);
/* The race's earlier access: thread. */
unsigned alone_earlier(void);
#endif
