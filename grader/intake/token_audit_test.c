/* The audits of tokens and directives: what they refuse, where they see it, and that ordinary and
 * unusual C passes. Sources go through the machine's gcc -E as in the grader. */
#include "intake/token_audit.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json.h"
#include "intake/directive_audit.h"
#include "intake/lexer.h"
#include "intake/token_rules.h"

TCase *token_audit_test(void);

enum { TEXT_MAX = 16 * 1024 * 1024 };

/* What `gcc -E -C` prints for the source as /src/net.c. Returned. */
static char *preprocess(const char *source, size_t *length)
{
	char folder[] = "/tmp/token_audit_test.XXXXXX";
	char command[512];
	ck_assert_ptr_nonnull(mkdtemp(folder));
	/* The name in the markers stands for the box's folder. */
	(void)snprintf(command, sizeof command,
		       "gcc -std=gnu17 -O2 -fPIE -D_GNU_SOURCE -w -E -C -x c - -o - | "
		       "sed 's|^\\(# [0-9]* \"\\)<stdin>|\\1/src/net.c|' >%s/x.i",
		       folder);
	FILE *compiler = popen(command, "w"); /* NOLINT(cert-env33-c): the command is ours */
	ck_assert_ptr_nonnull(compiler);
	(void)fputs(source, compiler);
	ck_assert_int_eq(pclose(compiler), 0);
	char path[64];
	char *text = NULL;
	(void)snprintf(path, sizeof path, "%s/x.i", folder);
	ck_assert_int_eq(file_read(path, TEXT_MAX, &text, length), 0);
	(void)unlink(path);
	(void)rmdir(folder);
	return text;
}

/* Both audits of one source: {"net.c":[...]}. */
static json_t *audit(const char *source, bool assembler)
{
	size_t length = 0;
	json_t *files = json_object();
	json_t *refused = json_array();
	json_put(files, "net.c", refused);
	directive_audit(source, strlen(source), refused);
	char *text = preprocess(source, &length);
	token_audit(text, length, "net.c", assembler, files);
	free(text);
	return files;
}

/* The first refusal of the source is by this rule, in this line; rule NULL: nothing is refused. */
static void expect(const char *source, const char *rule, long line)
{
	json_t *files = audit(source, false);
	json_t *list = json_object_get(files, "net.c");
	json_t *first = json_array_get(list, 0);
	if (rule == NULL) {
		ck_assert_msg(json_array_size(list) == 0 && json_object_size(files) == 1,
			      "refused: %s in: %s", json_text_of(first, "token", "?"), source);
	} else {
		ck_assert_msg(first != NULL, "accepted: %s", source);
		ck_assert_msg(strcmp(json_text_of(first, "rule", "?"), rule) == 0,
			      "%s instead of %s in: %s", json_text_of(first, "rule", "?"), rule,
			      source);
		ck_assert_msg(json_integer_value(json_object_get(first, "line")) == line,
			      "line %ld in: %s",
			      (long)json_integer_value(json_object_get(first, "line")), source);
	}
	json_decref(files);
}

