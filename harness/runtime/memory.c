/* Whose memory an address is: block, global, stack or thread-local storage, as numbers that do not
 * depend on where anything was loaded. */
#include "runtime/arena.h"
#include "runtime/finding.h"

extern const char _end[]; /* of the image */

void place_describe(uint32_t pc, uint32_t node, struct explore_place *place)
{
	unsigned i = 0;

	*place = (struct explore_place){ .pc = pc };
	for (; node && i < EXPLORE_STACK; node = rt->stacks.node[node].parent)
		place->stack[i++] = (uint32_t)rt->stacks.node[node].key;
}

static void block_describe(uintptr_t address, struct explore_memory *m)
{
	const struct block *b = arena_block_at(address);

	m->kind = EXPLORE_MEMORY_HEAP;
	if (!b)
		return;
	m->block = (uint32_t)(b - rt->block);
	m->offset = (int64_t)(address - ARENA_AT) - b->offset;
	m->size = b->bytes;
	m->allocated_by = thread_named(b->allocated_by);
	place_describe(b->allocated_pc, b->allocated_node, &m->allocated);
	if (b->live)
		return;
	m->freed_by = thread_named(b->freed_by);
	place_describe(b->freed_pc, b->freed_node, &m->freed);
}

void memory_describe(uintptr_t address, uint64_t bytes, struct explore_memory *m)
{
	*m = (struct explore_memory){ .kind = EXPLORE_MEMORY_OTHER,
				      .thread = EXPLORE_NOBODY,
				      .allocated_by = EXPLORE_NOBODY,
				      .freed_by = EXPLORE_NOBODY,
				      .bytes = bytes };
	if (address - HARNESS_AT < HARNESS_BYTES) {
		m->kind = EXPLORE_MEMORY_HARNESS;
		return;
	}
	if (address - ARENA_AT < ARENA_BYTES) {
		block_describe(address, m);
		return;
	}
	if (address - (uintptr_t)__ehdr_start < (uintptr_t)_end - (uintptr_t)__ehdr_start) {
		m->kind = EXPLORE_MEMORY_GLOBAL;
		m->offset = (int64_t)(address - (uintptr_t)__ehdr_start);
		return;
	}
	for (unsigned i = 0; i < rt->threads; i++) {
		const struct thread *t = &rt->thread[i];
		m->thread = thread_named(t->id);
		m->kind = EXPLORE_MEMORY_STACK;
		m->offset = (int64_t)(address - (uintptr_t)t->stack_top);
		if (address - (uintptr_t)t->stack_low < STACK_STRIDE)
			return;
		m->kind = EXPLORE_MEMORY_TLS;
		m->offset = (int64_t)(address - (uintptr_t)t->tls);
		if (address - (uintptr_t)t->tls < (uintptr_t)((char *)t->tp - t->tls))
			return;
	}
	m->kind = EXPLORE_MEMORY_OTHER;
	m->thread = EXPLORE_NOBODY;
	m->offset = 0;
}

uint64_t memory_number(uintptr_t address)
{
	struct explore_memory m;

	memory_describe(address & ~(uintptr_t)7, 8, &m);
	return (uint64_t)m.kind << 56 | (uint64_t)m.thread << 48 |
	       ((uint64_t)m.block << 24 ^ ((uint64_t)m.offset & 0xffffffffffffu));
}
