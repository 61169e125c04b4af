/* Part A in the player. What a function is given by pointer lies on the heap, so that its own
 * variables are the only static ones that it can touch, and a thread that outlives its call meets a
 * block that was released. */
#include "2-thread-server/thread_server.h"

#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "2-thread-server/bindings.h"
#include "tests/ops_clinic.h"

static long sum;               /* the one that all callers of clinic_add share                */
static atomic_uint init_begun; /* how often init was called                                   */
static int init_ended;         /* written by the first of them: whoever reads it comes after  */

static void put_text(struct player_call *c, const char *text, size_t most)
{
	char bytes[CLINIC_TEXT] = { 0 };

	for (size_t i = 0; i < most && i < CLINIC_TEXT && text[i]; i++)
		bytes[i] = text[i];
	memcpy(&c->result[1], bytes, CLINIC_TEXT);
}

static void run_month(struct player_call *c)
{
	const char *text = clinic_month((unsigned)c->arg[0]);

	c->result[0] = text != NULL;
	if (text)
		put_text(c, text, CLINIC_TEXT);
}

static void run_errtext(struct player_call *c)
{
	const char *text = clinic_errtext((int)c->arg[0]);

	(void)sched_yield();
	c->result[0] = text != NULL;
	if (text)
		put_text(c, text, CLINIC_TEXT);
}

/* Its own counter is atomic and orders nothing, so that a second call is an answer and no race. */
static int init(void)
{
	const unsigned before = atomic_fetch_add_explicit(&init_begun, 1, memory_order_relaxed);

	(void)sched_yield();
	if (before == 0)
		init_ended = 1;
	return CLINIC_INIT_RESULT;
}

static int init_quietly(void)
{
	return CLINIC_INIT_RESULT;
}

static void run_init_once(struct player_call *c)
{
	c->result[0] = clinic_init_once(init);
	c->result[1] = init_ended;
	c->result[2] = atomic_load_explicit(&init_begun, memory_order_relaxed);
}

static void run_sum_parallel(struct player_call *c)
{
	const size_t n = (size_t)c->arg[0];
	int *v = malloc((n + 1) * sizeof(*v));

	if (!v)
		abort();
	for (size_t i = 0; i < n; i++)
		v[i] = clinic_value((uint64_t)c->arg[2], i);
	c->result[0] = clinic_sum_parallel(v, n, (unsigned)c->arg[1]);
	free(v);
}

static void run_greeting(struct player_call *c)
{
	const size_t cap = (size_t)c->arg[0];
	char *out = malloc(cap ? cap : 1);
	size_t length = 0;

	if (!out)
		abort();
	memset(out, CLINIC_PATTERN, cap ? cap : 1);
	c->result[0] = clinic_spawn_greeting(out, cap);
	while (length < cap && out[length])
		length++;
	if (length == cap)
		c->result[0] |= CLINIC_NO_END;
	put_text(c, out, length);
	free(out);
}

static void run_inside_add(void)
{
	long *own = calloc(1, sizeof(*own));

	if (!own)
		abort();
	clinic_add(own, 3);
	free(own);
}

/* One call of one function, and nothing else that touches a static variable, between two yields. */
static void run_inside(struct player_call *c)
{
	const int function = OP_CLINIC + c->op - OP_CLINIC_INSIDE;

	(void)sched_yield();
	switch ((enum clinic_op)function) {
	case OP_CLINIC_SQUARE:
		c->result[0] = clinic_square((int)c->arg[0]);
		break;
	case OP_CLINIC_ADD:
		run_inside_add();
		break;
	case OP_CLINIC_NEXT_ID:
		c->result[0] = (int64_t)clinic_next_id();
		break;
	case OP_CLINIC_MONTH: /* with its text: whether that is static is seen when it is read */
		run_month(c);
		break;
	case OP_CLINIC_ERRTEXT:
		c->result[0] = clinic_errtext((int)c->arg[0]) != NULL;
		break;
	case OP_CLINIC_INIT_ONCE:
		c->result[0] = clinic_init_once(init_quietly);
		break;
	case OP_CLINIC_SUM_PARALLEL:
		run_sum_parallel(c);
		break;
	case OP_CLINIC_GREETING:
		run_greeting(c);
		break;
	case OP_CLINIC_TRANSFER:
		c->result[0] = clinic_transfer((unsigned)c->arg[0], (unsigned)c->arg[1],
					       (long)c->arg[2]);
		break;
	case OP_CLINIC_TOTAL:
		c->result[0] = clinic_balance_total();
		break;
	case OP_CLINIC_FUNCTIONS:
	case OP_CLINIC_INSIDE:
		break;
	}
	(void)sched_yield();
}

void run_clinic(struct player_call *c)
{
	if (c->op >= OP_CLINIC_INSIDE) {
		run_inside(c);
		return;
	}
	switch ((enum clinic_op)c->op) {
	case OP_CLINIC_SQUARE:
		c->result[0] = clinic_square((int)c->arg[0]);
		break;
	case OP_CLINIC_ADD:
		clinic_add(&sum, (long)c->arg[0]);
		break;
	case OP_CLINIC_NEXT_ID:
		c->result[0] = (int64_t)clinic_next_id();
		break;
	case OP_CLINIC_MONTH:
		run_month(c);
		break;
	case OP_CLINIC_ERRTEXT:
		run_errtext(c);
		break;
	case OP_CLINIC_INIT_ONCE:
		run_init_once(c);
		break;
	case OP_CLINIC_SUM_PARALLEL:
		run_sum_parallel(c);
		break;
	case OP_CLINIC_GREETING:
		run_greeting(c);
		break;
	case OP_CLINIC_TRANSFER:
		c->result[0] = clinic_transfer((unsigned)c->arg[0], (unsigned)c->arg[1],
					       (long)c->arg[2]);
		break;
	case OP_CLINIC_TOTAL:
		c->result[0] = clinic_balance_total();
		break;
	case OP_CLINIC_SUM:
		c->result[0] = sum;
		break;
	case OP_CLINIC_INSIDE:
		break;
	}
}
