/* The clinic, one call after another: a sum, a counter, and eight accounts; all else is computed
 * from the arguments. */
#include "spec_clinic.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "2-thread-server/thread_server.h"
#include "ops_clinic.h"

struct clinic_state {
	int64_t sum;
	uint64_t last_id;
	int64_t balance[CLINIC_ACCOUNTS];
};

static size_t state_bytes(const void *parameters)
{
	(void)parameters;
	return sizeof(struct clinic_state);
}

static void start(const void *parameters, void *state)
{
	struct clinic_state *s = state;

	(void)parameters;
	for (unsigned i = 0; i < CLINIC_ACCOUNTS; i++)
		s->balance[i] = 1000;
}

static void put_text(const char *text, int64_t out[3])
{
	char bytes[CLINIC_TEXT] = { 0 };

	memcpy(bytes, text, strnlen(text, CLINIC_TEXT));
	memcpy(out, bytes, CLINIC_TEXT);
}

void clinic_greeting_text(int64_t cap, int64_t out[3])
{
	char text[CLINIC_TEXT] = "hello from a new thread";

	if (cap >= 1 && cap < CLINIC_TEXT)
		text[cap - 1] = '\0';
	put_text(text, out);
}

void clinic_errtext_text(int64_t err, int64_t out[3])
{
	char text[CLINIC_TEXT];

	(void)snprintf(text, sizeof(text), "error %d", (int)err);
	put_text(text, out);
}

int64_t clinic_sum_of(uint64_t seed, uint64_t n, uint64_t which)
{
	int64_t sum = 0;

	for (uint64_t i = 0; i < n; i++)
		if (which >> (i % 64) & 1)
			sum += clinic_value(seed, i);
	return sum;
}

static bool has_text(const struct operation *o, const int64_t text[3])
{
	return o->result[0] == 1 && memcmp(&o->result[1], text, CLINIC_TEXT) == 0;
}

static bool is_month(const struct operation *o)
{
	static const char *const names[] = { "January",   "February", "March",    "April",
					     "May",       "June",     "July",     "August",
					     "September", "October",  "November", "December" };
	int64_t text[3];

	if (o->arg[0] < 1 || o->arg[0] > 12)
		return o->result[0] == 0;
	put_text(names[o->arg[0] - 1], text);
	return has_text(o, text);
}

static bool is_errtext(const struct operation *o)
{
	int64_t text[3];

	clinic_errtext_text(o->arg[0], text);
	return has_text(o, text);
}

static bool is_greeting(const struct operation *o)
{
	int64_t text[3];

	if (o->arg[0] == 0)
		return o->result[0] == (EINVAL | CLINIC_NO_END);
	clinic_greeting_text(o->arg[0], text);
	return o->result[0] == 0 && memcmp(&o->result[1], text, CLINIC_TEXT) == 0;
}

/* The status of a transfer. */
static int refusal(const struct clinic_state *s, const struct operation *o)
{
	if (o->arg[0] < 0 || o->arg[0] >= CLINIC_ACCOUNTS || o->arg[1] < 0 ||
	    o->arg[1] >= CLINIC_ACCOUNTS || o->arg[2] < 0)
		return EINVAL;
	return s->balance[o->arg[0]] < o->arg[2] ? ERANGE : 0;
}

static void move(struct clinic_state *s, const struct operation *o)
{
	s->balance[o->arg[0]] -= o->arg[2];
	s->balance[o->arg[1]] += o->arg[2];
}

static int64_t total(const struct clinic_state *s)
{
	int64_t sum = 0;

	for (unsigned i = 0; i < CLINIC_ACCOUNTS; i++)
		sum += s->balance[i];
	return sum;
}

static bool apply(const void *parameters, void *state, const struct operation *o)
{
	struct clinic_state *s = state;

	(void)parameters;
	switch (o->op) {
	case OP_CLINIC_SQUARE:
		return o->result[0] == o->arg[0] * o->arg[0];
	case OP_CLINIC_ADD:
		s->sum += o->arg[0];
		return true;
	case OP_CLINIC_SUM:
		return o->result[0] == s->sum;
	case OP_CLINIC_NEXT_ID:
		if (o->result[0] != (int64_t)s->last_id + 1)
			return false;
		s->last_id++;
		return true;
	case OP_CLINIC_MONTH:
		return is_month(o);
	case OP_CLINIC_ERRTEXT:
		return is_errtext(o);
	case OP_CLINIC_INIT_ONCE:
		return o->result[0] == CLINIC_INIT_RESULT && o->result[1] == 1 && o->result[2] == 1;
	case OP_CLINIC_SUM_PARALLEL:
		return o->result[0] ==
		       clinic_sum_of((uint64_t)o->arg[2], (uint64_t)o->arg[0], UINT64_MAX);
	case OP_CLINIC_GREETING:
		return is_greeting(o);
	case OP_CLINIC_TRANSFER:
		if (o->result[0] != refusal(s, o))
			return false;
		if (o->result[0] == 0)
			move(s, o);
		return true;
	case OP_CLINIC_TOTAL:
		return o->result[0] == total(s);
	default:
		return false;
	}
}

/* Each has one effect, whatever it would have returned. */
static bool effect(const void *parameters, void *state, const struct operation *o,
		   unsigned alternative)
{
	struct clinic_state *s = state;

	(void)parameters;
	if (alternative > 0)
		return false;
	if (o->op == OP_CLINIC_ADD)
		s->sum += o->arg[0];
	if (o->op == OP_CLINIC_NEXT_ID)
		s->last_id++;
	if (o->op == OP_CLINIC_TRANSFER && refusal(s, o) == 0)
		move(s, o);
	return true;
}

/* None of them has anything to wait for. */
static bool sleeps(const void *parameters, const void *state, const struct operation *o)
{
	(void)parameters;
	(void)state;
	(void)o;
	return false;
}

const struct specification spec_clinic = {
	.name = "the clinic",
	.state_bytes = state_bytes,
	.start = start,
	.apply = apply,
	.effect = effect,
	.sleeps = sleeps,
};
