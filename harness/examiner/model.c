/* The model of CLHP/1: expected answers, and the reader of real ones. */
#include "model.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/backend.h"
#include "common/http.h"
#include "evidence.h"

#define KEPT_BODY_MAX (2u << 20)

/* Composes the step x -> a*x + c with itself by squaring. */
uint64_t model_burn(uint64_t seed, uint64_t rounds)
{
	uint64_t a = 6364136223846793005ull, c = 1442695040888963407ull;
	uint64_t all_a = 1, all_c = 0;

	for (; rounds; rounds >>= 1) {
		if (rounds & 1) {
			all_c = a * all_c + c;
			all_a *= a;
		}
		c = a * c + c;
		a *= a;
	}
	return all_a * seed + all_c;
}

static uint64_t step_result(const struct model *m, const struct cl_step *s, uint64_t h)
{
	switch (s->kind) {
	case CL_STEP_CPU:
		return model_burn(h, s->arg);
	case CL_STEP_RPC:
		for (uint64_t i = 0; i < s->arg; i++)
			h = cl_backend_mix(h, m->secret);
		return h;
	case CL_STEP_DB:
		return cl_backend_mix(0, m->secret);
	case CL_STEP_WAIT:
	case CL_STEP_YIELD:
		return 0;
	}
	return 0;
}

static uint64_t plan_hash(const struct model *m, const struct cl_req *r)
{
	uint64_t h = cl_plan_begin(r);

	for (unsigned i = 0; i < r->nsteps; i++)
		h = cl_plan_mix(h, &r->step[i], step_result(m, &r->step[i], h));
	return h;
}

static void keep(struct want *want, const void *body, size_t len)
{
	want->length = len;
	want->body = malloc(len + 1);
	if (!want->body)
		fault("no memory for an expected answer");
	memcpy(want->body, body, len);
}

__attribute__((format(printf, 2, 3))) static void keep_text(struct want *want, const char *format,
							    ...)
{
	char text[64];
	va_list args;

	va_start(args, format);
	int n = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	keep(want, text, (size_t)n);
}

static void want_ok(const struct model *m, const struct cl_req *r, const char *body,
		    struct want *want)
{
	want->status = 200;
	want->close = !r->keep_alive || m->draining;
	switch (r->route) {
	case CL_R_PING:
		keep(want, "pong\n", 5);
		return;
	case CL_R_WORK:
		want->work = true;
		keep_text(want, "h=%016" PRIx64 "\n", plan_hash(m, r));
		return;
	case CL_R_BYTES:
		want->length = r->count_bytes;
		if (r->count_bytes > KEPT_BODY_MAX)
			return;
		want->body = malloc(r->count_bytes + 1);
		if (!want->body)
			fault("no memory for an expected answer");
		cl_bytes_fill(r->seed, 0, want->body, r->count_bytes);
		return;
	case CL_R_ECHO:
		keep(want, body, r->body_bytes);
		return;
	case CL_R_SUM:
		keep_text(want, "len=%" PRIu64 " fnv=%016" PRIx64 "\n", r->body_bytes,
			  cl_sum_update(CL_SUM_INIT, body, r->body_bytes));
		return;
	case CL_R_COUNT:
		keep_text(want, "%" PRIu64 "\n", m->count);
		return;
	case CL_R_INDEX:
	case CL_R_STAT:
	case CL_R_CRASH:
	case CL_R_ERROR:
		want->any_body = true;
	}
}

void model_answer(const struct model *model, const char *request, size_t len, struct want *want)
{
	struct cl_req r;
	ssize_t head = cl_http_parse(request, len, &r);

	*want = (struct want){ 0 };
	if (head == 0)
		fault("a request of the script is incomplete");
	bool no_crash = r.route == CL_R_CRASH && !model->crash;
	if (r.route == CL_R_ERROR || no_crash) {
		want->status = no_crash ? 404 : r.error_status;
		want->close = true;
		want->any_close = no_crash;
		want->any_body = true;
		return;
	}
	if (r.route == CL_R_ECHO && len - (size_t)head < r.body_bytes)
		fault("a request of the script lacks its body");
	if (r.route == CL_R_SUM && len - (size_t)head < r.body_bytes)
		r.body_bytes = 0; /* streamed: the test computes the digest itself */
	want_ok(model, &r, request + head, want);
}

