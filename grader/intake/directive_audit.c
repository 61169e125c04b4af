/* What the preprocessor's output can no longer tell is looked for before it runs. A line "# 12
 * "file"" in its output is true only if no source wrote it: as a directive, or as the expansion of
 * a macro whose text is a '#' (gcc 12 puts such a token at the start of a line behind a _Pragma,
 * where the compiler takes it for its own). A '#' is therefore allowed as a directive's first token
 * and in the text of a function-like macro, where C wants a parameter behind it. */
#include "intake/directive_audit.h"

#include <stdlib.h>
#include <string.h>

#include "intake/lexer.h"
#include "intake/token_rules.h"

enum place {
	PLACE_CODE,
	PLACE_DEFINE,       /* behind #define: its name is next                    */
	PLACE_DEFINED,      /* behind the name: a '(' at once makes it function-like */
	PLACE_OBJECT_MACRO, /* no '#' here                                         */
	PLACE_FUNCTION_MACRO,
	PLACE_DIRECTIVE, /* any other                                           */
};

struct scan {
	struct lexer lexer;
	json_t *refused;
	enum place place;
	size_t define_end; /* where the name of a macro ends                      */
	unsigned skipped;  /* how deep below an "#if 0": text; 0 outside           */
};

static bool begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

/* A raw string over several lines could hide directives from one of two readers: there is none. */
static struct token next_token(struct scan *scan)
{
	struct token token = lexer_next(&scan->lexer);
	if (token.multiline)
		token_refuse(scan->refused, TOKEN_RULE_RAW_STRING, token.line, "R\"(...)\"");
	if (token.kind == TOKEN_NEWLINE)
		scan->place = PLACE_CODE;
	return token;
}

/* "#if 0" and nothing else is followed by hand; what stands below any other condition is read as
 * code. Whatever might be an else ends the text: gcc 12 knows #elifdef too. */
static void follow_condition(struct scan *scan, const char *name)
{
	if (begins(name, "if")) {
		if (scan->skipped > 0) {
			scan->skipped++;
			return;
		}
		const struct lexer before = scan->lexer;
		struct token value = { .text = "" };
		if (strcmp(name, "if") == 0)
			value = lexer_next(&scan->lexer);
		bool zero = value.kind == TOKEN_NUMBER && strcmp(value.text, "0") == 0;
		if (zero && lexer_next(&scan->lexer).kind == TOKEN_NEWLINE) {
			scan->skipped = 1;
			scan->place = PLACE_CODE;
			return;
		}
		scan->lexer.at = before.at; /* any other condition is read as other lines are */
		scan->lexer.line = before.line;
		scan->lexer.fresh = false;
	} else if (strcmp(name, "endif") == 0) {
		scan->skipped -= scan->skipped > 0;
	} else if (scan->skipped == 1) {
		scan->skipped = 0;
	}
}

/* In <...> quotes and comments mean nothing, nor does a backslash in "...": a reader of ours could
 * lose its way behind such a name. The next token is looked at, and left. */
static void check_header_name(struct scan *scan, bool in_brackets)
{
	size_t at = scan->lexer.at;
	long line = scan->lexer.line;
	struct token token = lexer_next(&scan->lexer);
	if (in_brackets && token_is(&token, "("))
		token = lexer_next(&scan->lexer);
	bool strange = token.kind == TOKEN_STRING && strchr(token.text, '\\') != NULL;
	if (token_is(&token, "<")) {
		const char *text = scan->lexer.text;
		char last = '\0';
		for (size_t i = scan->lexer.at;
		     i < scan->lexer.length && text[i] != '\n' && text[i] != '>'; i++) {
			strange = strange || strchr("\"'\\", text[i]) != NULL ||
				  (last == '/' && (text[i] == '*' || text[i] == '/'));
			last = text[i];
		}
	}
	if (strange)
		token_refuse(scan->refused, TOKEN_RULE_INCLUDE, line, "a header of a strange name");
	scan->lexer.at = at;
	scan->lexer.line = line;
	scan->lexer.fresh = false;
}

/* Behind the '#' that begins a line. */
static void begin_directive(struct scan *scan)
{
	scan->place = PLACE_DIRECTIVE;
	struct token name = next_token(scan);
	bool condition = begins(name.text, "if") || begins(name.text, "el") ||
			 token_is(&name, "endif");
	if (condition)
		follow_condition(scan, name.text);
	else if (scan->skipped > 0 || name.kind == TOKEN_NEWLINE)
		return;
	else if (name.kind == TOKEN_NUMBER || token_is(&name, "line"))
		token_refuse(scan->refused, TOKEN_RULE_LINE, name.line,
			     name.kind == TOKEN_NUMBER ? "# and a number" : "#line");
	else if (token_is(&name, "include") || token_is(&name, "include_next") ||
		 token_is(&name, "import"))
		check_header_name(scan, false);
	else if (token_is(&name, "define"))
		scan->place = PLACE_DEFINE;
}

static void check_token(struct scan *scan, const struct token *token)
{
	bool free_text = scan->skipped > 0 || scan->place == PLACE_FUNCTION_MACRO ||
			 scan->place == PLACE_DIRECTIVE;
	if (token->kind == TOKEN_HASH && !free_text)
		token_refuse(scan->refused, TOKEN_RULE_HASH, token->line, "#");
	if (scan->place == PLACE_DEFINE) {
		scan->place = PLACE_DEFINED;
		scan->define_end = scan->lexer.at;
	} else if (scan->place == PLACE_DEFINED) {
		bool at_once = token_is(token, "(") && scan->lexer.at == scan->define_end + 1;
		scan->place = at_once ? PLACE_FUNCTION_MACRO : PLACE_OBJECT_MACRO;
	}
	if (token->kind == TOKEN_NAME && begins(token->text, "__has_include"))
		check_header_name(scan, true);
}

void directive_audit(const char *text, size_t length, json_t *refused)
{
	struct scan scan = { .refused = refused };
	lexer_init(&scan.lexer, text, length);
	for (struct token token = next_token(&scan); token.kind != TOKEN_END;
	     token = next_token(&scan)) {
		if (token.kind == TOKEN_HASH && token.first)
			begin_directive(&scan);
		else if (token.kind != TOKEN_NEWLINE)
			check_token(&scan, &token);
	}
	lexer_fini(&scan.lexer);
}
