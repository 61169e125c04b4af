/* One run of the pool's workload: one thread submits N tasks, each adds one to a counter, then all
 * are waited for. Prints CPU ns a task, wall ns a task, and sleeps (voluntary switches) a task.
 *
 * Where the threads run decides more than anything else: alternating on one core each finds the
 * lock free, side by side they fight for it. So there are two shapes: the scheduler's choice, and
 * the submitter on core 0 with the workers on core 1 (third argument: apart).
 *
 * Compiled once for each peer: POOL_OF_LAB (linked with a pool.c), POOL_OF_UV, POOL_OF_GLIB. */
#include <inttypes.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#define CAPACITY 4096

static atomic_ulong counter;

#define WARM_UP 1000 /* tasks: libuv makes its threads at the first one */

#if defined(POOL_OF_LAB)
#include "2-thread-server/thread_server.h"

static void add(void *arg)
{
	(void)arg;
	atomic_fetch_add_explicit(&counter, 1, memory_order_relaxed);
}

static struct pool *pool;

static void start(unsigned workers)
{
	if (pool_create(&pool, workers, CAPACITY))
		abort();
}

static void run(unsigned long tasks)
{
	for (unsigned long i = 0; i < tasks; i++)
		if (pool_submit(pool, add, NULL))
			abort();
	if (pool_wait_idle(pool))
		abort();
}
#elif defined(POOL_OF_UV)
#include <uv.h>

static void add(uv_work_t *work)
{
	(void)work;
	atomic_fetch_add_explicit(&counter, 1, memory_order_relaxed);
}

static void done(uv_work_t *work, int status)
{
	(void)work;
	(void)status;
}

static void start(unsigned workers)
{
	char number[16];

	(void)snprintf(number, sizeof(number), "%u", workers);
	(void)setenv("UV_THREADPOOL_SIZE", number, 1);
}

static void run(unsigned long tasks)
{
	uv_work_t *work = calloc(tasks, sizeof(*work));

	for (unsigned long i = 0; i < tasks; i++)
		if (uv_queue_work(uv_default_loop(), &work[i], add, done))
			abort();
	(void)uv_run(uv_default_loop(), UV_RUN_DEFAULT);
	free(work);
}
#else
#include <glib.h>

static GThreadPool *pool;

static void add(void *data, void *context)
{
	(void)data;
	(void)context;
	atomic_fetch_add_explicit(&counter, 1, memory_order_relaxed);
}

static void start(unsigned workers)
{
	pool = g_thread_pool_new(add, NULL, (gint)workers, TRUE, NULL);
}

static void run(unsigned long tasks)
{
	for (unsigned long i = 0; i < tasks; i++)
		(void)g_thread_pool_push(pool, &counter, NULL);
	g_thread_pool_free(pool, FALSE, TRUE); /* the only way to wait for all */
}
#endif

static double now(clockid_t clock)
{
	struct timespec t;

	(void)clock_gettime(clock, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void stay_on(int core)
{
	cpu_set_t only;

	CPU_ZERO(&only);
	CPU_SET(core, &only);
	if (sched_setaffinity(0, sizeof(only), &only))
		abort();
}

int main(int argc, char **argv)
{
	const unsigned workers = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 2;
	const unsigned long tasks = argc > 2 ? strtoul(argv[2], NULL, 10) : 200000;
	const bool apart = argc > 3 && strcmp(argv[3], "apart") == 0;
	struct rusage before, after;

	if (apart)
		stay_on(1); /* the workers inherit it */
	start(workers);
#if !defined(POOL_OF_GLIB)
	run(WARM_UP);
#endif
	const unsigned long warm = atomic_load(&counter);
	if (apart)
		stay_on(0);
	(void)getrusage(RUSAGE_SELF, &before);
	const double wall = now(CLOCK_MONOTONIC), cpu = now(CLOCK_PROCESS_CPUTIME_ID);
	run(tasks);
	const double spent = now(CLOCK_PROCESS_CPUTIME_ID) - cpu;
	const double passed = now(CLOCK_MONOTONIC) - wall;
	(void)getrusage(RUSAGE_SELF, &after);
	if (atomic_load(&counter) != warm + tasks)
		return 1;
	(void)printf("%.1f %.1f %.4f\n", spent / (double)tasks, passed / (double)tasks,
		     (double)(after.ru_nvcsw - before.ru_nvcsw) / (double)tasks);
	return 0;
}
