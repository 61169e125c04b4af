/* C11 atomics: each operation is a point; what it orders follows from the order that it declares.
 *
 * Source: ISO C17, 5.1.2.4 and 7.17 (release sequences, fences). A read-modify-write adds to what
 * the location publishes; a store replaces it, unless its thread heads the release sequence. */
#include "runtime/finding.h"
#include "runtime/object.h"
#include "runtime/race.h"
#include "runtime/scheduler.h"
#include "runtime/stores.h"

enum order { RELAXED, CONSUME, ACQUIRE, RELEASE, ACQ_REL, SEQ_CST };

static bool acquires(int order)
{
	return order == CONSUME || order == ACQUIRE || order == ACQ_REL || order == SEQ_CST;
}

static bool releases(int order)
{
	return order == RELEASE || order == ACQ_REL || order == SEQ_CST;
}

/* The point, then the access: returns the object, or NULL outside executions. */
static struct object *before(const volatile void *address, size_t bytes, enum explore_step step,
			     unsigned how, uint32_t pc)
{
	const void *plain = (const void *)(uintptr_t)address;

	if (!self)
		return NULL;
	struct object *o = object_known(plain, EXPLORE_ATOMIC, pc);
	point(step, o->number, pc);
	access_check((uintptr_t)plain, bytes, RECORD_ATOMIC | how, pc);
	object_still(o, plain, pc);
	return o;
}

static void loaded(const struct clock *from, int order)
{
	clock_join(acquires(order) ? &self->clock : &self->acquired, from);
}

static void stored(struct object *o, int order)
{
	struct thread *t = self;

	if (o->owner != t->id)
		o->clock = (struct clock){ 0 };
	if (t->fenced)
		clock_join(&o->clock, &t->published);
	if (!releases(order))
		return;
	o->owner = t->id;
	o->clock = t->clock;
	++*clock_own(t);
}

static void modified(struct object *o, int order)
{
	struct thread *t = self;

	loaded(&o->clock, order);
	if (t->fenced)
		clock_join(&o->clock, &t->published);
	if (releases(order))
		clock_release(&o->clock, t);
}

/* NOLINTBEGIN(bugprone-macro-parentheses): types are no expressions */
#define LOAD(T, N)                                                                      \
	T __tsan_atomic##N##_load(const volatile T *p, int order);                      \
	T __tsan_atomic##N##_load(const volatile T *p, int order)                       \
	{                                                                               \
		struct object *o = before(p, sizeof(T), EXPLORE_STEP_LOAD, 0, PC());    \
		if (!o)                                                                 \
			return *p;                                                      \
		if (rt->flags & EXPLORE_WEAK)                                           \
			return (T)store_load(o, *p, order == SEQ_CST, acquires(order)); \
		loaded(&o->clock, order);                                               \
		return *p;                                                              \
	}

#define STORE(T, N)                                                                              \
	void __tsan_atomic##N##_store(volatile T *p, T value, int order);                        \
	void __tsan_atomic##N##_store(volatile T *p, T value, int order)                         \
	{                                                                                        \
		struct object *o = before(p, sizeof(T), EXPLORE_STEP_STORE, RECORD_WRITE, PC()); \
		uint64_t old = *p;                                                               \
		*p = value;                                                                      \
		if (!o)                                                                          \
			return;                                                                  \
		uint32_t epoch = *clock_own(self);                                               \
		stored(o, order);                                                                \
		if (rt->flags & EXPLORE_WEAK)                                                    \
			store_note(o, old, value, epoch, order == SEQ_CST);                      \
	}

/* A read-modify-write always reads the newest store. */
#define RMW(T, N, name, result)                                                                \
	T __tsan_atomic##N##_##name(volatile T *p, T value, int order);                        \
	T __tsan_atomic##N##_##name(volatile T *p, T value, int order)                         \
	{                                                                                      \
		struct object *o = before(p, sizeof(T), EXPLORE_STEP_RMW, RECORD_WRITE, PC()); \
		T old = *p;                                                                    \
		*p = (T)(result);                                                              \
		if (!o)                                                                        \
			return old;                                                            \
		uint32_t epoch = *clock_own(self);                                             \
		modified(o, order);                                                            \
		if (rt->flags & EXPLORE_WEAK)                                                  \
			store_note(o, old, *p, epoch, order == SEQ_CST);                       \
		return old;                                                                    \
	}

