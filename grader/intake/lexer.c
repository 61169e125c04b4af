/* One pass over the bytes; a splice (backslash, blanks, newline) is invisible everywhere but in a
 * raw string. */
#include "intake/lexer.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"

enum { END = -1, DELIMITER_MAX = 16 };

void lexer_init(struct lexer *lexer, const char *text, size_t length)
{
	*lexer = (struct lexer){ .text = text, .length = length, .line = 1, .fresh = true };
}

void lexer_fini(struct lexer *lexer)
{
	free(lexer->spelling);
	lexer->spelling = NULL;
}

/* The bytes of a splice at `at`; 0 if there is none. Blanks before the newline are allowed, as in
 * gcc. */
static size_t splice_length(const struct lexer *lexer, size_t at)
{
	if (lexer->text[at] != '\\')
		return 0;
	size_t end = at + 1;
	while (end < lexer->length && lexer->text[end] != '\n' &&
	       (lexer->text[end] == '\0' || strchr(" \t\f\v\r", lexer->text[end]) != NULL))
		end++;
	return end < lexer->length && lexer->text[end] == '\n' ? end + 1 - at : 0;
}

/* The next byte behind all splices, or END. */
static int peek(struct lexer *lexer)
{
	while (lexer->at < lexer->length) {
		size_t splice = splice_length(lexer, lexer->at);
		if (splice == 0)
			return (unsigned char)lexer->text[lexer->at];
		lexer->at += splice;
		lexer->line++;
	}
	return END;
}

/* The byte behind the next one. */
static int peek_second(struct lexer *lexer)
{
	size_t at = lexer->at;
	long line = lexer->line;
	int second = END;
	if (peek(lexer) != END) {
		lexer->at++;
		second = peek(lexer);
	}
	lexer->at = at;
	lexer->line = line;
	return second;
}

/* Steps over the byte that peek() showed. */
static void skip(struct lexer *lexer)
{
	if (lexer->text[lexer->at] == '\n')
		lexer->line++;
	lexer->at++;
}

static void spell(struct lexer *lexer, int byte)
{
	if (lexer->used + 2 > lexer->room) {
		lexer->room = lexer->room * 2 + 64;
		lexer->spelling = realloc(lexer->spelling, lexer->room);
		if (lexer->spelling == NULL)
			die("out of memory");
	}
	lexer->spelling[lexer->used++] = (char)byte;
	lexer->spelling[lexer->used] = '\0';
}

static void take(struct lexer *lexer)
{
	spell(lexer, peek(lexer));
	skip(lexer);
}

static void skip_line_comment(struct lexer *lexer)
{
	for (int byte = peek(lexer); byte != END && byte != '\n'; byte = peek(lexer))
		skip(lexer);
}

static void skip_block_comment(struct lexer *lexer)
{
	(void)peek(lexer);
	skip(lexer);
	(void)peek(lexer);
	skip(lexer);
	int last = 0;
	for (int byte = peek(lexer); byte != END; byte = peek(lexer)) {
		skip(lexer);
		if (last == '*' && byte == '/')
			return;
		last = byte;
	}
}

/* Blanks and comments; not newlines outside comments. */
static void skip_blanks(struct lexer *lexer)
{
	for (;;) {
		int byte = peek(lexer);
		if (byte == '\0' || (byte != END && strchr(" \t\f\v\r", byte) != NULL))
			skip(lexer);
		else if (byte == '/' && peek_second(lexer) == '/')
			skip_line_comment(lexer);
		else if (byte == '/' && peek_second(lexer) == '*')
			skip_block_comment(lexer);
		else
			return;
	}
}

static bool begins_name(int byte)
{
	return byte != END && (isalpha(byte) || byte == '_' || byte == '$' || byte >= 0x80);
}

/* A universal character name is part of a name. */
static bool is_in_name(struct lexer *lexer, int byte)
{
	if (byte == '\\') {
		int second = peek_second(lexer);
		return second == 'u' || second == 'U';
	}
	return begins_name(byte) || (byte != END && isdigit(byte));
}

static void take_name(struct lexer *lexer)
{
	while (is_in_name(lexer, peek(lexer)))
		take(lexer);
}

static void take_number(struct lexer *lexer)
{
	for (;;) {
		int byte = peek(lexer);
		if (byte != '.' && !is_in_name(lexer, byte))
			return;
		take(lexer);
		int next = peek(lexer);
		if (strchr("eEpP", byte) != NULL && (next == '+' || next == '-'))
			take(lexer);
	}
}

/* To the closing quote, or to the end of the line: what has no end there is no literal. */
static void take_quoted(struct lexer *lexer)
{
	int quote = peek(lexer);
	take(lexer);
	for (int byte = peek(lexer); byte != END && byte != '\n'; byte = peek(lexer)) {
		take(lexer);
		if (byte == quote)
			return;
		int next = peek(lexer);
		if (byte == '\\' && next != END && next != '\n')
			take(lexer);
	}
}

