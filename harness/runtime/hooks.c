/* The hooks that -fsanitize=thread and trace-pc call: plain accesses, the shadow stack, edges.
 *
 * Source: the ABI between gcc's and clang's instrumentation and their runtime library, as the
 * compilers emit it. Nothing here may be instrumented itself. */
#include <string.h>

#include "runtime/events.h"
#include "runtime/race.h"
#include "runtime/scheduler.h"
#include "runtime/trie.h"

#define PLAIN_MAX 5000u /* plain accesses without a point make a yield */

/* Everything that a plain access asks; the first line is all there is outside executions. */
static inline void plain(void *address, size_t bytes, unsigned how, uint32_t pc)
{
	struct thread *t = self;

	if (!t)
		return;
	if (++t->plain > PLAIN_MAX)
		point_yield(EXPLORE_STEP_YIELD, pc);
	if (rt->flags & EXPLORE_ALL_ACCESSES &&
	    (uintptr_t)address - (uintptr_t)t->stack_low >= STACK_STRIDE)
		point(how & RECORD_WRITE ? EXPLORE_STEP_WRITE : EXPLORE_STEP_READ, EXPLORE_NOTHING,
		      pc);
	if (events_on())
		event_access((uintptr_t)address, how, pc);
	access_check((uintptr_t)address, bytes, how, pc);
}

#define HOOK(name, bytes, how)                    \
	void __tsan_##name(void *address);        \
	void __tsan_##name(void *address)         \
	{                                         \
		plain(address, bytes, how, PC()); \
	}
#define HOOKS(bytes)                                               \
	HOOK(read##bytes, bytes, 0)                                \
	HOOK(write##bytes, bytes, RECORD_WRITE)                    \
	HOOK(unaligned_read##bytes, bytes, 0)                      \
	HOOK(unaligned_write##bytes, bytes, RECORD_WRITE)          \
	HOOK(volatile_read##bytes, bytes, 0)                       \
	HOOK(volatile_write##bytes, bytes, RECORD_WRITE)           \
	HOOK(unaligned_volatile_read##bytes, bytes, 0)             \
	HOOK(unaligned_volatile_write##bytes, bytes, RECORD_WRITE) \
	HOOK(read_write##bytes, bytes, RECORD_WRITE)               \
	HOOK(unaligned_read_write##bytes, bytes, RECORD_WRITE)
HOOKS(1)
HOOKS(2)
HOOKS(4)
HOOKS(8)
HOOKS(16)

void __tsan_read_range(void *address, size_t bytes);
void __tsan_read_range(void *address, size_t bytes)
{
	if (bytes)
		plain(address, bytes, 0, PC());
}

void __tsan_write_range(void *address, size_t bytes);
void __tsan_write_range(void *address, size_t bytes)
{
	if (bytes)
		plain(address, bytes, RECORD_WRITE, PC());
}

void *__tsan_memcpy(void *to, const void *from, size_t bytes);
void *__tsan_memcpy(void *to, const void *from, size_t bytes)
{
	if (bytes) {
		plain((void *)(uintptr_t)from, bytes, 0, PC());
		plain(to, bytes, RECORD_WRITE, PC());
	}
	return memcpy(to, from, bytes);
}

void *__tsan_memmove(void *to, const void *from, size_t bytes);
void *__tsan_memmove(void *to, const void *from, size_t bytes)
{
	if (bytes) {
		plain((void *)(uintptr_t)from, bytes, 0, PC());
		plain(to, bytes, RECORD_WRITE, PC());
	}
	return memmove(to, from, bytes);
}

void *__tsan_memset(void *to, int byte, size_t bytes);
void *__tsan_memset(void *to, int byte, size_t bytes)
{
	if (bytes)
		plain(to, bytes, RECORD_WRITE, PC());
	return memset(to, byte, bytes);
}

void __tsan_init(void);
void __tsan_init(void)
{
}

void __tsan_func_entry(void *caller);
void __tsan_func_entry(void *caller)
{
	struct thread *t = self;
	char *frame = __builtin_frame_address(0);

	if (!t)
		return;
	if (frame < t->low_mark)
		t->low_mark = frame;
	uint32_t node = trie_child(&rt->stacks, t->node, image_offset(caller));
	if (node == t->node || t->depth_lost)
		t->depth_lost++;
	else
		t->node = node;
}

void __tsan_func_exit(void);
void __tsan_func_exit(void)
{
	struct thread *t = self;

	if (!t)
		return;
	if (t->depth_lost)
		t->depth_lost--;
	else
		t->node = rt->stacks.node[t->node].parent;
}

void __sanitizer_cov_trace_pc(void);
void __sanitizer_cov_trace_pc(void)
{
	if (self && --rt->edges < 0)
		edge_stretch_over(PC());
}
