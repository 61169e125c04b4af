/* explored_history.h - from what an explored execution reports to a history that can be judged.
 *
 * The subject is not believed: stamps that cannot be are found here. What the operations mean is
 * the lab's to say. [MT-Safe] */
#ifndef EXPLORED_HISTORY_H
#define EXPLORED_HISTORY_H
#include "explore.h"
#include "linearize.h"

/* Translates one operation of a script into one of a specification: writes op, and arg and result
 * where they differ from the script's. False: it is no operation on the object (create, destroy).
 */
typedef bool history_translate(const struct explore_op *played, struct operation *out);

struct explored_history {
	struct operation op[EXPLORE_OPS];
	struct asleep moment[EXPLORE_PHASES]; /* phases at whose end somebody slept             */
	uint8_t phase_of[EXPLORE_PHASES];     /* of each moment                                 */
	uint16_t played[EXPLORE_OPS];         /* index in the script of each operation          */
	struct history history;               /* of the above; borrowed from this struct        */
};

/* The script has been checked, `seen` is a copy of the answer's. NULL, or what about the answer
 * cannot be (a fixed sentence); *out is then not to be used. */
const char *explored_history(const struct explore_script *script,
			     const struct explore_history seen[EXPLORE_OPS],
			     history_translate *translate, struct explored_history *out);
#endif
