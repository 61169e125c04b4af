/* A state machine of a byte: in code, in a comment of one of two kinds, in a string, in a
 * character. */
#include "batch/similar_text.h"

#include <stdbool.h>
#include <string.h>

#include "base/die.h"

enum state { CODE, LINE_COMMENT, COMMENT, QUOTED };

struct reader {
	enum state state;
	char quote; /* that ends what is QUOTED */
};

/* The state at `at`, which is not the end, and how many bytes it is about. */
static size_t step(struct reader *reader, const char *at)
{
	switch (reader->state) {
	case CODE:
		if (at[0] == '/' && (at[1] == '/' || at[1] == '*')) {
			reader->state = at[1] == '/' ? LINE_COMMENT : COMMENT;
			return 2;
		}
		if (at[0] == '"' || at[0] == '\'') {
			reader->state = QUOTED;
			reader->quote = at[0];
		}
		return 1;
	case LINE_COMMENT:
		if (at[0] == '\n')
			reader->state = CODE;
		return at[0] == '\\' && at[1] == '\n' ? 2 : 1;
	case COMMENT:
		if (at[0] == '*' && at[1] == '/') {
			reader->state = CODE;
			return 2;
		}
		return 1;
	case QUOTED:
		if (at[0] == reader->quote || at[0] == '\n')
			reader->state = CODE;
		return at[0] == '\\' && at[1] != '\0' ? 2 : 1;
	}
	return 1;
}

static char harmless(char c)
{
	const unsigned char byte = (unsigned char)c;
	if (byte > 0x7e)
		return 'x';
	if (byte < 0x20 && c != '\n' && c != '\t')
		return ' ';
	return c;
}

char *similar_text(const char *bytes, size_t length)
{
	char *text = must_alloc(length + 1);
	for (size_t i = 0; i < length; i++)
		text[i] = harmless(bytes[i]);
	struct reader reader = { .state = CODE };
	for (size_t i = 0; i < length;) {
		const bool was = reader.state == LINE_COMMENT || reader.state == COMMENT;
		const size_t taken = step(&reader, text + i);
		const bool is = reader.state == LINE_COMMENT || reader.state == COMMENT;
		for (size_t end = i + taken; i < end; i++)
			if ((was || is) && text[i] != '\n')
				text[i] = ' ';
	}
	return text;
}

void similar_text_blank(char *text, long first, long last)
{
	long line = 1;
	for (char *at = text; *at != '\0' && line <= last; at++) {
		if (*at == '\n')
			line++;
		else if (line >= first)
			*at = ' ';
	}
}
