/* What a thread may ask about itself and the machine. Answers are the same on every machine: two
 * processors, or as many as the test's virtual cores.
 *
 * Source: gettid(2), sched_getaffinity(2), pthread_setname_np(3), pthread_setcancelstate(3). */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

#include "runtime/libc.h"
#include "runtime/threads.h"

enum { PROCESSORS = 2, PID = 100, CHILD_PID = 101, FIRST_TID = 200, NAME_BYTES = 16 };

static unsigned processors(void)
{
	return self && rt->plan->cores ? rt->plan->cores : PROCESSORS;
}

long rt_sysconf(int what);
long rt_sysconf(int what)
{
	return what == _SC_NPROCESSORS_ONLN || what == _SC_NPROCESSORS_CONF ? (long)processors()
									    : sysconf(what);
}

int rt_get_nprocs(void);
int rt_get_nprocs(void)
{
	return (int)processors();
}

int rt_get_nprocs_conf(void);
int rt_get_nprocs_conf(void)
{
	return (int)processors();
}

/* The kernel thread that all fibers share is no answer: a submission compares these. The first
 * thread of a script stands for the process's own. */
pid_t rt_gettid(void);
pid_t rt_gettid(void)
{
	if (!self)
		return gettid();
	if (rt->child)
		return CHILD_PID; /* one thread lives on in it */
	return self->id > 1 ? FIRST_TID + (pid_t)(self->place * PLACES) + self->id : PID;
}

pid_t rt_getppid(void);
pid_t rt_getppid(void)
{
	return self ? (rt->child ? PID : 1) : getppid();
}

int rt_sched_getcpu(void);
int rt_sched_getcpu(void)
{
	return 0;
}

/* 0, or EINVAL where the set has no room. */
static int affinity(size_t bytes, cpu_set_t *set, uint32_t pc)
{
	if (bytes < sizeof(unsigned long) || bytes % sizeof(unsigned long))
		return EINVAL;
	libc_writes(set, bytes, pc);
	CPU_ZERO_S(bytes, set);
	for (unsigned i = 0; i < processors(); i++)
		CPU_SET_S(i, bytes, set);
	return 0;
}

int rt_sched_getaffinity(pid_t pid, size_t bytes, cpu_set_t *set);
int rt_sched_getaffinity(pid_t pid, size_t bytes, cpu_set_t *set)
{
	(void)pid;
	if (affinity(bytes, set, PC())) {
		errno = EINVAL;
		return -1;
	}
	return 0;
}

int rt_pthread_getaffinity_np(pthread_t thread, size_t bytes, cpu_set_t *set);
int rt_pthread_getaffinity_np(pthread_t thread, size_t bytes, cpu_set_t *set)
{
	(void)thread;
	return affinity(bytes, set, PC());
}

int rt___sched_cpucount(size_t bytes, const cpu_set_t *set);
int rt___sched_cpucount(size_t bytes, const cpu_set_t *set)
{
	libc_reads(set, bytes, PC());
	return CPU_COUNT_S(bytes, set);
}

int rt_pthread_getschedparam(pthread_t thread, int *policy, struct sched_param *parameters);
int rt_pthread_getschedparam(pthread_t thread, int *policy, struct sched_param *parameters)
{
	(void)thread;
	libc_writes(policy, sizeof(*policy), PC());
	libc_writes(parameters, sizeof(*parameters), PC());
	*policy = SCHED_OTHER;
	parameters->sched_priority = 0;
	return 0;
}

/* Thread-local storage is put back with the thread; another's lies where one's own does. */
static _Thread_local char name[NAME_BYTES] = "thread";

static char *name_of(pthread_t thread)
{
	const struct thread *t = self ? thread_of_handle(thread) : NULL;

	if (!t || t == self)
		return name;
	return t->state == EXPLORE_OVER ? NULL : t->tls + (name - self->tls);
}

int rt_pthread_setname_np(pthread_t thread, const char *to);
int rt_pthread_setname_np(pthread_t thread, const char *to)
{
	const size_t length = strlen(to);
	char *at = name_of(thread);

	libc_reads(to, length + 1, PC());
	if (length >= NAME_BYTES)
		return ERANGE;
	if (!at)
		return ENOENT;
	memcpy(at, to, length + 1);
	return 0;
}

int rt_pthread_getname_np(pthread_t thread, char *to, size_t room);
int rt_pthread_getname_np(pthread_t thread, char *to, size_t room)
{
	const char *at = name_of(thread);

	if (room < NAME_BYTES)
		return ERANGE;
	if (!at)
		return ENOENT;
	libc_writes(to, strlen(at) + 1, PC());
	memcpy(to, at, strlen(at) + 1);
	return 0;
}

/* Nobody is ever cancelled: pthread_cancel is not known. */
static int changed(int *now, int to, int other, int *before, uint32_t pc)
{
	if (to != 0 && to != other)
		return EINVAL;
	if (before) {
		libc_writes(before, sizeof(*before), pc);
		*before = *now;
	}
	*now = to;
	return 0;
}

int rt_pthread_setcancelstate(int state, int *before);
int rt_pthread_setcancelstate(int state, int *before)
{
	static _Thread_local int now = PTHREAD_CANCEL_ENABLE;

	return changed(&now, state, PTHREAD_CANCEL_DISABLE, before, PC());
}

int rt_pthread_setcanceltype(int type, int *before);
int rt_pthread_setcanceltype(int type, int *before)
{
	static _Thread_local int now = PTHREAD_CANCEL_DEFERRED;

	return changed(&now, type, PTHREAD_CANCEL_ASYNCHRONOUS, before, PC());
}

void rt_pthread_testcancel(void);
void rt_pthread_testcancel(void)
{
}
