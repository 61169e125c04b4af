/* planted.h - errors on purpose, in threads of our own beside the submission's: the runtime must
 * report them while the submission runs (harness/README.md, "Planted errors"). */
#ifndef RUNTIME_PLANTED_H
#define RUNTIME_PLANTED_H
#include "runtime/state.h"

/* Makes the threads of the plan's planted error, which begin with its phase. */
void planted_start(void);
/* A planted thread sleeps that nobody will wake. */
bool planted_sleeps(void);
/* What operation `number` is told to have returned; the first of an execution, where the plan says
 * so, is a lie. */
void planted_lie(int64_t result[EXPLORE_ARGS]);
#endif
