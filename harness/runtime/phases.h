/* phases.h - the script: its threads, their operations, and the quiet moments between phases. */
#ifndef RUNTIME_PHASES_H
#define RUNTIME_PHASES_H
#include "runtime/state.h"

/* Copies and checks the script of the area, once a batch. false: it cannot be played. */
bool phases_load(const struct explore_script *script);
/* Makes T1..Tn and begins the first phase that has operations. */
void phases_start(void);
/* Whether all operations of the phase have returned, but for those of servers (outside.h). Threads
 * of the submission's own, and servers, may have deadlines then: they are for as long as somebody
 * waits. */
bool phase_is_over(void);
/* Nobody can run: notes who is asleep and begins the next phase, or ends the execution. */
void phase_next(void);
/* The operation of t reached its first point, or its end without one. */
void phase_called(struct thread *t);
#endif
