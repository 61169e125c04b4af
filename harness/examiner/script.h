/* script.h - seeded values, request streams and their splits; all from the run's seed, so that a
 * token replays them. [MT-Confined] */
#ifndef SCRIPT_H
#define SCRIPT_H
#include <stddef.h>
#include <stdint.h>

#include "model.h"

/* Source: splitmix64 (Steele, Lea, Flood 2014). */
struct rng {
	uint64_t state;
};
uint64_t rng_next(struct rng *rng);
uint64_t rng_below(struct rng *rng, uint64_t n); /* 0..n-1, n >= 1 */

#define SCRIPT_REQUESTS_MAX 64

/* Requests one after another as the bytes of one stream, with the answer that each must get. */
struct script {
	char *bytes;
	size_t len;
	size_t count;
	struct request {
		size_t at, len; /* within bytes                                               */
		struct want want;
	} request[SCRIPT_REQUESTS_MAX];
};

void script_free(struct script *script);
/* Adds a request: `head` without the closing empty line, with "\r\n" at each line's end;
 * Content-Length is added if there is a body. Its answer is taken from the model. */
void script_add(struct script *script, const struct model *model, const char *head,
		const void *body, size_t body_len);
/* GET target HTTP/1.1 */
void script_get(struct script *script, const struct model *model, const char *target);
/* Adds `count` requests of all routes that need no backend, small, keep-alive, by seed. */
void script_mix(struct script *script, const struct model *model, struct rng *rng, size_t count);

/* How many bytes of the `left` ones go into the next piece: mostly few, sometimes many. */
size_t script_piece(struct rng *rng, size_t left);
#endif
