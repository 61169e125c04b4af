/* clinic.c - variant V2-4b: the names of C11. call_once, mtx_t, thrd_create, tss_t; the total by
 * trial: it reads without a lock and begins again if a transfer came in between. */
#include "2-thread-server/thread_server.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <threads.h>

int clinic_square(int x)
{
	return x * x;
}

static once_flag sum_once = ONCE_FLAG_INIT;
static mtx_t sum_lock; /* guards every *sum */

static void sum_lock_make(void)
{
	(void)mtx_init(&sum_lock, mtx_plain);
}

void clinic_add(long *sum, long x)
{
	call_once(&sum_once, sum_lock_make);
	(void)mtx_lock(&sum_lock);
	*sum += x;
	(void)mtx_unlock(&sum_lock);
}

uint64_t clinic_next_id(void)
{
	static _Atomic uint64_t next = 1;
	uint64_t mine = atomic_load(&next);

	while (!atomic_compare_exchange_weak(&next, &mine, mine + 1))
		;
	return mine;
}

const char *clinic_month(unsigned m)
{
	static const char name[][10] = {
		"January", "February", "March",     "April",   "May",      "June",
		"July",    "August",   "September", "October", "November", "December",
	};

	return m - 1 < 12 ? name[m - 1] : NULL;
}

static once_flag text_once = ONCE_FLAG_INIT;
static tss_t text_key;

static void text_key_make(void)
{
	(void)tss_create(&text_key, free);
}

const char *clinic_errtext(int err)
{
	call_once(&text_once, text_key_make);
	char *text = tss_get(text_key);
	if (!text) {
		text = calloc(1, 64);
		(void)tss_set(text_key, text);
	}
	if (text)
		(void)snprintf(text, 64, "error %d", err);
	return text;
}

static once_flag init_flag = ONCE_FLAG_INIT;
static _Atomic(int (*)(void)) init_function; /* all callers give one and the same */
static int init_result;

static void init_run(void)
{
	init_result = atomic_load(&init_function)();
}

int clinic_init_once(int (*init)(void))
{
	atomic_store(&init_function, init);
	call_once(&init_flag, init_run);
	return init_result;
}

struct sum_part {
	_Alignas(64) const int *v;
	size_t n;
	long sum;
	thrd_t thread;
};

static int sum_part_run(void *arg)
{
	struct sum_part *part = arg;

	part->sum = 0;
	for (size_t i = 0; i < part->n; i++)
		part->sum += part->v[i]; /* a line of its own for each part */
	return 0;
}

/* The caller adds up the first part itself. */
long clinic_sum_parallel(const int *v, size_t n, unsigned threads)
{
	threads = threads ? threads : 1;
	struct sum_part *part = aligned_alloc(64, threads * sizeof(*part));
	const size_t each = (n + threads - 1) / threads;
	long sum = 0;
	size_t left = n;

	if (!part)
		abort();
	for (unsigned t = 0; t < threads; t++) {
		const size_t mine = left < each ? left : each;
		part[t] = (struct sum_part){ .v = v + (n - left), .n = mine };
		left -= mine;
		if (t > 0 && thrd_create(&part[t].thread, sum_part_run, &part[t]) != thrd_success)
			abort();
	}
	(void)sum_part_run(&part[0]);
	for (unsigned t = 0; t < threads; t++) {
		if (t > 0)
			(void)thrd_join(part[t].thread, NULL);
		sum += part[t].sum;
	}
	free(part);
	return sum;
}

struct greeting {
	char *out;
	size_t cap;
};

static int greeting_run(void *arg)
{
	struct greeting *g = arg;
	const char *text = "hello from a new thread";
	size_t i = 0;

	for (; i + 1 < g->cap && text[i]; i++)
		g->out[i] = text[i];
	g->out[i] = '\0';
	free(g);
	return 0;
}

int clinic_spawn_greeting(char *out, size_t cap)
{
	thrd_t thread;

	if (cap == 0)
		return EINVAL;
	struct greeting *g = malloc(sizeof(*g));
	if (!g)
		return ENOMEM;
	*g = (struct greeting){ out, cap };
	if (thrd_create(&thread, greeting_run, g) != thrd_success) {
		free(g);
		return EAGAIN;
	}
	return thrd_join(thread, NULL) == thrd_success ? 0 : EINVAL;
}

/* A transfer is one in three steps: version odd, two stores, version even. Only one at a time gets
 * the odd version; whoever reads compares the versions before and after. */
static _Atomic unsigned version;
static _Atomic long balance[CLINIC_ACCOUNTS] = { 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000 };

int clinic_transfer(unsigned from, unsigned to, long amount)
{
	unsigned now = atomic_load(&version);
	int err = 0;

	if (from >= CLINIC_ACCOUNTS || to >= CLINIC_ACCOUNTS || amount < 0)
		return EINVAL;
	while ((now & 1) || !atomic_compare_exchange_weak(&version, &now, now + 1)) {
		thrd_yield();
		now = atomic_load(&version);
	}
	if (balance[from] < amount) {
		err = ERANGE;
	} else {
		balance[from] -= amount;
		balance[to] += amount;
	}
	atomic_store(&version, now + 2);
	return err;
}

long clinic_balance_total(void)
{
	for (;;) {
		const unsigned before = atomic_load(&version);
		long total = 0;
		for (unsigned i = 0; i < CLINIC_ACCOUNTS; i++)
			total += atomic_load(&balance[i]);
		if (!(before & 1) && atomic_load(&version) == before)
			return total;
		thrd_yield();
	}
}