#define EXCHANGE(T, N, name)                                                                \
	int __tsan_atomic##N##_compare_exchange_##name(volatile T *p, T *expected, T value, \
						       int order, int failure);             \
	int __tsan_atomic##N##_compare_exchange_##name(volatile T *p, T *expected, T value, \
						       int order, int failure)              \
	{                                                                                   \
		return exchange##N(p, expected, value, order, failure, PC());               \
	}

#define COMPARE(T, N)                                                                            \
	static int exchange##N(volatile T *p, T *expected, T value, int order, int failure,      \
			       uint32_t pc)                                                      \
	{                                                                                        \
		struct object *o = before(p, sizeof(T), EXPLORE_STEP_RMW, 0, pc);                \
		T old = *p;                                                                      \
		bool same = old == *expected;                                                    \
		if (same && o) {                                                                 \
			race_check((uintptr_t)p, sizeof(T), RECORD_ATOMIC | RECORD_WRITE, pc);   \
			uint32_t epoch = *clock_own(self);                                       \
			modified(o, order);                                                      \
			if (rt->flags & EXPLORE_WEAK)                                            \
				store_note(o, old, value, epoch, order == SEQ_CST);              \
		} else if (o) {                                                                  \
			loaded(&o->clock, failure);                                              \
			store_seen(o);                                                           \
		}                                                                                \
		if (same)                                                                        \
			*p = value;                                                              \
		else                                                                             \
			*expected = old;                                                         \
		return same;                                                                     \
	}                                                                                        \
	EXCHANGE(T, N, strong)                                                                   \
	EXCHANGE(T, N, weak)                                                                     \
	T __tsan_atomic##N##_compare_exchange_val(volatile T *p, T expected, T value, int order, \
						  int failure);                                  \
	T __tsan_atomic##N##_compare_exchange_val(volatile T *p, T expected, T value, int order, \
						  int failure)                                   \
	{                                                                                        \
		(void)exchange##N(p, &expected, value, order, failure, PC());                    \
		return expected;                                                                 \
	}

#define ATOMICS(T, N)                         \
	LOAD(T, N)                            \
	STORE(T, N)                           \
	RMW(T, N, exchange, value)            \
	RMW(T, N, fetch_add, old + value)     \
	RMW(T, N, fetch_sub, old - value)     \
	RMW(T, N, fetch_and, old &value)      \
	RMW(T, N, fetch_or, old | value)      \
	RMW(T, N, fetch_xor, old ^ value)     \
	RMW(T, N, fetch_nand, ~(old & value)) \
	COMPARE(T, N)
/* NOLINTEND(bugprone-macro-parentheses) */
ATOMICS(uint8_t, 8)
ATOMICS(uint16_t, 16)
ATOMICS(uint32_t, 32)
ATOMICS(uint64_t, 64)

void __tsan_atomic_thread_fence(int order);
void __tsan_atomic_thread_fence(int order)
{
	struct thread *t = self;

	if (!t || order == RELAXED)
		return;
	point(EXPLORE_STEP_FENCE, EXPLORE_NOTHING, PC());
	if (acquires(order))
		clock_join(&t->clock, &t->acquired);
	if (order == SEQ_CST && (rt->flags & EXPLORE_WEAK))
		store_fence();
	if (releases(order)) {
		t->published = t->clock;
		t->fenced = true;
		++*clock_own(t);
	}
}

void __tsan_atomic_signal_fence(int order);
void __tsan_atomic_signal_fence(int order)
{
	(void)order;
}

/* Nobody can be asked for 16 bytes at once by the labs: refused, not run half-controlled. */
#define REFUSE(name)                                                         \
	void __tsan_atomic128_##name(void);                                  \
	void __tsan_atomic128_##name(void)                                   \
	{                                                                    \
		if (self)                                                    \
			finding_uncontrolled("an atomic of 128 bits", PC()); \
	}
REFUSE(load)
REFUSE(store)
REFUSE(exchange)
REFUSE(fetch_add)
REFUSE(fetch_sub)
REFUSE(fetch_and)
REFUSE(fetch_or)
REFUSE(fetch_xor)
REFUSE(fetch_nand)
REFUSE(compare_exchange_strong)
REFUSE(compare_exchange_weak)
REFUSE(compare_exchange_val)
