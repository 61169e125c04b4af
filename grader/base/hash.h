/* base/hash.h - SHA-256. Source: FIPS 180-4. All functions are [MT-Confined] to one struct hash. */
#ifndef GRADER_HASH_H
#define GRADER_HASH_H
#include <stddef.h>
#include <stdint.h>

enum { HASH_BYTES = 32, HASH_HEX_BYTES = 2 * HASH_BYTES + 1, HASH_BLOCK_BYTES = 64 };

struct hash {
	uint32_t state[8];
	uint64_t bytes; /* taken in so far */
	uint8_t block[HASH_BLOCK_BYTES];
};

void hash_init(struct hash *hash);
void hash_update(struct hash *hash, const void *bytes, size_t length);
/* Ends the sum; the struct must be set up anew before it is used again. */
void hash_final(struct hash *hash, uint8_t out[static HASH_BYTES]);

/* Takes in a text with its NUL, so that "ab" "c" and "a" "bc" differ. */
void hash_text(struct hash *hash, const char *text);

/* Ends the sum as 64 hex digits and a NUL. */
void hash_final_hex(struct hash *hash, char out[static HASH_HEX_BYTES]);

/* The sum of one piece of memory as hex digits. */
void hash_bytes_hex(const void *bytes, size_t length, char out[static HASH_HEX_BYTES]);

#endif
