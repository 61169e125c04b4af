/* explore.h - what the examiner and the explorer's runtime share: one mapping of fixed layout, the
 * one header both sides include.
 *
 * The examiner makes a memory file of sizeof(struct explore_area), seals it against shrinking and
 * growing, and sends it to the player (WIRE_OP_EXPLORE); both map it. The examiner writes script
 * and plans, then asks for slots a..b over the wire; the subject plays them in order and writes the
 * answers. The subject is not believed: the reader of an answer checks every field, copies before
 * it checks, and compares what was chosen with what was planned. There are no pointers here and no
 * addresses: places are offsets in the image of the program (0: unknown), objects and blocks are
 * numbered in order of first use, so equal executions give equal answers on every machine.
 *
 * Source: the design follows CHESS (Musuvathi et al. 2008), PCT (Burckhardt et al. 2010) and POS
 * (Yuan et al. 2018); all choices of an execution are one list. */
#ifndef EXPLORE_H
#define EXPLORE_H
#include <assert.h>
#include <stdint.h>

#define EXPLORE_MAGIC    0x31584549u /* "IEX1" */
#define EXPLORE_VERSION  1u

#define EXPLORE_THREADS  16u    /* T0, the player's main, and T1..T15: the script's, then others */
#define EXPLORE_PHASES   16u    /* of a script                                                   */
#define EXPLORE_OPS      64u    /* operations of a script                                        */
#define EXPLORE_ARGS     4u     /* arguments, and results, of an operation                       */
#define EXPLORE_SLOTS    64u    /* executions under way between the two sides                    */
#define EXPLORE_CHOICES  24576u /* recorded for one execution                                    */
#define EXPLORE_EVENTS   65536u /* recorded for one execution, where asked for                   */
#define EXPLORE_STACK    8u     /* callers kept of a place, innermost first                      */
#define EXPLORE_HELD     8u     /* locks listed of one thread                                    */
#define EXPLORE_OBJECTS  128u   /* objects described; later ones have only their number          */
#define EXPLORE_TEXT     192u   /* bytes of a message, with its NUL                              */
#define EXPLORE_START_NS 1000000000u /* virtual time when an execution begins               */
#define EXPLORE_NOBODY   0xffu   /* no thread                                                     */
#define EXPLORE_NOTHING  0xffffu /* no object, no operation                                      */

/* ---- the script: what the threads do. Examiner to subject, unchanged during a batch. */

/* T1..T15 run the operations; T0 starts and joins them. Sorted by phase, then by thread; operations
 * of one thread and phase run in their order here. A phase ends when every thread has done its
 * operations of that phase, or sleeps and no deadline is pending; then the next one begins for
 * those that do not sleep. */
struct explore_op {
	uint8_t thread; /* 1..threads                                                           */
	uint8_t phase;  /* 0..phases-1                                                          */
	uint16_t op;    /* number in the lab's binding                                          */
	uint32_t zero;
	int64_t arg[EXPLORE_ARGS];
};

struct explore_script {
	uint32_t threads; /* 1..EXPLORE_THREADS-1                                               */
	uint32_t phases;  /* 1..EXPLORE_PHASES                                                  */
	uint32_t ops;     /* 0..EXPLORE_OPS                                                     */
	uint32_t zero;
	struct explore_op op[EXPLORE_OPS];
};

/* ---- choices: everything that could have gone otherwise, in order. */

enum explore_choice_kind {
	EXPLORE_CHOOSE_THREAD = 1, /* who runs; see below for the order of options              */
	EXPLORE_CHOOSE_WAITER,   /* who is woken by a signal, post or wake: longest asleep first */
	EXPLORE_CHOOSE_SPURIOUS, /* 0 nobody, else who wakes from a condition or futex without cause
				  */
	EXPLORE_CHOOSE_TIMEOUT,  /* 0 not now, 1 the earliest deadline comes now              */
	EXPLORE_CHOOSE_STORE,    /* 0 the newest store is loaded, 1 the one before, ...       */
	EXPLORE_CHOOSE_HEAP,     /* 0 freed blocks are kept apart, 1 used again at once       */
	EXPLORE_CHOOSE_KINDS,
};

/* A choice in 16 bits: taken 0..4, options-1 5..9, the current thread could go on 10, kind 11..14.
 * Choices with one option are not recorded. Options of THREAD: the current thread if it can go on
 * (and did not yield), then the others that can run in cyclic order of their numbers from it; a
 * current thread that yielded comes last, and leaving it is free. So an option but 0 is a
 * preemption exactly if the bit is set. */
