/* report/lanes_numbers.h - the numbers of a record of a schedule. The same as in harness/explore.h,
 * in the same order and with the same names behind the prefix; tests/explore_numbers.sh holds them
 * together, since grader and harness share no header. */
#ifndef GRADER_LANES_NUMBERS_H
#define GRADER_LANES_NUMBERS_H

enum event_kind { /* enum explore_event_kind */
		  EVENT_ARRIVES = 1,
		  EVENT_CHOICE,
		  EVENT_RUNS,
		  EVENT_SLEEPS,
		  EVENT_WAKES,
		  EVENT_SPURIOUS,
		  EVENT_TIMEOUT,
		  EVENT_UNHEARD,
		  EVENT_STEP,
		  EVENT_CALL,
		  EVENT_RETURN,
		  EVENT_PHASE,
		  EVENT_ACCESS,
};

enum step { /* enum explore_step */
	    STEP_NONE,
	    STEP_READ,
	    STEP_WRITE,
	    STEP_FREE,
	    STEP_ALLOCATE,
	    STEP_LOAD,
	    STEP_STORE,
	    STEP_RMW,
	    STEP_FENCE,
	    STEP_LOCK,
	    STEP_TRYLOCK,
	    STEP_UNLOCK,
	    STEP_READ_LOCK,
	    STEP_WRITE_LOCK,
	    STEP_WAIT,
	    STEP_RELOCK,
	    STEP_SIGNAL,
	    STEP_BROADCAST,
	    STEP_SEM_WAIT,
	    STEP_SEM_POST,
	    STEP_BARRIER,
	    STEP_ONCE,
	    STEP_FUTEX_WAIT,
	    STEP_FUTEX_WAKE,
	    STEP_CREATE,
	    STEP_JOIN,
	    STEP_EXIT,
	    STEP_YIELD,
	    STEP_SLEEP,
	    STEP_CLOCK,
	    STEP_FORK,
	    STEP_BURN,
	    STEP_DESCRIPTOR,
	    STEP_INIT,
	    STEP_DESTROY,
};

enum access { /* enum explore_access_kind */
	      ACCESS_READ = 1,
	      ACCESS_WRITE,
	      ACCESS_ATOMIC_READ,
	      ACCESS_ATOMIC_WRITE,
	      ACCESS_FREE,
};

enum object { /* enum explore_object_kind */
	      OBJECT_MUTEX = 1,
	      OBJECT_CONDITION,
	      OBJECT_SEMAPHORE,
	      OBJECT_BARRIER,
	      OBJECT_RWLOCK,
	      OBJECT_ONCE,
	      OBJECT_SPIN,
	      OBJECT_FUTEX,
	      OBJECT_ATOMIC,
	      OBJECT_THREAD,
	      OBJECT_KEY,
	      OBJECT_CORE,
	      OBJECT_DESCRIPTOR,
};

enum thread_state { /* enum explore_thread_state */
		    THREAD_ABSENT,
		    THREAD_READY,
		    THREAD_ASLEEP,
		    THREAD_OVER,
		    THREAD_IDLE,
};

enum { NOTHING = 0xffff, NOBODY = 0xff }; /* EXPLORE_NOTHING, EXPLORE_NOBODY */

#endif