/* From the opening quote of R"d(...)d": splices in it are plain bytes. true: it goes over several
 * lines, or never ends. */
static bool take_raw(struct lexer *lexer)
{
	char end[DELIMITER_MAX + 3] = ")";
	size_t length = 1;
	bool multiline = false;
	take(lexer);
	while (lexer->at < lexer->length && length <= DELIMITER_MAX &&
	       lexer->text[lexer->at] != '(' && lexer->text[lexer->at] != '\n') {
		end[length++] = lexer->text[lexer->at];
		spell(lexer, lexer->text[lexer->at++]);
	}
	end[length++] = '"';
	while (lexer->at < lexer->length) {
		bool closes = lexer->length - lexer->at >= length &&
			      memcmp(lexer->text + lexer->at, end, length) == 0;
		multiline = multiline || lexer->text[lexer->at] == '\n';
		for (size_t i = 0; i < (closes ? length : 1); i++) {
			spell(lexer, (unsigned char)lexer->text[lexer->at]);
			skip(lexer);
		}
		if (closes)
			return multiline;
	}
	return true;
}

static bool is_one_of(const char *text, const char *const *list)
{
	for (; *list != NULL; list++)
		if (strcmp(text, *list) == 0)
			return true;
	return false;
}

static void lex_name(struct lexer *lexer, struct token *token)
{
	static const char *const prefixes[] = { "L", "u", "U", "u8", NULL };
	static const char *const raw[] = { "R", "LR", "uR", "UR", "u8R", NULL };
	token->kind = TOKEN_NAME;
	take_name(lexer);
	int next = peek(lexer);
	if (next == '"' && is_one_of(lexer->spelling, raw)) {
		token->kind = TOKEN_STRING;
		token->multiline = take_raw(lexer);
	} else if ((next == '"' || next == '\'') && is_one_of(lexer->spelling, prefixes)) {
		token->kind = next == '"' ? TOKEN_STRING : TOKEN_CHARACTER;
		take_quoted(lexer);
	}
}

/* One character or a digraph; # and ##. */
static void lex_other(struct lexer *lexer, struct token *token)
{
	static const char digraphs[][3] = { "<:", ":>", "<%", "%>", "%:" };
	int byte = peek(lexer);
	int second = peek_second(lexer);
	char means = (char)byte;
	for (size_t i = 0; i < sizeof digraphs / sizeof digraphs[0]; i++)
		if (byte == digraphs[i][0] && second == digraphs[i][1]) {
			means = "[]{}#"[i];
			token->digraph = true;
			skip(lexer);
			(void)peek(lexer);
		}
	skip(lexer);
	spell(lexer, means);
	token->kind = means == '#' ? TOKEN_HASH : TOKEN_OTHER;
	if (means != '#')
		return;
	bool doubled = token->digraph ? peek(lexer) == '%' && peek_second(lexer) == ':'
				      : peek(lexer) == '#';
	for (int i = 0; doubled && i < (token->digraph ? 2 : 1); i++) {
		(void)peek(lexer);
		skip(lexer);
	}
	if (doubled) {
		spell(lexer, '#');
		token->kind = TOKEN_OTHER;
	}
}

struct token lexer_next(struct lexer *lexer)
{
	size_t begin = lexer->at;
	skip_blanks(lexer);
	int byte = peek(lexer);
	struct token token = { .line = lexer->line, .first = lexer->fresh };
	token.leftmost = token.first && lexer->at == begin;
	lexer->used = 0;
	lexer->fresh = false;
	if (byte == END) {
		token.kind = TOKEN_END;
		token.text = "";
		return token;
	}
	int second = peek_second(lexer);
	if (byte == '\n') {
		token.kind = TOKEN_NEWLINE;
		take(lexer);
		lexer->fresh = true;
	} else if (begins_name(byte) || (byte == '\\' && is_in_name(lexer, byte))) {
		lex_name(lexer, &token);
	} else if (isdigit(byte) || (byte == '.' && second != END && isdigit(second))) {
		token.kind = TOKEN_NUMBER;
		take_number(lexer);
	} else if (byte == '"' || byte == '\'') {
		token.kind = byte == '"' ? TOKEN_STRING : TOKEN_CHARACTER;
		take_quoted(lexer);
	} else {
		lex_other(lexer, &token);
	}
	token.text = lexer->spelling;
	token.length = lexer->used;
	return token;
}

bool token_is(const struct token *token, const char *text)
{
	return token->kind != TOKEN_STRING && token->kind != TOKEN_CHARACTER &&
	       strcmp(token->text, text) == 0;
}
