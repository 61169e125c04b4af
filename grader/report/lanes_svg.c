/* The lanes as a picture: a column for each thread, time downwards; a band that shows whether it is
 * in an operation or asleep, a card for each step with its line of the source. */
#include "report/lanes_svg.h"

#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/text.h"

enum {
	HUES = 8,
	MONO_TENTHS = 73,
	NOTE_TENTHS = 64,
	SANS_TENTHS = 72,
	NARROWEST = 220,
	WIDEST = 400,
	PICTURE_WIDTH = 1400
};

size_t svg_lane_of(const struct svg *svg, unsigned thread)
{
	for (size_t i = 0; i < svg->lanes->threads; i++)
		if (svg->lanes->thread[i] == thread)
			return i;
	return 0;
}

int svg_lane_x(const struct svg *svg, size_t lane)
{
	return SVG_MARGIN + (int)lane * svg->lane;
}

int svg_band_x(const struct svg *svg, unsigned thread)
{
	return svg_lane_x(svg, svg_lane_of(svg, thread)) + SVG_BAND / 2 + 1;
}

/* What fits into so many pixels, at this many tenths of a pixel for a character. */
static size_t characters(int room, int tenths)
{
	return room > 0 ? (size_t)(room * 10 / tenths) : 0;
}

static const char *row_note(const struct lane_row *row)
{
	if (row->mark == LANE_STUCK && *row->note == '\0')
		return "nobody ever wakes it";
	return row->kind == LANE_STEP ? row->note : "";
}

static int card_height(const struct lane_row *row)
{
	const int base = row->kind == LANE_STEP && row->at.file != NULL ? SVG_CARD : SVG_CARD_FLAT;
	return base + (*row_note(row) != '\0' ? SVG_NOTE_LINE : 0);
}

static void lay_out(struct svg *svg)
{
	int y = svg->top + SVG_LANE_HEAD;
	for (size_t i = 0; i < svg->lanes->count; i++) {
		const struct lane_row *row = &svg->lanes->rows[i];
		y += row->folded > 0 ? SVG_FOLD : 0;
		svg->y[i] = y;
		svg->height[i] = card_height(row);
		y += svg->height[i] + SVG_SPACE;
	}
	svg->bottom = y + (svg->lanes->folded_end > 0 ? SVG_FOLD : 0) + SVG_LANE_FOOT;
}

/* One stretch of a thread in one state. */
static void draw_band(const struct svg *svg, unsigned thread, unsigned state, int from, int to)
{
	const int x = svg_band_x(svg, thread);
	if (to <= from)
		return;
	if (state == LANE_AWAY) {
		(void)fprintf(svg->out, "<path class=\"away\" d=\"M%d %dV%d\"/>\n", x, from, to);
		return;
	}
	(void)fprintf(svg->out,
		      "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"4\">"
		      "<title>T%u %s</title></rect>\n",
		      state == LANE_SLEEPS ? "sleeps" : "runs", x - SVG_BAND / 2, from, SVG_BAND,
		      to - from, thread, state == LANE_SLEEPS ? "is asleep" : "is in an operation");
	if (state == LANE_SLEEPS && to - from > 110)
		svg_text(svg, "zzz", x + SVG_CARD_LEFT - 6, (from + to) / 2 + 22, "asleep");
}

static void draw_bands(const struct svg *svg, unsigned thread)
{
	const struct lanes *lanes = svg->lanes;
	unsigned state = LANE_AWAY;
	int from = svg->top + SVG_LANE_HEAD - SVG_SPACE;
	for (size_t i = 0; i < lanes->count; i++) {
		const unsigned next = lanes->rows[i].state[thread];
		if (next == state)
			continue;
		/* A state ends where the card of the step that ends it begins or, for a thread that
		 * leaves or falls asleep by its own step, where that ends. */
		const bool own = lanes->rows[i].thread == thread && state == LANE_RUNS;
		const int to = own ? svg->y[i] + svg->height[i] : svg->y[i];
		draw_band(svg, thread, state, from, to);
		from = to;
		state = next;
	}
	draw_band(svg, thread, state, from, svg->bottom - 2);
}