static const char *const correct[] = {
	"__attribute__((unused)) static int a; static int b __attribute__ ((__unused__));\n",
	"#include <stdnoreturn.h>\nnoreturn void f(void); __attribute__((noreturn)) void "
	"g(void);\n",
	"void f(const char *, ...) __attribute__((format(printf, 1, 2), nonnull(1), cold));\n",
	"struct __attribute__((packed, aligned(8))) s { char c; int i; }; char line[64] "
	"__attribute__((aligned));\n",
	"int f(int x) { switch (x) { case 1: x++; __attribute__((fallthrough)); case 2: return x; "
	"} return 0; }\n",
	"int f(int x) { switch (x) { case 1: x++; /* fall through */ case 2: return x; } return 0; "
	"}\n",
	"int f(int) __attribute__((const)); int g(const char *) __attribute__((pure, "
	"warn_unused_result));\n",
	"void *f(unsigned long) __attribute__((malloc, returns_nonnull, alloc_size(1)));\n",
	"int f(const char *, ...) __attribute__((sentinel)); typedef int alias "
	"__attribute__((may_alias));\n",
	"int old(void) __attribute__((deprecated(\"use [[new]] or asm\")));\n",
	"static inline __attribute__((always_inline)) int f(void) { return 1; }\n"
	"__attribute__((noinline, hot)) int g(void) { return f(); }\n",
	"typedef int four __attribute__((vector_size(16))); four add(four a, four b) { return a + "
	"b; }\n",
	"static void drop(int *p) { *p = 0; } int f(void) { int x __attribute__((cleanup(drop))) = "
	"4; return x; }\n",
	"#define kind(x) _Generic((x), int: \"int\", char *: \"asm\", default: \"__attribute__\")\n"
	"const char *f(int x) { return kind(x); }\n",
	"#include <sys/select.h>\nint f(void) { fd_set s; FD_ZERO(&s); FD_SET(1, &s); return "
	"FD_ISSET(1, &s); }\n",
	"#include <arpa/inet.h>\n#include <byteswap.h>\nint f(int x) { return htons(x) + "
	"(int)ntohl(x) + bswap_16(x); }\n",
	"#include <errno.h>\n#include <string.h>\nconst char *f(void) { return strerror(errno); "
	"}\n",
	"#include <sys/wait.h>\nint f(int s) { return WIFEXITED(s) ? WEXITSTATUS(s) : WTERMSIG(s); "
	"}\n",
	"#include <assert.h>\nstatic_assert(sizeof(int) == 4, \"asm\"); void f(int *p) { assert(p "
	"!= 0); }\n",
	"#include <stdatomic.h>\n_Atomic int n = ATOMIC_VAR_INIT(1);\n"
	"int f(void) { atomic_fetch_add(&n, 1); atomic_thread_fence(memory_order_seq_cst); return "
	"atomic_load(&n); }\n",
	"int\nf (a, b)\n    int a; char *b;\n{\n  return (a) [b];\n}\n",
	"%:define N 3\nint a<:N:> = <% 1, 2, 3 %>;\n%:ifdef N\nint b;\n%:endif\n",
	"#include <pthread.h>\npthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;\nvoid u(void *p) { "
	"(void)p; }\n"
	"void f(void) { pthread_cleanup_push(u, 0); pthread_mutex_lock(&m); "
	"pthread_cleanup_pop(1); }\n",
	"#include <signal.h>\nint f(void) { sigset_t s; sigemptyset(&s); return SIGRTMIN + "
	"SIGRTMAX; }\n",
	"#include <threads.h>\nthread_local int t; _Thread_local int u; static once_flag o = "
	"ONCE_FLAG_INIT;\n",
	"#include <sys/socket.h>\n#include <sys/un.h>\nlong f(struct msghdr *m) { struct cmsghdr "
	"*c = CMSG_FIRSTHDR(m);\n"
	"return c ? (long)CMSG_LEN(sizeof(int)) + (long)SUN_LEN((struct sockaddr_un *)m) : 0; }\n",
	"#pragma GCC diagnostic push\n#pragma GCC diagnostic ignored \"-Wunused-parameter\"\nint "
	"f(int x) { return 1; }\n"
	"#pragma GCC diagnostic pop\n#pragma pack(push, 1)\nstruct p { char c; int i; };\n#pragma "
	"pack(pop)\n#pragma STDC FP_CONTRACT ON\n",
	"#define PRAGMA(x) _Pragma(#x)\nPRAGMA(GCC diagnostic push)\nint f(void);\n_Pragma(\"GCC "
	"diagnostic pop\")\n",
	"#define TEXT(x) #x\n#define GLUE(a, b) a##b\n#define LOG(f, ...) printf(f, "
	"##__VA_ARGS__)\nint GLUE(x, y); char *t = TEXT(one);\n",
	"/*\n# 12 \"other.c\"\n#line 4\n*/\nconst char *s = \"# 1\\n#line 3\"; // #line 5 \\\n# 12 "
	"\"x.c\"\nint x;\n",
	"#if 0\nthis is no C: #12, it's # 1 \"a\"\n# 3 is not done\n#else\nint x;\n#endif\n",
	"int ck_sum(int x) { return x; } int cl_thing, srunner_up; void AnnotateLine(void) { }\n",
	"const char *r = R\"(one \"line\" only)\"; const char *u = u8\"x\"; int L = L'a';\n",
	"#if defined(__has_include) && __has_include(<stdio.h>) && 3 < 5 // it's fine\n#include "
	"<stdio.h> // don't\n#endif\n",
	"#ifdef __SANITIZE_ADDRESS__\nint watched;\n#endif\n#if __has_attribute(no_sanitize)\nint "
	"x;\n#endif\n",
	"int f(void) { int a[3] = { [0] = 1, [2] = 2 }; return a[a[0]]; }\n",
	"__extension__ typedef struct { int x; } s; __typeof__(s) y; _Noreturn void f(void); "
	"__auto_type z = 1;\n",
	"#define guarded_by(x) __attribute__((guarded_by(x)))\nint lock; int n guarded_by(lock);\n",
};

