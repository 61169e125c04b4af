/* Reads and writes the text form of schedules. */
#include "steps.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHOWN_MAX 40 /* bytes of a word that an error repeats */
#define COLUMNS   80

static const char *const expect_names[] = {
	[STEPS_EXPECT_NOTHING] = "",
	[STEPS_EXPECT_DEADLOCK] = "deadlock",
	[STEPS_EXPECT_LOST_ITEM] = "lost-item",
	[STEPS_EXPECT_DUP_ITEM] = "dup-item",
	[STEPS_EXPECT_ORDER] = "order",
	[STEPS_EXPECT_CRASH] = "crash",
};
#define EXPECTS (sizeof(expect_names) / sizeof(expect_names[0]))

const char *steps_expect_name(enum steps_expect expect)
{
	return expect_names[expect];
}

void steps_free(struct steps *s)
{
	free(s->step);
	*s = (struct steps){ 0 };
}

static int append(struct steps *s, const struct schedule_step *step)
{
	if (s->count == STEPS_MAX)
		return EOVERFLOW;
	if (!s->step || s->count == s->room) {
		size_t room = s->room ? s->room * 2 : 64;
		struct schedule_step *more = reallocarray(s->step, room, sizeof(*more));
		if (!more)
			return ENOMEM;
		s->step = more;
		s->room = room;
	}
	s->step[s->count++] = *step;
	return 0;
}

int steps_add(struct steps *s, const struct schedule_step *step)
{
	struct schedule_step *last = s->count ? &s->step[s->count - 1] : NULL;

	if (last && step->kind == STEPS_RUN && last->kind == STEPS_RUN &&
	    step->thread == last->thread && last->number + step->number <= STEPS_TIMES_MAX) {
		last->number += step->number;
		return 0;
	}
	return append(s, step);
}

/* A piece of the text, and where it stands. */
struct word {
	const char *at;
	size_t length;
	uint32_t line;
};

