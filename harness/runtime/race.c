/* The race detector: for every 8 bytes the accesses that are not yet covered by later ones, each
 * with the time of its thread; two that overlap, one a write, not both atomic, neither before the
 * other, are a race.
 *
 * Source: happens-before by vector clocks, epochs as in FastTrack (Flanagan, Freund 2009); shadow
 * cells with byte masks as in ThreadSanitizer (Serebryany et al. 2009). */
#include "runtime/race.h"

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

/* Drops what the new record covers, keeps it; reports the first that it races with. */
static void cell_add(struct cell *c, uintptr_t cell_address, struct record *new)
{
	const struct thread *t = self;
	unsigned how = new->who & 15u;
	uint32_t kept = 0;

	for (uint32_t i = 0; i < c->count; i++) {
		struct record *r = &c->record[i];
		unsigned theirs = r->who;
		bool before = r->clock <= t->clock.at[theirs >> 4];
		if (!before && (r->mask & new->mask) && ((theirs | how) & RECORD_WRITE) &&
		    !(theirs & how & RECORD_ATOMIC))
			finding_race(cell_address, r, new);
		bool covered = before && !(r->mask & ~new->mask) &&
			       ((how & RECORD_WRITE) || !(theirs & RECORD_WRITE)) &&
			       (!(how & RECORD_ATOMIC) || (theirs & RECORD_ATOMIC));
		if (!covered)
			c->record[kept++] = *r;
	}
	if (kept == CELL_RECORDS) {
		for (uint32_t i = 1; i < CELL_RECORDS; i++)
			c->record[i - 1] = c->record[i];
		kept--;
	}
	c->record[kept++] = *new;
	c->count = kept;
}

void race_check(uintptr_t address, size_t bytes, unsigned how, uint32_t pc)
{
	struct thread *t = self;
	uint32_t now = t->clock.at[t->id];
	uint8_t who = (uint8_t)((unsigned)t->id << 4 | how);

	while (bytes) {
		unsigned offset = address & 7;
		unsigned n = bytes < 8 - offset ? (unsigned)bytes : 8 - offset;
		uint8_t mask = (uint8_t)(((1u << n) - 1) << offset);
		struct cell *c = cell_of(address);
		bool known = false;

		for (uint32_t i = 0; i < c->count && !known; i++)
			known = c->record[i].clock == now && !(mask & ~c->record[i].mask) &&
				(c->record[i].who == who ||
				 (c->record[i].who == (who | RECORD_WRITE) &&
				  !(how & ATOMIC_AND_FREE)));
		if (!known)
			cell_add(c, address & ~(uintptr_t)7,
				 &(struct record){ .clock = now,
						   .pc = pc,
						   .node = t->node,
						   .locks = (uint16_t)t->locks,
						   .who = who,
						   .mask = mask });
		address += n;
		bytes -= n;
	}
}

void race_forget(uintptr_t address, size_t bytes)
{
	for (uintptr_t at = address & ~(uintptr_t)7; at < address + bytes; at += 8)
		cell_of(at)->count = 0;
}

/* Whose memory is it? Answers for all that is no plain data of the living. */
static void access_owner(uintptr_t address, size_t bytes, unsigned how, uint32_t pc)
{
	if (address - HARNESS_AT < HARNESS_BYTES)
		finding_access(EXPLORE_HARNESS, 0, address, bytes, how, pc);
	if (address - ARENA_AT < ARENA_BYTES)
		arena_check(address, bytes, how, pc);
	if (!rt->dead)
		return;
	if (address - STACKS_AT < THREADS * (uintptr_t)STACK_STRIDE) {
		if (rt->dead >> (address - STACKS_AT) / STACK_STRIDE & 1)
			finding_access(EXPLORE_DEAD_MEMORY, 0, address, bytes, how, pc);
		return;
	}
	for (unsigned mask = rt->dead; mask; mask &= mask - 1) {
		const struct thread *t = &rt->thread[__builtin_ctz(mask)];
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
