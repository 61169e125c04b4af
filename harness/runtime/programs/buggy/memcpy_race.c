/* expect: race
 * A structure is copied by a library function while it changes. */
#include <pthread.h>
#include <string.h>

struct pair {
	char text[32];
};
static struct pair shared;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *copier(void *arg)
{
	struct pair mine;

	memcpy(&mine, &shared, sizeof(mine));
	return mine.text[0] ? arg : NULL;
}

static void *changer(void *arg)
{
	pthread_mutex_lock(&lock);
	strcpy(shared.text, "changed");
	pthread_mutex_unlock(&lock);
	return arg;
}

int main(void)
{
	pthread_t a, b;

	pthread_create(&a, NULL, copier, NULL);
	pthread_create(&b, NULL, changer, NULL);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	return 0;
}
