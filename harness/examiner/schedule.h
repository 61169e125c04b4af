/* schedule.h - which executions a configuration is given, and in which order.
 *
 * First the default schedule; then `seeded` ones of a mix of strategies, by index modulo 4: PCT
 * with d=2, random walk, PCT with d=3, POS; then iterative context bounding: all schedules with 0,
 * 1, 2 ... preemptions, breadth first from a list of prefixes for each bound. No schedule of the
 * bounded part comes twice; the order depends on the answers alone, read in order of index, not on
 * how far the subject is ahead.
 *
 * Source: Burckhardt et al. 2010 (PCT), Yuan et al. 2018 (POS), Musuvathi and Qadeer 2007 (ICB).
 * [MT-Confined] */
#ifndef SCHEDULE_H
#define SCHEDULE_H
#include <stdbool.h>
#include <stdint.h>

#include "explorer.h"

#define SCHEDULE_BOUNDS 3u /* 0, 1 and 2 preemptions                                           */

struct budget {
	uint32_t seeded;  /* executions of the mix                                            */
	uint32_t bounded; /* executions of the bounded search, at most                        */
	uint32_t flags;   /* enum explore_flag, of all                                        */
	uint8_t spurious; /* wake-ups without cause: at most so many in one of four seeds     */
	uint8_t timeouts; /* early time-outs, at most                                         */
	uint8_t phases;   /* of explore_plan                                                  */
	uint32_t points;  /* of explore_plan                                                  */
};

/* What was done. */
struct coverage {
	uint32_t seeded, bounded;
	uint32_t bound[SCHEDULE_BOUNDS]; /* executions of each                                 */
	int exhausted; /* the highest bound of which all schedules were run; -1: none          */
};

struct schedule;

/* seed: of this configuration of this test, never of the submission. */
struct schedule *schedule_open(const struct budget *budget, uint64_t seed);
void schedule_close(struct schedule *s);

/* The next execution: its plan and prefix. False: there is none before more answers are learned; if
 * all are, none at all. */
bool schedule_next(struct schedule *s, struct explore_plan *plan, uint16_t *prefix);

/* Every answer, in order of index. */
void schedule_learn(struct schedule *s, const struct execution *x);

void schedule_coverage(const struct schedule *s, struct coverage *out);

/* The same for one that ended before its schedule did: nothing branches off it. */
void schedule_skip(struct schedule *s);

/* A bounded search from the start, without seeded executions: for shrinking. */
struct schedule *schedule_bounded(const struct budget *budget);

/* What a choice costs in preemptions: 1 or 0. */
unsigned schedule_cost(uint16_t choice, unsigned option);
/* A number from numbers: seeds are made of it. splitmix64 (Steele et al. 2014). */
uint64_t schedule_mix(uint64_t a, uint64_t b);
#endif