START_TEST(correct_code_is_accepted)
{
	expect(correct[_i], NULL, 0);
}
END_TEST

START_TEST(assembly_is_refused)
{
	expect("int x;\n__asm__(\"nop\");\n", "asm", 2);
	expect("int f(void) {\n  asm volatile(\"\" ::: \"memory\"); return 1; }\n", "asm", 2);
	expect("#define A __a##sm__\nA(\"nop\");\n", "asm", 2);
	expect("#include <sys/types.h>\n\nint f(void) { __as\\\nm(\"\"); return 1; }\n", "asm", 3);
	expect("int f(void) { int x __attribute__((aligned(({ asm(\"\"); 8; })))) = 1; return x; "
	       "}\n",
	       "asm", 1);
	json_t *files = audit("__asm__(\"nop\");\n", true);
	ck_assert_uint_eq(json_array_size(json_object_get(files, "net.c")), 0);
	json_decref(files);
}
END_TEST

START_TEST(attributes_outside_the_list_are_refused)
{
	expect("\n__attribute__((no_sanitize(\"address\"))) int f(void) { return 1; }\n",
	       "attribute", 2);
	expect("__attribute__((unused, __no_sanitize_thread__)) static int f(void) { return 1; }\n",
	       "attribute", 1);
	expect("#define QUIET __attribute((no_sani##tize_address))\n#define Q QUIET\nQ int "
	       "f(void);\n",
	       "attribute", 3);
	expect("__attribute__((constructor)) void f(void) { }\n", "constructor", 1);
	expect("__attribute__((__destructor__(200))) void f(void) { }\n", "constructor", 1);
	expect("int x __attribute__((aligned(8), section(\".init_array\")));\n", "attribute", 1);
	expect("[[gnu::optimize(\"O0\")]] int f(void);\n", "attribute", 1);
	expect("<:<:gnu::target(\"avx\"):>:> int f(void);\n", "attribute", 1);
	expect("__declspec(naked) int f(void);\n", "attribute", 1);
	expect("void g(void) __attribute__((alias(\"f\")));\n", "attribute", 1);
}
END_TEST

START_TEST(pragmas_and_names_are_refused)
{
	expect("#pragma GCC optimize(\"O0\")\n", "pragma", 1);
	expect("int x;\n_Pragma(\"GCC target(\\\"avx\\\")\")\n", "pragma", 2);
	expect("#define P(x) _Pragma(#x)\nP(GCC push_options)\n", "pragma", 2);
	expect("#pragma weak f\n", "pragma", 1);
	expect("#pragma redefine_extname f g\n", "pragma", 1);
	expect("const char *__tsan_default_suppressions(void) { return \"race:*\"; }\n", "name", 1);
	expect("\nvoid f(void) { extern void __asan_unpoison_memory_region(void *, unsigned long); "
	       "}\n",
	       "name", 2);
	expect("#define G(a, b) a##b\nint G(__sani, tizer_x);\n", "name", 2);
	expect("int __wrap_malloc, y;\n", "name", 1);
	expect("#include <emmintrin.h>\nvoid f(int *p) {\n_mm_stream_si32(p, 1); }\n", "intrinsic",
	       3);
}
END_TEST

START_TEST(lines_cannot_be_forged)
{
	expect("#line 1 \"/usr/include/x.h\"\nint x;\n", "line", 1);
	expect("int y;\n # 12 \"/usr/include/x.h\" 3\n__asm__(\"nop\");\n", "line", 2);
	expect("/* a */ %: /* b\n */ li\\\nne 7\n", "line", 2);
	expect("#define HASH #\n", "hash", 1);
	expect("#define ID(x) x\nID(#) 12 \"x\"\n", "hash", 2);
	expect("#define HASH %:\n", "hash", 1);
	expect("#define GLUE(a, b) a##b\nGLUE(%,:) 12 \"/usr/include/x.h\"\n", "hash", 2);
	expect("const char *s = R\"x(\n# 1 \"/usr/include/x.h\" 3\n)x\";\n", "raw-string", 1);
	expect("#if 0\n#elif 1\n#line 4\n#endif\n", "line", 3);
	expect("#ifdef NEVER\n#line 4\n#endif\n", "line", 2);
	expect("#if 0\n#if 1\n#endif\n#line 3\n#endif\n#line 8\n", "line", 6);
	expect("#if __has_include(</*>)\n#endif\n#define x */\n", "include", 1);
}
END_TEST

