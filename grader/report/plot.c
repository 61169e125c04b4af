/* One chart for each workload. All begin at zero, so that half as much looks half as much; each has
 * a scale of its own, since their shapes are to be compared. What the text says of the marked point
 * and of half of it is what the test asks. */
#include "report/plot.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/auto.h"
#include "base/json.h"
#include "report/lanes_svg.h"

enum {
	COLUMNS = 3,
	MARGIN = 32,
	HEAD = 84,
	CHART_WIDTH = 288,
	CHART_HEIGHT = 172, /* of the field with the curve */
	CHART_HEAD = 68,
	CHART_FOOT = 44,
	GAP_X = 52,
	GAP_Y = 34,
	AXIS = 44, /* for the numbers at the left  */
	TICKS = 4,
	NAME_CHARACTERS = 40,
	HALF_WIDTH = 60, /* of labels, about */
	MARK_WIDTH = 130,
};

static const double HEADROOM = 1.2; /* above the best */

/* One chart: its field, and the scale of its values. */
struct chart {
	FILE *out;
	const json_t *values;
	size_t count, mark;
	double top; /* the value at the upper edge        */
	int x, y;   /* of the field's upper left corner   */
};

static double value_at(const struct chart *c, size_t n)
{
	return json_number_value(json_array_get(c->values, n - 1));
}

static double x_of(const struct chart *c, size_t n)
{
	return c->x + CHART_WIDTH * (double)(n - 1) / (double)(c->count - 1);
}

static double y_of(const struct chart *c, double value)
{
	return c->y + CHART_HEIGHT * (1 - value / c->top);
}

static void text(FILE *out, const char *class, double x, double y, const char *words)
{
	(void)fprintf(out, "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\">", class, x, y);
	AUTO_FREE char *fits = svg_fit(words, NAME_CHARACTERS);
	svg_escape(out, fits);
	(void)fputs("</text>\n", out);
}

static double best_of(const struct chart *c)
{
	double best = 0;
	for (size_t n = 1; n <= c->count; n++)
		best = fmax(best, value_at(c, n));
	return best;
}

/* A step of 1, 2 or 5 times a power of ten, so that about TICKS of them reach the value. */
static double step_for(double value)
{
	const double rough = value / TICKS;
	const double power = pow(10, floor(log10(rough > 0 ? rough : 1)));
	const double steps[] = { 1, 2, 5, 10 };
	for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
		if (steps[i] * power >= rough * 0.999)
			return steps[i] * power;
	return 10 * power;
}

static void draw_axes(const struct chart *c)
{
	const double step = step_for(c->top / HEADROOM);
	char number[32];
	for (int tick = 0; tick * step <= c->top; tick++) {
		const double value = tick * step;
		(void)fprintf(c->out,
			      "<path class=\"%s\" d=\"M%d %.1fh%d\"/>\n<text class=\"tick\" "
			      "x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.4g</text>\n",
			      value > 0 ? "grid" : "axis", c->x, y_of(c, value), CHART_WIDTH,
			      c->x - 8, y_of(c, value) + 4, value);
	}
	for (size_t n = 1; n <= c->count; n = n == 1 ? c->count / 4 : n + c->count / 4) {
		(void)snprintf(number, sizeof number, "%zu", n);
		(void)fprintf(c->out,
			      "<path class=\"axis\" d=\"M%.1f %dv5\"/>\n<text class=\"tick\" "
			      "x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>\n",
			      x_of(c, n), c->y + CHART_HEIGHT, x_of(c, n), c->y + CHART_HEIGHT + 19,
			      number);
		if (c->count < 8)
			break;
	}
}

static void draw_curve(const struct chart *c)
{
	(void)fprintf(c->out, "<path class=\"area\" d=\"M%.1f %d", x_of(c, 1), c->y + CHART_HEIGHT);
	for (size_t n = 1; n <= c->count; n++)
		(void)fprintf(c->out, "L%.1f %.1f", x_of(c, n), y_of(c, value_at(c, n)));
	(void)fprintf(c->out, "V%dz\"/>\n<path class=\"curve\" d=\"", c->y + CHART_HEIGHT);
	for (size_t n = 1; n <= c->count; n++)
		(void)fprintf(c->out, "%c%.1f %.1f", n == 1 ? 'M' : 'L', x_of(c, n),
			      y_of(c, value_at(c, n)));
	(void)fputs("\"/>\n", c->out);
}

/* A label that begins at x, or ends there if it would not fit. */
static void draw_label(const struct chart *c, const char *class, double x, double y, double width,
		       const char *words)
{
	const bool fits = x + width < c->x + CHART_WIDTH;
	(void)fprintf(c->out,
		      "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n",
		      class, fits ? x : c->x + CHART_WIDTH, y, fits ? "start" : "end", words);
}

static void draw_marks(const struct chart *c)
{
	const double best = best_of(c);
	const size_t half = c->mark / 2;
	char words[64];
	(void)fprintf(c->out, "<path class=\"drop\" d=\"M%.1f %.1fV%d\"/>\n", x_of(c, c->mark),
		      y_of(c, value_at(c, c->mark)), c->y + CHART_HEIGHT);
	if (half > 0) {
		(void)fprintf(c->out,
			      "<circle class=\"half\" cx=\"%.1f\" cy=\"%.1f\" r=\"4.5\"/>\n",
			      x_of(c, half), y_of(c, value_at(c, half)));
		(void)snprintf(words, sizeof words, "%zu: %.0f %%", half,
			       best > 0 ? 100 * value_at(c, half) / best : 0);
		/* not on top of the line that falls from the mark */
		const double x = x_of(c, half) + 11, line = x_of(c, c->mark);
		draw_label(c, "small", x + HALF_WIDTH < line ? x : line + 9,
			   y_of(c, value_at(c, half)) + 5, HALF_WIDTH, words);
	}
	(void)fprintf(c->out, "<circle class=\"mark\" cx=\"%.1f\" cy=\"%.1f\" r=\"6\"/>\n",
		      x_of(c, c->mark), y_of(c, value_at(c, c->mark)));
	(void)snprintf(words, sizeof words, "%zu thread%s: %.0f %%", c->mark,
		       c->mark == 1 ? "" : "s", best > 0 ? 100 * value_at(c, c->mark) / best : 0);
	draw_label(c, "label", x_of(c, c->mark) - 6, y_of(c, value_at(c, c->mark)) - 13, MARK_WIDTH,
		   words);
}

