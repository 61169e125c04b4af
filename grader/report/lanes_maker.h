/* report/lanes_maker.h - what the files that make the rows of a picture share: the events of a
 * record, and what is known of its finding. [MT-Confined] */
#ifndef GRADER_LANES_MAKER_H
#define GRADER_LANES_MAKER_H
#include "report/lanes.h"
#include "report/lanes_numbers.h"

enum { NONE = -1, HELD_MAX = 1024 };

struct event {
	uint32_t stamp, pc, object;
	unsigned kind, thread, step, other;
	json_int_t detail;
};

/* An address that was touched, for the question who shares it. */
struct touch {
	json_int_t address;
	unsigned thread;
	bool writes;
};

struct maker {
	struct lanes *lanes;
	const json_t *events, *end;
	struct touch *touches; /* by address */
	size_t touch_count;
	long pair[2];          /* events that the finding names; NONE */
	long stuck[LANES_MAX]; /* the event by which a thread fell asleep for good; NONE */
	long unheard; /* the last wake-up that nobody heard on an object that a sleeper waits for */
	bool focus[HELD_MAX]; /* objects of the finding                               */
	json_int_t address;   /* that the finding is about; NONE                      */
	bool race;
	unsigned holder[HELD_MAX]; /* of a lock, as far as it is certain                 */
	json_int_t operation;      /* that is wrong by its answer; NONE                   */
	size_t next[LANES_MAX];    /* no operation before it is a thread's next           */
	bool early[LANES_MAX];     /* its call has a row before it was called             */
	uint8_t state[LANES_MAX];
	uint8_t waits[LANES_MAX]; /* step in which a thread sleeps or slept; 0: in none  */
};

/* A number of the record, between 0 and UINT32_MAX. */
unsigned maker_clamp(json_int_t value);
unsigned maker_number(const json_t *row, size_t i);

/* lanes_look.c: finds out what the finding is about. */
void maker_look(struct maker *m);
/* False: no event that a thread of ours can have had. */
bool maker_event(const struct maker *m, size_t i, struct event *e);
/* More than one thread touches it, and one of them writes. */
bool maker_is_shared(const struct maker *m, json_int_t address);
/* How a thread stood at the end, [state, wait, object, owner, operation, pc], NULL: unknown. */
const json_t *maker_end(const struct maker *m, unsigned thread);
bool maker_is_asleep(const struct maker *m, unsigned thread);
/* The finding is that threads sleep, not what one of them did. */
bool maker_is_stuck(const struct maker *m);

/* lanes.c */
struct lane_row *maker_row(struct maker *m, enum lane_kind kind, const struct event *e);
void maker_text(char **slot, const char *text); /* a clean copy in its place */
const char *maker_object(const struct maker *m, unsigned object);

/* lanes_calls.c: the row of a call or return; and what is to be done with the last row if its
 * thread is in no operation yet. */
void maker_call(struct maker *m, const struct event *e);
void maker_before_call(struct maker *m, const struct event *e);

/* lanes_end.c: rows for what the finding names and no event shows, what it says about its places,
 * and how each thread ends. */
void maker_finish(struct maker *m);

#endif
