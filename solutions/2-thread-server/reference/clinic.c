/* clinic.c - part A: ten patients and their remedies. Each function says what its callers share,
 * and why that is harmless now. */
#include "2-thread-server/thread_server.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* 1. None: argument and result are copies. */
int clinic_square(int x)
{
	return (int)((unsigned)x * (unsigned)x);
}

/* 2. Mutex: the variable is the callers', who may be many. One lock for all sums, since the
 * function knows nothing about them but their address; it is held for one addition. */
void clinic_add(long *sum, long x)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards every *sum */

	(void)pthread_mutex_lock(&lock);
	*sum += x;
	(void)pthread_mutex_unlock(&lock);
}

/* 3. Atomic: one variable, one read-modify-write. Relaxed, since an id orders nothing but itself.
 */
uint64_t clinic_next_id(void)
{
	static _Atomic uint64_t last;

	return atomic_fetch_add_explicit(&last, 1, memory_order_relaxed) + 1;
}

/* 4. Read only: table and names are constants. */
const char *clinic_month(unsigned m)
{
	static const char *const name[] = {
		"January", "February", "March",     "April",   "May",      "June",
		"July",    "August",   "September", "October", "November", "December",
	};

	return m >= 1 && m <= 12 ? name[m - 1] : NULL;
}

/* 5. Thread-local: the text belongs to whoever asked, until it asks again. */
const char *clinic_errtext(int err)
{
	static _Thread_local char text[64];

	(void)snprintf(text, sizeof(text), "error %d", err);
	return text;
}

/* 6. Mutex: test, init and the mark are one step. Late callers wait for the end of init. */
int clinic_init_once(int (*init)(void))
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards done and result */
	static bool done;
	static int result;

	(void)pthread_mutex_lock(&lock);
	if (!done) {
		result = init();
		done = true;
	}
	const int mine = result;
	(void)pthread_mutex_unlock(&lock);
	return mine;
}

/* 7. Confine: every thread has a part of the values and a sum of its own, in a local variable. It
 * writes to the part once, so that it does not matter that neighbouring parts share a line. */
#define SUM_THREADS_MAX 64
struct sum_part {
	const int *v;
	size_t n;
	long sum;
	bool started;
	pthread_t thread;
};

static void *sum_part_run(void *arg)
{
	struct sum_part *part = arg;
	const int *v = part->v;
	const size_t n = part->n;
	long sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += v[i];
	part->sum = sum;
	return NULL;
}

/* A thread that cannot be made costs time, not values: the caller adds its part up itself. */
long clinic_sum_parallel(const int *v, size_t n, unsigned threads)
{
	struct sum_part part[SUM_THREADS_MAX];
	size_t begin = 0;
	long sum = 0;

	if (threads == 0)
		threads = 1;
	if (threads > SUM_THREADS_MAX)
		threads = SUM_THREADS_MAX;
	for (unsigned t = 0; t < threads; t++) {
		const size_t mine = n / threads + (t < n % threads);
		part[t] = (struct sum_part){ .v = v + begin, .n = mine };
		begin += mine;
		part[t].started = pthread_create(&part[t].thread, NULL, sum_part_run, &part[t]) ==
				  0;
	}
	for (unsigned t = 0; t < threads; t++) {
		if (part[t].started)
			(void)pthread_join(part[t].thread, NULL);
		else
			(void)sum_part_run(&part[t]);
		sum += part[t].sum;
	}
	return sum;
}

/* 8. Confine: the thread has what it needs from the stack of a function that waits for its end. */
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
		err = pthread_join(thread, NULL);
	return err;
}

/* 9. and 10. Mutex: a lock for each account, always taken in the order of their numbers, so that no
 * cycle of waiting threads can close. The total needs all accounts at rest at one instant: it takes
 * all the locks before it reads, in the same order. */
static struct account {
	pthread_mutex_t lock; /* guards balance */
	long balance;
} account[CLINIC_ACCOUNTS] = {
#define ACCOUNT                                 \
	{                                       \
		PTHREAD_MUTEX_INITIALIZER, 1000 \
	}
	ACCOUNT, ACCOUNT, ACCOUNT, ACCOUNT, ACCOUNT, ACCOUNT, ACCOUNT, ACCOUNT,
};

int clinic_transfer(unsigned from, unsigned to, long amount)
{
	int err = 0;

	if (from >= CLINIC_ACCOUNTS || to >= CLINIC_ACCOUNTS || amount < 0)
		return EINVAL;
	const unsigned low = from < to ? from : to, high = from < to ? to : from;
	(void)pthread_mutex_lock(&account[low].lock);
	if (high != low)
		(void)pthread_mutex_lock(&account[high].lock);
	if (account[from].balance < amount) {
		err = ERANGE;
	} else {
		account[from].balance -= amount;
		account[to].balance += amount;
	}
	if (high != low)
		(void)pthread_mutex_unlock(&account[high].lock);
	(void)pthread_mutex_unlock(&account[low].lock);
	return err;
}

long clinic_balance_total(void)
{
	long total = 0;

	for (unsigned i = 0; i < CLINIC_ACCOUNTS; i++)
		(void)pthread_mutex_lock(&account[i].lock);
	for (unsigned i = 0; i < CLINIC_ACCOUNTS; i++)
		total += account[i].balance;
	for (unsigned i = CLINIC_ACCOUNTS; i-- > 0;)
		(void)pthread_mutex_unlock(&account[i].lock);
	return total;
}