static void draw_tooltip(const struct svg *svg, const struct lane_row *row)
{
	AUTO_FREE char *text = row->at.file == NULL
				       ? must_printf("T%u %s %s %s", row->thread, row->verb,
						     row->object, row->note)
				       : must_printf("T%u %s %s %s\n%s:%ld %s\n%s", row->thread,
						     row->verb, row->object, row->note,
						     row->at.file, row->at.line,
						     row->at.function != NULL ? row->at.function
									      : "",
						     row->at.code != NULL ? row->at.code : "");
	(void)fputs("<title>", svg->out);
	svg_escape(svg->out, text);
	(void)fputs("</title>", svg->out);
}

/* The first line of a card: what is done, and to what. */
static void draw_verb(const struct svg *svg, const struct lane_row *row, int x, int y)
{
	const size_t room = (size_t)((svg->lane - SVG_CARD_LEFT - SVG_GAP - 20) * 10 / SANS_TENTHS);
	AUTO_FREE char *object = row->kind == LANE_CALL
					 ? must_printf("%s%s", row->object, row->note)
				 : row->kind == LANE_RETURN
					 ? must_strdup(*row->note != '\0' ? row->note : "0")
					 : must_strdup(row->object);
	const size_t left = room > strlen(row->verb) ? room - strlen(row->verb) : 0;
	(void)fprintf(svg->out, "<text x=\"%d\" y=\"%d\"><tspan class=\"verb\">%s</tspan> ", x, y,
		      row->verb);
	AUTO_FREE char *shown = svg_fit(object, left);
	(void)fputs("<tspan class=\"object\">", svg->out);
	svg_escape(svg->out, shown);
	(void)fputs("</tspan>", svg->out);
	(void)fputs("</text>\n", svg->out);
}

static void draw_card(const struct svg *svg, size_t i)
{
	const struct lane_row *row = &svg->lanes->rows[i];
	const size_t lane = svg_lane_of(svg, row->thread);
	const int x = svg_lane_x(svg, lane) + SVG_CARD_LEFT, y = svg->y[i];
	const int width = svg->lane - SVG_CARD_LEFT - SVG_GAP;
	const bool flat = row->kind != LANE_STEP || row->at.file == NULL;
	(void)fprintf(svg->out, "<g class=\"h%u%s%s\">", row->thread % HUES,
		      row->mark != LANE_PLAIN ? " marked" : "",
		      row->kind == LANE_CALL || row->kind == LANE_RETURN ? " call" : "");
	draw_tooltip(svg, row);
	(void)fprintf(svg->out,
		      "<rect class=\"card\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"6\"/>"
		      "<path class=\"edge\" d=\"M%d %dh%dv4h%dz\"/>\n",
		      x, y, width, svg->height[i], x - SVG_CARD_LEFT + SVG_BAND + 1, y + 12,
		      SVG_CARD_LEFT - SVG_BAND - 1, -(SVG_CARD_LEFT - SVG_BAND - 1));
	draw_verb(svg, row, x + 10, y + 19);
	int line = y + 19;
	if (!flat) {
		AUTO_FREE char *number = svg->lanes->one_file != NULL
						 ? must_printf("%ld", row->at.line)
						 : must_printf("%s:%ld", row->at.file,
							       row->at.line);
		const int wide = ((int)text_width(number) + 2) * MONO_TENTHS / 10;
		const char *code = row->at.code != NULL ? row->at.code : "";
		line += 18;
		svg_text(svg, "mono number", x + 10, line, number);
		svg_text_fit(svg, "mono", x + 10 + wide, line, code + strspn(code, " \t"),
			     characters(width - wide - 16, MONO_TENTHS));
	}
	if (*row_note(row) != '\0')
		svg_text_fit(svg, "note", x + 10, line + SVG_NOTE_LINE, row_note(row),
			     characters(width - 16, NOTE_TENTHS));
	(void)fputs("</g>\n", svg->out);
}