void want_free(struct want *want)
{
	free(want->body);
	*want = (struct want){ 0 };
}

static const uint8_t *line_end(const uint8_t *p, const uint8_t *end)
{
	for (; end - p >= 2; p++)
		if (p[0] == '\r' && p[1] == '\n')
			return p;
	return NULL;
}

/* One header line [p, end) into *a; false if it is none. */
static bool read_header(const uint8_t *p, const uint8_t *end, struct answer *a, bool *has_length)
{
	char line[256] = { 0 }, *value;
	size_t len = (size_t)(end - p);

	memcpy(line, p, len < sizeof(line) - 1 ? len : sizeof(line) - 1);
	value = strchr(line, ':');
	if (!value || value == line || strlen(line) != (len < sizeof(line) - 1 ? len : 255))
		return false;
	*value++ = '\0';
	value += strspn(value, " \t");
	if (strcasecmp(line, "content-length") == 0) {
		char *rest;
		if (*has_length || *value < '0' || *value > '9')
			return false;
		a->length = strtoull(value, &rest, 10);
		*has_length = true;
		return rest[strspn(rest, " \t")] == '\0';
	}
	if (strcasecmp(line, "connection") == 0)
		a->close = strncasecmp(value, "close", 5) == 0;
	return true;
}

int answer_parse(const uint8_t *bytes, size_t len, struct answer *a)
{
	const uint8_t *end = bytes + (len < ANSWER_HEAD_MAX ? len : ANSWER_HEAD_MAX);
	const uint8_t *eol = line_end(bytes, end), *p;
	bool has_length = false;

	*a = (struct answer){ 0 };
	if (len && memcmp(bytes, "HTTP/1.1 ", len < 9 ? len : 9) != 0)
		return -1;
	if (!eol)
		return len >= ANSWER_HEAD_MAX ? -1 : 0;
	for (p = bytes + 9; p < bytes + 12; p++) {
		if (p >= eol || *p < '0' || *p > '9')
			return -1;
		a->status = 10 * a->status + (*p - '0');
	}
	if (p < eol && *p != ' ')
		return -1;
	for (p = eol + 2; (eol = line_end(p, end)) && eol != p; p = eol + 2)
		if (!read_header(p, eol, a, &has_length))
			return -1;
	if (!eol)
		return len >= ANSWER_HEAD_MAX ? -1 : 0;
	if (!has_length && a->status >= 200)
		return -1;
	a->head_len = (size_t)(eol + 2 - bytes);
	a->body = eol + 2;
	return (int)a->head_len;
}

const char *want_differs(const struct want *want, const struct answer *a)
{
	static char text[160];

	text[0] = '\0';
	if (a->status != want->status)
		(void)snprintf(text, sizeof(text), "wanted status %d, got %d", want->status,
			       a->status);
	else if (a->close != want->close && !want->any_close)
		(void)snprintf(text, sizeof(text), "wanted Connection: %s, got the opposite",
			       want->close ? "close" : "keep-alive");
	else if (!want->any_body && a->length != want->length)
		(void)snprintf(text, sizeof(text),
			       "wanted a body of %" PRIu64 " bytes, got %" PRIu64, want->length,
			       a->length);
	else if (want->body && memcmp(a->body, want->body, want->length) != 0) {
		size_t at = 0;
		while (a->body[at] == want->body[at])
			at++;
		(void)snprintf(text, sizeof(text), "the body differs from byte %zu on", at);
	}
	return text[0] ? text : NULL;
}
