/* visited.h - a set of byte strings that only grows, until it is cleared at no cost.
 * Open addressing; the strings stand one behind another in one piece of memory. [MT-Confined] */
#ifndef VISITED_H
#define VISITED_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct visited;

/* For at most `limit` strings of at most `bytes_max` bytes. Memory is taken as it is needed. NULL:
 * none. */
struct visited *visited_create(size_t bytes_max, size_t limit);
void visited_destroy(struct visited *v);
void visited_clear(struct visited *v);

/* Adds the string: false if it is there already, or if there is no room (see visited_full). */
bool visited_add(struct visited *v, const void *string, size_t bytes);
bool visited_has(const struct visited *v, const void *string, size_t bytes);
size_t visited_count(const struct visited *v);
/* True once a string was turned away: the set had reached its limit. */
bool visited_full(const struct visited *v);

/* Continues a hash over these bytes. Source: the mixing of splitmix64 (Steele, Lea, Flood 2014). */
uint64_t visited_hash(uint64_t hash, const void *bytes, size_t count);
#endif
