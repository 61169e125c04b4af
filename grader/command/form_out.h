/* command/form_out.h - `grade run --format=NAME [--out=FILE]`: one more form of the grade, on
 * standard output or in a file. [MT-Confined] */
#ifndef GRADER_FORM_OUT_H
#define GRADER_FORM_OUT_H
#include <jansson.h>
#include <stdbool.h>
#include <sys/types.h>

struct form_out {
	const char *format; /* NULL: none is wanted */
	const char *path;   /* NULL: standard output, which then holds nothing else */
	bool no_times;      /* 0 where a form cannot do without a time */
	unsigned tap;       /* 13 or 14 */
	bool by_parts;      /* Autolab: a problem for each part */
	json_t *page;       /* what html shows besides: page_make; given, NULL for other formats */
	pid_t owner;        /* who removes what is not finished */
};

/* The names of all formats, for help and messages. */
#define FORM_OUT_NAMES "gradescope, autolab, classroom, classroom-result, junit, tap, html"

/* Dies if this cannot be done, before anything runs: an unknown format, a place that is no file or
 * cannot be written. An earlier file is gone afterwards: it shall not be taken for the new one. */
void form_out_begin(struct form_out *form);

/* true: the form shall stand in its file while tests are still to come (form_out_partial). Such a
 * file is removed when the program ends without a grade, by whatever exit; a kill leaves it. */
bool form_out_is_gradual(const struct form_out *form);
/* `grade` as of partial_grade; context is the struct form_out. */
void form_out_partial(const json_t *grade, void *context);

/* The whole form. Without a grade a format may demand that there is no file. */
void form_out_finish(struct form_out *form, const json_t *grade, const json_t *run);

#endif
