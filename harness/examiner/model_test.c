/* The model and the scripts made with it. */
#include "model.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "common/clab.h"
#include "common/http.h"
#include "script.h"

TCase *model_test(void);

START_TEST(burn_has_a_closed_form)
{
	static const uint64_t rounds[] = { 0, 1, 2, 3, 1000, 65537 };

	for (size_t i = 0; i < sizeof(rounds) / sizeof(rounds[0]); i++)
		ck_assert(model_burn(42 + i, rounds[i]) == cl_burn(42 + i, rounds[i]));
}
END_TEST

static int parse(const char *text, struct answer *a)
{
	return answer_parse((const uint8_t *)text, strlen(text), a);
}

START_TEST(answers_are_read)
{
	struct answer a;

	ck_assert_int_eq(parse("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\npong\n", &a), 38);
	ck_assert_int_eq(a.status, 200);
	ck_assert_uint_eq(a.length, 5);
	ck_assert(!a.close);
	ck_assert(parse("HTTP/1.1 503 x\r\nconnection: close\r\nCONTENT-LENGTH: 0\r\n\r\n", &a) >
		  0);
	ck_assert(a.close && a.status == 503);
	ck_assert_int_gt(parse(CL_CONTINUE, &a), 0);
	ck_assert_int_eq(a.status, 100);
}
END_TEST

START_TEST(unfinished_and_malformed_are_told_apart)
{
	static const char whole[] = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n";
	struct answer a;

	for (size_t len = 0; len + 1 < sizeof(whole) - 1; len++)
		ck_assert_int_eq(answer_parse((const uint8_t *)whole, len, &a), 0);
	ck_assert_int_eq(parse("HTTP/1.0 200 OK\r\n", &a), -1);
	ck_assert_int_eq(parse("HTTP/1.1 2x0 OK\r\n", &a), -1);
	ck_assert_int_eq(parse("HTTP/1.1 200 OK\r\nnonsense\r\n\r\n", &a), -1);
	ck_assert_int_eq(parse("HTTP/1.1 200 OK\r\n\r\n", &a), -1);
	ck_assert_int_eq(parse("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", &a), -1);
}
END_TEST

START_TEST(differences_are_named)
{
	const struct want want = { .status = 200,
				   .body = (uint8_t *)(uintptr_t) "pong\n",
				   .length = 5 };
	struct answer a;

	(void)parse("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\npong\n", &a);
	ck_assert_ptr_null(want_differs(&want, &a));
	(void)parse("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\npang\n", &a);
	ck_assert_str_eq(want_differs(&want, &a), "the body differs from byte 1 on");
	(void)parse("HTTP/1.1 404 OK\r\nContent-Length: 5\r\n\r\npong\n", &a);
	ck_assert_str_eq(want_differs(&want, &a), "wanted status 200, got 404");
}
END_TEST

START_TEST(seeds_repeat_scripts)
{
	struct model model = { .secret = 5 };
	struct rng first = { 7 }, second = { 7 };
	struct script a = { 0 }, b = { 0 };

	script_mix(&a, &model, &first, 20);
	script_mix(&b, &model, &second, 20);
	ck_assert_uint_eq(a.count, 20);
	ck_assert_uint_eq(a.len, b.len);
	ck_assert_mem_eq(a.bytes, b.bytes, a.len);
	for (size_t i = 0; i < 20; i++)
		ck_assert_int_eq(a.request[i].want.status, 200);
	for (size_t left = 1; left < 100; left++) {
		size_t n = script_piece(&first, left);
		ck_assert(n >= 1 && n <= left);
	}
	script_free(&a);
	script_free(&b);
}
END_TEST

TCase *model_test(void)
{
	TCase *tc = tcase_create("model");

	tcase_add_test(tc, burn_has_a_closed_form);
	tcase_add_test(tc, answers_are_read);
	tcase_add_test(tc, unfinished_and_malformed_are_told_apart);
	tcase_add_test(tc, differences_are_named);
	tcase_add_test(tc, seeds_repeat_scripts);
	return tc;
}
