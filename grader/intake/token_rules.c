/* Lists of what is known to be harmless: what is on none of them is refused, not the other way
 * round. */
#include "intake/token_rules.h"

#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/json.h"
#include "base/text.h"
#include "intake/finding.h"

enum { REFUSED_MAX = 20, TOKEN_SHOWN_MAX = 60 };

/* true: the word stands in the list, whose words are separated by blanks. */
static bool is_in(const char *word, const char *list)
{
	size_t length = strlen(word);
	for (const char *at = strstr(list, word); at != NULL && length > 0;
	     at = strstr(at + 1, word))
		if ((at == list || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
			return strchr(word, ' ') == NULL;
	return false;
}

/* Left out on purpose: no_sanitize* and disable_sanitizer_instrumentation hide accesses from the
 * detectors; constructor, destructor, ifunc, target_clones run code before main; section, alias,
 * weakref, symver, naked put code where neither audit nor tracer expects it; optimize, target,
 * no_instrument_function, no_stack_protector, no_split_stack, zero_call_used_regs change how a
 * function is compiled against the flags of the build. cleanup is ordinary C of today (its function
 * runs where the scope ends, in sight), and weak is judged by the object audit: a definition is
 * harmless. */
static const char checked_by_the_compiler[] =
	"access alloc_align alloc_size assume_aligned deprecated error fallthrough "
	"fd_arg fd_arg_read fd_arg_write flag_enum format format_arg malloc "
	"maybe_unused nodiscard nonnull nonstring noreturn _Noreturn nothrow "
	"null_terminated_string_arg returns_nonnull returns_twice sentinel unavailable "
	"unused used warn_if_not_aligned warn_unused_result warning enum_extensibility "
	"designated_init diagnose_if dealloc copy";
static const char code_as_written[] =
	"always_inline artificial cleanup cold const flatten gnu_inline hot leaf "
	"noclone noinline noipa no_icf pure reproducible unsequenced sysv_abi weak "
	"expected likely unlikely";
static const char layout[] =
	"aligned may_alias mode packed scalar_storage_order simd tls_model "
	"transparent_union vector_size visibility gcc_struct ms_struct common nocommon "
	"uninitialized";
/* clang's -Wthread-safety; gcc ignores them. */
static const char locks[] =
	"capability lockable scoped_lockable guarded_by pt_guarded_by acquired_after "
	"acquired_before acquire_capability acquire_shared_capability "
	"release_capability release_shared_capability release_generic_capability "
	"try_acquire_capability try_acquire_shared_capability requires_capability "
	"requires_shared_capability assert_capability assert_shared_capability "
	"locks_excluded lock_returned no_thread_safety_analysis exclusive_lock_function "
	"shared_lock_function unlock_function exclusive_locks_required "
	"shared_locks_required exclusive_trylock_function shared_trylock_function";

bool token_attribute_allowed(const char *name)
{
	return is_in(name, checked_by_the_compiler) || is_in(name, code_as_written) ||
	       is_in(name, layout) || is_in(name, locks);
}

/* `GCC diagnostic ignored` hides warnings, which cost no points: it is no more than a matter of
 * taste. Left out: GCC optimize, target, push_options (flags of ours), system_header (takes a file
 * out of the audit's sight), weak, redefine_extname (names of ours), and whatever this compiler
 * does not know. */
bool token_pragma_allowed(const char *first, const char *second)
{
	static const char alone[] =
		"once STDC pack message mark region endregion push_macro pop_macro "
		"scalar_storage_order";
	static const char gcc[] = "diagnostic poison unroll ivdep warning error visibility";
	static const char clang[] = "diagnostic loop";
	return is_in(first, alone) || (strcmp(first, "GCC") == 0 && is_in(second, gcc)) ||
	       (strcmp(first, "clang") == 0 && is_in(second, clang));
}

static bool begins_with_one_of(const char *name, const char *const *prefixes)
{
	for (; *prefixes != NULL; prefixes++)
		if (strncmp(name, *prefixes, strlen(*prefixes)) == 0)
			return true;
	return false;
}

/* ck_, srunner_, cl_ and Annotate are no reserved names: a helper called ck_sum is nobody's
 * business. Functions of ours with such names that a source *uses* are refused by the object audit
 * (imports). */
bool token_name_refused(const char *name)
{
	static const char *const prefixes[] = {
		"__tsan_",      "__asan_",        "__ubsan_", "__lsan_", "__msan_", "__hwasan_",
		"__sanitizer_", "__interceptor_", "__wrap_",  "__real_", NULL
	};
	return begins_with_one_of(name, prefixes);
}

/* Most intrinsics become ordinary accesses, with hooks. These are instructions of their own, which
 * gcc 12 and clang 14 leave without one; those that need another -m are refused by the compiler. */
bool token_intrinsic_refused(const char *name)
{
	static const char *const prefixes[] = { "_mm_stream_",         "_mm_maskmove",
						"_m_maskmovq",         "_mm_storeh_p",
						"_mm_storel_p",        "_mm_loadh_p",
						"_mm_loadl_p",         "__builtin_ia32_movnt",
						"__builtin_ia32_mask", "__builtin_ia32_store",
						"__builtin_ia32_load", NULL };
	return begins_with_one_of(name, prefixes);
}

struct sentence {
	const char *rule, *what, *why, *next; /* what: the token is put in */
};

static const struct sentence sentences[] = {
	[TOKEN_RULE_ASM] = { "asm", "uses assembly (%s)",
			     "What assembly reads and writes no detector sees, so nothing could be "
			     "said about its races.",
			     "write it in C; for atomic operations there is <stdatomic.h>." },
	[TOKEN_RULE_ATTRIBUTE] = { "attribute", "uses the attribute '%s'",
				   "Attributes that change how code is compiled, placed or watched "
				   "are left to the grader.",
				   "remove the attribute; the lab needs none." },
	[TOKEN_RULE_CONSTRUCTOR] = { "constructor",
				     "asks for code that runs by itself (attribute '%s')",
				     "A submission delivers functions; it runs when it is called "
				     "and not before.",
				     "remove the attribute and do this work when the first "
				     "function is called." },
	[TOKEN_RULE_NAME] = { "name", "uses the name '%s'",
			      "Names that begin so belong to the tools that watch a program.",
			      "choose another name; calls of these functions are not needed." },
	[TOKEN_RULE_INTRINSIC] = { "intrinsic", "uses the intrinsic '%s'",
				   "What it reads or writes no detector sees, so nothing could be "
				   "said about its races.",
				   "use an ordinary assignment, or memcpy." },
	[TOKEN_RULE_PRAGMA] = { "pragma", "holds the pragma '%s'",
				"Pragmas that change how code is compiled are left to the grader.",
				"remove the line; once, pack, STDC and GCC diagnostic are "
				"allowed." },
	[TOKEN_RULE_LINE] = { "line", "says where its own lines stand (%s)",
			      "Findings name file and line, so a source must not give its lines "
			      "other numbers or files.",
			      "remove the directive." },
	[TOKEN_RULE_HASH] = { "hash", "holds a stray '%s'",
			      "In C a '#' begins a directive, or stands before a parameter in the "
			      "text of a macro.",
			      "remove it." },
	[TOKEN_RULE_INCLUDE] = { "include", "includes %s",
				 "A source may include its own headers, those of the lab and those "
				 "of the system.",
				 "include a header by its usual name, or remove the line." },
	[TOKEN_RULE_RAW_STRING] = { "raw-string", "holds a raw string over several lines (%s)",
				    "Raw strings are C++; C compilers do not agree where such a "
				    "line ends.",
				    "write an ordinary string: one literal for each line." },
};
_Static_assert(sizeof sentences / sizeof sentences[0] == TOKEN_RULE_COUNT,
	       "a sentence for each rule");

void token_refuse(json_t *list, enum token_rule rule, long line, const char *token)
{
	if (json_array_size(list) >= REFUSED_MAX)
		return;
	size_t length = strnlen(token, TOKEN_SHOWN_MAX);
	AUTO_FREE char *clean = text_clean_line(token, length);
	(void)json_array_append_new(list, json_make("{s:s, s:I, s:s}", "rule", sentences[rule].rule,
						    "line", (json_int_t)line, "token", clean));
}

/* The sentence with the token in the place of %s. Returned. */
static char *fill(const char *file, const char *what, const char *token)
{
	const char *hole = strstr(what, "%s");
	return must_printf("%s %.*s%s%s.", file, (int)(hole - what), what, token, hole + 2);
}

json_t *token_finding(const char *file, const json_t *entry)
{
	const char *rule = json_text_of(entry, "rule", "");
	for (size_t i = 0; i < TOKEN_RULE_COUNT; i++) {
		const struct sentence *sentence = &sentences[i];
		if (strcmp(sentence->rule, rule) != 0)
			continue;
		AUTO_FREE char *what = fill(file, sentence->what,
					    json_text_of(entry, "token", "?"));
		json_t *finding = finding_make(i == TOKEN_RULE_CONSTRUCTOR ? "constructor"
									   : "policy",
					       "POL", what, sentence->why, sentence->next);
		finding_add_place(finding, file,
				  (long)json_integer_value(json_object_get(entry, "line")), NULL);
		return finding;
	}
	return NULL;
}
