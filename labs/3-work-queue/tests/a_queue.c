/* Part A: the queue for one thread, natively. Scripts of random operations run in the player; what
 * each of them must have returned is known here, from a list of the items that are in the queue. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "lab.h"
#include "ops.h"

#define CAPACITY_MAX 64
/* So few at a time, that a queue which sleeps now and then is not taken for one that hangs. */
#define CHUNK  128
#define CHUNKS 160 /* for each capacity: 10^5 operations in all */

static const uint64_t capacities[] = { 1, 2, 3, 7, CAPACITY_MAX };
#define CAPACITIES (sizeof(capacities) / sizeof(capacities[0]))

struct world {
	struct stage stage;
	struct player player;
	struct rng rng;
};

static struct world *world_open(void)
{
	static struct world w;

	w.rng.state = lab_seed();
	(void)player_start(&w.player, &w.stage, false);
	return &w;
}

static int64_t call(struct world *w, const char *function, enum lab3_op op, int64_t a, int64_t b)
{
	return PLAYER_CALL(&w->player, function, .op = (uint16_t)op, .arg = { a, b });
}

static int64_t result(const struct world *w, size_t i)
{
	return w->player.message->head.arg[i];
}

static void law_created(struct world *w, uint64_t capacity)
{
	int64_t status = call(w, "bq_create", OP_BQ_CREATE, (int64_t)capacity, 0);

	law_written(status != ENOSYS, "bq_create");
	LAW(status == 0, "cannot-create", "bq_create with capacity %" PRIu64 " returned %" PRId64,
	    capacity, status);
}

static void drop_queue(struct world *w)
{
	(void)call(w, "bq_close", OP_BQ_CLOSE, 0, 0);
	(void)call(w, "bq_destroy", OP_BQ_DESTROY, 0, 0);
}

/* What the queue must hold: the oldest item at item[head]. */
struct shadow {
	uint64_t capacity, head, count;
	int64_t item[CAPACITY_MAX];
};

static int64_t *shadow_slot(struct shadow *s, uint64_t i)
{
	return &s->item[(s->head + i) % s->capacity];
}

/* One random operation that finds what it needs: whether a call waits or says EAGAIN on a full or
 * empty queue is looked at by the tests that can see a thread sleep. One item in eight is NULL. */
static struct lab3_step draw_step(struct world *w, const struct shadow *s)
{
	uint64_t draw = rng_next(&w->rng);
	int64_t item = draw >> 61 ? (int64_t)(draw & 0x7fffffffffff) : 0;
	bool push = s->count == 0 || (s->count < s->capacity && (draw >> 60 & 1)), try = draw & 1;

	if ((draw >> 50 & 7) == 0)
		return (struct lab3_step){ OP_BQ_SIZE, 0 };
	if (push)
		return (struct lab3_step){ try ? OP_BQ_TRY_PUSH : OP_BQ_PUSH, item };
	return (struct lab3_step){ try ? OP_BQ_TRY_POP : OP_BQ_POP, 0 };
}

static bool is_push(int64_t op)
{
	return op == OP_BQ_PUSH || op == OP_BQ_TRY_PUSH;
}

/* Runs the step on the shadow: what a queue returns. */
static struct lab3_step shadow_step(struct shadow *s, const struct lab3_step *step)
{
	if (step->what == OP_BQ_SIZE)
		return (struct lab3_step){ (int64_t)s->count, 0 };
	if (is_push(step->what)) {
		*shadow_slot(s, s->count++) = step->value;
		return (struct lab3_step){ 0, 0 };
	}
	int64_t item = *shadow_slot(s, 0);
	s->head = (s->head + 1) % s->capacity;
	s->count--;
	return (struct lab3_step){ 0, item };
}

static const char *function_of(int64_t op)
{
	switch ((enum lab3_op)op) {
	case OP_BQ_PUSH:
		return "bq_push";
	case OP_BQ_POP:
		return "bq_pop";
	case OP_BQ_TRY_PUSH:
		return "bq_try_push";
	case OP_BQ_TRY_POP:
		return "bq_try_pop";
	case OP_BQ_SIZE:
		return "bq_size";
	case OP_BQ_CREATE:
	case OP_BQ_DESTROY:
	case OP_BQ_PUSH_UNTIL:
	case OP_BQ_POP_UNTIL:
	case OP_BQ_POP_MANY:
	case OP_BQ_CLOSE:
	case OP_BQ_PUSH_CELL:
	case OP_BQ_POP_CELL:
	case OP_BQ_SCRIPT:
	case OP_BQ_PUSH_RUN:
	case OP_BQ_POP_RUN:
	case OP_BQ_DRAIN:
	case OP_CSEM_CREATE:
	case OP_CSEM_DESTROY:
	case OP_CSEM_WAIT:
	case OP_CSEM_TRY_WAIT:
	case OP_CSEM_POST:
	case OP_BLOCKS:
		break;
	}
	return "the queue";
}

