/* The heap of explored programs: blocks one after the other with red zones between, a shadow byte
 * for every 8 bytes, and for every block who allocated and who freed it.
 *
 * Source: shadow bytes as in AddressSanitizer (Serebryany et al. 2012): 0..8 bytes of the eight may
 * be touched. Freed blocks are kept apart (use after free is seen) or used again at once (ABA is
 * seen): a choice; where the arena is full the blocks longest free are used again in any case. */
#include "runtime/arena.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "runtime/events.h"
#include "runtime/finding.h"
#include "runtime/object.h"
#include "runtime/race.h"

#define GRAIN         16u
#define LIST_EACH     ((size_t)512) /* bytes: up to here every size has a list of its own */
#define RED_ZONE      16u
#define FILL          0xCD
#define SHADOW_FREED  0xF0
#define SHADOW_NOBODY 0xF1

int arena_start(void)
{
	const void *at = mmap((void *)ARENA_AT, ARENA_BYTES, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1,
			      0);

	if (at == MAP_FAILED)
		return errno;
	memset(rt->arena_shadow, SHADOW_NOBODY, sizeof(rt->arena_shadow));
	/* cppcheck-suppress memleak ; it stays, at a known address */
	return 0;
}

void arena_reset(void)
{
	memset(rt->arena_shadow, SHADOW_NOBODY, rt->arena_used / 8);
	memset(rt->arena_block, 0, rt->arena_used / GRAIN * sizeof(rt->arena_block[0]));
	memset(rt->free_first, 0, sizeof(rt->free_first));
	memset(rt->free_last, 0, sizeof(rt->free_last));
	rt->arena_used = rt->block_count = rt->blocks_live = rt->bytes_live = 0;
}

/* Sizes up to 512 bytes have a list each, larger ones a list a power of two. */
static unsigned size_class(size_t room)
{
	if (room <= LIST_EACH)
		return (unsigned)(room / GRAIN);
	return 33u + (unsigned)(63 - __builtin_clzl(room - 1)) - 8u;
}

static size_t room_for(size_t bytes)
{
	size_t room = (bytes + GRAIN - 1) & ~(size_t)(GRAIN - 1);

	if (room == 0)
		return GRAIN;
	if (room > LIST_EACH)
		room = (size_t)1 << (64 - __builtin_clzl(room - 1));
	return room;
}

struct block *arena_block_at(uintptr_t address)
{
	uint16_t n = rt->arena_block[(address - ARENA_AT) / GRAIN];

	return n ? &rt->block[n - 1] : NULL;
}

void arena_note_object(uintptr_t address)
{
	if (address - ARENA_AT < ARENA_BYTES && arena_block_at(address))
		arena_block_at(address)->objects = true;
}

void arena_check(uintptr_t address, size_t bytes, unsigned how, uint32_t pc)
{
	const struct block *b;

	if (how & RECORD_FREE)
		return; /* asked already, with better words */
	for (uintptr_t at = address; at < address + bytes; at = (at | 7) + 1) {
		uintptr_t last = (at | 7) < address + bytes - 1 ? at | 7 : address + bytes - 1;
		if (at - ARENA_AT < ARENA_BYTES) {
			uint8_t shadow = rt->arena_shadow[(at - ARENA_AT) / 8];
			if (shadow <= 8 && (last & 7) < shadow)
				continue;
		}
		b = at - ARENA_AT < ARENA_BYTES ? arena_block_at(at) : NULL;
		finding_access(b && !b->live ? EXPLORE_USE_AFTER_FREE : EXPLORE_OVERFLOW, 0,
			       address, bytes, how, pc);
	}
}

static struct block *take_free(unsigned class, bool newest)
{
	uint32_t n = newest ? rt->free_last[class] : rt->free_first[class];
	uint32_t before = 0;

	if (!n)
		return NULL;
	if (newest) /* lists are short where this is asked for */
		for (uint32_t i = rt->free_first[class]; i != n; i = rt->block[i - 1].next_free)
			before = i;
	*(before ? &rt->block[before - 1].next_free
		 : &rt->free_first[class]) = rt->block[n - 1].next_free;
	if (rt->free_last[class] == n)
		rt->free_last[class] = before;
	return &rt->block[n - 1];
}

