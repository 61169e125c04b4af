/* Part C: the pool, under all the schedules that the budget allows. */
#include "pool.h"

static void explore_all(struct pool_test *w, unsigned threads, unsigned capacity,
			const char *const *text, size_t count)
{
	for (size_t i = 0; i < count; i++)
		explore_pool(w, threads, capacity, text[i]);
}
#define EXPLORE_ALL(w, threads, capacity, text) \
	explore_all(w, threads, capacity, text, sizeof(text) / sizeof((text)[0]))

LAB_TEST(threads, .id = "L2.C.1", .gate = true, .points = 4, .detector = "EXP", .builds = "exp",
	 .about = "pool_create",
	 .title = "a pool of 8 makes 8 threads for 2000 tasks, and each task runs once")
{
	static const struct pool_shape shape = { .threads = 8, .capacity = 16 };
	struct pool_test *w = pool_open(true, 1);
	struct explore_script script;

	/* In virtual time, where no worker is woken for a task that another one takes: who forgets
	 * to look again loses C.2 for it, not the part. */
	pool_script("many:2000", &shape, &script);
	(void)pool_play(w, &script, &shape, 8, 0, NULL);
	EVIDENCE("tasks", 2000);
}

LAB_TEST(tasks_run, .id = "L2.C.2", .points = 6, .detector = "EXP", .builds = "exp",
	 .about = "pool_submit",
	 .title = "every accepted task runs once, beside others; a refused one never")
{
	struct pool_test *w = pool_open(false, 5);

	explore_pool(w, 2, 2, "submit:meet submit | submit:meet ; drain");
	explore_pool(w, 2, 1, "submit submit | submit ; drain");
	explore_pool(w, 2, 1, "submit submit | drain");
	explore_pool(w, 2, 1, "submit submit | submit | drop");
	explore_pool(w, 1, 1, "submit:gated ; submit ; submit~=ECANCELED ; | drain~ ; | | open");
}

LAB_TEST(idle_waits, .id = "L2.C.4", .points = 4, .detector = "EXP", .builds = "exp",
	 .about = "pool_wait_idle",
	 .title = "pool_wait_idle waits for the last task to finish, not for an empty queue")
{
	static const char *const text[] = {
		"submit idle | submit",
		"submit submit | idle",
		"submit submit idle | drop",
		"submit:gated ; submit:gated ; idle~ | | try ; | | open",
	};
	struct pool_test *w = pool_open(false, 4);

	EXPLORE_ALL(w, 2, 1, text);
}

LAB_TEST(shutdown_twice, .id = "L2.C.5", .points = 3, .detector = "EXP", .builds = "exp",
	 .about = "pool_shutdown",
	 .title = "pool_shutdown may be called twice and by two threads; a worker gets EDEADLK")
{
	static const char *const text[] = {
		"submit drain | drain",
		"submit drain drain | drop",
		"submit:shuts=EDEADLK ; submit ; drain",
		"submit:waits=EDEADLK | submit idle",
	};
	struct pool_test *w = pool_open(false, 4);

	EXPLORE_ALL(w, 2, 2, text);
}

LAB_TEST(start_fails, .id = "L2.C.6", .points = 3, .detector = "FI", .builds = "exp",
	 .about = "pool_create",
	 .title = "if a thread cannot be started the earlier ones are joined, and nothing is left")
{
	enum { WORKERS_MAX = 12 };
	struct pool_test *w = pool_open(true, 10);

	for (unsigned left = 1; left <= 3; left++)
		explore_failure(w, left);
	w->budget = (struct budget){ .seeded = 500, .bounded = 1 };
	explore_failure(w, WORKERS_MAX);
}

LAB_TEST(full_for_worker, .id = "L2.C.7", .points = 2, .detector = "EXP", .builds = "exp",
	 .about = "pool_submit",
	 .title = "a worker that submits while the queue is full gets EAGAIN and does not wait")
{
	struct pool_test *w = pool_open(false, 3);

	explore_pool(w, 1, 1, "submit:submits=EAGAIN ; submit ; try=EAGAIN | submit~ ; | | open");
	explore_pool(w, 2, 1, "submit:submits | submit:submits | open");
	explore_pool(w, 1, 1, "submit:submits open | drain");
}

LAB_TEST(frees_argument, .id = "L2.C.8", .points = 1, .detector = "EXP", .builds = "exp",
	 .about = "pool_destroy",
	 .title = "a task may release its own argument, and a pool be destroyed at once")
{
	struct pool_test *w = pool_open(false, 2);

	explore_pool(w, 2, 2, "submit:frees submit:frees destroy");
	explore_pool(w, 1, 1, "submit:frees submit:frees submit destroy");
}
