/* clinic.c - part A: ten patients. Each works as long as one thread calls it. Some are ill: with
 * several threads they give wrong results, now and then. Find out for each what it shares, choose
 * one of the remedies, name it in answers.conf, and repair those that need it. "Healthy" is a
 * diagnosis, too: name it, and leave the function alone.
 *
 * Ask each of them: which variables can two threads reach at the same time? Who writes? What is
 * promised to the caller, and until when? What each function owes is said in thread_server.h. */
#include "2-thread-server/thread_server.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* 1. TODO(step 1): what does it share with other callers? */
int clinic_square(int x)
{
	return (int)((unsigned)x * (unsigned)x);
}

/* 2. TODO(step 1): whose variable is this? */
void clinic_add(long *sum, long x)
{
	*sum += x;
}

/* 3. TODO(step 1): is ++ one step? */
uint64_t clinic_next_id(void)
{
	static uint64_t last;

	return ++last;
}

/* 4. TODO(step 1): who writes the table? */
const char *clinic_month(unsigned m)
{
	static const char *const name[] = {
		"January", "February", "March",     "April",   "May",      "June",
		"July",    "August",   "September", "October", "November", "December",
	};

	return m >= 1 && m <= 12 ? name[m - 1] : NULL;
}

/* 5. TODO(step 1): two callers, how many texts? */
const char *clinic_errtext(int err)
{
	static char text[64];

	(void)snprintf(text, sizeof(text), "error %d", err);
	return text;
}

/* 6. TODO(step 1): what may happen between the test and the assignment? */
int clinic_init_once(int (*init)(void))
{
	static bool done;
	static int result;

	if (!done) {
		result = init();
		done = true;
	}
	return result;
}

/* 7. TODO(step 1): where in memory do its threads meet? And two callers? */
#define SUM_THREADS_MAX 64
struct sum_part {
	const int *v;
	size_t n;
	long sum;
};

static void *sum_part_run(void *arg)
{
	struct sum_part *part = arg;

	for (size_t i = 0; i < part->n; i++)
		part->sum += part->v[i];
	return NULL;
}

long clinic_sum_parallel(const int *v, size_t n, unsigned threads)
{
	static struct sum_part part[SUM_THREADS_MAX];
	pthread_t thread[SUM_THREADS_MAX];
	long sum = 0;

	if (threads == 0)
		threads = 1;
	if (threads > SUM_THREADS_MAX)
		threads = SUM_THREADS_MAX;
	for (unsigned t = 0; t < threads; t++) {
		size_t begin = n * t / threads;
		part[t] = (struct sum_part){ .v = v + begin, .n = n * (t + 1) / threads - begin };
		(void)pthread_create(&thread[t], NULL, sum_part_run, &part[t]);
	}
	for (unsigned t = 0; t < threads; t++) {
		(void)pthread_join(thread[t], NULL);
		sum += part[t].sum;
	}
	return sum;
}

/* 8. TODO(step 1): whose stack is it, and for how long? */
struct greeting {
	char *out;
	size_t cap;
};

static void *greeting_run(void *arg)
{
	const struct greeting *g = arg;

	(void)snprintf(g->out, g->cap, "hello from a new thread");
	return NULL;
}

int clinic_spawn_greeting(char *out, size_t cap) /* NOLINT: the new thread writes there */
{
	struct greeting g = { out, cap };
	pthread_t thread;

	if (cap == 0)
		return EINVAL;
	int err = pthread_create(&thread, NULL, greeting_run, &g);
	if (!err)
		err = pthread_detach(thread);
	return err;
}

/* 9. and 10. TODO(step 1): eight accounts. Whoever looks at several at once needs them at rest. */
static long balance[CLINIC_ACCOUNTS] = { 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000 };

int clinic_transfer(unsigned from, unsigned to, long amount)
{
	if (from >= CLINIC_ACCOUNTS || to >= CLINIC_ACCOUNTS || amount < 0)
		return EINVAL;
	if (balance[from] < amount)
		return ERANGE;
	balance[from] -= amount;
	balance[to] += amount;
	return 0;
}

long clinic_balance_total(void)
{
	long total = 0;

	for (unsigned i = 0; i < CLINIC_ACCOUNTS; i++)
		total += balance[i];
	return total;
}
