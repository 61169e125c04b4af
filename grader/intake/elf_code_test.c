/* Opcodes, imports and hooks of real objects; the reader's answers beside those of nm and objdump.
 */
#include "intake/elf_code.h"

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "intake/elf_audit.h"
#include "intake/elf_imports.h"
#include "intake/instrumentation.h"

TCase *elf_code_test(void);

enum { COMMAND_BYTES = 512, PATH_BYTES = 64 };

static const char plain_flags[] = "-O2 -fPIE -fno-omit-frame-pointer -g";

/* An object in a folder of its own. */
struct object {
	char folder[PATH_BYTES], path[PATH_BYTES + 8];
};

static struct object compile(const char *source, const char *compiler, const char *flags)
{
	struct object object = { .folder = "/tmp/elf_code_test.XXXXXX" };
	char command[COMMAND_BYTES];
	ck_assert_ptr_nonnull(mkdtemp(object.folder));
	(void)snprintf(object.path, sizeof object.path, "%s/x.o", object.folder);
	(void)snprintf(command, sizeof command, "%s -std=gnu17 -w %s -x c -c - -o %s", compiler,
		       flags, object.path);
	FILE *pipe = popen(command, "w"); /* NOLINT(cert-env33-c): the command is ours */
	ck_assert_ptr_nonnull(pipe);
	(void)fputs(source, pipe);
	ck_assert_int_eq(pclose(pipe), 0);
	return object;
}

/* The audit of the object, and the names of functions that return a structure. */
static json_t *read_object(const struct object *object, bool instrumented)
{
	int fd = open(object->path, O_RDONLY | O_CLOEXEC);
	ck_assert_int_ge(fd, 0);
	json_t *report = elf_audit(fd, instrumented);
	ck_assert_ptr_nonnull(report);
	json_t *returns = elf_returns(fd);
	if (returns != NULL)
		json_put(report, "returns", returns);
	(void)close(fd);
	return report;
}

static void discard(const struct object *object)
{
	(void)unlink(object->path);
	(void)rmdir(object->folder);
}

static json_t *audit(const char *source, const char *flags, bool instrumented)
{
	struct object object = compile(source, "gcc", flags);
	json_t *report = read_object(&object, instrumented);
	discard(&object);
	return report;
}

static size_t refusals(const char *source, const char *flags, bool instrumented)
{
	json_t *report = audit(source, flags, instrumented);
	size_t count = json_array_size(json_object_get(report, "refused"));
	json_decref(report);
	return count;
}

START_TEST(instructions_that_no_c_needs_are_refused)
{
	static const char *const bodies[] = {
		"__asm__(\"syscall\");",
		"__asm__(\"int $0x80\");",
		"__asm__(\"sysenter\");",
		"__asm__(\"iretq\");",
		"__asm__(\"outb %al,$0x70\");",
		"__asm__(\"ljmp *(%rax)\");",
		"__asm__(\"rdpmc\");",
		"__asm__(\"rol $3,%rdi; rol $13,%rdi; xchg %rbx,%rbx\");",
		"__builtin_ia32_wrpkru(0);",
		"__builtin_ia32_wrfsbase64(0);",
		"static int word; __builtin_ia32_movnti(&word, 1);",
		"__asm__(\"maskmovdqu %xmm1,%xmm0\");",
	};
	for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
		char source[COMMAND_BYTES];
		(void)snprintf(source, sizeof source,
			       "int a(int x) { return x; } void f(void) { %s }", bodies[i]);
		ck_assert_msg(refusals(source, "-O2 -mpku -mfsgsbase", false) == 1, "accepted: %s",
			      bodies[i]);
	}
	ck_assert_uint_eq(
		refusals("int f(void) { return 0x050f050f; } void g(void) { __builtin_trap(); }"
			 "unsigned long t(void) { __builtin_ia32_pause(); return "
			 "__builtin_ia32_rdtsc(); }",
			 "-O2 -fcf-protection", false),
		0);
}
END_TEST

START_TEST(names_of_detectors_and_loaders_are_refused)
{
	static const char *const names[] = { "__asan_unpoison_memory_region",
					     "__tsan_acquire",
					     "__sanitizer_set_death_callback",
					     "AnnotateIgnoreReadsBegin",
					     "__real_malloc",
					     "srunner_create",
					     "_dl_open",
					     "dlsym",
					     "__libc_start_main",
					     "main" };
	static const char *const usual[] = { "memcpy",           "syscall",
					     "atexit",           "__libc_current_sigrtmin",
					     "__errno_location", "dladdr",
					     "pthread_create",   "__stack_chk_fail",
					     "__sigsetjmp" };
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		ck_assert_msg(elf_import_reason(names[i], false) != NULL, "%s", names[i]);
		ck_assert_msg(elf_import_reason(names[i], true) != NULL, "%s", names[i]);
	}
	for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++)
		ck_assert_msg(elf_import_reason(usual[i], false) == NULL, "%s", usual[i]);
	ck_assert_ptr_null(elf_import_reason("__asan_report_load8", true));
	ck_assert_ptr_nonnull(elf_import_reason("__asan_report_load8", false));
	static const char use[] =
		"void __asan_report_load8(void *); void f(void) { __asan_report_load8(0); }";
	ck_assert_uint_eq(refusals(use, "-O2", false), 1);
}
END_TEST

