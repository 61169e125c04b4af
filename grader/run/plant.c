/* A report is compared line by line with what must stand in it: kind, size, our function as the
 * innermost frame, and the two numbers that nobody could know before. */
#include "run/plant.h"

#include <stdio.h>
#include <string.h>

enum {
	BYTES_MIN = 64,
	BYTES_MAX = 256 << 10, /* both kinds of block of the detector's allocator, none too large */
	BEHIND_MAX = 8, /* behind a block there are at least 16 bytes that belong to nobody */
	SUMMAND_MIN = 1 << 30,
	WORDS_MAX = 128,
};

struct plant plant_draw(const char *detectors, const uint64_t random[PLANT_RANDOMS])
{
	struct plant plant = {
		.kind = (enum plant_kind)(PLANT_HEAP_READ + random[0] % (PLANT_KINDS - 1)),
		.bytes = BYTES_MIN + random[1] % (BYTES_MAX - BYTES_MIN),
		.undefined = strstr(detectors, "undefined") != NULL,
		.left = SUMMAND_MIN + (int)(random[3] % SUMMAND_MIN),
		.right = SUMMAND_MIN + (int)(random[4] % SUMMAND_MIN),
	};
	plant.offset = random[2] % (plant.kind == PLANT_FREED_READ ? plant.bytes : BEHIND_MAX);
	return plant;
}

static const char *next_line(const char *line)
{
	const char *end = strchr(line, '\n');
	return end != NULL ? end + 1 : line + strlen(line);
}

static bool line_has(const char *line, const char *words)
{
	const char *at = strstr(line, words);
	return at != NULL && at < next_line(line);
}

static bool line_begins(const char *line, const char *words)
{
	return strncmp(line, words, strlen(words)) == 0;
}

/* "0x... is located 5 bytes to the right of 100-byte region [", or "5 bytes after" in later
 * versions; of a released block "5 bytes inside of". */
static bool is_located(const char *line, const struct plant *plant)
{
	static const char *const sides[] = { "to the right of", "after", "inside of" };
	const size_t first = plant->kind == PLANT_FREED_READ ? 2 : 0;
	const size_t end = plant->kind == PLANT_FREED_READ ? 3 : 2;
	for (size_t i = first; i < end; i++) {
		char words[WORDS_MAX];
		(void)snprintf(words, sizeof words, " is located %llu bytes %s %llu-byte region [",
			       (unsigned long long)plant->offset, sides[i],
			       (unsigned long long)plant->bytes);
		if (line_has(line, words))
			return true;
	}
	return false;
}

/* What follows the report of the sum, which goes on to the first empty line; NULL: it is none. */
static const char *after_overflow(const struct plant *plant, const char *text)
{
	char words[WORDS_MAX];
	(void)snprintf(words, sizeof words,
		       ": runtime error: signed integer overflow: %d + %d cannot be represented in "
		       "type 'int'",
		       plant->left, plant->right);
	const char *frame = next_line(text);
	const size_t place = strcspn(text, " \n"); /* file:line:column: */
	if (place == 0 || !line_begins(text + place - 1, words) || !line_begins(frame, "    #0 ") ||
	    !line_has(frame, " in plant_overflow "))
		return NULL;
	const char *end = strstr(frame, "\n\n");
	return end != NULL ? end + 2 : NULL;
}

bool plant_is_reported(const struct plant *plant, const char *text)
{
	static const struct {
		const char *error, *access, *function;
	} wanted[PLANT_KINDS] = {
		[PLANT_HEAP_READ] = { "heap-buffer-overflow", "READ", "plant_heap_read" },
		[PLANT_HEAP_WRITE] = { "heap-buffer-overflow", "WRITE", "plant_heap_write" },
		[PLANT_FREED_READ] = { "heap-use-after-free", "READ", "plant_freed_read" },
	};
	char words[WORDS_MAX];
	if (plant->kind <= PLANT_NONE || plant->kind >= PLANT_KINDS)
		return false;
	if (plant->undefined)
		text = after_overflow(plant, text);
	if (text == NULL)
		return false;
	/* One report and nothing before it: whatever else a process had to say was not planted. */
	const char *error = next_line(text);
	if (!line_begins(text, "=====") || !line_begins(error, "==") ||
	    strstr(next_line(error), "ERROR: ") != NULL || strstr(text, "runtime error: ") != NULL)
		return false;
	(void)snprintf(words, sizeof words, "==ERROR: AddressSanitizer: %s on address ",
		       wanted[plant->kind].error);
	const char *access = next_line(error);
	if (!line_has(error, words))
		return false;
	(void)snprintf(words, sizeof words, "%s of size 1 at ", wanted[plant->kind].access);
	const char *frame = next_line(access);
	if (!line_begins(access, words))
		return false;
	(void)snprintf(words, sizeof words, " in %s ", wanted[plant->kind].function);
	if (!line_begins(frame, "    #0 ") || !line_has(frame, words))
		return false;
	/* The place follows the stack of the access, which ends with an empty line. */
	const char *place = strstr(frame, "\n\n");
	return place != NULL && is_located(place + 2, plant);
}

bool plant_is_alike(const char *text)
{
	const char *frame = strstr(text, "    #0 ");
	return frame != NULL && line_has(frame, " in plant_");
}
