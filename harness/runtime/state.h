/* state.h - all that the runtime knows, in one mapping outside the program's data, so that putting
 * the program's data back between executions cannot touch it.
 *
 * Reset between executions costs time at 20 000 of them a second: what can be told to be stale by a
 * generation number is not cleared. Two globals stand outside: the mapping's address, and the
 * thread that runs (NULL outside executions, so every hook's first question is one load). */
#ifndef RUNTIME_STATE_H
#define RUNTIME_STATE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "explore.h"
#include "runtime/runtime.h"

#define CALLER()    __builtin_return_address(0)
#define THREADS     EXPLORE_THREADS /* at once, where there is a choice          */
#define PLACES      80u             /* the same under EXPLORE_VT, whose threads keep no clocks */
#define NO_DEADLINE UINT64_MAX
#define POINT_NS    100u

/* Fixed addresses: equal on every run, and one comparison tells whose memory it is. */
#define TLS_MAX       16384u          /* bytes of thread-local storage of the whole program */
#define HARNESS_AT    0x100000000000u /* the area, then struct runtime                            */
#define HARNESS_BYTES 0x20000000u     /* 512 MiB of address space, touched as used                */
#define STACKS_AT     0x110000000000u
#define STACK_STRIDE  0x40000u /* 256 KiB, the lowest page a guard */
#define ARENA_AT      0x120000000000u
#define ARENA_BYTES   0x400000u

/* Bit t: thread t. */
__extension__ typedef unsigned __int128 thread_set;

struct clock {
	uint32_t at[THREADS];
};

#include "runtime/kernel.h"

struct held {
	uint16_t object;
	uint32_t pc;
};

enum thread_wake { WAKE_NONE, WAKE_SIGNAL, WAKE_TIMEOUT, WAKE_SPURIOUS };

#define KEYS 128u
struct key {
	bool used;
	void (*destructor)(void *);
};

struct thread {
	struct clock clock;
	uint8_t id;
	uint8_t state;     /* enum explore_thread_state                                      */
	uint8_t step;      /* enum explore_step, pending                                     */
	uint8_t woken;     /* enum thread_wake: how the last sleep ended                     */
	uint16_t object;   /* of the pending step                                            */
	uint16_t op;       /* script operation under way                                     */
	bool call_pending; /* the operation has not reached its first point                  */
	bool detached, joined;
	bool dead_memory;      /* its stack and TLS are no longer to be touched                  */
	uint32_t pc;           /* of the pending step                                            */
	uint32_t node;         /* shadow stack: node in rt->stacks                               */
	uint32_t depth_lost;   /* calls below the last node kept                                 */
	uint32_t locks;        /* node in rt->locksets                                           */
	uint32_t since;        /* stamp of the last sleep                                        */
	uint32_t plain;        /* plain accesses since the last point                            */
	uint32_t row;          /* points in a row                                                */
	uint32_t yields;       /* of these, that gave the others a chance */
	uint64_t deadline;     /* ns; NO_DEADLINE                                                */
	thread_set after;      /* tired: those that are to run before it does                   */
	thread_set *in;        /* the set it waits or contends in, left when it wakes           */
	struct object *relock; /* asleep in a condition: the mutex to take again                */
	uint64_t ready;        /* EXPLORE_VT: when it joined the queue of those that can run */
	uint64_t cpu_ns;       /* spent in bursts */
	uint64_t burst_ns, burst_end_ns; /* of the one under way; end 0: none */
	bool wall;                       /* its deadline is of the wall clock */
	int64_t priority; /* PCT, POS                                                       */
	uint32_t drawn;   /* the point at which it was drawn                                */
	uint32_t held_count;
	struct held held[2 * EXPLORE_HELD];
	struct clock acquired;  /* what relaxed loads saw: an acquire fence takes it            */
	struct clock view;      /* stores known beyond clock: fences, operations returned       */
	struct clock published; /* set by a release fence: relaxed stores carry it              */
	bool fenced;            /* published is set                                             */
	void *(*main)(void *);
	void *arg, *result;
	int (*c11_main)(void *);
	void *c11_arg;
	uint32_t place;       /* how often the place was used before: part of pthread_t          */
	thread_set joiners;   /* asleep until it ends                                           */
	uint8_t phase_wanted; /* script threads: of the next operation                          */
	struct clock last;    /* of the thread that ended here, for its joiner                   */
	uint32_t values; /* of keys, set so far                                                 */
	void *value[KEYS];
	/* the fiber: kept between executions */
	void *sp, *tp;
	char *stack_low, *stack_top; /* usable stack                                            */
	char *low_mark;              /* lowest frame seen in this execution                     */
	char *tls, *tls_image;       /* thread-local block, and what it starts as               */
};

