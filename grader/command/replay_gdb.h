/* command/replay_gdb.h - a kept schedule under a debugger. [MT-Confined] */
#ifndef GRADER_REPLAY_GDB_H
#define GRADER_REPLAY_GDB_H
#include <jansson.h>

/* Dies, with what to type, if there is no gdb. */
void replay_need_gdb(void);

/* Starts gdb in this process's place on the player that the token was seen in, with the schedule
 * given. `script` is what the examiner noted when it played it; dies if that is not of its form. */
_Noreturn void replay_under_gdb(const char *root, const char *token, const json_t *file,
				const json_t *script);

#endif
