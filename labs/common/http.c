/* common/http.c - CLHP/1: the parser works line by line, so a malformed line is refused as soon as
 * it is complete, and what it says never depends on how the bytes were cut into pieces. */
#include "http.h"

#include <endian.h>
#include <errno.h>
#include <string.h>

/* A piece of the head; not terminated. */
struct text {
	const char *p;
	size_t n;
};

/* What the header lines said, before the request is judged as a whole. */
struct head {
	struct text method, target;
	unsigned version; /* 10 * major + minor */
	bool close, keep, expect, transfer_encoding, has_length;
	uint64_t length;
};

static bool text_is(struct text t, const char *s)
{
	return t.n == strlen(s) && memcmp(t.p, s, t.n) == 0;
}

static char lower(char c)
{
	if (c >= 'A' && c <= 'Z')
		c = (char)(c - 'A' + 'a');
	return c;
}

static bool text_is_nocase(struct text t, const char *s)
{
	if (t.n != strlen(s))
		return false;
	for (size_t i = 0; i < t.n; i++)
		if (lower(t.p[i]) != s[i])
			return false;
	return true;
}

static bool text_starts(struct text t, const char *s)
{
	return t.n >= strlen(s) && memcmp(t.p, s, strlen(s)) == 0;
}

/* Cuts *t at the first c: returns what stands before it and leaves what stands after it in *t. If
 * there is no c, returns all and leaves a text with p == NULL. */
static struct text text_cut(struct text *t, char c)
{
	struct text first = *t;
	const char *at = t->n ? memchr(t->p, c, t->n) : NULL;

	if (!at) {
		*t = (struct text){ 0 };
		return first;
	}
	first.n = (size_t)(at - t->p);
	t->p = at + 1;
	t->n -= first.n + 1;
	return first;
}

static struct text text_trim(struct text t)
{
	while (t.n && (t.p[0] == ' ' || t.p[0] == '\t'))
		t.p++, t.n--;
	while (t.n && (t.p[t.n - 1] == ' ' || t.p[t.n - 1] == '\t'))
		t.n--;
	return t;
}

/* Decimal digits only, at most max. */
static bool text_number(struct text t, uint64_t max, uint64_t *out)
{
	uint64_t n = 0;

	if (!t.n)
		return false;
	for (size_t i = 0; i < t.n; i++) {
		uint64_t digit = (uint64_t)(unsigned char)t.p[i] - '0';
		if (digit > 9 || n > (max - digit) / 10)
			return false;
		n = 10 * n + digit;
	}
	*out = n;
	return true;
}

static bool is_token(struct text t)
{
	static const char others[] = "!#$%&'*+-.^_`|~";

	for (size_t i = 0; i < t.n; i++) {
		char c = lower(t.p[i]);
		bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
		if (!word && (!c || !strchr(others, c)))
			return false;
	}
	return t.n > 0;
}

/* METHOD SP target SP HTTP/d.d */
static bool read_request_line(struct text line, struct head *h)
{
	h->method = text_cut(&line, ' ');
	h->target = text_cut(&line, ' ');
	if (!is_token(h->method) || !text_starts(h->target, "/"))
		return false;
	for (size_t i = 0; i < h->target.n; i++)
		if (h->target.p[i] <= ' ' || h->target.p[i] > '~')
			return false;
	if (line.n != 8 || !text_starts(line, "HTTP/") || line.p[6] != '.')
		return false;
	unsigned major = (unsigned)(line.p[5] - '0'), minor = (unsigned)(line.p[7] - '0');
	h->version = 10 * major + minor;
	return major <= 9 && minor <= 9;
}

static bool read_header(struct text line, struct head *h)
{
	struct text name = text_cut(&line, ':'), value = text_trim(line);

	if (!is_token(name) || !line.p)
		return false;
	for (size_t i = 0; i < value.n; i++) {
		unsigned char c = (unsigned char)value.p[i];
		if ((c < ' ' && c != '\t') || c == 0x7f)
			return false;
	}
	if (text_is_nocase(name, "content-length")) {
		bool twice = h->has_length;
		h->has_length = true;
		return !twice && text_number(value, INT64_MAX, &h->length);
	}
	if (text_is_nocase(name, "expect")) {
		h->expect = true;
		return text_is_nocase(value, "100-continue");
	}
	if (text_is_nocase(name, "transfer-encoding"))
		h->transfer_encoding = true;
	if (text_is_nocase(name, "connection")) {
		while (value.p) {
			struct text word = text_trim(text_cut(&value, ','));
			h->close |= text_is_nocase(word, "close");
			h->keep |= text_is_nocase(word, "keep-alive");
		}
	}
	return true;
}

static bool read_plan(struct text plan, struct cl_req *r)
{
	while (plan.n) {
		struct text word = text_cut(&plan, ',');
		if (!word.n || r->nsteps == CL_PLAN_MAX || (plan.p && !plan.n))
			return false;
		struct text digits = { .p = word.p + 1, .n = word.n - 1 };
		struct cl_step *s = &r->step[r->nsteps++];
		uint64_t max = word.p[0] == 'd' ? INT64_MAX : CL_STEP_ARG_MAX;

		s->kind = (enum cl_step_kind)word.p[0];
		s->arg = 0;
		if (!strchr("cwrdy", word.p[0]))
			return false;
		if (word.p[0] == 'y' && !digits.n)
			continue;
		if (!text_number(digits, max, &s->arg))
			return false;
	}
	return true;
}