/* A synchronisation object of the submission, by address. */
struct object {
	uintptr_t address;
	uint8_t kind;    /* enum explore_object_kind                                              */
	uint8_t owner;   /* EXPLORE_NOBODY                                                        */
	uint8_t flavour; /* of its kind: normal, recursive, error-checking mutex ...            */
	bool destroyed;
	bool gone; /* its heap block was freed: the address may be another's           */
	uint8_t first_thread, unheard_by;
	uint16_t number;
	thread_set contenders; /* threads whose pending step needs it free                        */
	thread_set readers_waiting;
	thread_set waiters; /* asleep in it: condition, futex, barrier, join                   */
	thread_set readers; /* mask of holders                                                 */
	uint16_t partner;   /* condition: number of its waiters' mutex                         */
	uint32_t count;     /* recursion, value of a semaphore, arrivals, generation           */
	uint32_t limit;     /* barrier                                                         */
	uint32_t first_pc, unheard, unheard_pc;
	uint32_t history; /* of an atomic: index in rt->history + 1                          */
	uint32_t next;    /* in its hash bucket, + 1                                         */
	struct clock clock;
	struct clock readers_clock;
};

struct trie_node {
	uint64_t key;
	uint32_t parent;
	uint32_t recent; /* the child asked for last: most calls repeat it                      */
};
#define TRIE_NODES 32768u
struct trie {
	uint32_t count;
	struct trie_node node[TRIE_NODES];
	uint32_t hash[2 * TRIE_NODES];
};

#define RECORD_WRITE  1u
#define RECORD_ATOMIC 2u
#define RECORD_FREE   4u
struct record {
	uint32_t clock, pc, node;
	uint16_t locks;
	uint8_t who;  /* thread << 4 | RECORD_ bits                                              */
	uint8_t mask; /* bytes of the cell                                                      */
};
#define CELL_RECORDS 7u
struct cell {
	uint32_t generation, count;
	uint32_t zero[2];
	struct record record[CELL_RECORDS];
};
#define PAGE_CELLS 512u
#define CELL_PAGES 2048u
struct cell_page {
	struct cell cell[PAGE_CELLS];
};

#define BLOCKS 65536u
struct block {
	uint32_t offset, bytes; /* in the arena                                                 */
	uint32_t room;          /* bytes up to the red zone                                     */
	uint32_t allocated_pc, allocated_node, freed_pc, freed_node;
	uint32_t next_free; /* in its list, + 1                                                 */
	uint8_t allocated_by, freed_by;
	bool live, objects; /* objects: a synchronisation object was seen in it                 */
};
#define SIZE_CLASSES 64u

/* The last stores of an atomic, by index: 0 is what it held before the first one. */
#define HISTORIES      1024u
#define HISTORY_STORES 8u
#define HISTORY_SEEN   4u
struct store {
	uint64_t value;
	struct clock clock; /* published with it                                                */
	uint32_t epoch;     /* of its author                                                    */
	uint8_t author;
};
struct seen {
	uint32_t index, epoch;
};
struct history {
	uint32_t count;
	struct store store[HISTORY_STORES];
	struct seen seen[THREADS][HISTORY_SEEN]; /* by each thread, newest first                 */
	uint32_t surely[THREADS];                /* seen before those: taken as seen by all      */
};

#define OBJECTS     8192u
#define OBJECT_HASH 4096u

