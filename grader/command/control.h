/* command/control.h - does a build's detector work on this machine at all? Asked only when one was
 * silent about a planted error: then it is known whether the submission or the machine is to blame.
 * [MT-Confined] */
#ifndef GRADER_CONTROL_H
#define GRADER_CONTROL_H
#include <stdbool.h>

#include "intake/lab.h"
#include "run/run.h"

/* Runs a program of ours, without any student code, as `like` is run (its build, environment,
 * libraries, limits). True if the error planted in it was reported. Takes a second or two. */
bool control_passes(const struct lab *lab, const struct run_job *like);

#endif