static bool read_query(struct text query, struct cl_req *r)
{
	while (query.p) {
		struct text value = text_cut(&query, '&'), key = text_cut(&value, '=');
		if (text_is(key, "seed") && !text_number(value, UINT64_MAX, &r->seed))
			return false;
		if (r->route == CL_R_WORK && text_is(key, "plan")) {
			r->nsteps = 0;
			if (!read_plan(value, r))
				return false;
		}
	}
	return true;
}

/* The route of h->target into *r: 0 if it exists, else 400 or 404. */
static int find_route(const struct head *h, struct cl_req *r)
{
	static const char *const path[] = {
		[CL_R_INDEX] = "/",      [CL_R_PING] = "/ping", [CL_R_WORK] = "/work",
		[CL_R_ECHO] = "/echo",   [CL_R_SUM] = "/sum",   [CL_R_COUNT] = "/count",
		[CL_R_CRASH] = "/crash", [CL_R_STAT] = "/stat",
	};
	struct text query = h->target, name = text_cut(&query, '?');

	if (text_starts(name, "/bytes/")) {
		struct text digits = { .p = name.p + 7, .n = name.n - 7 };
		r->route = CL_R_BYTES;
		if (!text_number(digits, INT64_MAX, &r->count_bytes))
			return 400;
		return read_query(query, r) ? 0 : 400;
	}
	for (size_t i = 0; i < sizeof(path) / sizeof(path[0]); i++) {
		if (!path[i] || !text_is(name, path[i]))
			continue;
		r->route = (enum cl_route)i;
		if (r->route == CL_R_WORK)
			return read_query(query, r) ? 0 : 400;
		return 0;
	}
	return 404;
}

/* Judges the whole head: 0 if it is to be served, else the status of the refusal. */
static int judge(const struct head *h, struct cl_req *r)
{
	bool get = text_is(h->method, "GET"), post = text_is(h->method, "POST");
	int route_status = find_route(h, r);

	if (route_status == 400 || (get && h->length > 0))
		return 400;
	if (h->version != 10 && h->version != 11)
		return 505;
	if (!get && !post)
		return 405;
	if (h->transfer_encoding)
		return 501;
	if (route_status)
		return route_status;
	if (post != (r->route == CL_R_ECHO || r->route == CL_R_SUM))
		return 405;
	if (r->route == CL_R_ECHO && h->length > CL_ECHO_MAX)
		return 413;
	r->body_bytes = h->length;
	r->keep_alive = !h->close && (h->version == 11 || h->keep);
	r->expect_continue = h->expect && h->version == 11 && h->length > 0;
	return 0;
}

static void refuse(struct cl_req *r, int status)
{
	*r = (struct cl_req){ .route = CL_R_ERROR, .error_status = status };
}

ssize_t cl_http_parse(const char *buf, size_t len, struct cl_req *r)
{
	struct head h = { 0 };
	size_t limit = len < CL_HEAD_MAX ? len : CL_HEAD_MAX, at = 0;

	*r = (struct cl_req){ .route = CL_R_ERROR };
	while (at < limit) {
		const char *end = memchr(buf + at, '\n', limit - at);
		if (!end)
			break;
		struct text line = { .p = buf + at, .n = (size_t)(end - buf) - at };
		bool first = at == 0;
		bool ends = line.n && line.p[--line.n] == '\r';

		at = (size_t)(end - buf) + 1;
		if (ends && !first && line.n == 0) {
			int status = judge(&h, r);
			if (status)
				refuse(r, status);
			return status == 400 ? -EINVAL : (ssize_t)at;
		}
		if (!ends || !(first ? read_request_line(line, &h) : read_header(line, &h))) {
			refuse(r, 400);
			return -EINVAL;
		}
	}
	if (len < CL_HEAD_MAX)
		return 0;
	refuse(r, 431);
	return -EMSGSIZE;
}

static uint64_t mix64(uint64_t x)
{
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
	return x ^ (x >> 31);
}

uint64_t cl_plan_begin(const struct cl_req *r)
{
	return mix64(r->seed + 0x9e3779b97f4a7c15ull);
}

uint64_t cl_plan_mix(uint64_t h, const struct cl_step *s, uint64_t step_result)
{
	h = mix64(h + 0x9e3779b97f4a7c15ull + (uint64_t)s->kind);
	h = mix64(h ^ s->arg);
	return mix64(h + step_result);
}

uint64_t cl_sum_update(uint64_t h, const void *p, size_t n)
{
	const unsigned char *byte = p;

	for (size_t i = 0; i < n; i++)
		h = (h ^ byte[i]) * 0x100000001b3ull;
	return h;
}

void cl_bytes_fill(uint64_t seed, uint64_t off, void *out, size_t n)
{
	unsigned char *to = out;

	while (n) {
		uint64_t word = htole64(mix64(seed + (off / 8 + 1) * 0x9e3779b97f4a7c15ull));
		size_t skip = off % 8, take = 8 - skip < n ? 8 - skip : n;

		if (take == 8) /* a length that the compiler knows: one store */
			memcpy(to, &word, 8);
		else
			memcpy(to, (const unsigned char *)&word + skip, take);
		to += take;
		off += take;
		n -= take;
	}
}

void cl_rpc_encode(uint8_t out[16], uint64_t id, uint64_t value)
{
	for (size_t i = 0; i < 8; i++) {
		out[i] = (uint8_t)(id >> (8 * i));
		out[8 + i] = (uint8_t)(value >> (8 * i));
	}
}

void cl_rpc_decode(const uint8_t in[16], uint64_t *id, uint64_t *value)
{
	*id = *value = 0;
	for (size_t i = 0; i < 8; i++) {
		*id |= (uint64_t)in[i] << (8 * i);
		*value |= (uint64_t)in[8 + i] << (8 * i);
	}
}
