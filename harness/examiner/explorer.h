/* explorer.h - plays schedules: the examiner's end of harness/explore.h.
 *
 * An explorer is a player process that has the shared area, and the area. Script and plans are
 * written into the area, slots are played, and answers are taken: copied first and then checked,
 * since the subject can write to the area at any time. [MT-Confined] */
#ifndef EXPLORER_H
#define EXPLORER_H
#include <stdbool.h>
#include <stdint.h>

#include "explore.h"
#include "player.h"

struct explorer {
	struct stage *stage;
	struct player player;
	struct explore_area *area;
	int memory; /* the area's file                                                         */
	unsigned first, count, seen; /* slots under way, and how many of them are answered      */
};

/* One execution as it was planned and as it went; our own copy. */
struct execution {
	struct explore_plan plan;
	struct explore_answer answer;
	uint16_t choice[EXPLORE_CHOICES]; /* before: the prefix; after: all of them             */
};

/* Makes the area and starts a subject. */
void explorer_open(struct explorer *e, struct stage *stage);
/* Ends the subject and starts another one, with nothing in it of the first. */
void explorer_restart(struct explorer *e);
void explorer_close(struct explorer *e);

/* The script of all that is played from now on. It must be well formed: it is ours. */
void explorer_script(struct explorer *e, const struct explore_script *script);

/* Writes a plan and its prefix into a slot. */
void explorer_plan(struct explorer *e, unsigned slot, const struct explore_plan *plan,
		   const uint16_t *prefix);

/* Plays slots first..first+count-1; returns at once. */
void explorer_begin(struct explorer *e, unsigned first, unsigned count);

/* Waits for them. True: all were played. False: the subject has gone or stopped at one; those that
 * were answered before can be taken, and the subject must be restarted. */
bool explorer_finish(struct explorer *e);

/* Copies the answer of a slot into *out, whose plan and prefix are what was sent. NULL, or what is
 * wrong with it: then the subject does not hold to the layout, for somebody wrote into its memory.
 */
const char *explorer_take(struct explorer *e, unsigned slot, struct execution *out);

/* Whether a slot was answered at all, by its index. */
bool explorer_answered(const struct explorer *e, unsigned slot, uint64_t index);

/* Plays one execution in slot 0. True if it was answered. *out's plan and prefix are the input. */
bool explorer_play(struct explorer *e, struct execution *out);

/* answer.c: what is wrong with an answer to this plan and prefix; NULL: nothing. Pure. */
const char *answer_check(const struct explore_script *script, const struct explore_plan *plan,
			 const uint16_t *prefix, const struct explore_answer *answer,
			 const uint16_t *choice);
#endif
