/* Pictures of a class: how the scores are spread, and bars of what failed. Plain shapes; each bar
 * also has its number in words. */
#include <stdlib.h>

#include "base/auto.h"
#include "base/die.h"
#include "report/html_write.h"

enum {
	WIDTH = 600,
	HEIGHT = 250,
	LEFT = 38,
	RIGHT = 12,
	TOP = 26,
	BOTTOM = 34,
	BINS_MAX = 24,
	LABELS = 6,
	GRID_LINES = 4,
};

struct spread {
	long *scores; /* ascending */
	size_t count;
	long max, step; /* hundredths; of one bin */
	size_t bins;    /* the last one is for full marks alone if the step divides them */
	long in[BINS_MAX + 2], most;
};

static int by_value(const void *left, const void *right)
{
	const long a = *(const long *)left, b = *(const long *)right;
	return (a > b) - (a < b);
}

/* 0.5, 1, 2, 5, 10, ... points, so that the bins are few. */
static long step_for(long max)
{
	static const long factors[] = { 1, 2, 5 };
	for (long power = 100;; power *= 10)
		for (size_t i = 0; i < sizeof factors / sizeof factors[0]; i++)
			if (max / (factors[i] * power) <= BINS_MAX)
				return factors[i] * power;
}

static void spread_make(const json_t *class, struct spread *spread)
{
	const json_t *entries = json_object_get(class, "entries");
	*spread = (struct spread){ .max = html_integer(class, "max_c") };
	spread->scores = must_alloc((json_array_size(entries) + 1) * sizeof *spread->scores);
	size_t i;
	json_t *entry;
	json_array_foreach(entries, i, entry)
	{
		const long value = html_integer(entry, "score_c");
		if (!json_is_integer(json_object_get(entry, "score_c")))
			continue;
		spread->scores[spread->count++] = value;
		spread->max = value > spread->max ? value : spread->max;
	}
	spread->max = spread->max > 0 ? spread->max : 100;
	spread->step = step_for(spread->max);
	spread->bins = (size_t)(spread->max / spread->step) + 1;
	qsort(spread->scores, spread->count, sizeof *spread->scores, by_value);
	for (i = 0; i < spread->count; i++) {
		const long score = spread->scores[i] > 0 ? spread->scores[i] : 0;
		long *bin = &spread->in[score / spread->step];
		(*bin)++;
		spread->most = *bin > spread->most ? *bin : spread->most;
	}
}

static double x_of(const struct spread *spread, double points)
{
	const double whole = (double)spread->step * (double)spread->bins;
	return LEFT + (WIDTH - LEFT - RIGHT) * points / whole;
}

static double y_of(const struct spread *spread, long count)
{
	return HEIGHT - BOTTOM -
	       (HEIGHT - TOP - BOTTOM) * (double)count / (double)(spread->most + 1);
}

static void draw_grid(FILE *out, const struct spread *spread)
{
	static const long steps[] = { 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000 };
	size_t s = 0;
	while (s + 1 < sizeof steps / sizeof steps[0] && spread->most / steps[s] > GRID_LINES)
		s++;
	for (long count = steps[s]; count <= spread->most; count += steps[s])
		(void)fprintf(out,
			      "<path class=\"grid\" d=\"M%d %.1fH%d\"/><text x=\"%d\" y=\"%.1f\" "
			      "text-anchor=\"end\">%ld</text>\n",
			      LEFT, y_of(spread, count), WIDTH - RIGHT, LEFT - 7,
			      y_of(spread, count) + 4, count);
	const size_t every = (spread->bins + LABELS - 1) / LABELS;
	for (size_t bin = 0; bin < spread->bins; bin += every) {
		const double points = (double)spread->step * (double)bin;
		(void)fprintf(out, "<text%s x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">",
			      bin / every % 2 == 1 ? " class=\"odd\"" : "",
			      (x_of(spread, points) + x_of(spread, points + (double)spread->step)) /
				      2,
			      HEIGHT - BOTTOM + 20);
		html_points(out, spread->step * (long)bin);
		(void)fputs("</text>\n", out);
	}
}

