/* SHA-256 in the words of FIPS 180-4; no crypto library is among our dependencies. */
#include "base/hash.h"

#include <stdio.h>
#include <string.h>

static const uint32_t round_constants[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
	0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
	0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
	0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
	0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
	0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
	0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
	0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
	0xc67178f2,
};

static uint32_t rotate(uint32_t x, unsigned n)
{
	return x >> n | x << (32 - n);
}

static void expand(const uint8_t block[HASH_BLOCK_BYTES], uint32_t w[64])
{
	for (size_t i = 0; i < 16; i++)
		w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
		       (uint32_t)block[4 * i + 2] << 8 | (uint32_t)block[4 * i + 3];
	for (size_t i = 16; i < 64; i++) {
		uint32_t s0 = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ w[i - 15] >> 3;
		uint32_t s1 = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ w[i - 2] >> 10;
		w[i] = w[i - 16] + s0 + w[i - 7] + s1;
	}
}

/* One round on a b c d e f g h of the standard, which moves them along by a word each time: here
 * they stay, and the step turns their names. A constant one, so that they live in registers. */
static inline void turn(uint32_t v[8], size_t step, uint32_t word)
{
	const uint32_t a = v[(8 - step) % 8], b = v[(9 - step) % 8], c = v[(10 - step) % 8];
	const uint32_t e = v[(12 - step) % 8], f = v[(13 - step) % 8], g = v[(14 - step) % 8];
	uint32_t *h = &v[(15 - step) % 8];
	uint32_t s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
	uint32_t choice = (e & f) ^ (~e & g);
	uint32_t t1 = *h + s1 + choice + word;
	uint32_t s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
	uint32_t majority = (a & b) ^ (a & c) ^ (b & c);
	v[(11 - step) % 8] += t1;
	*h = t1 + s0 + majority;
}

static void compress(uint32_t state[8], const uint8_t block[HASH_BLOCK_BYTES])
{
	uint32_t w[64];
	expand(block, w);
	for (size_t i = 0; i < 64; i++)
		w[i] += round_constants[i];
	uint32_t v[8];
	memcpy(v, state, sizeof v);
	for (size_t i = 0; i < 64; i += 8) {
		turn(v, 0, w[i]);
		turn(v, 1, w[i + 1]);
		turn(v, 2, w[i + 2]);
		turn(v, 3, w[i + 3]);
		turn(v, 4, w[i + 4]);
		turn(v, 5, w[i + 5]);
		turn(v, 6, w[i + 6]);
		turn(v, 7, w[i + 7]);
	}
	for (size_t i = 0; i < 8; i++)
		state[i] += v[i];
}

void hash_init(struct hash *hash)
{
	*hash = (struct hash){
		.state = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c,
			   0x1f83d9ab, 0x5be0cd19 },
	};
}

void hash_update(struct hash *hash, const void *bytes, size_t length)
{
	const uint8_t *p = bytes;
	while (length > 0) {
		size_t used = hash->bytes % HASH_BLOCK_BYTES;
		size_t part = HASH_BLOCK_BYTES - used < length ? HASH_BLOCK_BYTES - used : length;
		memcpy(hash->block + used, p, part);
		hash->bytes += part;
		p += part;
		length -= part;
		if (used + part == HASH_BLOCK_BYTES)
			compress(hash->state, hash->block);
	}
}

void hash_text(struct hash *hash, const char *text)
{
	hash_update(hash, text, strlen(text) + 1);
}

void hash_final(struct hash *hash, uint8_t out[static HASH_BYTES])
{
	uint64_t bits = hash->bytes * 8;
	static const uint8_t padding[HASH_BLOCK_BYTES] = { 0x80 };
	size_t used = hash->bytes % HASH_BLOCK_BYTES;
	hash_update(hash, padding, used < 56 ? 56 - used : 120 - used);
	uint8_t length[8];
	for (size_t i = 0; i < 8; i++)
		length[i] = (uint8_t)(bits >> (56 - 8 * i));
	hash_update(hash, length, sizeof length);
	for (size_t i = 0; i < HASH_BYTES; i++)
		out[i] = (uint8_t)(hash->state[i / 4] >> (24 - 8 * (i % 4)));
}

void hash_final_hex(struct hash *hash, char out[static HASH_HEX_BYTES])
{
	uint8_t sum[HASH_BYTES];
	hash_final(hash, sum);
	for (size_t i = 0; i < HASH_BYTES; i++)
		(void)snprintf(out + 2 * i, 3, "%02x", sum[i]);
}

void hash_bytes_hex(const void *bytes, size_t length, char out[static HASH_HEX_BYTES])
{
	struct hash hash;
	hash_init(&hash);
	hash_update(&hash, bytes, length);
	hash_final_hex(&hash, out);
}
