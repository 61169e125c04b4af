/* tests/fuzz.h - what every libFuzzer target needs. */
#ifndef GRADER_FUZZ_H
#define GRADER_FUZZ_H
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Unlike assert() it stays in every build. */
#define DEMAND(e)                \
	do {                     \
		if (!(e))        \
			abort(); \
	} while (0)

#endif
