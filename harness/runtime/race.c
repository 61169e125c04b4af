/* The race detector: for every 8 bytes the accesses that are not yet covered by later ones, each
 * with the time of its thread; two that overlap, one a write, not both atomic, neither before the
 * other, are a race.
 *
 * Source: happens-before by vector clocks, epochs as in FastTrack (Flanagan, Freund 2009); shadow
 * cells with byte masks as in ThreadSanitizer (Serebryany et al. 2009). */
#include "runtime/race.h"

#include <string.h>

#include "runtime/arena.h"
#include "runtime/finding.h"
#include "runtime/scheduler.h"

#define PAGE_SHIFT      12
#define ATOMIC_AND_FREE (RECORD_ATOMIC | RECORD_FREE)

static struct cell *page_cells(uintptr_t page)
{
	uint32_t at = (uint32_t)(page * 0x9e3779b97f4a7c15u >> 40) % (2 * CELL_PAGES);
	uint32_t n;

	for (; (n = rt->page_hash[at]); at = (at + 1) % (2 * CELL_PAGES))
		if (rt->page_key[n - 1] == page)
			break;
	if (!n) {
		if (rt->page_count == CELL_PAGES) /* 8 MiB of memory in use at once */
			finding_broken("the submission touches more memory than is shadowed");
		n = ++rt->page_count;
		rt->page_key[n - 1] = page;
		rt->page_hash[at] = n;
	}
	rt->page_cache[page % 64].page = page;
	rt->page_cache[page % 64].cells = rt->page[n - 1].cell;
	return rt->page[n - 1].cell;
}

static inline struct cell *cell_of(uintptr_t address)
{
	uintptr_t page = address >> PAGE_SHIFT;
	struct cell *cells = rt->page_cache[page % 64].page == page
				     ? rt->page_cache[page % 64].cells
				     : page_cells(page);
	struct cell *c = &cells[address >> 3 & (PAGE_CELLS - 1)];

	if (c->generation != rt->generation) {
		c->generation = rt->generation;
		c->count = 0;
	}
	return c;
}

/* Is all of it said already by the newest record: same thread and time, the bytes, the kind? */
static inline bool cell_knows(const struct cell *c, uint32_t now, unsigned who, unsigned mask)
{
	const struct record *last = &c->record[c->count - 1];

	return c->count && last->clock == now && !(mask & ~(unsigned)last->mask) &&
	       (last->who == who ||
		(last->who == (who | RECORD_WRITE) && !(who & ATOMIC_AND_FREE)));
}

/* A record put together in two words: byte by byte it would be read back before it is written. */
static inline void record_write(struct record *to, uint32_t now, uint32_t pc, unsigned who,
				unsigned mask)
{
	const struct thread *t = self;
	const uint64_t words[2] = { now | (uint64_t)pc << 32,
				    t->node | (uint64_t)(uint16_t)t->locks << 32 |
					    (uint64_t)who << 48 | (uint64_t)mask << 56 };

	memcpy(to, words, sizeof(words));
}

/* Drops what the new access covers, keeps it; reports the first that it races with. */
static inline void cell_add(struct cell *c, uintptr_t address, uint32_t now, unsigned who,
			    unsigned mask, uint32_t pc)
{
	const struct thread *t = self;
	uint32_t kept = 0;

	for (uint32_t i = 0; i < c->count; i++) {
		struct record *r = &c->record[i];
		unsigned theirs = r->who;
		bool before = r->clock <= t->clock.at[theirs >> 4];
		if (!before && (r->mask & mask) && ((theirs | who) & RECORD_WRITE) &&
		    !(theirs & who & RECORD_ATOMIC)) {
			struct record new;
			record_write(&new, now, pc, who, mask);
			finding_race(address & ~(uintptr_t)7, r, &new);
		}
		if (before && !(r->mask & ~mask) && /* is it covered? */
		    ((who & RECORD_WRITE) || !(theirs & RECORD_WRITE)) &&
		    (!(who & RECORD_ATOMIC) || (theirs & RECORD_ATOMIC)))
			continue;
		if (kept != i)
			c->record[kept] = *r;
		kept++;
	}
	if (kept == CELL_RECORDS) {
		for (uint32_t i = 1; i < CELL_RECORDS; i++)
			c->record[i - 1] = c->record[i];
		kept--;
	}
	record_write(&c->record[kept], now, pc, who, mask);
	c->count = kept + 1;
}

