/* Small shapes of which C17 forbids one outcome each; with weak memory, too, it must not come. */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

#define LOAD(p, order)     atomic_load_explicit(p, memory_order_##order)
#define STORE(p, v, order) atomic_store_explicit(p, v, memory_order_##order)
#define FENCE(order)       atomic_thread_fence(memory_order_##order)
static atomic_int x, y, z;
static int r[4]; /* what the threads read: each its own */

static void *passing_1(void *arg)
{
	STORE(&x, 1, relaxed);
	STORE(&y, 1, release);
	return arg;
}

static void *passing_2(void *arg)
{
	r[0] = LOAD(&y, acquire);
	r[1] = LOAD(&x, relaxed);
	return arg;
}

static void *passing_released_1(void *arg)
{
	STORE(&x, 1, release);
	STORE(&y, 1, release);
	return arg;
}

static void *passing_released_2(void *arg)
{
	r[0] = LOAD(&y, acquire);
	r[1] = LOAD(&x, relaxed);
	return arg;
}

static void *fence_then_load_1(void *arg)
{
	STORE(&x, 1, relaxed);
	FENCE(seq_cst);
	r[0] = LOAD(&y, relaxed);
	return arg;
}

static void *fence_then_load_2(void *arg)
{
	STORE(&y, 1, seq_cst);
	r[1] = LOAD(&x, seq_cst);
	return arg;
}

static void *passing_fences_1(void *arg)
{
	STORE(&x, 1, relaxed);
	FENCE(release);
	STORE(&y, 1, relaxed);
	return arg;
}

static void *passing_fences_2(void *arg)
{
	r[0] = LOAD(&y, relaxed);
	FENCE(acquire);
	r[1] = LOAD(&x, relaxed);
	return arg;
}

static void *buffering_1(void *arg)
{
	STORE(&x, 1, seq_cst);
	r[0] = LOAD(&y, seq_cst);
	return arg;
}

static void *buffering_2(void *arg)
{
	STORE(&y, 1, seq_cst);
	r[1] = LOAD(&x, seq_cst);
	return arg;
}

static void *buffering_fences_1(void *arg)
{
	STORE(&x, 1, relaxed);
	FENCE(seq_cst);
	r[0] = LOAD(&y, relaxed);
	return arg;
}

static void *buffering_fences_2(void *arg)
{
	STORE(&y, 1, relaxed);
	FENCE(seq_cst);
	r[1] = LOAD(&x, relaxed);
	return arg;
}

static void *coherence_1(void *arg)
{
	STORE(&x, 1, relaxed);
	STORE(&x, 2, relaxed);
	return arg;
}

static void *coherence_2(void *arg)
{
	r[0] = LOAD(&x, relaxed);
	r[1] = LOAD(&x, relaxed);
	return arg;
}

static void *own_store_1(void *arg)
{
	STORE(&x, 1, relaxed);
	r[0] = LOAD(&x, relaxed);
	return arg;
}

static void *own_store_2(void *arg)
{
	r[1] = LOAD(&x, relaxed);
	return arg;
}

static void *causality_1(void *arg)
{
	STORE(&x, 1, relaxed);
	return arg;
}

static void *causality_2(void *arg)
{
	r[0] = LOAD(&x, relaxed);
	STORE(&y, 1, release);
	return arg;
}

static void *causality_3(void *arg)
{
	r[1] = LOAD(&y, acquire);
	r[2] = LOAD(&x, relaxed);
	return arg;
}

static void *transitive_1(void *arg)
{
	STORE(&x, 1, relaxed);
	STORE(&y, 1, release);
	return arg;
}

static void *transitive_2(void *arg)
{
	r[0] = LOAD(&y, acquire);
	STORE(&z, r[0], release);
	return arg;
}

static void *transitive_3(void *arg)
{
	r[1] = LOAD(&z, acquire);
	r[2] = LOAD(&x, relaxed);
	return arg;
}

static void *independent_1(void *arg)
{
	STORE(&x, 1, seq_cst);
	return arg;
}

static void *independent_2(void *arg)
{
	STORE(&y, 1, seq_cst);
	return arg;
}