static inline uint16_t explore_choice(unsigned kind, unsigned goes_on, unsigned options,
				      unsigned taken)
{
	return (uint16_t)(taken | (options - 1) << 5 | goes_on << 10 | kind << 11);
}
static inline unsigned explore_choice_kind(uint16_t choice)
{
	return choice >> 11;
}
static inline unsigned explore_choice_goes_on(uint16_t choice)
{
	return choice >> 10 & 1u;
}
static inline unsigned explore_choice_options(uint16_t choice)
{
	return (choice >> 5 & 31u) + 1;
}
static inline unsigned explore_choice_taken(uint16_t choice)
{
	return choice & 31u;
}

/* The hash of all choices: FNV-1a over the 16-bit values, from EXPLORE_HASH_START. */
#define EXPLORE_HASH_START 0xcbf29ce484222325u
static inline uint64_t explore_hash(uint64_t hash, uint16_t choice)
{
	return (hash ^ choice) * 0x100000001b3u;
}

/* ---- a plan: how one slot is to be played. Examiner to subject. */

enum explore_strategy {
	EXPLORE_DEFAULT, /* option 0 always: bounded search and replay                          */
	EXPLORE_RANDOM,  /* random walk                                                         */
	EXPLORE_PCT,     /* priorities with depth-1 change points among k points                */
	EXPLORE_POS,     /* a random priority for each operation                                */
	EXPLORE_STRATEGIES,
};

enum explore_flag {
	EXPLORE_WEAK = 1u << 0,         /* loads may return older stores; advisory              */
	EXPLORE_HEAP = 1u << 1,         /* heap reuse is chosen; else freed blocks are kept apart */
	EXPLORE_ALL_ACCESSES = 1u << 2, /* every plain access is a point                        */
	EXPLORE_EVENT_LOG = 1u << 3,    /* record events; one such slot in a batch              */
	EXPLORE_VT = 1u << 4,           /* discrete-event mode: one schedule, exact time        */
	EXPLORE_FORK = 1u << 5,         /* play in a fresh fork of the prepared process         */
	EXPLORE_RACES_OFF = 1u << 6,    /* no race is a finding: schedules of given programs    */
	EXPLORE_WALL_STEP = 1u << 7,    /* the wall clock gains an hour when first all sleep    */
	EXPLORE_FLAGS = (1u << 8) - 1,
};

/* An error on purpose, of which the answer must tell: in threads of our own beside the script's,
 * which begin with phase plant_phase (below the script's) and commit it after plant_delay points.
 */
enum explore_plant {
	EXPLORE_PLANT_NONE,
	EXPLORE_PLANT_RACE,   /* two threads write byte plant_at of a block of plant_bytes      */
	EXPLORE_PLANT_FREED,  /* byte plant_at of a released block of plant_bytes is read       */
	EXPLORE_PLANT_BEHIND, /* byte plant_at behind a block of plant_bytes is written         */
	EXPLORE_PLANT_SLEEP,  /* a thread sleeps for ever; its pc is plant_bytes                */
	EXPLORE_PLANT_LIE,    /* the first operation to return returns plant_bytes              */
	EXPLORE_PLANTS,
};

struct explore_plan {
	uint64_t index; /* of the execution; comes back in the answer                            */
	uint64_t seed;
	uint32_t flags;       /* enum explore_flag                                               */
	uint32_t k;           /* PCT: points of the calibration run, >= 1                        */
	uint32_t points_max;  /* more is no progress; 0: 20 000                                  */
	uint32_t edges_max;   /* control-flow edges, in thousands; 0: 100 000                    */
	uint32_t prefix;      /* choices given in the slot's list; the strategy answers the rest */
	uint8_t strategy;     /* enum explore_strategy                                           */
	uint8_t depth;        /* PCT: 1..8                                                       */
	uint8_t phases;       /* play only so many phases, then end; 0: all                      */
	uint8_t spurious_max; /* wake-ups without cause; 0: not even asked                      */
	uint8_t timeout_max;  /* early time-outs                                                */
	uint8_t stale_max;    /* stale loads (EXPLORE_WEAK); 255: no limit                      */
	uint8_t cores;        /* EXPLORE_VT: virtual cores for cl_burn; 0: one                   */
	uint8_t plant;        /* enum explore_plant                                             */
	uint8_t plant_phase, plant_delay;
	uint8_t zero[2];
	uint32_t plant_bytes, plant_at;
};

/* ---- the answer of one slot. Subject to examiner. */

