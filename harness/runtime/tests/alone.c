/* Stands in for the files that race.c, choose.c and trie.c call. */
#include "runtime/tests/alone.h"

#include <setjmp.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "runtime/arena.h"
#include "runtime/events.h"
#include "runtime/finding.h"
#include "runtime/race.h"

struct runtime *rt;
struct thread *self;

static struct explore_slot slot;
static struct explore_plan plan;
static jmp_buf back;
static int found;
static unsigned earlier_thread;

void alone_start(unsigned threads)
{
	if (rt)
		(void)munmap(rt, sizeof(*rt));
	rt = mmap(NULL, sizeof(*rt), PROT_READ | PROT_WRITE,
		  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (rt == MAP_FAILED)
		abort();
	slot = (struct explore_slot){ .answer = { .index = 0 } };
	plan = (struct explore_plan){ .k = 1, .depth = 1 };
	rt->slot = &slot;
	rt->answer = &slot.answer;
	rt->plan = &plan;
	rt->generation = 1;
	rt->threads = (uint8_t)threads;
	for (unsigned i = 0; i < threads; i++) {
		rt->thread[i].id = (uint8_t)i;
		rt->thread[i].object = EXPLORE_NOTHING;
		*clock_own(&rt->thread[i]) = 1;
	}
	alone_run(0);
}

void alone_run(unsigned id)
{
	self = &rt->thread[id];
}

bool alone_access(uintptr_t address, size_t bytes, unsigned how)
{
	found = EXPLORE_FINDING_NONE;
	if (setjmp(back) == 0)
		access_check(address, bytes, how, 1);
	return found != EXPLORE_FINDING_NONE;
}

int alone_kind(void)
{
	return found;
}

unsigned alone_earlier(void)
{
	return earlier_thread;
}

_Noreturn void finding_race(uintptr_t cell, const struct record *earlier,
			    const struct record *later)
{
	(void)cell;
	(void)later;
	found = EXPLORE_RACE;
	earlier_thread = earlier->who >> 4;
	longjmp(back, 1);
}

_Noreturn void finding_access(enum explore_finding_kind kind, unsigned sub, uintptr_t address,
			      size_t bytes, unsigned how, uint32_t pc)
{
	(void)sub;
	(void)address;
	(void)bytes;
	(void)how;
	(void)pc;
	found = (int)kind;
	longjmp(back, 1);
}

_Noreturn void finding_broken(const char *text)
{
	(void)text;
	abort();
}

void arena_check(uintptr_t address, size_t bytes, unsigned how, uint32_t pc)
{
	finding_access(EXPLORE_OVERFLOW, 0, address, bytes, how, pc);
}

void event_options(unsigned kind, const uint8_t *threads, unsigned n)
{
	(void)kind;
	(void)threads;
	(void)n;
}