static void draw_bins(FILE *out, const struct spread *spread)
{
	for (size_t bin = 0; bin < spread->bins; bin++) {
		const long from = spread->step * (long)bin;
		const long last = from + spread->step > spread->max ? spread->max
								    : from + spread->step;
		const double x = x_of(spread, (double)from),
			     width = x_of(spread, (double)(from + spread->step)) - x;
		if (spread->in[bin] == 0)
			continue;
		(void)fprintf(out,
			      "<rect class=\"bin\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" "
			      "height=\"%.1f\"><title>",
			      x + width * 0.08, y_of(spread, spread->in[bin]), width * 0.84,
			      HEIGHT - BOTTOM - y_of(spread, spread->in[bin]));
		html_points(out, from);
		if (last > from) {
			(void)fputs(" to below ", out);
			html_points(out, last);
		}
		(void)fputs(" points: ", out);
		(void)fprintf(out, "%ld submission%s</title></rect>\n", spread->in[bin],
			      spread->in[bin] == 1 ? "" : "s");
	}
}

static long median(const struct spread *spread)
{
	const size_t half = spread->count / 2;
	return spread->count % 2 == 1 ? spread->scores[half]
				      : (spread->scores[half - 1] + spread->scores[half]) / 2;
}

static void draw_median(FILE *out, const struct spread *spread)
{
	const long middle = median(spread);
	const double x = x_of(spread, (double)middle + (double)spread->step / 2);
	const char *anchor = x > (double)WIDTH / 2 ? "end" : "start";
	(void)fprintf(out,
		      "<path class=\"mid\" d=\"M%.1f %dV%d\"/><text class=\"mid\" x=\"%.1f\" "
		      "y=\"%d\" text-anchor=\"%s\">median ",
		      x, TOP - 10, HEIGHT - BOTTOM, anchor[0] == 'e' ? x - 6 : x + 6, TOP - 8,
		      anchor);
	html_points(out, middle);
	(void)fputs("</text>\n", out);
}

void html_distribution(FILE *out, const json_t *class)
{
	struct spread spread;
	spread_make(class, &spread);
	if (spread.count == 0) {
		(void)fputs("<p class=\"soft\">Nobody has a score yet.</p>\n", out);
		free(spread.scores);
		return;
	}
	html_put(out, "<svg class=\"dist\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"", WIDTH,
		 HEIGHT);
	html_count(out, (long)spread.count, "score");
	(void)fputs(": lowest ", out);
	html_points(out, spread.scores[0]);
	(void)fputs(", median ", out);
	html_points(out, median(&spread));
	(void)fputs(", highest ", out);
	html_points(out, spread.scores[spread.count - 1]);
	(void)fputs(" points\">\n", out);
	draw_grid(out, &spread);
	draw_bins(out, &spread);
	(void)fprintf(out, "<path class=\"axis\" d=\"M%d %dH%d\"/>\n", LEFT, HEIGHT - BOTTOM,
		      WIDTH - RIGHT);
	draw_median(out, &spread);
	(void)fputs("</svg>\n", out);
	free(spread.scores);
}

/* One part of a bar, in tenths of a percent. */
static void draw_share(FILE *out, int kind, long from, long width)
{
	if (width > 0)
		(void)fprintf(out,
			      "<rect class=\"b%d\" x=\"%ld.%ld%%\" width=\"%ld.%ld%%\" "
			      "height=\"11\"/>",
			      kind, from / 10, from % 10, width / 10, width % 10);
}

void html_bar(FILE *out, long bad, long blocked, long good)
{
	const long all = bad + blocked + good;
	(void)fputs("<svg class=\"bar\" aria-hidden=\"true\"><rect class=\"b0\" width=\"100%\" "
		    "height=\"11\"/>",
		    out);
	if (all > 0) {
		const long first = bad * 1000 / all, second = (bad + blocked) * 1000 / all;
		draw_share(out, 1, 0, first);
		draw_share(out, 2, first, second - first);
		draw_share(out, 3, 1000 - good * 1000 / all, good * 1000 / all);
	}
	(void)fputs("</svg>", out);
}

void html_share(FILE *out, long part, long whole)
{
	(void)fputs("<svg class=\"bar\" aria-hidden=\"true\"><rect class=\"b0\" width=\"100%\" "
		    "height=\"11\"/>",
		    out);
	if (whole > 0)
		draw_share(out, 3, 0, part > whole ? 1000 : part * 1000 / whole);
	(void)fputs("</svg>", out);
}
