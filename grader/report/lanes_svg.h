/* report/lanes_svg.h - the measures and the drawing tools of the SVG form, shared by its files.
 * Pixels throughout. [MT-Confined] */
#ifndef GRADER_LANES_SVG_H
#define GRADER_LANES_SVG_H
#include <stdio.h>

#include "report/lanes.h"

enum {
	SVG_MARGIN = 28,
	SVG_BAND = 9,       /* width of what shows a thread's state                      */
	SVG_CARD_LEFT = 22, /* of a card, from the left edge of its lane                 */
	SVG_GAP = 28,       /* between the right edge of a card and the next lane        */
	SVG_HEAD_LINE = 21,
	SVG_LANE_HEAD = 46,
	SVG_CARD = 46,      /* height: verb and code                                     */
	SVG_CARD_FLAT = 28, /* height: one line                                          */
	SVG_NOTE_LINE = 17,
	SVG_SPACE = 10, /* between two cards                                         */
	SVG_FOLD = 26,
	SVG_LANE_FOOT = 30,
};

struct svg {
	FILE *out;
	const struct lanes *lanes;
	bool within;     /* in a page, which tells what and why itself */
	int lane, width; /* of one lane; of the picture              */
	int top;         /* where the lanes begin                    */
	int *y, *height; /* of each row's card                      */
	int bottom;      /* where the lanes end                      */
};

/* The number of the thread's lane, 0 if it has none; the left edge of a lane; the middle of its
 * band. */
size_t svg_lane_of(const struct svg *svg, unsigned thread);
int svg_lane_x(const struct svg *svg, size_t lane);
int svg_band_x(const struct svg *svg, unsigned thread);

/* Escapes the five characters. */
void svg_escape(FILE *out, const char *text);
/* As many characters as there is room for, the last one an ellipsis if that is not all. Returned
 * (free). */
char *svg_fit(const char *text, size_t characters);
/* <text class=".." x y>, the second one with at most so many characters. */
void svg_text(const struct svg *svg, const char *class, int x, int y, const char *text);
void svg_text_fit(const struct svg *svg, const char *class, int x, int y, const char *text,
		  size_t characters);
/* A paragraph; returns the y after it. */
int svg_paragraph(const struct svg *svg, const char *class, int y, const char *text);

/* lanes_svg_style.c: colours for light, dark and paper. */
void svg_style(FILE *out);
/* lanes_svg_arrows.c: who wakes whom, who waits for whom, which two are not ordered. */
void svg_arrows(const struct svg *svg);

#endif
