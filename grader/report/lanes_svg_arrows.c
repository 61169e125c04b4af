/* What goes from lane to lane. */
#include "report/lanes_svg.h"

static int middle(const struct svg *svg, size_t row)
{
	return svg->y[row] + 14;
}

static int card_left(const struct svg *svg, unsigned thread)
{
	return svg_lane_x(svg, svg_lane_of(svg, thread)) + SVG_CARD_LEFT;
}

static int card_right(const struct svg *svg, unsigned thread)
{
	return svg_lane_x(svg, svg_lane_of(svg, thread)) + svg->lane - SVG_GAP;
}

/* The edge of a thread's card from which an arrow to another lane starts. */
static int card_edge(const struct svg *svg, unsigned from, unsigned to)
{
	return svg_lane_of(svg, to) > svg_lane_of(svg, from) ? card_right(svg, from)
							     : card_left(svg, from) - SVG_BAND;
}

static void wakes(const struct svg *svg, size_t i, unsigned to)
{
	const struct lane_row *row = &svg->lanes->rows[i];
	const bool right = svg_lane_of(svg, to) > svg_lane_of(svg, row->thread);
	const int end = svg_band_x(svg, to) + (right ? -SVG_BAND : SVG_BAND);
	(void)fprintf(svg->out,
		      "<path class=\"wake\" marker-end=\"url(#wakehead)\" d=\"M%d %dL%d %d\">"
		      "<title>T%u wakes T%u</title></path>\n",
		      card_edge(svg, row->thread, to), middle(svg, i), end, middle(svg, i),
		      row->thread, to);
}

/* A wake-up that goes past a thread that does not sleep yet. Its lane is free at this height: a row
 * has one card. */
static void unheard(const struct svg *svg, size_t i)
{
	const struct lane_row *row = &svg->lanes->rows[i];
	for (size_t j = i + 1; j < svg->lanes->count; j++) {
		const struct lane_row *sleeper = &svg->lanes->rows[j];
		if (sleeper->mark != LANE_STUCK || sleeper->thread == row->thread)
			continue;
		const int y = middle(svg, i);
		const bool right = svg_lane_of(svg, sleeper->thread) >
				   svg_lane_of(svg, row->thread);
		const int x = svg_band_x(svg, sleeper->thread) + (right ? -14 : 14);
		(void)fprintf(svg->out,
			      "<g><title>T%u does not sleep yet: the wake-up is lost</title>"
			      "<path class=\"pair\" d=\"M%d %dL%d %d\"/>"
			      "<path class=\"cross\" d=\"M%d %dl10 10m0 -10l-10 10\"/>"
			      "<text class=\"label\" x=\"%d\" y=\"%d\">T%u does not sleep yet"
			      "</text></g>\n",
			      sleeper->thread, card_edge(svg, row->thread, sleeper->thread), y, x,
			      y, x - 5, y - 5, card_left(svg, sleeper->thread) + 10, y + 4,
			      sleeper->thread);
	}
}

/* A sleeper points at the lane of the thread that has what it waits for. */
static void waits_for(const struct svg *svg, size_t i)
{
	const struct lane_row *row = &svg->lanes->rows[i];
	const bool right = svg_lane_of(svg, row->holder) > svg_lane_of(svg, row->thread);
	(void)fprintf(svg->out,
		      "<path class=\"pair\" marker-end=\"url(#badhead)\" d=\"M%d %dL%d %d\">"
		      "<title>T%u waits for T%u</title></path>\n",
		      card_edge(svg, row->thread, row->holder), middle(svg, i),
		      svg_band_x(svg, row->holder) + (right ? -SVG_BAND : SVG_BAND), middle(svg, i),
		      row->thread, row->holder);
}

/* Two accesses, connected by what is missing between them: through the gap beside the second one's
 * lane, where no card is. */
static void pair(const struct svg *svg, size_t first, size_t second)
{
	const unsigned a = svg->lanes->rows[first].thread, b = svg->lanes->rows[second].thread;
	const bool right = svg_lane_of(svg, b) > svg_lane_of(svg, a);
	const int x1 = card_edge(svg, a, b);
	const int x2 = right ? card_left(svg, b) : card_right(svg, b);
	const int gap = right ? card_left(svg, b) - SVG_CARD_LEFT - SVG_GAP / 2
			      : card_right(svg, b) + SVG_GAP / 2;
	(void)fprintf(svg->out,
		      "<path class=\"pair\" d=\"M%d %dH%dV%dH%d\"><title>nothing orders these "
		      "two</title></path>\n",
		      x1, middle(svg, first), gap, middle(svg, second), x2);
	(void)fprintf(svg->out,
		      "<text class=\"label\" x=\"%d\" y=\"%d\"%s>nothing orders these two</text>\n",
		      right ? card_left(svg, b) + 10 : card_right(svg, b) - 10,
		      middle(svg, first) + 4, right ? "" : " text-anchor=\"end\"");
}

void svg_arrows(const struct svg *svg)
{
	const struct lanes *lanes = svg->lanes;
	size_t first = lanes->count;
	for (size_t i = 0; i < lanes->count; i++) {
		const struct lane_row *row = &lanes->rows[i];
		for (unsigned t = 0; t < LANES_MAX; t++)
			if ((row->wakes & 1u << t) != 0)
				wakes(svg, i, t);
		if (row->mark == LANE_UNHEARD)
			unheard(svg, i);
		if (row->mark == LANE_STUCK && row->holder < LANES_MAX)
			waits_for(svg, i);
		if (row->mark != LANE_PAIR)
			continue;
		if (first < lanes->count)
			pair(svg, first, i);
		first = i;
	}
}