/* A marker of a folder that is neither the submission's nor a header's. */
START_TEST(only_headers_and_own_files_are_included)
{
	static const char text[] =
		"# 0 \"/src/net.c\"\n# 1 \"/proc/self/environ\" 1\nint x;\n# 2 \"/src/net.c\" 2\n"
		"# 1 \"/usr/include/../../src/a.h\" 1\n__asm__(\"\");\n";
	json_t *files = json_object();
	token_audit(text, sizeof text - 1, "net.c", false, files);
	json_t *list = json_object_get(files, "net.c");
	ck_assert_uint_eq(json_array_size(list), 3);
	ck_assert_str_eq(json_text_of(json_array_get(list, 0), "rule", "?"), "include");
	ck_assert_str_eq(json_text_of(json_array_get(list, 2), "rule", "?"), "asm");
	json_decref(files);
}
END_TEST

START_TEST(a_finding_names_file_line_and_token)
{
	json_t *list = json_array();
	token_refuse(list, TOKEN_RULE_ATTRIBUTE, 12, "no_\x1bsanitize");
	json_t *finding = token_finding("net.c", json_array_get(list, 0));
	ck_assert_str_eq(json_text_of(finding, "id", "?"), "policy");
	ck_assert_str_eq(json_text_of(finding, "detector", "?"), "POL");
	ck_assert_str_eq(json_text_of(finding, "what", "?"),
			 "net.c uses the attribute 'no_\\u001bsanitize'.");
	json_t *place = json_array_get(json_object_get(finding, "where"), 0);
	ck_assert_str_eq(json_text_of(place, "file", "?"), "net.c");
	ck_assert_int_eq(json_integer_value(json_object_get(place, "line")), 12);
	json_decref(finding);
	json_decref(list);
}
END_TEST

/* Any bytes come to an end, and every token lies where it says. */
START_TEST(the_lexer_reads_any_bytes)
{
	char bytes[512];
	unsigned seed = (unsigned)_i * 2654435761U + 1;
	static const char usual[] = "\\\n\n\"'/*#%:R(x)u8 \r\t<>__asm__0.e+";
	for (size_t i = 0; i < sizeof bytes; i++) {
		seed = seed * 1103515245U + 12345U;
		unsigned draw = seed >> 16;
		char any = (char)(unsigned char)(draw >> 3);
		bytes[i] = usual[(draw >> 3) % (sizeof usual - 1)];
		if (draw % 8 == 0)
			bytes[i] = any;
	}
	struct lexer lexer;
	lexer_init(&lexer, bytes, sizeof bytes);
	size_t count = 0;
	long line = 1;
	for (struct token token = lexer_next(&lexer); token.kind != TOKEN_END;
	     token = lexer_next(&lexer)) {
		ck_assert_uint_lt(count++, sizeof bytes);
		ck_assert_int_ge(token.line, line);
		ck_assert_uint_gt(token.length, 0);
		line = token.line;
	}
	lexer_fini(&lexer);
	json_t *files = json_object();
	json_t *list = json_array();
	token_audit(bytes, sizeof bytes, "net.c", false, files);
	directive_audit(bytes, sizeof bytes, list);
	json_decref(files);
	json_decref(list);
}
END_TEST

TCase *token_audit_test(void)
{
	TCase *tests = tcase_create("intake/token_audit");
	tcase_set_timeout(tests, 60);
	tcase_add_loop_test(tests, correct_code_is_accepted, 0,
			    (int)(sizeof correct / sizeof correct[0]));
	tcase_add_test(tests, assembly_is_refused);
	tcase_add_test(tests, attributes_outside_the_list_are_refused);
	tcase_add_test(tests, pragmas_and_names_are_refused);
	tcase_add_test(tests, lines_cannot_be_forged);
	tcase_add_test(tests, only_headers_and_own_files_are_included);
	tcase_add_test(tests, a_finding_names_file_line_and_token);
	tcase_add_loop_test(tests, the_lexer_reads_any_bytes, 0, 200);
	return tests;
}
