/* Thread-specific data: keys, and destructors run in the thread that ends. */
#include <errno.h>

#include "runtime/events.h"
#include "runtime/finding.h"
#include "runtime/threads.h"

#define ITERATIONS 4 /* PTHREAD_DESTRUCTOR_ITERATIONS */

void thread_keys_reset(void)
{
	rt->keys = 0;
	for (unsigned i = 0; i < PLACES; i++)
		rt->thread[i].values = 0;
}

int rt_pthread_key_create(pthread_key_t *key, void (*destructor)(void *))
{
	if (!self)
		return pthread_key_create(key, destructor);
	for (unsigned i = 0; i < KEYS; i++) {
		if (i < rt->keys && rt->key[i].used)
			continue;
		if (i == rt->keys)
			rt->keys++;
		rt->key[i] = (struct key){ .used = true, .destructor = destructor };
		for (unsigned t = 0; t < PLACES; t++)
			if (i < rt->thread[t].values)
				rt->thread[t].value[i] = NULL;
		*key = i;
		return 0;
	}
	return EAGAIN;
}

int rt_pthread_key_delete(pthread_key_t key)
{
	if (!self)
		return pthread_key_delete(key);
	if (key >= rt->keys || !rt->key[key].used)
		return EINVAL;
	rt->key[key].used = false;
	return 0;
}

void *rt_pthread_getspecific(pthread_key_t key)
{
	if (!self || key >= self->values || !rt->key[key].used)
		return NULL;
	return self->value[key];
}

int rt_pthread_setspecific(pthread_key_t key, const void *value)
{
	struct thread *t = self;

	if (!t || key >= rt->keys || !rt->key[key].used)
		return EINVAL;
	for (; t->values <= key; t->values++)
		t->value[t->values] = NULL;
	t->value[key] = (void *)(uintptr_t)value;
	if (events_on()) /* a thread's values are kept beside its thread-local block */
		event_access((uintptr_t)t->tls, RECORD_WRITE, PC());
	return 0;
}

void thread_keys_run(void)
{
	struct thread *t = self;
	bool again = t->values > 0;

	for (int round = 0; again && round < ITERATIONS; round++) {
		again = false;
		for (unsigned i = 0; i < t->values; i++) {
			void *value = t->value[i];
			if (!value || !rt->key[i].used || !rt->key[i].destructor)
				continue;
			t->value[i] = NULL;
			rt->key[i].destructor(value);
			again = true;
		}
	}
}
