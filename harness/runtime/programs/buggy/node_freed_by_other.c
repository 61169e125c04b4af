/* expect: use-after-free race
 * One thread still looks at the node that the other frees. */
#include <pthread.h>
#include <stdlib.h>

struct node {
	int value;
};
static struct node *head;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *reader(void *arg)
{
	pthread_mutex_lock(&lock);
	struct node *n = head;
	pthread_mutex_unlock(&lock);
	return n && n->value == 5 ? arg : NULL;
}

static void *remover(void *arg)
{
	pthread_mutex_lock(&lock);
	struct node *n = head;
	head = NULL;
	pthread_mutex_unlock(&lock);
	free(n);
	return arg;
}

int main(void)
{
	pthread_t a, b;

	head = malloc(sizeof(*head));
	head->value = 5;
	pthread_create(&a, NULL, reader, NULL);
	pthread_create(&b, NULL, remover, NULL);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	return 0;
}
