/* Builds request streams. */
#include "script.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "evidence.h"

uint64_t rng_next(struct rng *rng)
{
	uint64_t z = rng->state += 0x9e3779b97f4a7c15ull;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
	return z ^ (z >> 31);
}

uint64_t rng_below(struct rng *rng, uint64_t n)
{
	return rng_next(rng) % n; /* the bias is of no importance here */
}

void script_free(struct script *s)
{
	for (size_t i = 0; i < s->count; i++)
		want_free(&s->request[i].want);
	free(s->bytes);
	*s = (struct script){ 0 };
}

static void append(struct script *s, const void *bytes, size_t len)
{
	char *grown = realloc(s->bytes, s->len + len + 1);

	if (!grown)
		fault("no memory for a script");
	s->bytes = grown;
	memcpy(s->bytes + s->len, bytes, len);
	s->len += len;
}

void script_add(struct script *s, const struct model *model, const char *head, const void *body,
		size_t body_len)
{
	struct request *r = &s->request[s->count];
	char length[64];

	if (s->count++ == SCRIPT_REQUESTS_MAX)
		fault("more than %d requests in a script", SCRIPT_REQUESTS_MAX);
	r->at = s->len;
	append(s, head, strlen(head));
	if (body) {
		int n = snprintf(length, sizeof(length), "Content-Length: %zu\r\n", body_len);
		append(s, length, (size_t)n);
	}
	append(s, "\r\n", 2);
	if (body)
		append(s, body, body_len);
	r->len = s->len - r->at;
	model_answer(model, s->bytes + r->at, r->len, &r->want);
}

void script_get(struct script *s, const struct model *model, const char *target)
{
	char head[256];

	(void)snprintf(head, sizeof(head), "GET %s HTTP/1.1\r\n", target);
	script_add(s, model, head, NULL, 0);
}

static void add_post(struct script *s, const struct model *model, struct rng *rng, const char *head)
{
	uint8_t body[96];
	size_t len = 1 + rng_below(rng, sizeof(body));

	for (size_t i = 0; i < len; i++)
		body[i] = (uint8_t)rng_next(rng);
	script_add(s, model, head, body, len);
}

void script_mix(struct script *s, const struct model *model, struct rng *rng, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char target[128];
		uint64_t seed = rng_next(rng) >> 1;

		switch (rng_below(rng, 5)) {
		case 0:
			script_get(s, model, "/ping");
			break;
		case 1:
			(void)snprintf(target, sizeof(target),
				       "/work?seed=%" PRIu64 "&plan=c%" PRIu64 ",y", seed,
				       rng_below(rng, 200));
			script_get(s, model, target);
			break;
		case 2:
			(void)snprintf(target, sizeof(target), "/bytes/%" PRIu64 "?seed=%" PRIu64,
				       rng_below(rng, 300), seed);
			script_get(s, model, target);
			break;
		case 3:
			add_post(s, model, rng, "POST /echo HTTP/1.1\r\nX-Padding: a b\r\n");
			break;
		case 4:
			add_post(s, model, rng, "POST /sum HTTP/1.1\r\n");
			break;
		}
	}
}

size_t script_piece(struct rng *rng, size_t left)
{
	static const size_t most[] = { 1, 4, 16, 64, 1000 };
	size_t n = 1 + rng_below(rng, most[rng_below(rng, 5)]);

	return n < left ? n : left;
}
