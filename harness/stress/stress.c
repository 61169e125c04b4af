/* stress PART: the stress of one part, then an error of ours, whose report says that the detector
 * works and was not silenced. Only pthread calls that every detector knows. */
#include "stress/stress.h"

#include <pthread.h>
#include <string.h>
#include <unistd.h>

enum { STATUS_NO_SUCH_PART = 2, STATUS_NOTHING_TO_TRY = 3, STATUS_NO_THREAD = 4 };

struct seat {
	pthread_barrier_t *begin; /* NULL: nobody waits */
	void (*work)(void *context, unsigned number);
	void *context;
	unsigned number;
};

static void *sit(void *argument)
{
	const struct seat *seat = argument;
	if (seat->begin != NULL)
		(void)pthread_barrier_wait(seat->begin);
	seat->work(seat->context, seat->number);
	return NULL;
}

static void start(unsigned threads, pthread_barrier_t *begin, void (*work)(void *, unsigned),
		  void *context)
{
	struct seat seats[STRESS_THREADS_MAX];
	pthread_t ids[STRESS_THREADS_MAX];
	for (unsigned i = 0; i < threads; i++) {
		seats[i] = (struct seat){ begin, work, context, i };
		if (pthread_create(&ids[i], NULL, sit, &seats[i]) != 0)
			_exit(STATUS_NO_THREAD);
	}
	for (unsigned i = 0; i < threads; i++)
		(void)pthread_join(ids[i], NULL);
}

void stress_together(unsigned threads, void (*work)(void *context, unsigned number), void *context)
{
	pthread_barrier_t begin;
	if (threads == 0 || threads > STRESS_THREADS_MAX ||
	    pthread_barrier_init(&begin, NULL, threads) != 0)
		_exit(STATUS_NO_THREAD);
	start(threads, &begin, work, context);
	(void)pthread_barrier_destroy(&begin);
}

/* Two threads that nothing orders write the same int: a data race in every schedule. */
static int planted;

static void stress_planted_race(void *context, unsigned number)
{
	(void)context;
	planted = (int)number + 1;
}

int main(int argc, char **argv)
{
	for (const struct stress *stress = stresses; argc == 2 && stress->part != NULL; stress++) {
		if (strcmp(stress->part, argv[1]) != 0)
			continue;
		if (!stress->run())
			_exit(STATUS_NOTHING_TO_TRY);
		start(2, NULL, stress_planted_race, NULL);
		return planted == 0;
	}
	return STATUS_NO_SUCH_PART;
}
