/* binding.h - what a lab's binding.c gives the player: which operation calls which function.
 *
 * All this runs beside the submission and is believed by nobody: it executes and returns raw
 * results. Functions are [MT-Safe] for different calls. */
#ifndef SUBJECT_BINDING_H
#define SUBJECT_BINDING_H
#include <stddef.h>
#include <stdint.h>

#include "wire.h"

/* One CALL under way, and its RETURN in the making. */
struct player_call {
	int wire;
	uint16_t op;
	uint32_t seq;
	int64_t arg[WIRE_ARGS];    /* in                                                       */
	int64_t result[WIRE_ARGS]; /* out                                                      */
	uint8_t *data;             /* in and out, room for WIRE_DATA_MAX bytes                  */
	size_t data_len;
	int fd;      /* that came along, now ours; -1: none                                      */
	int fd_back; /* to be sent back (stays open); -1: none                                   */
};

typedef void binding_fn(struct player_call *call);
struct binding {
	uint16_t op;
	binding_fn *run;
};
/* Defined by the lab's binding.c; ends with op 0. */
extern const struct binding bindings[];

/* Which flow of the player runs: 0 = the first of a process, n = its nth thread. */
extern _Thread_local int64_t player_flow;

/* Asks the examiner on a call's wire and waits. In: question's op, arg and data; out: the ANSWER's
 * arg, and its data. The clock is set if the answer says so. Ends the process if the examiner has
 * gone. */
void player_ask(int wire, uint32_t seq, struct wire_message *m);

/* explored.c: serves one WIRE_OP_EXPLORE. NULL in builds that are not hooked. */
void explored_call(struct player_call *call) __attribute__((weak));

/* virtual.c: what the submission's clock shows from now on. */
void virtual_set(uint64_t now_us);
#endif
