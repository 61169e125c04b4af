/* pthread_once and call_once: the first to come runs the function, the others wait for its end.
 *
 * Source: POSIX.1-2017, pthread_once; ISO C17, 7.26.2.1. The end of the function is published. */
#include <pthread.h>

#include "runtime/object.h"
#include "runtime/scheduler.h"

enum once_state { ONCE_NEVER, ONCE_UNDER_WAY, ONCE_DONE };

static void once(const void *flag, void (*function)(void), uint32_t pc)
{
	struct object *o = object_at(flag, EXPLORE_ONCE, pc);

	(void)point_contend(EXPLORE_STEP_ONCE, o, &o->contenders, o->flavour != ONCE_UNDER_WAY,
			    NO_DEADLINE, pc);
	object_still(o, flag, pc);
	if (o->flavour == ONCE_DONE) {
		clock_join(&self->clock, &o->clock);
		return;
	}
	o->flavour = ONCE_UNDER_WAY;
	o->owner = self->id;
	contenders_stop(o->contenders);
	function();
	o->flavour = ONCE_DONE;
	o->owner = EXPLORE_NOBODY;
	clock_release(&o->clock, self);
	contenders_go(o->contenders);
}

int rt_pthread_once(pthread_once_t *flag, void (*function)(void));
int rt_pthread_once(pthread_once_t *flag, void (*function)(void))
{
	if (self)
		once(flag, function, PC());
	else
		return pthread_once(flag, function);
	return 0;
}

void rt_call_once(pthread_once_t *flag, void (*function)(void));
void rt_call_once(pthread_once_t *flag, void (*function)(void))
{
	if (self)
		once(flag, function, PC());
	else
		(void)pthread_once(flag, function);
}
