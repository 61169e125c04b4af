/* libFuzzer target: a schedule of whatever bytes is read, or refused by a printable sentence; what
 * was read is written, and reads as the same again. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "steps.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define DEMAND(e)                \
	do {                     \
		if (!(e))        \
			abort(); \
	} while (0)

/* Pieces of schedules, each called by one byte: what the fuzzer would take long to guess. */
static const char *const pieces[] = { "T1 ",          "T2*3 ",        "T1>T3\n", "T1@bqueue.c:51 ",
				      "spurious T3 ", "timeout T1\n", "T1<2 ",   "heap reuse ",
				      "expect order", "# ",           "\n" };

static size_t spell(char *text, size_t room, const uint8_t *data, size_t size)
{
	size_t length = 0;

	for (size_t i = 0; i < size && length + 32 < room; i++) {
		const size_t which = data[i] - 0x80u;
		if (data[i] < 0x80 || which >= sizeof(pieces) / sizeof(pieces[0])) {
			text[length++] = (char)data[i];
			continue;
		}
		memcpy(text + length, pieces[which], strlen(pieces[which]));
		length += strlen(pieces[which]);
	}
	return length;
}

static void check_error(const struct steps_error *error, const char *text, size_t length)
{
	uint32_t lines = 1;

	for (size_t i = 0; i < length; i++)
		lines += text[i] == '\n';
	DEMAND(error->line >= 1 && error->line <= lines && error->text[0]);
	for (const char *at = error->text; *at; at++)
		DEMAND(' ' <= *at && *at <= '~');
}

static bool same(const struct steps *a, const struct steps *b)
{
	if (a->count != b->count || a->heap_reuse != b->heap_reuse || a->expect != b->expect)
		return false;
	for (size_t i = 0; i < a->count; i++) {
		struct schedule_step x = a->step[i], y = b->step[i];
		x.line = y.line = 0;
		if (memcmp(&x, &y, sizeof(x)) != 0)
			return false;
	}
	return true;
}

/* The text ends where its heap block ends: a read beyond it is a report. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const size_t room = size * 20 + 64;
	char *wide = malloc(room);
	struct steps first, again;
	struct steps_error error;

	DEMAND(wide);
	size_t length = spell(wide, room, data, size);
	char *text = malloc(length ? length : 1);
	DEMAND(text);
	memcpy(text, wide, length);
	int status = steps_parse(text, length, &first, &error);
	DEMAND(status == 0 || status == EINVAL);
	if (status) {
		check_error(&error, text, length);
	} else {
		char *written = steps_text(&first);
		DEMAND(written && steps_parse(written, strlen(written), &again, &error) == 0);
		DEMAND(same(&first, &again));
		steps_free(&again);
		free(written);
	}
	steps_free(&first);
	free(text);
	free(wide);
	return 0;
}