static const struct law RING = {
	.finding = "ring-index",
	.name = "items come out in the order in which they went in",
	.why = "The next slot of a ring is found modulo the capacity, whatever the capacity is; "
	       "an index that leaves out a slot or meets one that is in use loses items.",
};
static const struct law NULL_ITEM = {
	.finding = "null-is-an-item",
	.name = "NULL is an item like any other",
	.why = "The queue knows by its count whether it is empty, not by what the items are.",
};

/* Where one step stood, for the sentences. */
struct moment {
	uint64_t capacity, before, number;
	const char *function;
};

static void law_step(const struct moment *at, const struct lab3_step *asked,
		     const struct lab3_step *want, const struct lab3_step *got)
{
	if (asked->what == OP_BQ_SIZE) {
		LAW(got->what == want->what, "wrong-size",
		    "capacity %" PRIu64 ", operation %" PRIu64 ": bq_size returned %" PRId64
		    " with %" PRIu64 " items in the queue",
		    at->capacity, at->number, got->what, at->before);
		return;
	}
	law_written(got->what != ENOSYS, at->function); /* a size may be that number */
	bool null = is_push(asked->what) ? asked->value == 0 : want->value == 0;
	LAW_OF(&NULL_ITEM, got->what == 0 || !null,
	       "capacity %" PRIu64 ", operation %" PRIu64
	       ": %s with the item NULL returned %" PRId64 ", not 0",
	       at->capacity, at->number, at->function, got->what);
	LAW(got->what == 0, "wrong-status",
	    "capacity %" PRIu64 ", operation %" PRIu64 ", %" PRIu64
	    " items in the queue: %s returned %" PRId64 ", not 0",
	    at->capacity, at->number, at->before, at->function, got->what);
	LAW_OF(&RING, is_push(asked->what) || got->value == want->value,
	       "capacity %" PRIu64 ", operation %" PRIu64 ", %" PRIu64
	       " items in the queue: %s gave another item than the oldest one",
	       at->capacity, at->number, at->before, at->function);
}

static void run_chunk(struct world *w, struct shadow *s, uint64_t chunk)
{
	static struct lab3_step asked[CHUNK], want[CHUNK], got[CHUNK];
	static uint64_t before[CHUNK];

	for (size_t i = 0; i < CHUNK; i++) {
		asked[i] = draw_step(w, s);
		before[i] = s->count;
		want[i] = shadow_step(s, &asked[i]);
	}
	(void)PLAYER_CALL(&w->player, "a script of bq_push, bq_pop, bq_try_push and bq_try_pop",
			  .op = OP_BQ_SCRIPT, .data = asked, .data_len = sizeof(asked));
	LAW(w->player.message->head.data_len == sizeof(got), "died",
	    "the program does not obey the harness any more");
	memcpy(got, w->player.message->data, sizeof(got));
	for (size_t i = 0; i < CHUNK; i++)
		law_step(&(const struct moment){ .capacity = s->capacity,
						 .before = before[i],
						 .number = chunk * CHUNK + i + 1,
						 .function = function_of(asked[i].what) },
			 &asked[i], &want[i], &got[i]);
}

/* Items that are left would be a topic of bq_destroy: the last chunk is followed by pops. */
static void drain(struct world *w, struct shadow *s)
{
	for (; s->count > 0; s->count--)
		(void)call(w, "bq_try_pop", OP_BQ_TRY_POP, 0, 0);
}

LAB_TEST(one_thread, .id = "L3.A.1", .gate = true, .points = 6, .detector = "function",
	 .builds = "nat", .about = "bq_push",
	 .title = "for one thread the queue is a list of at most `capacity` items, NULL among them")
{
	struct world *w = world_open();

	for (size_t i = 0; i < CAPACITIES; i++) {
		struct shadow s = { .capacity = capacities[i] };
		law_created(w, s.capacity);
		for (uint64_t chunk = 0; chunk < CHUNKS; chunk++)
			run_chunk(w, &s, chunk);
		drain(w, &s);
		drop_queue(w);
	}
	EVIDENCE("operations", CAPACITIES * CHUNKS * CHUNK);
}

static const struct law LEAK_ON_FAILURE = {
	.finding = "leak-on-failed-create",
	.name = "a failed bq_create leaves nothing behind",
	.why = "The caller gets no queue, so nobody else can release what was taken until then.",
	.detector = "FI",
};
static const struct law UNCHECKED = {
	.finding = "error-unchecked",
	.name = "bq_create looks at every result",
	.why = "What could not be made must not be used; the caller has to hear of it.",
	.detector = "FI",
};

