/* common/http_test.c - tests of CLHP/1: what is accepted, what is refused, that cuts do not matter.
 */
#include "http.h"

#include <check.h>
#include <errno.h>
#include <string.h>

TCase *http_test(void);

static ssize_t parse(const char *head, struct cl_req *r)
{
	return cl_http_parse(head, strlen(head), r);
}

#define ASSERT_REFUSED(head, status)                                                      \
	do {                                                                              \
		struct cl_req refused;                                                    \
		ssize_t got = parse(head, &refused);                                      \
		ck_assert_int_eq(refused.route, CL_R_ERROR);                              \
		ck_assert_int_eq(refused.error_status, status);                           \
		ck_assert(!refused.keep_alive);                                           \
		ck_assert_int_eq(got, (status) == 400 ? -EINVAL : (ssize_t)strlen(head)); \
	} while (0)

START_TEST(every_route_is_found)
{
	static const struct {
		const char *head;
		enum cl_route route;
	} table[] = {
		{ "GET / HTTP/1.1\r\n\r\n", CL_R_INDEX },
		{ "GET /ping HTTP/1.1\r\n\r\n", CL_R_PING },
		{ "GET /ping?x=1 HTTP/1.0\r\nHost: a\r\n\r\n", CL_R_PING },
		{ "GET /work?seed=1&plan=c1 HTTP/1.1\r\n\r\n", CL_R_WORK },
		{ "GET /bytes/0 HTTP/1.1\r\n\r\n", CL_R_BYTES },
		{ "POST /echo HTTP/1.1\r\nContent-Length: 1048576\r\n\r\n", CL_R_ECHO },
		{ "POST /sum HTTP/1.1\r\ncontent-LENGTH:9\r\n\r\n", CL_R_SUM },
		{ "GET /count HTTP/1.1\r\n\r\n", CL_R_COUNT },
		{ "GET /crash HTTP/1.1\r\n\r\n", CL_R_CRASH },
		{ "GET /stat HTTP/1.1\r\n\r\n", CL_R_STAT },
	};
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct cl_req r;
		ck_assert_int_eq(parse(table[i].head, &r), (ssize_t)strlen(table[i].head));
		ck_assert_int_eq(r.route, table[i].route);
	}
}
END_TEST

START_TEST(plan_is_read_in_order)
{
	struct cl_req r;

	ck_assert(
		parse("GET /work?seed=42&plan=c5000,w20,r3,d9223372036854775807,y HTTP/1.1\r\n\r\n",
		      &r) > 0);
	ck_assert_uint_eq(r.seed, 42);
	ck_assert_uint_eq(r.nsteps, 5);
	ck_assert(r.step[0].kind == CL_STEP_CPU && r.step[0].arg == 5000);
	ck_assert(r.step[2].kind == CL_STEP_RPC && r.step[2].arg == 3);
	ck_assert(r.step[3].kind == CL_STEP_DB && r.step[3].arg == INT64_MAX);
	ck_assert(r.step[4].kind == CL_STEP_YIELD && r.step[4].arg == 0);
}
END_TEST

START_TEST(keep_alive_follows_version_and_header)
{
	static const struct {
		const char *head;
		bool keep;
	} table[] = {
		{ "GET /ping HTTP/1.1\r\n\r\n", true },
		{ "GET /ping HTTP/1.1\r\nConnection: Close\r\n\r\n", false },
		{ "GET /ping HTTP/1.1\r\nConnection: keep-alive, close\r\n\r\n", false },
		{ "GET /ping HTTP/1.0\r\n\r\n", false },
		{ "GET /ping HTTP/1.0\r\nCONNECTION:\tKeep-Alive \r\n\r\n", true },
	};
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct cl_req r;
		ck_assert(parse(table[i].head, &r) > 0);
		ck_assert_msg(r.keep_alive == table[i].keep, "%s", table[i].head);
	}
}
END_TEST

