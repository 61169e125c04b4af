/* Library calls that only fill or read what they are given. Each says first what it will touch: an
 * attribute's setter writes a chosen value to a chosen address, and the runtime's own memory is not
 * to be had that way. */
#include <pthread.h>

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
SETS(pthread_attr, stacksize, size_t)
SETS(pthread_mutexattr, type, int)
SETS(pthread_mutexattr, pshared, int)
SETS(pthread_condattr, clock, clockid_t)
SETS(pthread_condattr, pshared, int)