static void draw_fold(const struct svg *svg, int y, unsigned thread, unsigned folded)
{
	AUTO_FREE char *text = must_printf("\xc2\xb7 \xc2\xb7 \xc2\xb7  %u step%s left out", folded,
					   folded == 1 ? "" : "s");
	if (folded > 0)
		svg_text(svg, "note",
			 svg_lane_x(svg, svg_lane_of(svg, thread)) + SVG_CARD_LEFT + 10, y, text);
}

static void draw_phase(const struct svg *svg, size_t i)
{
	const int y = svg->y[i] + 14;
	(void)fprintf(svg->out, "<path class=\"rule\" d=\"M%d %dH%d\"/>\n", SVG_MARGIN, y,
		      svg->width - SVG_MARGIN);
	(void)fprintf(svg->out, "<text class=\"phase\" x=\"%d\" y=\"%d\" text-anchor=\"middle\">",
		      svg->width / 2, y + 4);
	svg_escape(svg->out, svg->lanes->rows[i].note);
	(void)fputs("</text>\n", svg->out);
}

static void draw_lane_heads(const struct svg *svg)
{
	for (size_t i = 0; i < svg->lanes->threads; i++) {
		const unsigned t = svg->lanes->thread[i];
		AUTO_FREE char *name = must_printf("T%u", t);
		const char *program = svg->lanes->program[t];
		const int x = svg_lane_x(svg, i);
		(void)fprintf(svg->out, "<g class=\"h%u\">", t % HUES);
		svg_text(svg, "name", x, svg->top + 14, name);
		svg_text_fit(svg, "mono", x + 34, svg->top + 14,
			     program != NULL ? program : "started by the program",
			     characters(svg->lane - 34 - SVG_GAP, MONO_TENTHS));
		(void)fputs("</g>\n", svg->out);
	}
	(void)fprintf(svg->out, "<path class=\"rule\" d=\"M%d %dH%d\"/>\n", SVG_MARGIN,
		      svg->top + 26, svg->width - SVG_MARGIN);
}

static int draw_head(const struct svg *svg)
{
	const struct lanes *lanes = svg->lanes;
	AUTO_FREE char *how = lanes_preemptions(lanes);
	AUTO_FREE char *more = lanes->one_file != NULL
				       ? must_printf("%s Lines of %s.", how, lanes->one_file)
				       : must_strdup(how);
	if (svg->within)
		return svg_paragraph(svg, "soft", 26, more);
	(void)fprintf(svg->out, "<text class=\"title\" x=\"%d\" y=\"44\">", SVG_MARGIN);
	svg_escape(svg->out, lanes_head(lanes, "test"));
	(void)fputs(" <tspan class=\"bad\">", svg->out);
	svg_escape(svg->out, lanes_head(lanes, "id"));
	(void)fputs("</tspan></text>\n", svg->out);
	(void)fprintf(svg->out,
		      "<text class=\"mono number\" x=\"%d\" y=\"42\" text-anchor=\"end\">",
		      svg->width - SVG_MARGIN);
	svg_escape(svg->out, lanes_head(lanes, "token"));
	(void)fputs("</text>\n", svg->out);
	int y = svg_paragraph(svg, "what", 74, lanes_head(lanes, "what"));
	return svg_paragraph(svg, "soft", y + 4, more);
}

static int draw_foot(const struct svg *svg)
{
	const struct lanes *lanes = svg->lanes;
	int y = svg->bottom + 10;
	(void)fprintf(svg->out, "<path class=\"rule\" d=\"M%d %dH%d\"/>\n", SVG_MARGIN, svg->bottom,
		      svg->width - SVG_MARGIN);
	y += 18;
	for (size_t i = 0; i < lanes->threads; i++) {
		const unsigned t = lanes->thread[i];
		if (lanes->end[t] == NULL)
			continue;
		AUTO_FREE char *line = must_printf("In the end T%u: %s.", t, lanes->end[t]);
		y = svg_paragraph(svg, "soft", y, line);
	}
	AUTO_FREE char *values = lanes_values(lanes);
	y = svg_paragraph(svg, "soft", y, values);
	return svg->within ? y : svg_paragraph(svg, "what", y + 6, lanes_head(lanes, "why"));
}

