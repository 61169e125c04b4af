/* command/plots.h - the plots that tests have sent, as pictures in the folder of the grading. */
#ifndef GRADER_PLOTS_H
#define GRADER_PLOTS_H
#include "base/words.h"
#include "command/plan.h"

/* Writes plots/TEST.svg below the folder for each test that has sent a plot, and removes those of
 * an earlier grading; their names, relative to the folder, go to *names. */
void plots_write(const char *folder, const struct plan_result *plan, struct words *names);

#endif