/* What optimisers do to accesses: none of these may be accused. */
static const char honest[] =
	"#include <stdarg.h>\n#include <stdatomic.h>\n#include <string.h>\n#include <stdlib.h>\n"
	"struct big { long a[6]; }; struct node { struct node *next; int v; };\n"
	"struct big make(int x) { struct big b = {{x}}; b.a[3] += x; return b; }\n"
	"void copy(struct big *d, const struct big *s) { *d = *s; }\n"
	"void mc(char *d, const char *s) { memcpy(d, s, 40); } void mc8(char *d, char *s) { "
	"memcpy(d, s, 8); }\n"
	"void ms(char *d, size_t n) { memset(d, 0, 16); memset(d + 16, 0, n); }\n"
	"int is_get(const char *m) { return strcmp(m, \"GET\") == 0; }\n"
	"int is_ab(const char *m) { return memcmp(m, \"ab\", 2) == 0; }\n"
	"int va(va_list l) { return va_arg(l, int) + va_arg(l, int); }\n"
	"int va2(int n, ...) { va_list l; va_start(l, n); int r = va(l); va_end(l); return r; }\n"
	"int at(atomic_int *p) { return atomic_fetch_add(p, 1); } int al(atomic_int *p) { return "
	"atomic_load(p); }\n"
	"static int get(struct node *n) { return n->v; } int two(struct node *n) { return get(n) + "
	"get(n->next); }\n"
	"__attribute__((noinline)) static int sra(struct node *n, int k) { return n->v * k + k * "
	"k; }\n"
	"int c1(struct node *n) { return sra(n, 3); } int c2(struct node *n) { return sra(n, 4) + "
	"sra(n, 5); }\n"
	"int arr(int n) { char a[64]; for (int i = 0; i < 64; i++) a[i] = i; return a[n & 63]; }\n"
	"void swap(int *a, int *b) { int t = *a; *a = *b; *b = t; } void pf(char *p) { "
	"__builtin_prefetch(p + 64); }\n"
	"void rec(struct node *n) { if (n) { n->v = 0; rec(n->next); } }\n"
	"int bits(struct { int a : 3, b : 5; } *p) { p->a = 1; return p->b; } void fp(int "
	"(**f)(int)) { (*f)(3); }\n"
	"char tls(char *p) { static _Thread_local char *q; q = p; return *q; }\n";

static json_t *compare(const char *source, const char *compiler, const char *flags)
{
	struct object first = compile(source, "gcc", plain_flags);
	struct object second = compile(source, compiler, flags);
	json_t *plain = json_make("{s:{s:o}}", "objects", "net.c", read_object(&first, false));
	json_t *other = json_make("{s:{s:o}}", "objects", "net.c", read_object(&second, true));
	json_t *finding = instrumentation_finding(plain, other);
	json_decref(plain);
	json_decref(other);
	discard(&first);
	discard(&second);
	return finding;
}

static const struct {
	const char *compiler, *flags;
} instrumented[] = {
	{ "gcc", "-O1 -fPIE -fno-omit-frame-pointer -fsanitize=address,undefined" },
	{ "gcc", "-O0 -fPIE -fsanitize=thread" },
	{ "clang", "-O0 -fPIE -fsanitize=thread" },
	{ "clang", "-O1 -fPIE -fsanitize=address" },
};

START_TEST(honest_functions_have_hooks)
{
	json_t *finding = compare(honest, instrumented[_i].compiler, instrumented[_i].flags);
	ck_assert_msg(finding == NULL, "%s: %s", instrumented[_i].flags,
		      json_text_of(finding, "what", "?"));
}
END_TEST

START_TEST(a_function_without_hooks_is_named)
{
	static const char *const quiet[] = { "no_sanitize(\"address\",\"thread\",\"undefined\")",
					     "no_sanitize_address, no_sanitize_thread" };
	for (size_t i = 0; i < sizeof quiet / sizeof quiet[0]; i++) {
		char source[COMMAND_BYTES];
		(void)snprintf(source, sizeof source,
			       "int seen(int *p) { return *p; }\n__attribute__((%s)) int "
			       "unseen(int *p) { *p += 1; return "
			       "p[1]; }\n",
			       i == 0 && strcmp(instrumented[_i].compiler, "gcc") != 0 ? quiet[1]
										       : quiet[i]);
		json_t *finding = compare(source, instrumented[_i].compiler,
					  instrumented[_i].flags);
		ck_assert_ptr_nonnull(finding);
		json_t *place = json_array_get(json_object_get(finding, "where"), 0);
		ck_assert_str_eq(json_text_of(place, "function", "?"), "unseen");
		ck_assert_str_eq(json_text_of(finding, "id", "?"), "policy");
		json_decref(finding);
	}
}
END_TEST

