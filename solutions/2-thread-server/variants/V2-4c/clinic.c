/* clinic.c - variant V2-4c: the initialisation is an atomic with three states, the accounts have
 * one read-write lock, the threads of a sum are given single values by turns. */
#include "2-thread-server/thread_server.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
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

/* 6. Atomic: 0 nobody has begun, 1 init runs, 2 its result is there. */
int clinic_init_once(int (*init)(void))
{
	static atomic_int state;
	static int result; /* published by state 2 */
	int nobody = 0;

	if (atomic_compare_exchange_strong(&state, &nobody, 1)) {
		result = init();
		atomic_store_explicit(&state, 2, memory_order_release);
	}
	while (atomic_load_explicit(&state, memory_order_acquire) != 2)
		(void)sched_yield();
	return result;
}

/* 7. Confine: thread t adds up the values t, t + threads, ..., and hands its sum over as it ends.
 */
struct sum_part {
	const int *v;
	size_t n, first, step;
};

static void *sum_part_run(void *arg)
{
	const struct sum_part part = *(struct sum_part *)arg;
	long sum = 0;

	free(arg);
	for (size_t i = part.first; i < part.n; i += part.step)
		sum += part.v[i];
	return (void *)sum;
}

long clinic_sum_parallel(const int *v, size_t n, unsigned threads)
{
	pthread_t thread[64];
	long sum = 0;

	if (threads == 0)
		threads = 1;
	if (threads > 64)
		threads = 64;
	for (unsigned t = 0; t < threads; t++) {
		struct sum_part *part = malloc(sizeof(*part));
		if (!part)
			abort();
		*part = (struct sum_part){ v, n, t, threads };
		if (pthread_create(&thread[t], NULL, sum_part_run, part))
			abort();
	}
	for (unsigned t = 0; t < threads; t++) {
		void *part;
		(void)pthread_join(thread[t], &part);
		sum += (long)part;
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

int clinic_spawn_greeting(char *out, size_t cap)
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

/* 9. and 10. Mutex, with readers side by side. */
static pthread_rwlock_t bank = PTHREAD_RWLOCK_INITIALIZER; /* guards balance */
static long balance[CLINIC_ACCOUNTS] = { 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000 };

int clinic_transfer(unsigned from, unsigned to, long amount)
{
	int err = 0;

	if (from >= CLINIC_ACCOUNTS || to >= CLINIC_ACCOUNTS || amount < 0)
		return EINVAL;
	(void)pthread_rwlock_wrlock(&bank);
	if (balance[from] < amount) {
		err = ERANGE;
	} else {
		balance[from] -= amount;
		balance[to] += amount;
	}
	(void)pthread_rwlock_unlock(&bank);
	return err;
}

long clinic_balance_total(void)
{
	long total = 0;

	(void)pthread_rwlock_rdlock(&bank);
	for (unsigned i = 0; i < CLINIC_ACCOUNTS; i++)
		total += balance[i];
	(void)pthread_rwlock_unlock(&bank);
	return total;
}
