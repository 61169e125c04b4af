/* tests/fuzz.h - what every libFuzzer target needs. */
#ifndef GRADER_FUZZ_H
#define GRADER_FUZZ_H
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Unlike assert() it stays in every build. */
#define DEMAND(e)                \
	do {                     \
		if (!(e))        \
			abort(); \
	} while (0)

/* Inputs that are words of a language: a byte from 0x80 on stands for a piece, others for
 * themselves. Fills at most `room` bytes of text, returns how many. */
static inline size_t fuzz_spell(const char *const *pieces, size_t count, const uint8_t *data,
				size_t size, char *text, size_t room)
{
	size_t length = 0;
	for (size_t i = 0; i < size && length < room; i++) {
		const size_t which = data[i] - 0x80u;
		if (data[i] < 0x80 || which >= count) {
			text[length++] = (char)data[i];
			continue;
		}
		const size_t left = room - length, piece = strlen(pieces[which]);
		memcpy(text + length, pieces[which], piece < left ? piece : left);
		length += piece < left ? piece : left;
	}
	return length;
}

#endif
