/* clinic.c - variant V2-4a: pthread_once for the initialisation, thread-specific data for the text,
 * one lock for all accounts, an atomic for the sum of the parts. */
#include "2-thread-server/thread_server.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

int clinic_square(int x)
{
	const long long wide = x;

	return (int)(wide * wide);
}

/* The callers' variable is a plain long: the builtin is atomic all the same. */
void clinic_add(long *sum, long x)
{
	(void)__atomic_fetch_add(sum, x, __ATOMIC_SEQ_CST);
}

uint64_t clinic_next_id(void)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards last */
	static uint64_t last;

	(void)pthread_mutex_lock(&lock);
	const uint64_t mine = ++last;
	(void)pthread_mutex_unlock(&lock);
	return mine;
}

const char *clinic_month(unsigned m)
{
	switch (m) {
	case 1:
		return "January";
	case 2:
		return "February";
	case 3:
		return "March";
	case 4:
		return "April";
	case 5:
		return "May";
	case 6:
		return "June";
	case 7:
		return "July";
	case 8:
		return "August";
	case 9:
		return "September";
	case 10:
		return "October";
	case 11:
		return "November";
	case 12:
		return "December";
	default:
		return NULL;
	}
}

#define TEXT_BYTES 64
static pthread_key_t text_key;

static void text_key_make(void)
{
	(void)pthread_key_create(&text_key, free);
}

const char *clinic_errtext(int err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	(void)pthread_once(&once, text_key_make);
	char *text = pthread_getspecific(text_key);
	if (!text) {
		text = malloc(TEXT_BYTES);
		if (!text || pthread_setspecific(text_key, text)) {
			free(text);
			return "out of memory";
		}
	}
	(void)snprintf(text, TEXT_BYTES, "error %d", err);
	return text;
}

/* pthread_once passes no argument: it goes by way of the calling thread's own variable. */
static _Thread_local int (*init_mine)(void);
static int init_result; /* written in the once, read after it */

static void init_run(void)
{
	init_result = init_mine();
}

int clinic_init_once(int (*init)(void))
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	init_mine = init;
	(void)pthread_once(&once, init_run);
	return init_result;
}

#define SUM_THREADS_MAX 64
struct sum_part {
	const int *v;
	size_t n;
	atomic_long *total; /* all parts add to it, once each */
};

static void *sum_part_run(void *arg)
{
	const struct sum_part *part = arg;
	long sum = 0;

	for (size_t i = 0; i < part->n; i++)
		sum += part->v[i];
	(void)atomic_fetch_add(part->total, sum);
	return NULL;
}

long clinic_sum_parallel(const int *v, size_t n, unsigned threads)
{
	struct sum_part part[SUM_THREADS_MAX];
	pthread_t thread[SUM_THREADS_MAX];
	atomic_long total = 0;
	unsigned made = 0;

	threads = threads == 0 ? 1 : threads > SUM_THREADS_MAX ? SUM_THREADS_MAX : threads;
	for (unsigned t = 0; t < threads; t++) {
		const size_t begin = n * t / threads;
		part[t] = (struct sum_part){ v + begin, n * (t + 1) / threads - begin, &total };
		if (pthread_create(&thread[made], NULL, sum_part_run, &part[t]))
			(void)sum_part_run(&part[t]);
		else
			made++;
	}
	while (made > 0)
		(void)pthread_join(thread[--made], NULL);
	return total;
}

struct greeting {
	size_t cap;
	char out[];
};

/* The thread owns what it is given, and leaves the text to whoever joins it. */
static void *greeting_run(void *arg)
{
	struct greeting *g = arg;

	(void)snprintf(g->out, g->cap, "hello from a new thread");
	pthread_exit(g);
}

int clinic_spawn_greeting(char *out, size_t cap)
{
	pthread_t thread;
	void *result = NULL;

	if (cap == 0)
		return EINVAL;
	struct greeting *g = malloc(sizeof(*g) + cap);
	if (!g)
		return ENOMEM;
	g->cap = cap;
	int err = pthread_create(&thread, NULL, greeting_run, g);
	if (!err)
		err = pthread_join(thread, &result);
	if (!err)
		(void)snprintf(out, cap, "%s", g->out);
	free(g);
	return err;
}

static pthread_mutex_t bank = PTHREAD_MUTEX_INITIALIZER; /* guards balance */
static long balance[CLINIC_ACCOUNTS] = { 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000 };

int clinic_transfer(unsigned from, unsigned to, long amount)
{
	int err = 0;

	if (from >= CLINIC_ACCOUNTS || to >= CLINIC_ACCOUNTS || amount < 0)
		return EINVAL;
	(void)pthread_mutex_lock(&bank);
	if (balance[from] < amount) {
		err = ERANGE;
	} else {
		balance[from] -= amount;
		balance[to] += amount;
	}
	(void)pthread_mutex_unlock(&bank);
	return err;
}

long clinic_balance_total(void)
{
	long total = 0;

	(void)pthread_mutex_lock(&bank);
	for (unsigned i = 0; i < CLINIC_ACCOUNTS; i++)
		total += balance[i];
	(void)pthread_mutex_unlock(&bank);
	return total;
}
