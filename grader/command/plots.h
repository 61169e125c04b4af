/* command/plots.h - the plots that tests have sent, as pictures in the folder of the grading. */
#ifndef GRADER_PLOTS_H
#define GRADER_PLOTS_H
#include <jansson.h>

#include "base/words.h"

/* Writes plots/TEST.svg below the folder for each test that has sent a plot, and removes those of
 * an earlier grading; their names, relative to the folder, go to *names. `all`: "records" of the
 * evidence. */
void plots_write(const char *folder, json_t *all, struct words *names);

#endif