enum explore_end {
	EXPLORE_END_NONE,    /* not played                                                      */
	EXPLORE_END_DONE,    /* all operations have returned                                    */
	EXPLORE_END_STUCK,   /* threads sleep after the last phase; finding.thread says in what */
	EXPLORE_END_FINDING, /* finding.kind                                                    */
	EXPLORE_END_BROKEN,  /* the runtime's own fault or a plan that cannot be played; text   */
};

/* Stamps count calls, returns and points of one execution from 1: a total order. An operation is
 * called when its first point is chosen to run. */
struct explore_history {
	uint32_t call;   /* stamp; 0: not called                                                 */
	uint32_t back;   /* stamp of the return; 0: has not returned                             */
	uint32_t asleep; /* bit p: under way and asleep at the end of phase p                    */
	uint32_t zero;
	int64_t result[EXPLORE_ARGS];
};

struct explore_place { /* pcs are return addresses: the call is just before                     */
	uint32_t pc;
	uint32_t stack[EXPLORE_STACK]; /* the callers, innermost first; 0 ends                   */
};

struct explore_held {
	uint16_t object;
	uint16_t zero;
	uint32_t pc; /* where it was acquired                                                    */
};

enum explore_access_kind {
	EXPLORE_READ = 1,
	EXPLORE_WRITE,
	EXPLORE_ATOMIC_READ,
	EXPLORE_ATOMIC_WRITE,
	EXPLORE_FREE,
};

struct explore_access {
	uint8_t thread, kind, size, held_count;
	uint32_t zero;
	struct explore_place at;
	struct explore_held held[EXPLORE_HELD];
};

enum explore_memory_kind {
	EXPLORE_MEMORY_NONE,
	EXPLORE_MEMORY_HEAP,   /* offset in block number `block`                                 */
	EXPLORE_MEMORY_GLOBAL, /* offset in the image                                            */
	EXPLORE_MEMORY_STACK,  /* of `thread`; offset from its upper end, negative               */
	EXPLORE_MEMORY_TLS,    /* of `thread`; offset in the thread-local block                  */
	EXPLORE_MEMORY_HARNESS,
	EXPLORE_MEMORY_OTHER,
};

struct explore_memory {
	uint8_t kind, thread;
	uint8_t allocated_by, freed_by; /* EXPLORE_NOBODY: not                                   */
	uint32_t block;                 /* heap: in order of allocation, from 0                  */
	int64_t offset;                 /* of the first byte in question; overlap: exactly       */
	uint64_t bytes;                 /* in question                                           */
	uint64_t size;                  /* heap: of the block                                    */
	struct explore_place allocated, freed;
};

enum explore_object_kind {
	EXPLORE_MUTEX = 1,
	EXPLORE_CONDITION,
	EXPLORE_SEMAPHORE,
	EXPLORE_BARRIER,
	EXPLORE_RWLOCK,
	EXPLORE_ONCE,
	EXPLORE_SPIN,
	EXPLORE_FUTEX,
	EXPLORE_ATOMIC,
	EXPLORE_THREAD_OBJECT,
	EXPLORE_KEY,
	EXPLORE_CORE,
	EXPLORE_DESCRIPTOR,
};

struct explore_object {
	uint8_t kind;
	uint8_t thread;      /* that used it first; of THREAD_OBJECT: the thread itself        */
	uint8_t owner;       /* mutex, spin lock, writer; else EXPLORE_NOBODY                  */
	uint8_t unheard_by;  /* thread of the last signal, post or wake that found nobody      */
	uint32_t first;      /* pc of its first use                                            */
	uint32_t unheard;    /* signals that found nobody                                      */
	uint32_t unheard_pc; /* the last one                                                   */
	uint32_t memory;     /* explore_memory_kind of its own place                           */
	uint32_t block;      /* heap: block number                                             */
	int64_t offset;      /* in block or image                                              */
};

enum explore_thread_state {
	EXPLORE_ABSENT,
	EXPLORE_READY,  /* could run: its pending operation is in wait                           */
	EXPLORE_ASLEEP, /* waits for wait, object                                                */
	EXPLORE_OVER,   /* has ended                                                             */
	EXPLORE_IDLE,   /* of the script: waits for its next operation or phase                  */
};

