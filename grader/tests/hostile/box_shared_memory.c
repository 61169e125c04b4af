/* Talks to others through shared memory, semaphores and message queues of the host.
 *
 * Row: R34
 * Base: box lab1
 * By: the job's IPC namespace, calls denied
 * Expect: contained */
#include "attack.h"

#include <fcntl.h>
#include <mqueue.h>
#include <sys/ipc.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <unistd.h>

int main(void)
{
	attempt("a shared memory segment that outlives it",
		shmget(0x1ea4e, 4096, IPC_CREAT | 0666));
	attempt("a semaphore that outlives it", semget(0x1ea4e, 1, IPC_CREAT | 0666));
	attempt("a message queue that outlives it",
		mq_open("/interleave", O_RDWR | O_CREAT, 0666, NULL));
	attempt("the planted file", open("/dev/shm/interleave-planted", O_RDWR));
	return done("EPERM");
}