struct runtime {
	struct explore_slot *slot;
	struct explore_answer *answer;
	const struct explore_plan *plan;
	runtime_call_fn *call;
	struct explore_script script;
	uint8_t first_op[THREADS], next_op[EXPLORE_OPS]; /* of each thread, + 1; 0 ends          */
	uint32_t generation;
	uint32_t flags;
	/* scheduler */
	thread_set runnable; /* bit t: Tt could run                                               */
	thread_set timed;    /* bit t: asleep with a deadline                                     */
	thread_set tired;  /* bit t: ran for long in a row, and waits for those in its `after`   */
	thread_set drowsy; /* bit t: asleep in a condition or futex: may wake without cause     */
	thread_set dead;   /* bit t: dead_memory                                                */
	thread_set idle;   /* bit t: of the script, waits for its next operation                */
	uint8_t threads;   /* places in use                                                     */
	uint8_t phase, phases;
	uint8_t spurious_left, timeout_left, stale_left;
	bool heap_reuse;
	uint32_t planted; /* planted errors of this execution that were committed */
	bool forked;      /* children may be under way */
	bool child; /* this process is a child of the submission's fork                         */
	uint32_t stamp, points, points_max, preemptions;
	uint64_t clock_ns;
	uint64_t no_deadline_before; /* of those asleep                                          */
	uint64_t wall_ahead_ns;      /* of the wall clock, less the virtual one */
	uint64_t cpu_ns, ready_count;
	uint32_t cores_busy;
	thread_set core_waiters;
	thread_set servers; /* of the script: may run for ever (outside.h) */
	bool wall_stepped;
	int64_t edges;      /* until the next look                                             */
	int64_t edges_left; /* of the execution's budget, without those                        */
	/* choose */
	uint64_t random, hash;
	int64_t lowest;
	uint32_t choices, prefix;
	uint32_t change[8], changes;
	/* objects */
	uint32_t object_count, object_numbers, objects_free, block_count, blocks_live, bytes_live;
	uint32_t arena_used;
	uint32_t free_first[SIZE_CLASSES], free_last[SIZE_CLASSES];
	uint32_t page_count, history_count;
	uint32_t address_count;
	struct clock fence_clock;    /* of seq_cst fences and stores    */
	struct clock returned_clock; /* of operations that have returned                        */
	uint32_t created; /* threads by the submission, so far                               */
	uint32_t keys;
	struct key key[KEYS];
	struct files files;
	struct thread thread[PLACES];
	void *driver_sp, *driver_tp;
	struct {
		uintptr_t page;
		struct cell *cells;
	} page_cache[64];
	uint32_t page_hash[2 * CELL_PAGES];
	uintptr_t page_key[CELL_PAGES];
	uint32_t object_hash[OBJECT_HASH];
	uint32_t object_generation[OBJECT_HASH];
	struct object object[OBJECTS];
	struct block block[BLOCKS];
	struct history history[HISTORIES];
	uint8_t arena_shadow[ARENA_BYTES / 8];
	uint16_t arena_block[ARENA_BYTES / 16];
	struct trie stacks, locksets;
	char tls_image[PLACES][TLS_MAX];
	struct explore_slot *parent_slot; /* of a child of the submission's fork                */
	struct explore_slot child_slot;
	struct cell_page page[CELL_PAGES];
};
static_assert(offsetof(struct record, node) == 8 && offsetof(struct record, mask) == 15,
	      "two words");
static_assert(sizeof(struct record) == 16 && sizeof(struct cell) == 128, "two cache lines");

extern struct runtime *rt;
extern struct thread *self; /* NULL: no execution is under way                                  */

extern const char __ehdr_start[]; /* the first byte of the image                                */

/* A return address as offset in the image. */
static inline uint32_t image_offset(const void *pc)
{
	return (uint32_t)((const char *)pc - __ehdr_start);
}
#define PC() image_offset(CALLER())

static inline void clock_join(struct clock *into, const struct clock *from)
{
	for (unsigned i = 0; i < THREADS; i++)
		into->at[i] = into->at[i] > from->at[i] ? into->at[i] : from->at[i];
}

/* The thread's own time. */
static inline uint32_t *clock_own(struct thread *t)
{
	return &t->clock.at[t->id % THREADS];
}

/* What t did until now is published in *clock; what it does next is not. */
static inline void clock_release(struct clock *clock, struct thread *t)
{
	clock_join(clock, &t->clock);
	++*clock_own(t);
}

static inline thread_set thread_bit(const struct thread *t)
{
	return (thread_set)1 << t->id;
}
/* Its name in an answer, where there is room for THREADS. */
static inline uint8_t thread_named(unsigned id)
{
	return id < THREADS ? (uint8_t)id : EXPLORE_NOBODY;
}
/* The lowest of a set that is not empty. */
static inline struct thread *thread_first(thread_set set)
{
	const uint64_t low = (uint64_t)set;
	const unsigned id = low ? (unsigned)__builtin_ctzll(low)
				: 64 + (unsigned)__builtin_ctzll((uint64_t)(set >> 64));

	return &rt->thread[id];
}
#endif