/* What a point or step does: pending operations, waits and events share the names. */
enum explore_step {
	EXPLORE_STEP_NONE,
	EXPLORE_STEP_READ,
	EXPLORE_STEP_WRITE,
	EXPLORE_STEP_FREE,
	EXPLORE_STEP_ALLOCATE,
	EXPLORE_STEP_LOAD, /* atomic                                                            */
	EXPLORE_STEP_STORE,
	EXPLORE_STEP_RMW,
	EXPLORE_STEP_FENCE,
	EXPLORE_STEP_LOCK,
	EXPLORE_STEP_TRYLOCK,
	EXPLORE_STEP_UNLOCK,
	EXPLORE_STEP_READ_LOCK,
	EXPLORE_STEP_WRITE_LOCK,
	EXPLORE_STEP_WAIT,   /* condition: gives up the mutex and sleeps                      */
	EXPLORE_STEP_RELOCK, /* woken from a condition: takes the mutex again                 */
	EXPLORE_STEP_SIGNAL,
	EXPLORE_STEP_BROADCAST,
	EXPLORE_STEP_SEM_WAIT,
	EXPLORE_STEP_SEM_POST,
	EXPLORE_STEP_BARRIER,
	EXPLORE_STEP_ONCE,
	EXPLORE_STEP_FUTEX_WAIT,
	EXPLORE_STEP_FUTEX_WAKE,
	EXPLORE_STEP_CREATE,
	EXPLORE_STEP_JOIN,
	EXPLORE_STEP_EXIT,
	EXPLORE_STEP_YIELD,
	EXPLORE_STEP_SLEEP,
	EXPLORE_STEP_CLOCK,
	EXPLORE_STEP_FORK,
	EXPLORE_STEP_BURN,
	EXPLORE_STEP_DESCRIPTOR,
	EXPLORE_STEP_INIT, /* of an object                                                   */
	EXPLORE_STEP_DESTROY,
	EXPLORE_STEPS,
};

struct explore_thread {
	uint64_t deadline_ns; /* UINT64_MAX: none */
	uint8_t state; /* enum explore_thread_state                                         */
	uint8_t wait;  /* enum explore_step: what it does next or waits in                  */
	uint8_t owner; /* who holds what it waits for; EXPLORE_NOBODY                       */
	uint8_t held_count;
	uint16_t object; /* EXPLORE_NOTHING: none                                             */
	uint16_t op;     /* operation of the script under way; EXPLORE_NOTHING: none          */
	uint32_t since;  /* stamp                                                             */
	struct explore_place at;
	struct explore_held held[EXPLORE_HELD];
};

enum explore_finding_kind {
	EXPLORE_FINDING_NONE,
	EXPLORE_RACE,           /* earlier, later, memory                                        */
	EXPLORE_USE_AFTER_FREE, /* later, memory                                                 */
	EXPLORE_OVERFLOW,       /* later, memory                                                 */
	EXPLORE_BAD_FREE,       /* later, memory; sub: 0 foreign, 1 double, 2 inside a block     */
	EXPLORE_DEAD_MEMORY,    /* later, memory: stack or TLS of a thread that has ended        */
	EXPLORE_MISUSE,         /* later.at, object; sub: enum explore_misuse                    */
	EXPLORE_HARNESS,        /* later, memory: the examiner's memory was touched              */
	EXPLORE_ASSERTION,      /* later.at, text                                                */
	EXPLORE_ABORT,          /* later.at                                                      */
	EXPLORE_EXIT,           /* later.at; sub: exit status                                    */
	EXPLORE_CRASH,          /* later.at; sub: signal; the process is not to be used again    */
	EXPLORE_NO_PROGRESS,    /* later.at; sub: 0 points, 1 edges                              */
	EXPLORE_UNCONTROLLED,   /* later.at; text: name of the function                          */
	EXPLORE_FORK_LOCK,      /* later.at, object: held by another thread at the fork          */
	EXPLORE_FINDINGS,
};

enum explore_misuse {
	EXPLORE_RELOCK = 1,      /* of a normal mutex by its owner                               */
	EXPLORE_UNLOCK_STRANGER, /* unlocked by a thread that does not hold it                   */
	EXPLORE_UNLOCK_FREE,     /* unlocked while nobody holds it                               */
	EXPLORE_DESTROY_HELD,
	EXPLORE_DESTROY_WAITED,
	EXPLORE_EXIT_HOLDING, /* a thread ended with a lock in its hands                      */
	EXPLORE_USE_DESTROYED,
	EXPLORE_NOT_INITIALISED,
	EXPLORE_JOIN_TWICE, /* or join of a detached thread                                 */
	EXPLORE_JOIN_SELF,
	EXPLORE_WAIT_UNLOCKED, /* pthread_cond_wait without the mutex                          */
	EXPLORE_TWO_MUTEXES,   /* one condition, waiters with different mutexes                */
	EXPLORE_BAD_ARGUMENT,
	EXPLORE_CLOSE_TWICE, /* a descriptor that is closed already                         */
};