static void draw_chart(FILE *out, const json_t *chart, int left, int top, const char *x,
		       const char *y)
{
	struct chart c = { .out = out,
			   .values = json_object_get(chart, "values"),
			   .x = left + AXIS,
			   .y = top + CHART_HEAD };
	c.count = json_array_size(c.values);
	c.mark = (size_t)json_integer_value(json_object_get(chart, "mark"));
	c.top = fmax(best_of(&c) * HEADROOM, 1e-9);
	text(out, "name", c.x, top + 16, json_text_of(chart, "name", ""));
	text(out, "soft", c.x, top + 35, json_text_of(chart, "about", ""));
	text(out, "tick", left, c.y - 8, y);
	(void)fprintf(out, "<text class=\"tick\" x=\"%d\" y=\"%d\" text-anchor=\"end\">",
		      c.x + CHART_WIDTH, c.y + CHART_HEIGHT + 38);
	svg_escape(out, x);
	(void)fputs("</text>\n", out);
	draw_axes(&c);
	draw_curve(&c);
	draw_marks(&c);
}

static void draw_style(FILE *out)
{
	static const char style[] =
		"<style>\n"
		".plot{--paper:#fff;--ink:#1c2330;--soft:#667085;--line:#e3e7ee;--axis:#98a2b3;"
		"--curve:#2563eb;--mark:#c2410c;"
		"font-family:system-ui,'Segoe UI',Roboto,'Helvetica Neue',sans-serif;"
		"font-size:13px;fill:var(--ink)}\n"
		"@media (prefers-color-scheme:dark){.plot{--paper:#12161f;--ink:#e7ebf3;"
		"--soft:#97a2b5;--line:#242c3a;--axis:#56637a;--curve:#6ea3ff;--mark:#f0a04b}}\n"
		"@media print{.plot{--paper:#fff;--ink:#000;--soft:#444;--line:#ddd;--axis:#888;"
		"--curve:#1d4ed8;--mark:#000}}\n"
		".plot .paper{fill:var(--paper)}\n"
		".plot .title{font-size:22px;font-weight:650}\n"
		".plot .name{font-size:15px;font-weight:650}\n"
		".plot .soft,.plot .tick{fill:var(--soft)}\n"
		".plot .tick{font-size:11.5px;font-variant-numeric:tabular-nums}\n"
		".plot .grid{stroke:var(--line)}\n"
		".plot .axis{stroke:var(--axis)}\n"
		".plot .curve{fill:none;stroke:var(--curve);stroke-width:2.2;"
		"stroke-linejoin:round}\n"
		".plot .area{fill:var(--curve);opacity:.1}\n"
		".plot .drop{stroke:var(--mark);stroke-width:1.4;stroke-dasharray:3 4}\n"
		".plot .mark{fill:var(--mark);stroke:var(--paper);stroke-width:2}\n"
		".plot .half{fill:var(--paper);stroke:var(--mark);stroke-width:2}\n"
		".plot .label,.plot .small{fill:var(--mark);paint-order:stroke;"
		"stroke:var(--paper);stroke-width:4px;stroke-linejoin:round}\n"
		".plot .label{font-weight:650}\n"
		"</style>\n";
	(void)fputs(style, out);
}

void plot_svg(FILE *out, const json_t *record)
{
	const json_t *charts = json_object_get(record, "charts");
	const int count = (int)json_array_size(charts);
	const int columns = count < COLUMNS ? count : COLUMNS;
	const int rows = (count + columns - 1) / columns;
	const int cell_x = AXIS + CHART_WIDTH + GAP_X;
	const int cell_y = CHART_HEAD + CHART_HEIGHT + CHART_FOOT + GAP_Y;
	const int width = 2 * MARGIN + columns * cell_x - GAP_X;
	const int height = MARGIN + HEAD + rows * cell_y - GAP_Y + MARGIN;
	const char *x = json_text_of(record, "x", ""), *y = json_text_of(record, "y", "");
	(void)fprintf(out,
		      "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"plot\" role=\"img\" "
		      "viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\">\n<title>",
		      width, height, width, height);
	svg_escape(out, json_text_of(record, "title", ""));
	(void)fputs("</title>\n", out);
	draw_style(out);
	(void)fprintf(out, "<rect class=\"paper\" width=\"%d\" height=\"%d\"/>\n", width, height);
	(void)fprintf(out, "<text class=\"title\" x=\"%d\" y=\"%d\">", MARGIN, MARGIN + 18);
	svg_escape(out, json_text_of(record, "title", ""));
	(void)fprintf(out, "</text>\n<text class=\"soft\" x=\"%d\" y=\"%d\">", MARGIN, MARGIN + 44);
	(void)fputs(
		"The full dot is what the formula gives, the ring is half of it, in percent of the "
		"best.</text>\n",
		out);
	size_t i;
	json_t *chart;
	json_array_foreach(charts, i, chart)
		draw_chart(out, chart, MARGIN + (int)i % columns * cell_x,
			   MARGIN + HEAD + (int)i / columns * cell_y, x, y);
	(void)fputs("</svg>\n", out);
}
