/* The object audit on real objects, made by the compiler of the machine, and its decision on
 * reports. */
#include "intake/audit.h"

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "intake/elf_audit.h"

TCase *audit_test(void);

static json_t *audit_source(const char *source, const char *flags, bool instrumented)
{
	char folder[] = "/tmp/audit_test.XXXXXX";
	char command[256];
	char object[64];
	ck_assert_ptr_nonnull(mkdtemp(folder));
	(void)snprintf(object, sizeof object, "%s/x.o", folder);
	(void)snprintf(command, sizeof command, "gcc -O2 -w -fPIE %s -x c -c - -o %s", flags,
		       object);
	FILE *compiler = popen(command, "w"); /* NOLINT(cert-env33-c): the command is ours */
	ck_assert_ptr_nonnull(compiler);
	(void)fputs(source, compiler);
	ck_assert_int_eq(pclose(compiler), 0);
	int fd = open(object, O_RDONLY | O_CLOEXEC);
	ck_assert_int_ge(fd, 0);
	json_t *report = elf_audit(fd, instrumented);
	(void)close(fd);
	(void)unlink(object);
	(void)rmdir(folder);
	ck_assert_ptr_nonnull(report);
	return report;
}

/* id NULL: nothing is refused. */
static void expect(const char *source, const char *flags, bool instrumented, const char *id)
{
	json_t *report = audit_source(source, flags, instrumented);
	json_t *refused = json_object_get(report, "refused");
	if (id == NULL)
		ck_assert_msg(json_array_size(refused) == 0, "refused: %s in: %s",
			      json_text_of(json_array_get(refused, 0), "what", "?"), source);
	else
		ck_assert_msg(json_array_size(refused) > 0, "accepted: %s", source);
	if (id != NULL)
		ck_assert_str_eq(json_text_of(json_array_get(refused, 0), "id", "?"), id);
	json_decref(report);
}

START_TEST(plain_code_is_accepted)
{
	static const char plain[] = "#include <stdio.h>\n#include <stdlib.h>\n"
				    "static int data = 1, zero; static _Thread_local int mine; "
				    "const char *const names[] = {\"a\"};\n"
				    "int f(int x) { switch (x) { case 1: return 5; case 2: return "
				    "7; case 3: return 9; case 4: return 1; }"
				    " printf(\"%s\", names[0]); if (x > 100) abort(); return "
				    "data++ + zero + mine++; }\n";
	expect(plain, "-g", false, NULL);
	expect(plain, "-g -ffunction-sections -fdata-sections", false, NULL);
	expect(plain, "-g -fsanitize=address,undefined", true, NULL);
}
END_TEST

START_TEST(code_that_runs_by_itself_is_refused)
{
	expect("void x(void); __attribute__((constructor)) void c(void) { x(); }", "", false,
	       "constructor");
	expect("void x(void); __attribute__((destructor)) void d(void) { x(); }", "", false,
	       "constructor");
	expect("void x(void); __attribute__((constructor(200))) void c(void) { x(); }", "", false,
	       "constructor");
	expect("void c(void); __attribute__((section(\".init_array\"), used)) static void *p = c;",
	       "", false, "constructor");
	expect("void c(void); __attribute__((section(\".ctors\"), used)) static void *p = c;", "",
	       false, "constructor");
	expect("__asm__(\".section .preinit_array,\\\"aw\\\"\\n.quad 0\");", "", false,
	       "constructor");
	expect("__asm__(\".section .init,\\\"ax\\\"\\nnop\");", "", false, "constructor");
	expect("static int f(void) { return 1; } static void *r(void) { return f; } int g(void) "
	       "__attribute__((ifunc(\"r\")));",
	       "", false, "policy");
}
END_TEST

START_TEST(the_sanitizers_own_constructor_is_the_only_one)
{
	static const char hidden[] =
		"void x(void); __attribute__((constructor(99))) void c(void) { x(); } int g = 1;";
	expect(hidden, "-fsanitize=address", true, "constructor");
	expect("int g = 1;", "-fsanitize=address", false, "constructor");
}
END_TEST

