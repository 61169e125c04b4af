/* Places: by function, by address, by a sanitizer's words; never a file that is not the student's.
 */
#include "judge/finding.h"

#include <check.h>
#include <string.h>

#include "base/json.h"

TCase *finding_test(void);

static json_t *read_json(const char *text)
{
	json_t *value = json_read_bytes(text, strlen(text), NULL);
	ck_assert_msg(value != NULL, "no JSON: %s", text);
	return value;
}

static json_t *finish(const char *text)
{
	json_t *test = read_json("{\"id\":\"L1.A.2\",\"about\":\"net_read_full\"}");
	json_t *files = read_json("[\"net.c\",\"conn.c\"]");
	json_t *functions = read_json(
		"{\"net_read_full\":[\"net.c\",42],\"printf\":[\"vfprintf.c\",9]}");
	json_t *places = read_json("{\"0x10\":{\"file\":\"conn.c\",\"line\":7,\"function\":\"f\"},"
				   "\"0x20\":{\"file\":\"/etc/passwd\",\"line\":1}}");
	json_t *finding = read_json(text);
	const struct finding_context context = {
		.lab_number = "1", .files = files, .functions = functions, .places = places
	};
	json_t *whole = finding_finish(test, finding, &context);
	json_decref(test);
	json_decref(files);
	json_decref(functions);
	json_decref(places);
	json_decref(finding);
	return whole;
}

static void expect_place(const char *text, const char *file, int line, const char *function)
{
	json_t *whole = finish(text);
	json_t *place = json_array_get(json_object_get(whole, "where"), 0);
	ck_assert_str_eq(json_text_of(place, "file", ""), file);
	ck_assert_int_eq(json_integer_value(json_object_get(place, "line")), line);
	ck_assert_str_eq(json_text_of(place, "function", ""), function);
	json_decref(whole);
}

START_TEST(places_become_file_and_line)
{
	expect_place("{\"where\":[{\"function\":\"net_read_full\",\"role\":\"r\"}]}", "net.c", 42,
		     "net_read_full");
	expect_place("{\"where\":[{\"place\":\"0x10\",\"role\":\"r\"}]}", "conn.c", 7, "f");
	expect_place("{\"text\":\"==1==ERROR\\n #0 0x1 in memcpy x.c:3\\n #1 0x2 in g "
		     "conn.c:31\\n\",\"summary\":\"\"}",
		     "conn.c", 31, "");
	expect_place("{\"summary\":\"heap-buffer-overflow net.c:5 in net_listen\"}", "net.c", 5,
		     "net_listen");
}
END_TEST

START_TEST(without_a_place_the_function_of_the_test_is_shown)
{
	expect_place("{\"id\":\"x\"}", "net.c", 42, "net_read_full");
	expect_place("{\"where\":[{\"place\":\"0x99\"}]}", "net.c", 42, "net_read_full");
}
END_TEST

START_TEST(no_other_file_is_ever_named)
{
	expect_place("{\"where\":[{\"function\":\"printf\"}]}", "", 0, "printf");
	expect_place("{\"where\":[{\"place\":\"0x20\"}]}", "net.c", 42, "net_read_full");
	expect_place("{\"where\":[{\"file\":\"/etc/passwd\",\"line\":3,\"function\":\"h\"}]}", "",
		     0, "h");
}
END_TEST

START_TEST(text_is_clean_and_the_next_step_is_a_command)
{
	json_t *whole = finish("{\"id\":\"x\",\"what\":\"\\u001b[2J\",\"why\":\"w\"}");
	ck_assert_str_eq(json_text_of(whole, "what", ""), "\\u001b[2J");
	ck_assert_str_eq(json_text_of(whole, "next", ""), "make hint LAB=1 TEST=L1.A.2");
	json_decref(whole);
}
END_TEST

START_TEST(the_next_step_is_the_picture_where_there_is_one)
{
	static const struct {
		const char *finding, *next;
	} cases[] = {
		{ "{}", "make hint LAB=1 TEST=L1.A.2" },
		{ "{\"token\":\"L1.A.2-7f\"}",
		  "make show TOKEN=L1.A.2-7f draws it; make hint LAB=1 TEST=L1.A.2 helps." },
		{ "{\"token\":\"L1.A.2-7f\",\"next\":\"rest\"}", "rest" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		json_t *whole = finish(cases[i].finding);
		ck_assert_str_eq(json_text_of(whole, "next", ""), cases[i].next);
		ck_assert_ptr_null(json_object_get(whole, "token"));
		json_decref(whole);
	}
}
END_TEST

TCase *finding_test(void)
{
	TCase *tests = tcase_create("judge/finding");
	tcase_add_test(tests, places_become_file_and_line);
	tcase_add_test(tests, without_a_place_the_function_of_the_test_is_shown);
	tcase_add_test(tests, no_other_file_is_ever_named);
	tcase_add_test(tests, text_is_clean_and_the_next_step_is_a_command);
	tcase_add_test(tests, the_next_step_is_the_picture_where_there_is_one);
	return tests;
}
