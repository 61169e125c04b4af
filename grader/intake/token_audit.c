/* Walks the preprocessed text with the line markers in hand. Tokens are the submission's if they
 * stand below a marker of one of its files, also where a macro of a system header put them there: a
 * macro that ends in assembly is refused as the assembly would be. What is read here is, byte for
 * byte, what is compiled. */
#include "intake/token_audit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "intake/lexer.h"
#include "intake/token_rules.h"

enum { PATH_BYTES = 256, NAME_BYTES = 64 };

struct walk {
	struct lexer lexer;
	struct token token; /* the current one                                     */
	const char *main_file;
	bool assembler;
	json_t *files;
	bool own;              /* the current file is one of the submission           */
	char path[PATH_BYTES]; /* of the current file                                 */
	long shift;            /* from lines of the text to lines of the file         */
};

static bool begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

/* /src/NAME as NAME, anything else as the file that was compiled. */
static const char *shown_file(const struct walk *walk)
{
	const char *name = walk->path + strlen("/src/");
	return begins(walk->path, "/src/") && strchr(name, '/') == NULL ? name : walk->main_file;
}

/* line: of the file, 0 unknown. */
static void refuse_line(struct walk *walk, enum token_rule rule, long line, const char *token)
{
	const char *file = shown_file(walk);
	json_t *list = json_object_get(walk->files, file);
	if (list == NULL) {
		list = json_array();
		if (json_object_set_new(walk->files, file, list) != 0)
			return; /* the marker was no UTF-8: no source of ours */
	}
	token_refuse(list, rule, line, token);
}

/* line: of the text. */
static void refuse(struct walk *walk, enum token_rule rule, long line, const char *token)
{
	refuse_line(walk, rule, line + walk->shift, token);
}

static void advance(struct walk *walk)
{
	walk->token = lexer_next(&walk->lexer);
}

static void skip_line(struct walk *walk)
{
	while (walk->token.kind != TOKEN_NEWLINE && walk->token.kind != TOKEN_END)
		advance(walk);
}

/* Headers of the system and of the lab, and what the preprocessor calls <built-in>. */
static bool is_foreign_and_known(const char *path)
{
	static const char *const folders[] = { "/usr/include/", "/usr/lib/gcc/", "/usr/lib/llvm-",
					       "/labs/" };
	size_t length = strlen(path);
	if (path[0] == '<' || (length >= 2 && strcmp(path + length - 2, "//") == 0))
		return true;
	for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++)
		if (begins(path, folders[i]) && strstr(path, "..") == NULL)
			return true;
	return false;
}

/* # LINE "PATH" FLAGS, the current token being LINE. */
static void take_marker(struct walk *walk)
{
	long line = strtol(walk->token.text, NULL, 10);
	advance(walk);
	if (walk->token.kind == TOKEN_STRING && walk->token.length >= 2) {
		size_t length = walk->token.length - 2;
		if (length >= sizeof walk->path)
			length = sizeof walk->path - 1;
		memcpy(walk->path, walk->token.text + 1, length);
		walk->path[length] = '\0';
	}
	skip_line(walk);
	walk->shift = line - (walk->token.line + 1);
	walk->own = !is_foreign_and_known(walk->path);
	if (walk->own &&
	    (!begins(walk->path, "/src/") || strchr(walk->path + strlen("/src/"), '/') != NULL))
		refuse_line(walk, TOKEN_RULE_INCLUDE, 0, "a file that is no header");
}

/* The current token is the word behind #pragma. */
static void check_pragma(struct walk *walk)
{
	char first[NAME_BYTES];
	long line = walk->token.line;
	(void)snprintf(first, sizeof first, "%s", walk->token.text);
	if (walk->token.kind == TOKEN_NEWLINE)
		return;
	advance(walk);
	const char *second = walk->token.kind == TOKEN_NAME ? walk->token.text : "";
	if (walk->own && !token_pragma_allowed(first, second)) {
		AUTO_FREE char *both = must_printf("%s%s%.40s", first, *second != '\0' ? " " : "",
						   second);
		refuse(walk, TOKEN_RULE_PRAGMA, line, both);
	}
	skip_line(walk);
}

/* A '#' in the preprocessor's output is a marker or a pragma; any other was written by the source.
 */
static void take_hash(struct walk *walk)
{
	struct token hash = walk->token;
	bool true_one = hash.first && hash.leftmost && !hash.digraph;
	advance(walk);
	if (true_one && walk->token.kind == TOKEN_NUMBER) {
		take_marker(walk);
	} else if (hash.first && token_is(&walk->token, "pragma")) {
		advance(walk);
		check_pragma(walk);
	} else if (hash.first &&
		   (token_is(&walk->token, "ident") || token_is(&walk->token, "sccs"))) {
		skip_line(walk);
	} else {
		refuse(walk, TOKEN_RULE_HASH, hash.line, "#");
	}
}

