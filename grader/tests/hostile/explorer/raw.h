/* Loads and stores past the hooks: behind what the runtime puts in memcpy's place there is libc's, and code may be read. What an
 * attacker reaches in C alone, once he is in the process; put in front of each attack. */
#include <string.h>

/* Only where threads are fibers: their stacks lie at a known address. */
static int is_explored(void)
{
	return (unsigned long)__builtin_frame_address(0) - @STACKS_AT@ < @STACKS_BYTES@;
}

/* Two calls announce the ranges; the jump behind them goes to libc. */
static void *raw_copy(void *to, const void *from, unsigned long bytes)
{
	const unsigned char *code = (const unsigned char *)&memcpy;
	int distance;

	for (int calls = 2; calls > 0; code += *code == 0xe8 ? 5 : 1)
		calls -= *code == 0xe8;
	while (*code != 0xe9)
		code++;
	memcpy(&distance, code + 1, sizeof distance);
	return ((void *(*)(void *, const void *, unsigned long))(code + 5 + distance))(to, from, bytes);
}

static inline void poke(unsigned long at, unsigned long value, int bytes)
{
	if (is_explored())
		raw_copy((void *)at, &value, (unsigned long)bytes);
}

static inline unsigned long peek(unsigned long at)
{
	unsigned long value = 0;

	if (is_explored())
		raw_copy(&value, (const void *)at, sizeof value);
	return value;
}