static void *independent_3(void *arg)
{
	r[0] = LOAD(&x, seq_cst);
	r[1] = LOAD(&y, seq_cst);
	return arg;
}

static void *independent_4(void *arg)
{
	r[2] = LOAD(&y, seq_cst);
	r[3] = LOAD(&x, seq_cst);
	return arg;
}

static void *sequence_1(void *arg)
{
	STORE(&x, 1, relaxed);
	STORE(&y, 1, release);
	return arg;
}

static void *sequence_2(void *arg)
{
	atomic_fetch_add_explicit(&y, 2, memory_order_relaxed);
	return arg;
}

static void *sequence_3(void *arg)
{
	r[0] = LOAD(&y, acquire);
	r[1] = LOAD(&x, relaxed);
	return arg;
}

static void *counting_1(void *arg)
{
	atomic_fetch_add_explicit(&x, 1, memory_order_relaxed);
	return arg;
}

static void *counting_2(void *arg)
{
	atomic_fetch_add_explicit(&x, 1, memory_order_relaxed);
	return arg;
}

static const struct {
	const char *name;
	void *(*thread[4])(void *);
} shapes[] = {
	{ "passing", { passing_1, passing_2 } },
	{ "passing_released", { passing_released_1, passing_released_2 } },
	{ "fence_then_load", { fence_then_load_1, fence_then_load_2 } },
	{ "passing_fences", { passing_fences_1, passing_fences_2 } },
	{ "buffering", { buffering_1, buffering_2 } },
	{ "buffering_fences", { buffering_fences_1, buffering_fences_2 } },
	{ "coherence", { coherence_1, coherence_2 } },
	{ "own_store", { own_store_1, own_store_2 } },
	{ "causality", { causality_1, causality_2, causality_3 } },
	{ "transitive", { transitive_1, transitive_2, transitive_3 } },
	{ "independent", { independent_1, independent_2, independent_3, independent_4 } },
	{ "sequence", { sequence_1, sequence_2, sequence_3 } },
	{ "counting", { counting_1, counting_2 } },
};

static void check(unsigned shape)
{
	switch (shape) {
	case 0:
		assert(!(r[0] == 1 && r[1] == 0)); /* passing */
		break;
	case 1:
		assert(!(r[0] == 1 && r[1] == 0)); /* passing_released */
		break;
	case 2:
		assert(!(r[0] == 0 && r[1] == 0)); /* fence_then_load */
		break;
	case 3:
		assert(!(r[0] == 1 && r[1] == 0)); /* passing_fences */
		break;
	case 4:
		assert(!(r[0] == 0 && r[1] == 0)); /* buffering */
		break;
	case 5:
		assert(!(r[0] == 0 && r[1] == 0)); /* buffering_fences */
		break;
	case 6:
		assert(!(r[0] > r[1])); /* coherence */
		break;
	case 7:
		assert(!(r[0] == 0)); /* own_store */
		break;
	case 8:
		assert(!(r[0] == 1 && r[1] == 1 && r[2] == 0)); /* causality */
		break;
	case 9:
		assert(!(r[1] == 1 && r[2] == 0)); /* transitive */
		break;
	case 10:
		assert(!(r[0] == 1 && r[1] == 0 && r[2] == 1 && r[3] == 0)); /* independent */
		break;
	case 11:
		assert(!(r[0] == 3 && r[1] == 0)); /* sequence */
		break;
	case 12:
		assert(!(atomic_load(&x) != 2)); /* counting */
		break;
	}
}

int main(void)
{
	pthread_t threads[4];

	for (unsigned s = 0; s < sizeof(shapes) / sizeof(shapes[0]); s++) {
		atomic_store(&x, 0);
		atomic_store(&y, 0);
		atomic_store(&z, 0);
		r[0] = r[1] = r[2] = r[3] = 0;
		unsigned n = 0;
		for (; n < 4 && shapes[s].thread[n]; n++)
			pthread_create(&threads[n], NULL, shapes[s].thread[n], NULL);
		while (n)
			pthread_join(threads[--n], NULL);
		check(s);
	}
	return 0;
}