START_TEST(strange_sections_and_symbols_are_refused)
{
	expect("__attribute__((section(\"student_text\"))) int f(void) { return 1; }", "", false,
	       "policy");
	expect("__attribute__((section(\"mine\"))) int x = 1;", "", false, "policy");
	expect("__asm__(\".section .text.x,\\\"awx\\\"\\nnop\");", "", false, "policy");
	expect("__asm__(\".section .data.x,\\\"ax\\\"\\nnop\");", "", false, "policy");
	expect("extern int f(void) __attribute__((weak)); int g(void) { return f ? f() : 0; }", "",
	       false, "policy");
	expect("int f(void) { return 1; } __asm__(\".symver f,malloc@GLIBC_2.2.5\");", "", false,
	       "policy");
	expect("int x = 1; __asm__(\".type x, @gnu_unique_object\");", "", false, "policy");
}
END_TEST

static json_t *decide(const char *text)
{
	json_t *report = json_read_bytes(text, strlen(text), NULL);
	ck_assert_ptr_nonnull(report);
	struct lab lab = { .name = (char[]){ "1-test" }, .header = (char[]){ "test.h" } };
	words_split(&lab.exports, "net_listen ipc_next");
	words_split(&lab.files, "net.c");
	json_t *finding = audit_finding(&lab, report);
	words_fini(&lab.exports);
	words_fini(&lab.files);
	json_decref(report);
	return finding;
}

START_TEST(only_visible_functions_count_as_exports)
{
	json_t *report = audit_source(
		"int a(void) { return 1; } static int b(void) { return 2; }"
		"__attribute__((visibility(\"hidden\"))) int c(void) { return b(); }"
		"int d = 1;",
		"", false);
	json_t *globals = json_object_get(report, "globals");
	ck_assert_uint_eq(json_array_size(globals), 1);
	ck_assert_str_eq(json_string_value(json_array_get(globals, 0)), "a");
	json_decref(report);
}
END_TEST

START_TEST(every_export_must_be_defined)
{
	json_t *finding = decide(
		"{\"objects\":{\"net.c\":{\"refused\":[],\"globals\":[\"net_listen\"]},"
		"\"ipc.c\":{\"refused\":[],\"globals\":[\"ipc_next\",\"helper\"]}}}");
	ck_assert_ptr_null(finding);
	finding = decide("{\"objects\":{\"net.c\":{\"refused\":[],\"globals\":[\"net_listen\"]}}}");
	ck_assert_str_eq(json_text_of(finding, "id", "?"), "missing-function");
	ck_assert_ptr_nonnull(strstr(json_text_of(finding, "what", "?"), "ipc_next"));
	json_decref(finding);
	finding = decide("{\"objects\":{}}");
	ck_assert_str_eq(json_text_of(finding, "id", "?"), "missing-function");
	json_decref(finding);
}
END_TEST

START_TEST(functions_of_the_harness_are_not_used)
{
	json_t *finding = decide(
		"{\"objects\":{\"net.c\":{\"refused\":[],\"globals\":[\"net_listen\",\"ipc_next\"],"
		"\"imports\":[\"memcpy\",\"player_flow\"]}},\"ours\":{\"player_flow\":true}}");
	ck_assert_str_eq(json_text_of(finding, "id", "?"), "policy");
	ck_assert_ptr_nonnull(strstr(json_text_of(finding, "what", "?"), "player_flow"));
	json_decref(finding);
	/* a function of their own that has the name of one of ours */
	finding = decide(
		"{\"objects\":{\"net.c\":{\"refused\":[],\"globals\":[\"net_listen\",\"ipc_next\"],"
		"\"imports\":[\"player_ask\"]},\"ipc.c\":{\"refused\":[],\"globals\":[\"player_"
		"ask\"],"
		"\"imports\":[]}},\"ours\":{\"player_ask\":true}}");
	ck_assert_ptr_null(finding);
}
END_TEST

TCase *audit_test(void)
{
	TCase *tests = tcase_create("intake/audit");
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, plain_code_is_accepted);
	tcase_add_test(tests, code_that_runs_by_itself_is_refused);
	tcase_add_test(tests, the_sanitizers_own_constructor_is_the_only_one);
	tcase_add_test(tests, strange_sections_and_symbols_are_refused);
	tcase_add_test(tests, only_visible_functions_count_as_exports);
	tcase_add_test(tests, every_export_must_be_defined);
	tcase_add_test(tests, functions_of_the_harness_are_not_used);
	return tests;
}
