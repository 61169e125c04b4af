/* common/backend.c - the one function of every backend. */
#include "backend.h"

uint64_t cl_backend_mix(uint64_t value, uint64_t secret)
{
	uint64_t x = value + 0x9e3779b97f4a7c15ull * (secret | 1);

	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
	return x ^ (x >> 31) ^ secret;
}