static struct block *take_new(size_t room, size_t align)
{
	size_t offset = (rt->arena_used + align - 1) & ~(align - 1);

	if (rt->block_count >= BLOCKS - 1 || offset + room + RED_ZONE > ARENA_BYTES)
		return NULL;
	rt->arena_used = (uint32_t)(offset + room + RED_ZONE);
	struct block *b = &rt->block[rt->block_count++];
	*b = (struct block){ .offset = (uint32_t)offset, .room = (uint32_t)room };
	for (size_t at = offset; at < rt->arena_used; at += GRAIN)
		rt->arena_block[at / GRAIN] = (uint16_t)rt->block_count;
	return b;
}

static void shadow_live(const struct block *b)
{
	uint8_t *shadow = &rt->arena_shadow[b->offset / 8];

	memset(shadow, 8, b->bytes / 8);
	memset(shadow + b->bytes / 8, SHADOW_NOBODY, b->room / 8 - b->bytes / 8);
	if (b->bytes % 8)
		shadow[b->bytes / 8] = b->bytes % 8;
}

void *arena_allocate(size_t bytes, size_t align, uint32_t pc)
{
	size_t room = room_for(bytes);
	unsigned class = size_class(room);
	struct block *b = NULL;

	if (bytes > ARENA_BYTES)
		return NULL;
	if (rt->heap_reuse && align <= GRAIN)
		b = take_free(class, true);
	bool used_before = b;
	if (!b)
		b = take_new(room, align < GRAIN ? GRAIN : align);
	if (!b && align <= GRAIN) {
		b = take_free(class, false);
		used_before = b;
	}
	if (!b)
		return NULL;
	b->bytes = (uint32_t)bytes;
	b->live = true;
	b->objects = false;
	b->allocated_by = self->id;
	b->allocated_pc = pc;
	b->allocated_node = self->node;
	b->freed_by = EXPLORE_NOBODY;
	shadow_live(b);
	char *p = (char *)ARENA_AT + b->offset;
	memset(p, FILL, b->room);
	if (used_before)
		race_forget((uintptr_t)p, b->room);
	rt->blocks_live++;
	rt->bytes_live += b->bytes;
	event_step(EXPLORE_STEP_ALLOCATE, EXPLORE_NOTHING, pc, (uint64_t)(b - rt->block));
	return p;
}

void arena_free(void *p, uint32_t pc)
{
	uintptr_t address = (uintptr_t)p;
	struct block *b = address - ARENA_AT < ARENA_BYTES ? arena_block_at(address) : NULL;

	if (!b || address != ARENA_AT + b->offset)
		finding_access(EXPLORE_BAD_FREE, b ? 2 : 0, address, 1, RECORD_WRITE | RECORD_FREE,
			       pc);
	/* cppcheck-suppress nullPointer ; the finding above does not return */
	if (!b->live)
		finding_access(EXPLORE_BAD_FREE, 1, address, 1, RECORD_WRITE | RECORD_FREE, pc);
	access_check(address, b->bytes, RECORD_WRITE | RECORD_FREE, pc);
	if (b->objects)
		objects_forget(address, b->room);
	b->live = false;
	b->freed_by = self->id;
	b->freed_pc = pc;
	b->freed_node = self->node;
	memset(&rt->arena_shadow[b->offset / 8], SHADOW_FREED, b->room / 8);
	rt->blocks_live--;
	rt->bytes_live -= b->bytes;
	unsigned class = size_class(b->room);
	uint32_t n = (uint32_t)(b - rt->block) + 1;
	b->next_free = 0;
	*(rt->free_last[class] ? &rt->block[rt->free_last[class] - 1].next_free
			       : &rt->free_first[class]) = n;
	rt->free_last[class] = n;
	event_step(EXPLORE_STEP_FREE, EXPLORE_NOTHING, pc, n - 1);
}