/* Steps over blanks that are newlines and markers. */
static void advance_code(struct walk *walk)
{
	advance(walk);
	while (walk->token.kind == TOKEN_NEWLINE || walk->token.kind == TOKEN_HASH) {
		if (walk->token.kind == TOKEN_HASH)
			take_hash(walk);
		else
			advance(walk);
	}
}

static bool is_any(const struct token *token, const char *const *names)
{
	for (; *names != NULL; names++)
		if (token_is(token, *names))
			return true;
	return false;
}

static void check_name(struct walk *walk)
{
	static const char *const assembly[] = { "asm", "__asm__", "__asm", NULL };
	static const char *const declspec[] = { "__declspec", "_declspec", NULL };
	const struct token *token = &walk->token;
	if (!walk->own || token->kind != TOKEN_NAME)
		return;
	if (is_any(token, assembly) && !walk->assembler)
		refuse(walk, TOKEN_RULE_ASM, token->line, token->text);
	else if (is_any(token, declspec))
		refuse(walk, TOKEN_RULE_ATTRIBUTE, token->line, token->text);
	else if (token_name_refused(token->text))
		refuse(walk, TOKEN_RULE_NAME, token->line, token->text);
	else if (token_intrinsic_refused(token->text))
		refuse(walk, TOKEN_RULE_INTRINSIC, token->line, token->text);
}

/* From an opening bracket to behind its closing one. */
static void skip_brackets(struct walk *walk)
{
	int depth = 0;
	do {
		if (token_is(&walk->token, "(") || token_is(&walk->token, "["))
			depth++;
		else if (token_is(&walk->token, ")") || token_is(&walk->token, "]"))
			depth--;
		if (walk->own &&
		    token_is(&walk->token, "__attribute__")) /* in a statement expression */
			refuse(walk, TOKEN_RULE_ATTRIBUTE, walk->token.line,
			       "__attribute__ in an attribute");
		check_name(walk);
		advance_code(walk);
	} while (depth > 0 && walk->token.kind != TOKEN_END);
}

/* The name without the underscores that some write around it. */
static void check_attribute(struct walk *walk)
{
	char name[NAME_BYTES] = "";
	const char *text = walk->token.text;
	size_t length = walk->token.length;
	if (length > 4 && begins(text, "__") && strcmp(text + length - 2, "__") == 0) {
		text += 2;
		length -= 4;
	}
	if (length >= sizeof name)
		length = sizeof name - 1;
	memcpy(name, text, length);
	if (!walk->own || token_attribute_allowed(name))
		return;
	bool starts = strcmp(name, "constructor") == 0 || strcmp(name, "destructor") == 0;
	refuse(walk, starts ? TOKEN_RULE_CONSTRUCTOR : TOKEN_RULE_ATTRIBUTE, walk->token.line,
	       name);
}

/* NAME, NAME(...), ns::NAME(...), separated by commas, until the closing bracket, which becomes the
 * current token. */
static void check_attribute_list(struct walk *walk, const char *closing)
{
	while (walk->token.kind != TOKEN_END && !token_is(&walk->token, closing)) {
		if (token_is(&walk->token, "(") || token_is(&walk->token, "[")) {
			skip_brackets(walk);
			continue;
		}
		if (walk->token.kind == TOKEN_NAME) {
			bool space = token_is(&walk->token, "gnu") ||
				     token_is(&walk->token, "clang") ||
				     token_is(&walk->token, "__gnu__") ||
				     token_is(&walk->token, "_Clang");
			if (!space)
				check_attribute(walk);
		}
		advance_code(walk);
	}
}

/* The current token is __attribute__. */
static void check_attributes(struct walk *walk)
{
	for (int i = 0; i < 2; i++) {
		advance_code(walk);
		if (!token_is(&walk->token, "("))
			return; /* no C: the compiler says so */
	}
	advance_code(walk);
	check_attribute_list(walk, ")");
	advance_code(walk);
}

/* Looks at the current token and steps over what belongs to it. */
static void check(struct walk *walk)
{
	static const char *const attribute[] = { "__attribute__", "__attribute", NULL };
	if (is_any(&walk->token, attribute)) {
		check_attributes(walk);
		return;
	}
	if (token_is(&walk->token, "[")) {
		advance_code(walk);
		if (token_is(&walk->token, "[")) { /* no expression begins so */
			advance_code(walk);
			check_attribute_list(walk, "]");
		}
		return;
	}
	check_name(walk);
	advance_code(walk);
}

void token_audit(const char *text, size_t length, const char *main_file, bool assembler,
		 json_t *files)
{
	struct walk walk = {
		.main_file = main_file, .assembler = assembler, .files = files, .own = true
	};
	(void)snprintf(walk.path, sizeof walk.path, "/src/%s", main_file);
	lexer_init(&walk.lexer, text, length);
	advance_code(&walk);
	while (walk.token.kind != TOKEN_END)
		check(&walk);
	lexer_fini(&walk.lexer);
}
