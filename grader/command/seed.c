/* Seeds are written in one way only: a token or a grade.json compares them as text. */
#include "command/seed.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/die.h"

void seed_read(const char *text, char seed[static SEED_BYTES])
{
	size_t length = strlen(text);
	if (length == 0 || length >= SEED_BYTES)
		die("a seed is 1 to 16 hex digits, not '%s'", text);
	memset(seed, '0', SEED_BYTES - 1);
	seed[SEED_BYTES - 1] = '\0';
	for (size_t i = 0; i < length; i++) {
		if (!isxdigit((unsigned char)text[i]))
			die("a seed is 1 to 16 hex digits, not '%s'", text);
		seed[SEED_BYTES - 1 - length + i] = (char)tolower((unsigned char)text[i]);
	}
}
