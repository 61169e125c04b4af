/* Words for the numbers of harness/explore.h. The grader includes nothing of the harness:
 * lanes_numbers.h repeats what it needs. */
#include "report/lanes.h"
#include "report/lanes_numbers.h"

static const char *word(const char *const *words, size_t count, unsigned number, const char *other)
{
	return number < count && words[number] != NULL ? words[number] : other;
}

#define WORD(table, number, other) word(table, sizeof(table) / sizeof(table)[0], number, other)

const char *lanes_step_verb(unsigned step)
{
	static const char *const words[] = {
		[STEP_READ] = "reads",          [STEP_WRITE] = "writes",
		[STEP_FREE] = "frees",          [STEP_ALLOCATE] = "allocates",
		[STEP_LOAD] = "loads",          [STEP_STORE] = "stores",
		[STEP_RMW] = "updates",         [STEP_FENCE] = "fences",
		[STEP_LOCK] = "locks",          [STEP_TRYLOCK] = "trylocks",
		[STEP_UNLOCK] = "unlocks",      [STEP_READ_LOCK] = "read-locks",
		[STEP_WRITE_LOCK] = "locks",    [STEP_WAIT] = "waits",
		[STEP_RELOCK] = "retakes",      [STEP_SIGNAL] = "signals",
		[STEP_BROADCAST] = "wakes all", [STEP_SEM_WAIT] = "takes",
		[STEP_SEM_POST] = "posts",      [STEP_BARRIER] = "arrives",
		[STEP_ONCE] = "once",           [STEP_FUTEX_WAIT] = "waits",
		[STEP_FUTEX_WAKE] = "wakes",    [STEP_CREATE] = "creates",
		[STEP_JOIN] = "joins",          [STEP_EXIT] = "ends",
		[STEP_YIELD] = "yields",        [STEP_SLEEP] = "sleeps",
		[STEP_CLOCK] = "clock",         [STEP_FORK] = "forks",
		[STEP_BURN] = "computes",       [STEP_DESCRIPTOR] = "descriptor",
		[STEP_INIT] = "makes",          [STEP_DESTROY] = "destroys",
	};
	return WORD(words, step, "goes on");
}

const char *lanes_step_ing(unsigned step)
{
	static const char *const words[] = {
		[STEP_JOIN] = "waiting for the end of",
		[STEP_BARRIER] = "waiting at",
		[STEP_SLEEP] = "sleeping",
	};
	return WORD(words, step, "waiting for");
}

const char *lanes_access_verb(unsigned access)
{
	static const char *const words[] = {
		[ACCESS_READ] = "reads",        [ACCESS_WRITE] = "writes",
		[ACCESS_ATOMIC_READ] = "loads", [ACCESS_ATOMIC_WRITE] = "stores",
		[ACCESS_FREE] = "frees",
	};
	return WORD(words, access, "is here");
}

const char *lanes_object_kind(unsigned kind)
{
	static const char *const words[] = {
		[OBJECT_MUTEX] = "mutex",
		[OBJECT_CONDITION] = "condition",
		[OBJECT_SEMAPHORE] = "semaphore",
		[OBJECT_BARRIER] = "barrier",
		[OBJECT_RWLOCK] = "rwlock",
		[OBJECT_ONCE] = "once",
		[OBJECT_SPIN] = "spin lock",
		[OBJECT_FUTEX] = "futex",
		[OBJECT_ATOMIC] = "atomic",
		[OBJECT_THREAD] = "thread",
		[OBJECT_KEY] = "key",
		[OBJECT_CORE] = "core",
		[OBJECT_DESCRIPTOR] = "descriptor",
	};
	return WORD(words, kind, "object");
}
