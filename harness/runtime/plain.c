/* Library calls that only fill or read what they are given. Each says first what it will touch: an
 * attribute's setter writes a chosen value to a chosen address, and the runtime's own memory is not
 * to be had that way. */
#include <pthread.h>
#include <signal.h>

#include "runtime/libc.h"

#define INITS(type)                                               \
	int rt_##type##_init(type##_t *attribute);                \
	int rt_##type##_init(type##_t *attribute)                 \
	{                                                         \
		libc_writes(attribute, sizeof(*attribute), PC()); \
		return type##_init(attribute);                    \
	}                                                         \
	int rt_##type##_destroy(type##_t *attribute);             \
	int rt_##type##_destroy(type##_t *attribute)              \
	{                                                         \
		libc_writes(attribute, sizeof(*attribute), PC()); \
		return type##_destroy(attribute);                 \
	}

/* NOLINTBEGIN(bugprone-macro-parentheses): a type in a parameter list takes none. */
#define SETS(type, what, value_t)                                             \
	int rt_##type##_set##what(type##_t *attribute, value_t value);        \
	int rt_##type##_set##what(type##_t *attribute, value_t value)         \
	{                                                                     \
		libc_writes(attribute, sizeof(*attribute), PC());             \
		return type##_set##what(attribute, value);                    \
	}                                                                     \
	int rt_##type##_get##what(const type##_t *attribute, value_t *value); \
	int rt_##type##_get##what(const type##_t *attribute, value_t *value)  \
	{                                                                     \
		libc_reads(attribute, sizeof(*attribute), PC());              \
		libc_writes(value, sizeof(*value), PC());                     \
		return type##_get##what(attribute, value);                    \
	}

/* NOLINTEND(bugprone-macro-parentheses) */
INITS(pthread_attr)
INITS(pthread_mutexattr)
INITS(pthread_condattr)
INITS(pthread_rwlockattr)
INITS(pthread_barrierattr)
SETS(pthread_attr, detachstate, int)
SETS(pthread_attr, guardsize, size_t)
SETS(pthread_attr, scope, int)
SETS(pthread_attr, stacksize, size_t)
SETS(pthread_mutexattr, protocol, int)
SETS(pthread_mutexattr, pshared, int)
SETS(pthread_mutexattr, robust, int)
SETS(pthread_mutexattr, type, int)
SETS(pthread_condattr, clock, clockid_t)
SETS(pthread_condattr, pshared, int)
SETS(pthread_barrierattr, pshared, int)
SETS(pthread_rwlockattr, pshared, int)

int rt_sigemptyset(sigset_t *set);
int rt_sigemptyset(sigset_t *set)
{
	libc_writes(set, sizeof(*set), PC());
	return sigemptyset(set);
}

int rt_sigfillset(sigset_t *set);
int rt_sigfillset(sigset_t *set)
{
	libc_writes(set, sizeof(*set), PC());
	return sigfillset(set);
}

int rt_sigaddset(sigset_t *set, int signal);
int rt_sigaddset(sigset_t *set, int signal)
{
	libc_writes(set, sizeof(*set), PC());
	return sigaddset(set, signal);
}

int rt_sigdelset(sigset_t *set, int signal);
int rt_sigdelset(sigset_t *set, int signal)
{
	libc_writes(set, sizeof(*set), PC());
	return sigdelset(set, signal);
}

int rt_sigismember(const sigset_t *set, int signal);
int rt_sigismember(const sigset_t *set, int signal)
{
	libc_reads(set, sizeof(*set), PC());
	return sigismember(set, signal);
}
