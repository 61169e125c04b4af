/* report/plot.h - small pictures beside each other, one curve in each: how much is done, by how
 * many. Readable in the dark, on paper, and without colours. [MT-Safe] */
#ifndef GRADER_PLOT_H
#define GRADER_PLOT_H
#include <jansson.h>
#include <stdio.h>

/* Draws a record that plot_is_formed() (run/plot.h) as SVG. */
void plot_svg(FILE *out, const json_t *record);

#endif