static void law_refused(struct world *w, uint64_t capacity, bool no_memory_will_do)
{
	int64_t status = call(w, "bq_create", OP_BQ_CREATE, (int64_t)capacity, 0);

	law_written(status != ENOSYS, "bq_create");
	LAW(status == EINVAL || (no_memory_will_do && status == ENOMEM), "capacity-unchecked",
	    "bq_create with capacity %" PRIu64 " returned %" PRId64 ", not EINVAL%s", capacity,
	    status, no_memory_will_do ? " or ENOMEM" : "");
	LAW_OF(&LEAK_ON_FAILURE, result(w, 2) == 0,
	       "bq_create refused a capacity of %" PRIu64 " and left %" PRId64 " blocks of memory",
	       capacity, result(w, 2));
}

#define FAULTS_MAX 50 /* more calls that can fail than any queue needs */

LAB_TEST(create_errors, .id = "L3.A.2", .points = 4, .detector = "function", .builds = "nat",
	 .about = "bq_create",
	 .title = "bq_create refuses what it cannot make, and undoes what it had made so far")
{
	struct world *w = world_open();
	uint64_t faults = 0;

	law_refused(w, 0, false);
	law_refused(w, UINT64_MAX, false);
	law_refused(w, UINT64_MAX / 8, true);
	for (bool fired = true; fired; faults++) {
		int64_t status = call(w, "bq_create", OP_BQ_CREATE, 7, (int64_t)(faults + 1));
		fired = result(w, 1) != 0;
		if (!fired) {
			LAW(status == 0, "cannot-create", "bq_create returned %" PRId64, status);
			break;
		}
		LAW_OF(&UNCHECKED, status != 0,
		       "call %" PRIu64 " of those that can fail failed with ENOMEM: bq_create "
		       "returned 0",
		       faults + 1);
		LAW(status == ENOMEM, "wrong-errno",
		    "call %" PRIu64 " of those that can fail failed with ENOMEM: bq_create "
		    "returned %" PRId64,
		    faults + 1, status);
		LAW_OF(&LEAK_ON_FAILURE, result(w, 2) <= 0,
		       "call %" PRIu64 " of those that can fail failed: bq_create returned ENOMEM "
		       "and left %" PRId64 " blocks of memory",
		       faults + 1, result(w, 2));
		LAW(faults < FAULTS_MAX, "too-many-parts",
		    "bq_create makes more than %d calls that can fail", FAULTS_MAX);
	}
	LAW(faults > 0, "no-memory-asked", "bq_create makes a queue without asking for memory");
	int64_t blocks = call(w, "the player", OP_BLOCKS, 0, 0);
	drop_queue(w);
	law_created(w, 7);
	int64_t more = call(w, "the player", OP_BLOCKS, 0, 0) - blocks;
	LAW(more <= 0, "leak-on-destroy",
	    "a queue was destroyed and another one made: %" PRId64 " more blocks are in use", more);
	drop_queue(w);
	EVIDENCE("capacities refused", 3);
}

static const struct law ITEMS_FREED = {
	.finding = "items-freed",
	.name = "items are the caller's, also those left behind",
	.why = "The queue never looks at what an item points to; only its owner knows how to "
	       "release it.",
	.where = { { .function = "bq_destroy", .role = "releases what is not its own" } },
};

LAB_TEST(memory_clean, .id = "L3.A.4", .points = 2, .detector = "SAN", .builds = "asan",
	 .about = "bq_destroy",
	 .title = "no access outside the ring, and bq_destroy leaves the items alone")
{
	struct world *w = world_open();

	for (size_t i = 0; i < CAPACITIES; i++) {
		struct shadow s = { .capacity = capacities[i] };
		law_created(w, s.capacity);
		run_chunk(w, &s, 0);
		drain(w, &s);
		for (uint64_t n = 0; n < s.capacity; n++)
			LAW(call(w, "bq_push", OP_BQ_PUSH_CELL, (int64_t)n, 1) == 0, "wrong-status",
			    "bq_push into a queue that is not full did not return 0");
		int64_t status = call(w, "bq_pop", OP_BQ_POP_CELL, 0, 0);
		LAW_OF(&RING, status == 0 && result(w, 1) == 0,
		       "capacity %" PRIu64 ": the first item is not the oldest one", s.capacity);
		(void)call(w, "bq_close", OP_BQ_CLOSE, 0, 0);
		(void)call(w, "bq_destroy", OP_BQ_DESTROY, 0, 0);
		LAW_OF(&ITEMS_FREED, result(w, 1) == 0,
		       "bq_destroy with %" PRIu64 " items in the queue called free for %" PRId64
		       " of them",
		       s.capacity - 1, result(w, 1));
	}
	EVIDENCE("operations", CAPACITIES * CHUNK);
}