static inline void cell_check(uintptr_t address, unsigned mask, unsigned how, uint32_t pc)
{
	const struct thread *t = self;
	uint32_t now = t->clock.at[t->id % THREADS];
	unsigned who = (unsigned)t->id << 4 | how;
	struct cell *c = cell_of(address);

	if (!cell_knows(c, now, who, mask))
		cell_add(c, address, now, who, mask, pc);
}

void race_check(uintptr_t address, size_t bytes, unsigned how, uint32_t pc)
{
	while (bytes) {
		unsigned offset = address & 7;
		unsigned n = bytes < 8 - offset ? (unsigned)bytes : 8 - offset;

		cell_check(address, ((1u << n) - 1) << offset, how, pc);
		address += n;
		bytes -= n;
	}
}

void race_forget(uintptr_t address, size_t bytes)
{
	for (uintptr_t at = address & ~(uintptr_t)7; at < address + bytes; at += 8)
		cell_of(at)->count = 0;
}

/* Of the image, who writes may touch only the submission's data (and a binding's): the rest is ours
 * and libc's, such as the two globals of state.h. */
static bool is_ours(uintptr_t address, size_t bytes)
{
	extern const char __start_explored_data[] __attribute__((weak)), _end[];
	extern const char __stop_explored_data[] __attribute__((weak));
	extern const char __start_explored_bss[] __attribute__((weak));
	extern const char __stop_explored_bss[] __attribute__((weak));
	const uintptr_t first = (uintptr_t)__ehdr_start, end = address + bytes;

	if (address - first >= (uintptr_t)_end - first && (address >= first || end <= first))
		return false;
	return (address < (uintptr_t)__start_explored_data ||
		end > (uintptr_t)__stop_explored_data) &&
	       (address < (uintptr_t)__start_explored_bss || end > (uintptr_t)__stop_explored_bss);
}

/* Whose memory is it? Answers for all that is no plain data of the living. */
static void access_owner(uintptr_t address, size_t bytes, unsigned how, uint32_t pc)
{
	/* A range may begin in front of it, and a copy may begin at its end. */
	if (address - HARNESS_AT < HARNESS_BYTES ||
	    (address < HARNESS_AT && bytes > HARNESS_AT - address))
		finding_access(EXPLORE_HARNESS, 0, address, bytes, how, pc);
	if (address - ARENA_AT < ARENA_BYTES) {
		unsigned shadow = rt->arena_shadow[(address - ARENA_AT) / 8];
		if (shadow > 8 || (address & 7) + bytes > shadow)
			arena_check(address, bytes, how, pc);
		return;
	}
	if ((how & RECORD_WRITE) && is_ours(address, bytes))
		finding_access(EXPLORE_HARNESS, 0, address, bytes, how, pc);
	if (!rt->dead)
		return;
	if (address - STACKS_AT < PLACES * (uintptr_t)STACK_STRIDE) {
		if (rt->dead >> (address - STACKS_AT) / STACK_STRIDE & 1)
			finding_access(EXPLORE_DEAD_MEMORY, 0, address, bytes, how, pc);
		return;
	}
	for (thread_set mask = rt->dead; mask; mask &= mask - 1) {
		const struct thread *t = thread_first(mask);
		if (address - (uintptr_t)t->tls < (uintptr_t)((char *)t->tp - t->tls))
			finding_access(EXPLORE_DEAD_MEMORY, 0, address, bytes, how, pc);
	}
}

void access_check(uintptr_t address, size_t bytes, unsigned how, uint32_t pc)
{
	access_owner(address, bytes, how, pc);
	if (!(rt->flags & (EXPLORE_RACES_OFF | EXPLORE_VT)))
		race_check(address, bytes, how, pc);
}
