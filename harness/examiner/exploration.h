/* exploration.h - one configuration of an explored test: a script, its budget, and what makes an
 * execution wrong.
 *
 * explore() runs the whole budget, or until the first execution, in order of index, that is wrong.
 * That one is played twice more in fresh processes, shrunk to as few preemptions as can be, played
 * once more with all its events, explained, and told as a broken law with its token and picture.
 * What does not repeat is a fault of ours, never a broken law. [MT-Confined] */
#ifndef EXPLORATION_H
#define EXPLORATION_H
#include "evidence.h"
#include "explorer.h"
#include "schedule.h"

/* What is wrong with an execution. */
struct verdict {
	struct law law;
	char what[640];
	char role[2][96]; /* room for law.where[].role                                         */
	int operation;    /* of the script, that is wrong; -1: none alone                      */
	uint8_t phases;   /* it is seen best when the execution ends after so many; 0: all       */
};

struct exploration {
	const char *name; /* "2 producers, 2 consumers, capacity 1"                            */
	const struct explore_script *script;
	struct budget budget;
	/* The script leaves exactly so many places for threads as the program may use: planted
	 * errors are such that need none. */
	bool crowded;
	/* Judges answers and sleeps: fills *v and returns true if something is wrong. Asked if the
	 * runtime has found nothing, and before what it found after a sleep. Pure: the same answer,
	 * the same verdict. */
	bool (*judge)(const struct exploration *x, const struct execution *e, struct verdict *v);
	/* The name of an operation, "bq_pop". */
	const char *(*name_of)(uint16_t op);
	/* Says it better, once, with the events of the shrunk execution; may be NULL. */
	void (*explain)(const struct exploration *x, const struct execution *e,
			const struct explore_event *event, struct verdict *v);
	const void *context; /* of judge and explain                                           */
};

/* Ends the test with the broken law if an execution is wrong. number: of this configuration in its
 * test, from 0; seeds depend on it. */
void explore(struct explorer *e, const struct exploration *x, unsigned number);

/* findings.c: what the runtime found, as a verdict. True if it is one. */
bool finding_verdict(const struct execution *e, struct verdict *v);
/* An execution that is stuck, where operation number `op` of the script may not sleep: a deadlock,
 * a lock that was never given back, or a lost wake-up, with who sleeps where. Fills *v. */
void finding_stuck(const struct exploration *x, const struct execution *e, unsigned op,
		   struct verdict *v);

/* shrink.c: *found becomes an execution that is wrong in the same way with as few preemptions as
 * can be found, played by the default strategy from its own choices. */
void shrink(struct explorer *e, const struct exploration *x, struct execution *found);

/* Whether an execution is wrong, and how; looks at the runtime's findings first. */
bool exploration_judge(const struct exploration *x, const struct execution *e, struct verdict *v);
/* Whether two wrong executions show the same: kind, places, diagnosis. */
bool exploration_same(const struct execution *a, const struct verdict *va,
		      const struct execution *b, const struct verdict *vb);
/* The law that an answer can be; wrong: what about it cannot, NULL: nothing. Ends the test if it is
 * broken. */
void law_area_kept(const char *wrong);
/* Plays *found, wrong as *v says, twice more, each time in a process in which nothing has run. What
 * does not repeat is a fault. */
void exploration_confirm(struct explorer *e, const struct exploration *x,
			 const struct execution *found, const struct verdict *v);
/* The verdict on a program that has ended in the middle. */
struct verdict exploration_ended(void);
/* Plays x in a subject that is restarted if it has to be. False: it was not answered. */
bool exploration_play(struct explorer *e, struct execution *x);

/* picture.c: the record of a schedule, for grade to keep, draw and replay. */
void picture_send(const struct exploration *x, const struct execution *e,
		  const struct explore_event *event, const struct verdict *v);
#endif