START_TEST(expect_counts_only_with_a_body_and_1_1)
{
	struct cl_req r;

	ck_assert(parse("POST /sum HTTP/1.1\r\nExpect: 100-Continue\r\nContent-Length: 1\r\n\r\n",
			&r) > 0);
	ck_assert(r.expect_continue && r.body_bytes == 1);
	ck_assert(parse("POST /sum HTTP/1.1\r\nExpect: 100-continue\r\n\r\n", &r) > 0);
	ck_assert(!r.expect_continue);
	ck_assert(parse("POST /sum HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n",
			&r) > 0);
	ck_assert(!r.expect_continue);
}
END_TEST

START_TEST(malformed_heads_get_400)
{
	static const char *const table[] = {
		"\r\n",
		"GET /ping HTTP/1.1\n",
		"GET  /ping HTTP/1.1\r\n",
		"GET /ping HTTP/1.1 \r\n",
		"GET ping HTTP/1.1\r\n",
		"GET /\x01 HTTP/1.1\r\n",
		"GET /ping HTTP/x.1\r\n",
		"GET /ping\r\n",
		"GET /ping HTTP/1.1\r\nA : b\r\n",
		"GET /ping HTTP/1.1\r\nA: b\r\n c\r\n",
		"GET /ping HTTP/1.1\r\nA: b\rc\r\n",
		"GET /ping HTTP/1.1\r\nno colon\r\n",
		"GET /ping HTTP/1.1\r\nContent-Length: 1\r\n\r\n",
		"POST /sum HTTP/1.1\r\nContent-Length: -1\r\n",
		"POST /sum HTTP/1.1\r\nContent-Length: 9223372036854775808\r\n",
		"POST /sum HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n",
		"POST /sum HTTP/1.1\r\nExpect: 200-ok\r\n",
		"GET /work?plan=c5,,w1 HTTP/1.1\r\n\r\n",
		"GET /work?plan=c5, HTTP/1.1\r\n\r\n",
		"GET /work?plan=x5 HTTP/1.1\r\n\r\n",
		"GET /work?plan=w HTTP/1.1\r\n\r\n",
		"GET /work?plan=w1000000000001 HTTP/1.1\r\n\r\n",
		"GET /work?plan=y,y,y,y,y,y,y,y,y,y,y,y,y,y,y,y,y HTTP/1.1\r\n\r\n",
		"GET /work?seed=18446744073709551616 HTTP/1.1\r\n\r\n",
		"GET /bytes/ HTTP/1.1\r\n\r\n",
		"GET /bytes/12a HTTP/1.1\r\n\r\n",
	};
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		ASSERT_REFUSED(table[i], 400);
}
END_TEST

START_TEST(well_formed_heads_are_refused_by_status)
{
	ASSERT_REFUSED("GET /nowhere HTTP/1.1\r\n\r\n", 404);
	ASSERT_REFUSED("GET /echo HTTP/1.1\r\n\r\n", 405);
	ASSERT_REFUSED("POST /ping HTTP/1.1\r\n\r\n", 405);
	ASSERT_REFUSED("BREW /pot HTTP/1.1\r\n\r\n", 405);
	ASSERT_REFUSED("POST /echo HTTP/1.1\r\nContent-Length: 1048577\r\n\r\n", 413);
	ASSERT_REFUSED("POST /sum HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", 501);
	ASSERT_REFUSED("GET /ping HTTP/2.0\r\n\r\n", 505);
}
END_TEST

