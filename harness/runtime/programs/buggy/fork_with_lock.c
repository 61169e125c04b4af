/* expect: fork-lock
 * The child inherits a lock whose holder it did not inherit. */
#include <pthread.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int value;

static void *holder(void *arg)
{
	pthread_mutex_lock(&lock);
	value++;
	sched_yield();
	value++;
	pthread_mutex_unlock(&lock);
	return arg;
}

static void *forker(void *arg)
{
	pid_t pid = fork();

	if (pid == 0) {
		pthread_mutex_lock(&lock);
		value = 0;
		pthread_mutex_unlock(&lock);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	return arg;
}

int main(void)
{
	pthread_t a, b;

	pthread_create(&a, NULL, holder, NULL);
	pthread_create(&b, NULL, forker, NULL);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	return 0;
}
