/* intake/lexer.h - the tokens of C text, raw or preprocessed, as gcc 12 reads them in gnu17: line
 * splices, comments, digraphs, raw strings; no trigraphs. The bytes are hostile: this runs in a
 * box. Source: C17 5.1.1.2 and 6.4; "Tokenization" in The C Preprocessor (gcc 12). [MT-Confined] to
 * one struct lexer. */
#ifndef GRADER_LEXER_H
#define GRADER_LEXER_H
#include <stdbool.h>
#include <stddef.h>

struct lexer {
	const char *text; /* borrowed */
	size_t length, at;
	long line;      /* of text[at], from 1 */
	bool fresh;     /* nothing but blanks and comments since the last newline */
	char *spelling; /* of the current token, without splices */
	size_t used, room;
};

enum token_kind {
	TOKEN_END,
	TOKEN_NEWLINE,
	TOKEN_NAME,
	TOKEN_NUMBER,
	TOKEN_STRING,    /* with its quotes and prefix */
	TOKEN_CHARACTER, /* the same */
	TOKEN_HASH,      /* # or %:, but not ## */
	TOKEN_OTHER,     /* one character, digraphs as what they stand for; ## as one token */
};

struct token {
	enum token_kind kind;
	const char *text; /* NUL-terminated, borrowed until the next token */
	size_t length;
	long line;
	bool first;    /* of its line */
	bool leftmost; /* no blank in front of it either */
	bool digraph;
	bool multiline; /* a raw string with a newline in it, or without an end */
};

/* The text must stay until lexer_fini. */
void lexer_init(struct lexer *lexer, const char *text, size_t length);
void lexer_fini(struct lexer *lexer);

/* The next token; at the end TOKEN_END, as often as asked. */
struct token lexer_next(struct lexer *lexer);

/* true: the token is this punctuator or name. */
bool token_is(const struct token *token, const char *text);

#endif