START_TEST(head_length_is_limited)
{
	char head[CL_HEAD_MAX + 2];
	static const char end[] = "\r\n\r\n";
	static const char line[] = "GET /ping HTTP/1.1\r\nA: ";
	struct cl_req r;

	memset(head, 'a', sizeof(head));
	memcpy(head, line, sizeof(line) - 1);
	ck_assert_int_eq(cl_http_parse(head, CL_HEAD_MAX - 1, &r), 0);
	ck_assert_int_eq(cl_http_parse(head, CL_HEAD_MAX, &r), -EMSGSIZE);
	ck_assert_int_eq(r.error_status, 431);
	memcpy(head + CL_HEAD_MAX - 4, end, sizeof(end) - 1);
	ck_assert_int_eq(cl_http_parse(head, CL_HEAD_MAX, &r), CL_HEAD_MAX);
	head[CL_HEAD_MAX - 4] = 'a';
	memcpy(head + CL_HEAD_MAX - 3, end, sizeof(end) - 1);
	ck_assert_int_eq(cl_http_parse(head, CL_HEAD_MAX + 1, &r), -EMSGSIZE);
}
END_TEST

START_TEST(plan_hash_tells_order_and_results)
{
	struct cl_req r = { .seed = 7 };
	struct cl_step a = { CL_STEP_CPU, 1 }, b = { CL_STEP_RPC, 1 };
	uint64_t h = cl_plan_begin(&r);

	ck_assert_uint_ne(cl_plan_mix(cl_plan_mix(h, &a, 0), &b, 0),
			  cl_plan_mix(cl_plan_mix(h, &b, 0), &a, 0));
	ck_assert_uint_ne(cl_plan_mix(h, &a, 0), cl_plan_mix(h, &a, 1));
	ck_assert_uint_ne(cl_plan_mix(h, &a, 0), cl_plan_mix(cl_plan_mix(h, &a, 0), &a, 0));
}
END_TEST

START_TEST(bytes_do_not_depend_on_portions)
{
	unsigned char whole[100], part[100];

	cl_bytes_fill(5, 1000, whole, sizeof(whole));
	for (size_t cut = 0; cut <= sizeof(whole); cut++) {
		cl_bytes_fill(5, 1000, part, cut);
		cl_bytes_fill(5, 1000 + cut, part + cut, sizeof(part) - cut);
		ck_assert_mem_eq(whole, part, sizeof(whole));
	}
}
END_TEST

START_TEST(sum_is_fnv1a_64)
{
	ck_assert_uint_eq(cl_sum_update(CL_SUM_INIT, "foobar", 6), 0x85944171f73967e8ull);
}
END_TEST

START_TEST(head_is_written_or_enospc)
{
	static const char want[] = "HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551615\r\n"
				   "Connection: keep-alive\r\nX-Worker: 7\r\n\r\n";
	char out[256];
	ssize_t len = cl_http_head(out, sizeof(out), 200, UINT64_MAX, true, "7");

	ck_assert_int_eq(len, (ssize_t)strlen(want));
	ck_assert_mem_eq(out, want, strlen(want));
	for (size_t cap = 0; cap < strlen(want); cap++)
		ck_assert_int_eq(cl_http_head(out, cap, 200, UINT64_MAX, true, "7"), -ENOSPC);
}
END_TEST

START_TEST(stat_fits_its_promise)
{
	struct cl_stat s = { UINT64_MAX, UINT64_MAX, INT32_MAX, INT32_MAX, UINT64_MAX };
	char out[160];

	ck_assert_int_gt(cl_stat_json(out, sizeof(out), &s), 0);
}
END_TEST

TCase *http_test(void)
{
	TCase *tc = tcase_create("http");

	tcase_add_test(tc, every_route_is_found);
	tcase_add_test(tc, plan_is_read_in_order);
	tcase_add_test(tc, keep_alive_follows_version_and_header);
	tcase_add_test(tc, expect_counts_only_with_a_body_and_1_1);
	tcase_add_test(tc, malformed_heads_get_400);
	tcase_add_test(tc, well_formed_heads_are_refused_by_status);
	tcase_add_test(tc, head_length_is_limited);
	tcase_add_test(tc, plan_hash_tells_order_and_results);
	tcase_add_test(tc, bytes_do_not_depend_on_portions);
	tcase_add_test(tc, sum_is_fnv1a_64);
	tcase_add_test(tc, head_is_written_or_enospc);
	tcase_add_test(tc, stat_fits_its_promise);
	return tc;
}
