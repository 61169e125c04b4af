/* The C11 names: thrd, mtx, cnd, tss, call_once. */
#include <assert.h>
#include <threads.h>

static mtx_t lock;
static cnd_t ready;
static once_flag once = ONCE_FLAG_INIT;
static tss_t key;
static int flag, made, destroyed;

static void make(void)
{
	made++;
}

static void destroy(void *value)
{
	mtx_lock(&lock);
	destroyed += *(int *)value;
	mtx_unlock(&lock);
}

static int setter(void *arg)
{
	static int one = 1;

	call_once(&once, make);
	tss_set(key, &one);
	mtx_lock(&lock);
	flag = 1;
	cnd_signal(&ready);
	mtx_unlock(&lock);
	return *(int *)arg;
}

static int waiter(void *arg)
{
	call_once(&once, make);
	mtx_lock(&lock);
	while (!flag)
		cnd_wait(&ready, &lock);
	mtx_unlock(&lock);
	return *(int *)arg;
}

int main(void)
{
	int two = 2, three = 3, sum = 0, result;
	thrd_t a, b;

	mtx_init(&lock, mtx_plain);
	cnd_init(&ready);
	tss_create(&key, destroy);
	thrd_create(&a, setter, &two);
	thrd_create(&b, waiter, &three);
	thrd_join(a, &result);
	sum += result;
	thrd_join(b, &result);
	sum += result;
	assert(sum == 5 && made == 1 && destroyed == 1);
	tss_delete(key);
	cnd_destroy(&ready);
	mtx_destroy(&lock);
	return 0;
}
