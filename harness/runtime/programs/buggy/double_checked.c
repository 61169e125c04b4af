/* expect: race
 * The first look at the pointer is outside the lock. */
#include <pthread.h>
#include <stdlib.h>

struct table {
	int entry[4];
};
static struct table *table;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static struct table *table_get(void)
{
	if (!table) {
		pthread_mutex_lock(&lock);
		if (!table) {
			struct table *t = malloc(sizeof(*t));
			t->entry[0] = 7;
			table = t;
		}
		pthread_mutex_unlock(&lock);
	}
	return table;
}

static void *user(void *arg)
{
	return table_get()->entry[0] == 7 ? arg : NULL;
}

int main(void)
{
	pthread_t a, b;

	pthread_create(&a, NULL, user, NULL);
	pthread_create(&b, NULL, user, NULL);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	return 0;
}