struct explore_finding {
	uint8_t kind; /* enum explore_finding_kind                                               */
	uint8_t threads;
	uint16_t sub;
	uint16_t object;  /* EXPLORE_NOTHING: none                                               */
	uint16_t objects; /* entries of object[]; index = number                                 */
	struct explore_access earlier, later;
	struct explore_memory memory;
	struct explore_thread thread[EXPLORE_THREADS];
	struct explore_object about[EXPLORE_OBJECTS];
	char text[EXPLORE_TEXT];
};

struct explore_answer {
	uint64_t index; /* of the plan                                                           */
	uint64_t hash;  /* of all choices, also of those that found no room                      */
	uint64_t clock_ns; /* virtual time at the end                                            */
	uint32_t points;
	uint32_t preemptions;
	uint32_t choices; /* in the list, prefix included                                        */
	uint32_t events;
	uint32_t blocks; /* heap blocks not freed at the end                                    */
	uint32_t bytes;  /* of these                                                            */
	uint8_t end;     /* enum explore_end                                                    */
	uint8_t cut;     /* more choices were made than recorded                                */
	uint8_t strayed; /* the prefix did not fit: an option that was not there                */
	uint8_t zero;
	uint32_t created; /* threads that the submission made                                    */
	struct explore_history history[EXPLORE_OPS];
	struct explore_finding finding; /* valid if end is STUCK, FINDING or BROKEN              */
};

struct explore_slot {
	struct explore_answer answer;
	uint16_t choice[EXPLORE_CHOICES]; /* in: the prefix; out: the whole list                 */
};

/* ---- events of one execution, for pictures and for the text form of schedules. */

enum explore_event_kind {
	EXPLORE_EVENT_ARRIVES = 1, /* thread stands at a point: step, object, pc are pending     */
	EXPLORE_EVENT_CHOICE,      /* step: kind of choice, pc: index in the list, detail: the
				      options' threads, four bits each, option 0 lowest          */
	EXPLORE_EVENT_RUNS,        /* thread was chosen and does step                            */
	EXPLORE_EVENT_SLEEPS,      /* thread waits in step for object                            */
	EXPLORE_EVENT_WAKES,       /* thread was woken by other (signal, post, unlock, exit)     */
	EXPLORE_EVENT_SPURIOUS,    /* thread wakes without cause                                 */
	EXPLORE_EVENT_TIMEOUT,     /* thread's deadline (detail, ns) has come                    */
	EXPLORE_EVENT_UNHEARD,     /* a signal, post or wake by thread found nobody              */
	EXPLORE_EVENT_STEP,        /* something that is no point: unlock, create, exit, free ... */
	EXPLORE_EVENT_CALL,        /* detail: operation of the script                            */
	EXPLORE_EVENT_RETURN,
	EXPLORE_EVENT_PHASE,  /* detail: the phase that begins                              */
	EXPLORE_EVENT_ACCESS, /* plain: step, pc; detail: address number of the 8 bytes, with their
				 explore_memory_kind in the highest byte and the thread of a stack
				 or TLS below; other: which of the eight in a line of 64 bytes. Of a
				 range that a library function touches: its first eight bytes */
};

struct explore_event {
	uint32_t stamp;
	uint32_t pc;
	uint16_t object;
	uint8_t kind; /* enum explore_event_kind                                                 */
	uint8_t step; /* enum explore_step                                                       */
	uint8_t thread;
	uint8_t other;    /* EXPLORE_NOBODY                                                      */
	uint16_t enabled; /* bit t: Tt could run                                                 */
	uint64_t detail;
};

struct explore_area {
	uint32_t magic, version; /* EXPLORE_MAGIC, EXPLORE_VERSION                               */
	uint64_t bytes;          /* sizeof(struct explore_area)                                  */
	struct explore_script script;
	struct explore_plan plan[EXPLORE_SLOTS];
	struct explore_slot slot[EXPLORE_SLOTS];
	struct explore_event event[EXPLORE_EVENTS];
};

static_assert(sizeof(struct explore_op) == 40, "no padding");
static_assert(sizeof(struct explore_plan) == 56, "no padding");
static_assert(sizeof(struct explore_history) == 48, "no padding");
static_assert(sizeof(struct explore_access) == 8 + 36 + 64, "no padding");
static_assert(sizeof(struct explore_memory) == 32 + 72, "no padding");
static_assert(sizeof(struct explore_object) == 32, "no padding");
static_assert(sizeof(struct explore_event) == 24, "no padding");
static_assert(EXPLORE_CHOOSE_KINDS <= 16 && EXPLORE_THREADS <= 16, "a choice has 16 bits");
#endif
