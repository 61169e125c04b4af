/* control.h - the test that no submission takes part in. */
#ifndef CONTROL_H
#define CONTROL_H
#include "lab.h"

/* Starts a player and asks nothing of it, so that only the planted error is left: if that is not
 * reported, the detector does not work on this machine, and no submission is to blame. In no list
 * of tests; `examiner --test control` runs it. */
extern const struct lab_test control_test;
#endif
