/* Which executions a drive plays: the seeded strategies, and iterative context bounding. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "runtime/runtime.h"
#include "runtime/tools/drive.h"

#define BOUNDS      3u
#define PREFIXES    1000000u
#define POOL        ((size_t)1 << 31)
#define SPURIOUS_OF 4u /* one seed in so many has wake-ups without cause */

bool drive_one(struct drive *d, const struct explore_plan *plan)
{
	struct explore_area *area = runtime_area();
	const struct explore_answer *a = &area->slot[0].answer;

	area->plan[0] = *plan;
	(void)runtime_play(0, 1);
	d->played++;
	d->points += a->points;
	d->all_hashes = (d->all_hashes ^ a->hash ^ a->end) * 0x100000001b3u;
	if (a->end == EXPLORE_END_DONE)
		return false;
	if (!d->found) {
		d->found = drive_name(a);
		d->first = d->played;
		drive_report(a);
	}
	return !d->keep;
}

int drive_seeds(struct drive *d)
{
	static const struct {
		const char *name;
		enum explore_strategy strategy;
		uint8_t depth;
	} known[] = { { "pct2", EXPLORE_PCT, 2 },
		      { "random", EXPLORE_RANDOM, 0 },
		      { "pct3", EXPLORE_PCT, 3 },
		      { "pos", EXPLORE_POS, 0 } };
	const struct explore_answer *a = &runtime_area()->slot[0].answer;
	unsigned which = 0;

	while (which < 4 && strcmp(known[which].name, d->strategy) != 0)
		which++;
	if (which == 4 && strcmp(d->strategy, "mix") != 0)
		return -1;
	uint64_t all = d->all_hashes;
	if (drive_one(d, &(struct explore_plan){ .flags = d->flags & ~(uint32_t)EXPLORE_HEAP,
						 .points_max = d->points_max,
						 .cores = d->cores }))
		return 0;
	d->k = a->points;
	d->all_hashes = all;
	d->played = d->points = 0;
	for (uint64_t i = 0; i < d->count; i++) {
		uint64_t seed = d->seed * 1000003u + i;
		unsigned s = which < 4 ? which : (unsigned)(i % 4);
		if (drive_one(d,
			      &(struct explore_plan){
				      .index = i,
				      .seed = seed,
				      .flags = d->flags | EXPLORE_HEAP,
				      .k = d->k,
				      .points_max = d->points_max,
				      .cores = d->cores,
				      .strategy = (uint8_t)known[s].strategy,
				      .depth = known[s].depth,
				      .spurious_max = !d->calm && !(d->flags & EXPLORE_VT) &&
								      (seed / 4) % SPURIOUS_OF == 0
							      ? 2
							      : 0,
				      .timeout_max = d->flags & EXPLORE_VT ? 0 : 8,
				      .stale_max = 255 }))
			return 0;
	}
	return 0;
}

struct prefix {
	uint32_t length;
	uint16_t *choice;
};

static uint16_t *pool; /* of choices; given back by the end of the process */
static size_t pool_used;

static void *address_space(size_t bytes)
{
	void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (p == MAP_FAILED)
		abort();
	return p;
}

static uint16_t *pool_take(size_t n)
{
	if (pool_used + n > POOL)
		abort();
	pool_used += n;
	return pool + pool_used - n;
}

/* The execution just played branches off at every choice after its prefix. */
static void branch(struct prefix *lists, uint32_t *counts, unsigned bound, uint32_t from)
{
	const struct explore_slot *slot = &runtime_area()->slot[0];

	for (uint32_t i = from; i < slot->answer.choices; i++) {
		uint16_t c = slot->choice[i];
		unsigned kind = explore_choice_kind(c);
		bool costs = explore_choice_goes_on(c) || kind == EXPLORE_CHOOSE_SPURIOUS ||
			     kind == EXPLORE_CHOOSE_TIMEOUT || kind == EXPLORE_CHOOSE_STORE;
		unsigned next = bound + costs;
		for (unsigned o = 1; o < explore_choice_options(c) && next < BOUNDS; o++) {
			struct prefix *p = &lists[next * PREFIXES + counts[next]];
			if (counts[next] == PREFIXES)
				break;
			p->length = i + 1;
			p->choice = pool_take(i + 1);
			memcpy(p->choice, slot->choice, i * sizeof(uint16_t));
			p->choice[i] = explore_choice(kind, explore_choice_goes_on(c),
						      explore_choice_options(c), o);
			counts[next]++;
		}
	}
}

void drive_icb(struct drive *d)
{
	struct prefix *lists = address_space(BOUNDS * (size_t)PREFIXES * sizeof(*lists));
	uint32_t counts[BOUNDS] = { 1 };

	pool = address_space(POOL * sizeof(*pool));
	for (unsigned bound = 0; bound < BOUNDS && d->played < d->count; bound++) {
		uint64_t before = d->played;
		uint32_t i = 0;
		for (; i < counts[bound] && d->played < d->count; i++) {
			struct prefix *p = &lists[bound * PREFIXES + i];
			if (p->length)
				memcpy(runtime_area()->slot[0].choice, p->choice,
				       p->length * sizeof(uint16_t));
			if (drive_one(d, &(struct explore_plan){
						 .flags = d->flags,
						 .prefix = p->length,
						 .spurious_max = d->calm ? 0 : 1,
						 .timeout_max = d->flags & EXPLORE_VT ? 0 : 1,
						 .points_max = d->points_max,
						 .cores = d->cores,
						 .stale_max = 1 }))
				return;
			branch(lists, counts, bound, p->length);
		}
		(void)printf("bound %u: %llu executions%s\n", bound,
			     (unsigned long long)(d->played - before),
			     i == counts[bound] ? ", exhausted" : "");
	}
}