static bool is_stuck(const struct lanes *lanes, unsigned thread)
{
	for (size_t i = 0; i < lanes->count; i++)
		if (lanes->rows[i].mark == LANE_STUCK && lanes->rows[i].thread == thread)
			return true;
	return false;
}

/* What has become of the threads that sleep. */
static void draw_lane_ends(const struct svg *svg)
{
	for (size_t i = 0; i < svg->lanes->threads; i++)
		if (is_stuck(svg->lanes, svg->lanes->thread[i]))
			svg_text(svg, "label", svg_lane_x(svg, i) + SVG_CARD_LEFT + 10,
				 svg->bottom - 8, "asleep for ever");
}

static void draw_body(const struct svg *svg)
{
	const struct lanes *lanes = svg->lanes;
	draw_lane_heads(svg);
	for (size_t i = 0; i < lanes->threads; i++) {
		(void)fprintf(svg->out, "<g class=\"h%u\">\n", lanes->thread[i] % HUES);
		draw_bands(svg, lanes->thread[i]);
		(void)fputs("</g>\n", svg->out);
	}
	for (size_t i = 0; i < lanes->count; i++) {
		draw_fold(svg, svg->y[i] - 14, lanes->rows[i].folded_thread, lanes->rows[i].folded);
		if (lanes->rows[i].kind == LANE_PHASE)
			draw_phase(svg, i);
		else
			draw_card(svg, i);
	}
	draw_fold(svg, svg->bottom - 20, lanes->folded_end_thread, lanes->folded_end);
	draw_lane_ends(svg);
	svg_arrows(svg);
}

/* Three lanes are as wide as two; more have to share. */
static int lane_width(int count)
{
	const int shared = PICTURE_WIDTH / count;
	return shared > WIDEST ? WIDEST : shared > NARROWEST ? shared : NARROWEST;
}

/* Draws all but the frame; *body is the picture, returned (free). */
static void draw(struct svg *svg, char **body, size_t *length, int *height)
{
	const struct lanes *lanes = svg->lanes;
	const int count = lanes->threads > 0 ? (int)lanes->threads : 1;
	svg->lane = lane_width(count);
	svg->width = 2 * SVG_MARGIN + (count > 1 ? count : 2) * svg->lane - SVG_GAP;
	svg->y = must_alloc((lanes->count + 1) * sizeof *svg->y);
	svg->height = must_alloc((lanes->count + 1) * sizeof *svg->height);
	/* Its height is known when it is drawn. */
	svg->out = open_memstream(body, length);
	if (svg->out == NULL)
		die("out of memory");
	svg->top = draw_head(svg) + 18;
	lay_out(svg);
	draw_body(svg);
	*height = draw_foot(svg) + SVG_MARGIN;
	if (fclose(svg->out) != 0 || *body == NULL)
		die("out of memory");
	free(svg->y);
	free(svg->height);
}

static void put(FILE *out, const struct lanes *lanes, bool within)
{
	struct svg svg = { .lanes = lanes, .within = within };
	AUTO_FREE char *body = NULL;
	size_t length = 0;
	int height = 0;
	draw(&svg, &body, &length, &height);
	(void)fprintf(out,
		      "<svg%s class=\"lanes\" width=\"%d\" height=\"%d\" "
		      "viewBox=\"0 0 %d %d\" role=\"img\">\n",
		      within ? "" : " xmlns=\"http://www.w3.org/2000/svg\"", svg.width, height,
		      svg.width, height);
	if (!within)
		svg_style(out);
	(void)fprintf(out, "<rect class=\"paper\" width=\"%d\" height=\"%d\"/>\n", svg.width,
		      height);
	(void)fwrite(body, 1, length, out);
	(void)fputs("</svg>\n", out);
}

void lanes_svg(FILE *out, const struct lanes *lanes)
{
	put(out, lanes, false);
}

void lanes_svg_inline(FILE *out, const struct lanes *lanes)
{
	put(out, lanes, true);
}

void lanes_svg_shared(FILE *out)
{
	(void)fputs("<svg class=\"lanes shared\" width=\"0\" height=\"0\" aria-hidden=\"true\">\n",
		    out);
	svg_style(out);
	(void)fputs("</svg>\n", out);
}
