/* report/lanes.h - the picture of a schedule: a lane for each thread, a row for each step that
 * matters. One model, three forms: text, SVG, Chrome trace.
 *
 * A schedule is the JSON of schedules/TOKEN.json (see report/README.md): the examiner's record,
 * with places and source lines put to its numbers, and the finding that it shows. Its numbers come
 * from memory that a submission can write to, its texts from the submission, so any value is
 * possible; texts of the model are clean. All functions are [MT-Confined] to one struct lanes.
 *
 * Source: swim lanes as in sequence diagrams (UML 2.5, 17.8), with time downwards. */
#ifndef GRADER_LANES_H
#define GRADER_LANES_H
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { LANES_MAX = 16, LANES_NOBODY = 255, LANES_ROWS_MAX = 240, LANES_VALUES_MAX = 16 };

enum lane_state {
	LANE_AWAY,   /* in no operation: before the first, between two, after the last   */
	LANE_RUNS,   /* in an operation, and could run                                   */
	LANE_SLEEPS, /* waits for a lock, a condition, ...                              */
};

enum lane_kind {
	LANE_STEP,   /* what a thread does                                             */
	LANE_CALL,   /* begins an operation of the script                              */
	LANE_RETURN, /* ends it                                                        */
	LANE_PHASE,  /* a line across: a part of the script begins, a call of no lane  */
};

enum lane_mark {
	LANE_PLAIN,
	LANE_PAIR,    /* an access or call that the finding names                      */
	LANE_STUCK,   /* falls asleep and is never woken                               */
	LANE_UNHEARD, /* the wake-up that such a sleeper would have needed             */
};

/* A line of the submission; file is NULL if it is not known. Texts are borrowed from the model. */
struct lane_place {
	const char *file, *function, *code;
	long line;
};

struct lane_row {
	enum lane_kind kind;
	enum lane_mark mark;
	int weight;      /* 3 marked, 2 of the finding's objects, 1 may matter, 0 does not  */
	unsigned thread; /* LANES_NOBODY: of all                                        */
	unsigned folded; /* rows left out between the row before and this one           */
	unsigned folded_thread; /* whose the last of them is                            */
	uint16_t wakes;         /* bit t: Tt is woken by it                                    */
	unsigned holder;        /* the thread that has the lock it waits for, or LANES_NOBODY */
	bool joined;            /* a call that holds its return, too                       */
	bool reads, writes;     /* plain accesses only                                      */
	uint32_t stamp, pc;
	const char *verb; /* "locks", at most ten characters                            */
	char *object;     /* "q->lock", "" if there is none                             */
	char *note;       /* "T1 has it", "" if there is none                           */
	struct lane_place at;
	uint8_t state[LANES_MAX]; /* enum lane_state of each thread, from this row on   */
};

struct lane_object {
	unsigned kind;
	char *name; /* "q->lock", as the submission calls it, or "mutex 1"              */
};

struct lanes {
	const json_t *file;   /* the whole schedule, borrowed                           */
	const json_t *record; /* the examiner's part                                    */
	struct lane_row *rows;
	size_t count, room;
	unsigned thread[LANES_MAX]; /* the threads that have a lane, ascending           */
	size_t threads;
	char *program[LANES_MAX]; /* by thread: "bq_push(7), bq_pop()"; NULL: none       */
	char *end[LANES_MAX];     /* by thread: "sleeps for ever in bq_pop"; NULL: unknown */
	struct lane_object *objects;
	size_t object_count;
	unsigned folded_end, folded_end_thread; /* rows left out after the last one     */
	uint16_t aside; /* bit t: Tt has no lane, its calls are lines across            */
	json_int_t values[LANES_VALUES_MAX]; /* #1, #2, ...                             */
	size_t value_count;
	const char *one_file; /* the file of all places, NULL if there are more          */
	json_t *clean;        /* harmless copies of all texts; places borrow from it     */
};

/* Reads a schedule. Whatever is in it, the result can be drawn. Returned (lanes_fini). */
void lanes_make(const json_t *schedule, struct lanes *lanes);
void lanes_fini(struct lanes *lanes);

/* For a terminal: 80 columns. */
void lanes_text(FILE *out, const struct lanes *lanes);
/* A picture for itself: no script, nothing fetched, for light and dark screens and for paper. */
void lanes_svg(FILE *out, const struct lanes *lanes);
/* The same inside of a page, which says itself what was seen and why it is wrong, and which has
 * lanes_svg_shared, once, before the first of its pictures: style, and shapes with ids. */
void lanes_svg_inline(FILE *out, const struct lanes *lanes);
void lanes_svg_shared(FILE *out);
/* For chrome://tracing and Perfetto; one step is one microsecond there. Returned. */
json_t *lanes_trace(const struct lanes *lanes);

/* ---- between the files of the model */

/* lanes_words.c: what the numbers of harness/explore.h are called. Any number is allowed. */
const char *lanes_step_verb(unsigned step);
const char *lanes_step_ing(unsigned step); /* "waiting for"; what a sleeper does */
const char *lanes_access_verb(unsigned access);
const char *lanes_object_kind(unsigned kind);

/* lanes_names.c: fills in lanes->clean, objects, program and one_file. */
void lanes_name(struct lanes *lanes);
/* The place of a return address, NULL texts if it is none of the submission's. */
struct lane_place lanes_place(const struct lanes *lanes, uint32_t pc);
/* What the head of a picture says: "test", "token", "configuration", "id", "what", "why". Borrowed,
 * "" if it is not known. */
const char *lanes_head(const struct lanes *lanes, const char *key);
/* lanes_calls.c: "#1 is 1324021, #2 is 99282.", "" if all values are as they are. Returned (free).
 */
char *lanes_values(const struct lanes *lanes);
/* "A thread is interrupted once, ...": how the threads change. Returned (free). */
char *lanes_preemptions(const struct lanes *lanes);

/* The first argument of a call of a lock's function in this line, "q->lock". NULL: there is none.
 * Returned (free). */
char *lanes_argument(const char *code);

/* lanes_alone.c: makes one row of each operation that nobody overlaps. */
void lanes_alone(struct lanes *lanes);

/* lanes_fold.c: leaves out rows that touch nothing of the finding. */
void lanes_fold(struct lanes *lanes);

/* lanes_repeat.c: shows rows of a loop once. */
void lanes_repeat(struct lanes *lanes);

#endif
