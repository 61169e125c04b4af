/* run/plot.h - the form of the record of a plot: charts of one curve each, with one point marked.
 * The examiner writes it, of numbers that it worked out itself; it is looked at all the same.
 * [MT-Safe] */
#ifndef GRADER_PLOT_FORM_H
#define GRADER_PLOT_FORM_H
#include <jansson.h>
#include <stdbool.h>

enum { PLOT_CHARTS_MAX = 12, PLOT_VALUES_MAX = 256 };

/* {"rec":"plot","title","x","y","charts":[{"name","about","mark":1..,"values":[value at 1, at 2,
 *  ...]}...]}: these keys, no others; values are 0..1e12, at least two. */
bool plot_is_formed(const json_t *record);

#endif
