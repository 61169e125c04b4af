/* A block is made by one thread, changed by the next, freed by a third. */
#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

struct message {
	int value;
	struct message *next;
};
static struct message *stage[2];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

static void put(int i, struct message *m)
{
	pthread_mutex_lock(&lock);
	stage[i] = m;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
}

static struct message *take(int i)
{
	pthread_mutex_lock(&lock);
	while (!stage[i])
		pthread_cond_wait(&changed, &lock);
	struct message *m = stage[i];
	stage[i] = NULL;
	pthread_mutex_unlock(&lock);
	return m;
}

static void *maker(void *arg)
{
	struct message *m = malloc(sizeof(*m));

	*m = (struct message){ .value = 1 };
	put(0, m);
	return arg;
}

static void *changer(void *arg)
{
	struct message *m = take(0);

	m->value++;
	put(1, m);
	return arg;
}

int main(void)
{
	pthread_t a, b;

	pthread_create(&a, NULL, maker, NULL);
	pthread_create(&b, NULL, changer, NULL);
	struct message *m = take(1);
	assert(m->value == 2);
	free(m);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	return 0;
}
