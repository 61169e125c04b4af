/* steps.h - a schedule as text that people read, write and shorten: in reports, in tokens, and in
 * the files that students hand in.
 *
 *	T2  T2*3           T2 does what it is about to do and goes on to before its next point; 3
 *times T1@bqueue.c:51     steps of T1 until its next point is at that line T1>T3              T1's
 *step is a signal, post or wake, and T3 is the one woken T1<2               T1 loads the second
 *newest store spurious T3        T3 wakes without cause timeout T1         T1's deadline comes now
 *	heap reuse         first: freed blocks are used again at once
 *	expect deadlock    last: what must be seen
 *
 * Steps are separated by blanks or newlines, # starts a comment. T0 is the player's main thread.
 *This file knows the form only; what a step means for a program is found out when it is played, and
 *an error of that kind can name the step's line, too. Texts come from students: any bytes are read,
 * and refused by line number. [MT-Safe] */
#ifndef STEPS_H
#define STEPS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STEPS_MAX       24576u   /* of one schedule                                               */
#define STEPS_TEXT_MAX  262144u  /* bytes                                                         */
#define STEPS_THREADS   16u      /* T0..T15                                                       */
#define STEPS_TIMES_MAX 1000000u /* of T2*3 */
#define STEPS_STORES    8u       /* of T1<2                                                       */
#define STEPS_FILE      64u      /* bytes of a file's name, with its NUL                          */

enum steps_kind {
	STEPS_RUN,      /* thread, number = times                                               */
	STEPS_UNTIL,    /* thread, file, number = line                                          */
	STEPS_WAKE,     /* thread, other = who is woken                                         */
	STEPS_STORE,    /* thread, number: 1 = the newest store, 2 = the second ...             */
	STEPS_SPURIOUS, /* thread                                                               */
	STEPS_TIMEOUT,  /* thread                                                               */
};

enum steps_expect {
	STEPS_EXPECT_NOTHING,
	STEPS_EXPECT_DEADLOCK,
	STEPS_EXPECT_LOST_ITEM,
	STEPS_EXPECT_DUP_ITEM,
	STEPS_EXPECT_ORDER,
	STEPS_EXPECT_CRASH,
};

struct schedule_step {
	uint8_t kind; /* enum steps_kind */
	uint8_t thread, other;
	uint32_t number;
	uint32_t line; /* in the text, from 1; 0: does not come from a text */
	char file[STEPS_FILE];
};

struct steps {
	struct schedule_step *step; /* returned: steps_free */
	size_t count, room;
	bool heap_reuse;
	uint8_t expect;       /* enum steps_expect */
	uint32_t expect_line; /* in the text */
};

struct steps_error {
	uint32_t line;
	char text[200]; /* printable; what is wrong and what would be right */
};

/* Reads a text (it need not end with a NUL). 0; EINVAL and *error; or ENOMEM. On an error *out is
 * empty. */
int steps_parse(const char *text, size_t length, struct steps *out, struct steps_error *error);
/* The text form, in lines of at most 80 characters; parsed again it gives the same steps. Returned,
 * to be freed; NULL: no memory. */
char *steps_text(const struct steps *steps);

/* Adds one step at the end; a RUN of the thread that ran last only makes that step longer. 0,
 * ENOMEM, or EOVERFLOW beyond STEPS_MAX. */
int steps_add(struct steps *steps, const struct schedule_step *step);
void steps_free(struct steps *steps);

/* "deadlock"; "" for STEPS_EXPECT_NOTHING. */
const char *steps_expect_name(enum steps_expect expect);
#endif
