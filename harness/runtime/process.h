/* process.h - the ends of the process, and its children. */
#ifndef RUNTIME_PROCESS_H
#define RUNTIME_PROCESS_H
#include "runtime/state.h"

/* In a child of the submission's fork: what was found is written, and the child is gone. */
void process_leave_child(void);

/* fork.c: waits for the children that the execution left behind. */
void fork_reap(void);

/* Installs the handlers of faults, on a stack of their own. 0 or errno. */
int process_start(void);

/* The submission, or its main, ends the process with this status. */
_Noreturn void process_exit(int status, uint32_t pc);
#endif