struct reader {
	const char *at, *end;
	uint32_t line;
	struct steps *out;
	struct steps_error *error;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static int refuse(struct reader *r, uint32_t line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static int refuse(struct reader *r, uint32_t line, const char *format, ...)
{
	va_list arguments;

	r->error->line = line;
	va_start(arguments, format);
	(void)vsnprintf(r->error->text, sizeof(r->error->text), format, arguments);
	va_end(arguments);
	return EINVAL;
}

/* The word as an error shows it. */
struct shown {
	char text[SHOWN_MAX + 4];
};

static struct shown show(const struct word *w)
{
	struct shown s = { 0 };
	size_t n = w->length < SHOWN_MAX ? w->length : SHOWN_MAX;

	memcpy(s.text, w->at, n);
	for (size_t i = 0; i < n; i++)
		if (s.text[i] < '!' || s.text[i] > '~')
			s.text[i] = '?';
	if (n < w->length)
		memcpy(s.text + n, "...", 4);
	return s;
}

/* False at the end of the text. */
static bool next_word(struct reader *r, struct word *w)
{
	while (r->at < r->end && (is_blank(*r->at) || *r->at == '#')) {
		if (*r->at == '#')
			while (r->at < r->end && *r->at != '\n')
				r->at++;
		else if (*r->at++ == '\n')
			r->line++;
	}
	*w = (struct word){ .at = r->at, .line = r->line };
	while (r->at < r->end && !is_blank(*r->at) && *r->at != '#')
		r->at++;
	w->length = (size_t)(r->at - w->at);
	return w->length > 0;
}

static bool is_word(const struct word *w, const char *text)
{
	return w->length == strlen(text) && memcmp(w->at, text, w->length) == 0;
}

/* Takes a number of at most 7 digits, without leading zeros, from the front of the word. */
static bool take_number(struct word *w, uint32_t *out)
{
	size_t n = 0;

	*out = 0;
	while (n < w->length && n < 7 && w->at[n] >= '0' && w->at[n] <= '9')
		*out = *out * 10 + (uint32_t)(w->at[n++] - '0');
	if (n == 0 || (w->at[0] == '0' && n > 1))
		return false;
	w->at += n;
	w->length -= n;
	return true;
}

static bool take_sign(struct word *w, char sign)
{
	if (w->length == 0 || w->at[0] != sign)
		return false;
	w->at++;
	w->length--;
	return true;
}

static bool take_thread(struct word *w, uint8_t *out)
{
	uint32_t number;

	if (!take_sign(w, 'T') || !take_number(w, &number) || number >= STEPS_THREADS)
		return false;
	*out = (uint8_t)number;
	return true;
}

static bool take_file(struct word *w, char file[STEPS_FILE])
{
	size_t n = 0;

	for (; n < w->length && w->at[n] != ':'; n++) {
		const char c = w->at[n];
		const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
				    (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
		if (!letter || n + 1 == STEPS_FILE)
			return false;
		file[n] = c;
	}
	w->at += n;
	w->length -= n;
	return n > 0;
}

/* Everything that begins with T. False: it has not the form of a step. */
static bool read_step(struct word w, struct schedule_step *s)
{
	*s = (struct schedule_step){ .kind = STEPS_RUN, .number = 1, .line = w.line };
	if (!take_thread(&w, &s->thread))
		return false;
	if (w.length == 0)
		return true;
	if (take_sign(&w, '*'))
		return take_number(&w, &s->number) && w.length == 0 && s->number >= 1 &&
		       s->number <= STEPS_TIMES_MAX;
	if (take_sign(&w, '@')) {
		s->kind = STEPS_UNTIL;
		return take_file(&w, s->file) && take_sign(&w, ':') &&
		       take_number(&w, &s->number) && w.length == 0 && s->number >= 1;
	}
	if (take_sign(&w, '>')) {
		s->kind = STEPS_WAKE;
		s->number = 0;
		return take_thread(&w, &s->other) && w.length == 0 && s->other != s->thread;
	}
	s->kind = STEPS_STORE;
	return take_sign(&w, '<') && take_number(&w, &s->number) && w.length == 0 &&
	       s->number >= 1 && s->number <= STEPS_STORES;
}

static int read_expect(struct reader *r, const struct word *expect)
{
	struct word kind, more;

	if (next_word(r, &kind))
		for (size_t i = 1; i < EXPECTS; i++)
			if (is_word(&kind, expect_names[i]))
				r->out->expect = (uint8_t)i;
	if (r->out->expect == STEPS_EXPECT_NOTHING)
		return refuse(r, expect->line,
			      "behind expect stands deadlock, lost-item, dup-item, order or "
			      "crash, not '%s'",
			      show(&kind).text);
	r->out->expect_line = expect->line;
	if (next_word(r, &more))
		return refuse(r, more.line, "expect is the last step; move '%s' before it",
			      show(&more).text);
	return 0;
}

/* spurious T3, timeout T1, heap reuse, expect KIND. */
static int read_words(struct reader *r, const struct word *first, struct schedule_step *s)
{
	struct word second;

	if (is_word(first, "expect"))
		return read_expect(r, first);
	if (is_word(first, "heap")) {
		if (!next_word(r, &second) || !is_word(&second, "reuse"))
			return refuse(r, first->line, "behind heap stands reuse, not '%s'",
				      show(&second).text);
		if (r->out->count > 0 || r->out->heap_reuse)
			return refuse(r, first->line, "heap reuse is the first step, once");
		r->out->heap_reuse = true;
		return 0;
	}
	const bool timeout = is_word(first, "timeout");
	if (!timeout && !is_word(first, "spurious"))
		return refuse(
			r, first->line,
			"'%s' is no step: write T2, T2*3, T1@bqueue.c:51, T1>T3, spurious T3, "
			"timeout T1 or expect deadlock (threads are T0 to T%u)",
			show(first).text, STEPS_THREADS - 1);
	*s = (struct schedule_step){ .kind = timeout ? STEPS_TIMEOUT : STEPS_SPURIOUS,
				     .line = first->line };
	if (!next_word(r, &second))
		return refuse(r, first->line, "'%s' needs a thread, as in '%s T1'",
			      show(first).text, show(first).text);
	struct word rest = second;
	if (!take_thread(&rest, &s->thread) || rest.length > 0)
		return refuse(r, second.line, "behind '%s' stands a thread, T0 to T%u, not '%s'",
			      show(first).text, STEPS_THREADS - 1, show(&second).text);
	return append(r->out, s);
}

static int read_all(struct reader *r)
{
	struct word w;
	int error = 0;

	while (!error && next_word(r, &w)) {
		struct schedule_step s;
		if (read_step(w, &s))
			error = append(r->out, &s);
		else
			error = read_words(r, &w, &s);
		if (error == EOVERFLOW)
			error = refuse(r, w.line, "a schedule has at most %u steps", STEPS_MAX);
	}
	return error;
}

int steps_parse(const char *text, size_t length, struct steps *out, struct steps_error *error)
{
	struct reader r = {
		.at = text, .end = text + length, .line = 1, .out = out, .error = error
	};

	*out = (struct steps){ 0 };
	*error = (struct steps_error){ 0 };
	int status = length > STEPS_TEXT_MAX
			     ? refuse(&r, 1, "a schedule has at most %u bytes", STEPS_TEXT_MAX)
			     : read_all(&r);
	if (status)
		steps_free(out);
	return status;
}

static int write_step(char *to, size_t bytes, const struct schedule_step *s)
{
	switch ((enum steps_kind)s->kind) {
	case STEPS_RUN:
		return s->number == 1 ? snprintf(to, bytes, "T%u", s->thread)
				      : snprintf(to, bytes, "T%u*%u", s->thread, s->number);
	case STEPS_UNTIL:
		return snprintf(to, bytes, "T%u@%s:%u", s->thread, s->file, s->number);
	case STEPS_WAKE:
		return snprintf(to, bytes, "T%u>T%u", s->thread, s->other);
	case STEPS_STORE:
		return snprintf(to, bytes, "T%u<%u", s->thread, s->number);
	case STEPS_SPURIOUS:
		return snprintf(to, bytes, "spurious T%u", s->thread);
	case STEPS_TIMEOUT:
		return snprintf(to, bytes, "timeout T%u", s->thread);
	}
	return 0;
}

char *steps_text(const struct steps *s)
{
	char *text = NULL, one[STEPS_FILE + 32];
	size_t length = 0, column = 0;
	FILE *out = open_memstream(&text, &length);

	if (!out)
		return NULL;
	if (s->heap_reuse)
		(void)fputs("heap reuse\n", out); /* errors show in ferror */
	for (size_t i = 0; i < s->count; i++) {
		size_t n = (size_t)write_step(one, sizeof(one), &s->step[i]);
		const bool breaks = column > 0 && column + 1 + n > COLUMNS;
		if (column > 0)
			(void)fputc(breaks ? '\n' : ' ', out);
		column = breaks || column == 0 ? n : column + 1 + n;
		(void)fputs(one, out);
	}
	if (column > 0)
		(void)fputc('\n', out);
	if (s->expect != STEPS_EXPECT_NOTHING)
		(void)fprintf(out, "expect %s\n", expect_names[s->expect]);
	bool bad = ferror(out) != 0;
	if (fclose(out) || bad) {
		free(text);
		return NULL;
	}
	return text;
}