START_TEST(functions_that_return_structures_are_known)
{
	json_t *report = audit(honest, plain_flags, false);
	json_t *returns = json_object_get(report, "returns");
	ck_assert_ptr_nonnull(json_object_get(returns, "make"));
	ck_assert_ptr_null(json_object_get(returns, "copy"));
	json_t *functions = json_object_get(report, "functions");
	ck_assert_int_gt(
		json_integer_value(json_object_get(json_object_get(functions, "swap"), "accesses")),
		0);
	ck_assert_int_eq(
		json_integer_value(json_object_get(json_object_get(functions, "pf"), "accesses")),
		0);
	json_decref(report);
}
END_TEST

/* The number that a shell command prints; the object is $O there. */
static long shell(const char *command, const char *path)
{
	char line[PATH_BYTES] = "";
	ck_assert_int_eq(setenv("O", path, 1), 0);
	FILE *pipe = popen(command, "r"); /* NOLINT(cert-env33-c): the command is ours */
	ck_assert_ptr_nonnull(pipe);
	ck_assert_ptr_nonnull(fgets(line, sizeof line, pipe));
	(void)pclose(pipe);
	return strtol(line, NULL, 10);
}

static long hooks_in(const json_t *report)
{
	long sum = 0;
	const char *name;
	json_t *function;
	json_object_foreach(json_object_get(report, "functions"), name, function)
	{
		sum += (long)json_integer_value(json_object_get(function, "hooks"));
	}
	return sum;
}

START_TEST(the_reader_agrees_with_nm_and_objdump)
{
	static const char tsan[] =
		"objdump -dr $O | grep -cE 'R_X86_64.*__tsan_(unaligned_)?(read|write|atomic)'";
	static const char asan[] =
		"objdump -dr $O | grep -cE 'R_X86_64.*__asan_(report_(load|store)|mem)'";
	bool thread = strstr(instrumented[_i].flags, "thread") != NULL;
	struct object object = compile(honest, instrumented[_i].compiler, instrumented[_i].flags);
	json_t *report = read_object(&object, true);
	ck_assert_int_eq((long)json_array_size(json_object_get(report, "refused")), 0);
	ck_assert_int_eq((long)json_array_size(json_object_get(report, "imports")),
			 shell("nm -u $O | wc -l", object.path));
	ck_assert_int_eq((long)json_array_size(json_object_get(report, "globals")),
			 shell("nm -g --defined-only $O | grep -c ' T '", object.path));
	ck_assert_int_eq(hooks_in(report), shell(thread ? tsan : asan, object.path));
	ck_assert_int_gt(hooks_in(report), 10);
	json_decref(report);
	discard(&object);
}
END_TEST

START_TEST(refusals_agree_with_readelf_and_objdump)
{
	static const struct {
		const char *source, *command;
	} rows[] = {
		{ "void x(void); __attribute__((constructor)) void c(void) { x(); }",
		  "readelf -SW $O | grep -E ' "
		  "\\.(init_array|fini_array|preinit_array|ctors|dtors)' | wc -l" },
		{ "static int f(void) { return 1; } static void *r(void) { return f; } int g(void) "
		  "__attribute__((ifunc(\"r\")));",
		  "readelf -sW $O | awk '$4 == \"IFUNC\"' | wc -l" },
		{ "extern int f(void) __attribute__((weak)); int g(void) { return f ? 1 : 0; }",
		  "nm -u $O | awk '$1 == \"w\"' | wc -l" },
		{ "void f(void) { __asm__(\"syscall\"); }",
		  "objdump -d $O | grep -cE 'syscall|sysenter|int +\\$0x80|wrpkru'" },
		{ "int a = 1; int f(int *p) { return *p + a; }",
		  "readelf -SW $O | grep -cE 'init_array|ctors|lto'" },
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct object object = compile(rows[i].source, "gcc", "-O2");
		json_t *report = read_object(&object, false);
		bool refused = json_array_size(json_object_get(report, "refused")) > 0;
		ck_assert_msg(refused == (shell(rows[i].command, object.path) > 0), "%s",
			      rows[i].source);
		json_decref(report);
		discard(&object);
	}
}
END_TEST

TCase *elf_code_test(void)
{
	TCase *tests = tcase_create("intake/elf_code");
	int count = (int)(sizeof instrumented / sizeof instrumented[0]);
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, instructions_that_no_c_needs_are_refused);
	tcase_add_test(tests, names_of_detectors_and_loaders_are_refused);
	tcase_add_loop_test(tests, honest_functions_have_hooks, 0, count);
	tcase_add_loop_test(tests, a_function_without_hooks_is_named, 0, count);
	tcase_add_test(tests, functions_that_return_structures_are_known);
	tcase_add_loop_test(tests, the_reader_agrees_with_nm_and_objdump, 0, count);
	tcase_add_test(tests, refusals_agree_with_readelf_and_objdump);
	return tests;
}
