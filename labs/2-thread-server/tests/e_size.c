/* Part E: how many threads are enough, N * (1 + WT / CT), rounded up. The rule is worked out here
 * in 128 bits, so that it cannot overflow. */
#include <inttypes.h>

#include "lab.h"
#include "ops.h"

#define CASES 200

__extension__ typedef unsigned __int128 wide;

static unsigned expected(uint64_t cores, uint64_t wt, uint64_t ct, uint64_t max)
{
	cores = cores ? cores : 1;
	max = max ? max : 1;
	if (ct == 0)
		return (unsigned)max;
	wide size = ((wide)cores * ((wide)wt + ct) + ct - 1) / ct;
	return (unsigned)(size < max ? (uint64_t)size : max);
}

static uint64_t any(struct rng *rng, const uint64_t *edge, size_t edges, uint64_t below)
{
	if (rng_below(rng, 4) == 0)
		return edge[rng_below(rng, edges)];
	return rng_below(rng, below);
}

LAB_TEST(ideal_size, .id = "L2.E.1", .gate = true, .points = 3, .detector = "function",
	 .builds = "nat", .about = "pool_ideal_size",
	 .title = "pool_ideal_size is N * (1 + WT / CT), rounded up, never too large")
{
	static const uint64_t times[] = {
		0, 1, UINT64_MAX, UINT64_MAX - 1, 1ull << 63, 1ull << 32
	};
	static const uint64_t counts[] = { 0, 1, UINT32_MAX, 1u << 31 };
	static struct stage stage;
	static struct player player;
	struct rng rng = { .state = lab_seed() };

	(void)player_start(&player, &stage, false);
	for (unsigned i = 0; i < CASES; i++) {
		uint64_t cores = any(&rng, counts, 4, 64);
		uint64_t wt = any(&rng, times, 6, 1000000);
		uint64_t ct = any(&rng, times, 6, 10000);
		uint64_t max = any(&rng, counts, 4, 4096);
		int64_t got = PLAYER_CALL(
			&player, "pool_ideal_size", .op = OP_POOL_IDEAL_SIZE,
			.arg = { (int64_t)cores, (int64_t)wt, (int64_t)ct, (int64_t)max });
		law_written(got != 0, "pool_ideal_size");
		LAW(got == expected(cores, wt, ct, max), "wrong-pool-size",
		    "pool_ideal_size(%" PRIu64 ", %" PRIu64 ", %" PRIu64 ", %" PRIu64
		    ") is %" PRId64 ", but %u threads are enough",
		    cores, wt, ct, max, got, expected(cores, wt, ct, max));
	}
	player_close(&player);
}
