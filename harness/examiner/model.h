/* model.h - CLHP/1 as it should be: what a server must answer to a request, and how an answer
 * differs. The request is parsed by the given cl_http_parse, so both sides agree what it asks.
 * [MT-Confined] */
#ifndef MODEL_H
#define MODEL_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ANSWER_HEAD_MAX 4096

/* What the examiner knows about the server that is asked. */
struct model {
	uint64_t secret; /* of its backend                                                     */
	bool crash;      /* CL_F_ALLOW_CRASH                                                   */
	uint64_t count;  /* value of the next /count                                           */
	bool draining;   /* every answer closes                                                */
};

/* The answer to expect. */
struct want {
	int status;
	bool close, any_close; /* any_close: open or closed, both are right                      */
	bool any_body; /* the page and /stat: only that the length fits                        */
	bool work;     /* the body is a hash over steps                                        */
	uint8_t *body; /* returned: want_free; NULL if empty, any or too large to keep         */
	uint64_t length;
};

/* A response as it came; body points into the buffer that was parsed. */
struct answer {
	int status;
	bool close;
	uint64_t length;
	size_t head_len;
	const uint8_t *body;
};

/* The answer that the request of len bytes (head and body) must get. */
void model_answer(const struct model *model, const char *request, size_t len, struct want *want);
void want_free(struct want *want);

/* Parses the head of a response: > 0 its length; 0 incomplete; -1 malformed. 1xx has no body. */
int answer_parse(const uint8_t *bytes, size_t len, struct answer *answer);

/* NULL if the answer (its whole body there) is as wanted, else one sentence, valid until the next
 * call. */
const char *want_differs(const struct want *want, const struct answer *answer);

/* cl_burn in closed form: the same value after about 2 * log2(rounds) steps. */
uint64_t model_burn(uint64_t seed, uint64_t rounds);
#endif
