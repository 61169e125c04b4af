/* common/http_fuzz.c - libFuzzer target: invariants of cl_http_parse(). By hand:
 *   clang -g -O1 -fsanitize=fuzzer,address,undefined -D_GNU_SOURCE http_fuzz.c http.c http_text.c
 */
#include <stdlib.h>
#include <string.h>

#include "http.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define DEMAND(e)                \
	do {                     \
		if (!(e))        \
			abort(); \
	} while (0)

/* Parses a copy that ends where its heap block ends: a read beyond it is a report. */
static ssize_t parse_exactly(const uint8_t *data, size_t len, struct cl_req *r)
{
	char *copy = malloc(len ? len : 1);

	DEMAND(copy);
	memcpy(copy, data, len);
	memset(r, 0x5a, sizeof(*r));
	ssize_t n = cl_http_parse(copy, len, r);
	free(copy);
	return n;
}

static void check_bounds(ssize_t n, size_t len, const struct cl_req *r)
{
	DEMAND(n <= (ssize_t)len && n <= CL_HEAD_MAX);
	if (n == 0) {
		DEMAND(len < CL_HEAD_MAX);
		return;
	}
	DEMAND(r->route <= CL_R_ERROR && r->nsteps <= CL_PLAN_MAX);
	DEMAND((r->route == CL_R_ERROR) == (r->error_status != 0));
	DEMAND(r->route != CL_R_ERROR || (!r->keep_alive && !r->expect_continue && !r->body_bytes));
	DEMAND(r->route != CL_R_ECHO || r->body_bytes <= CL_ECHO_MAX);
	DEMAND(r->body_bytes <= INT64_MAX && r->count_bytes <= INT64_MAX);
	for (unsigned i = 0; i < r->nsteps; i++)
		DEMAND(r->step[i].kind && strchr("cwrdy", (int)r->step[i].kind));
	if (n < 0)
		DEMAND(r->error_status == 400 || r->error_status == 431);
}

static bool same(const struct cl_req *a, const struct cl_req *b)
{
	if (a->route != b->route || a->error_status != b->error_status ||
	    a->keep_alive != b->keep_alive || a->expect_continue != b->expect_continue ||
	    a->body_bytes != b->body_bytes || a->seed != b->seed ||
	    a->count_bytes != b->count_bytes || a->nsteps != b->nsteps)
		return false;
	for (unsigned i = 0; i < a->nsteps; i++)
		if (a->step[i].kind != b->step[i].kind || a->step[i].arg != b->step[i].arg)
			return false;
	return true;
}

/* Once a prefix has been decided, every longer one is decided in the same way. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cl_req whole, part;
	ssize_t n = parse_exactly(data, size, &whole);
	size_t step = size > 256 ? size / 64 : 1;

	check_bounds(n, size, &whole);
	for (size_t len = 0; len < size; len += step) {
		ssize_t m = parse_exactly(data, len, &part);
		check_bounds(m, len, &part);
		if (m != 0)
			DEMAND(m == n && same(&part, &whole));
		else if (n > 0)
			DEMAND(len < (size_t)n);
	}
	if (n > 0)
		DEMAND(parse_exactly(data, (size_t)n, &part) == n && same(&part, &whole));
	return 0;
}
