/* player.h - drives a player: has it call one function of the submission at a time.
 *
 * A call is begun and, later, returned; in between the player may ask (a scripted callback ran). A
 * player that is gone, or that sends what the wire does not allow, is `gone`: what the subject owes
 * and does not deliver is a broken law, said by player_result(). [MT-Confined] */
#ifndef PLAYER_H
#define PLAYER_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "stage.h"
#include "wire.h"

struct player {
	struct stage *stage;
	int wire;
	size_t slot;
	uint32_t seq;
	uint16_t op;
	bool returned, asked, gone;
	struct wire_message *message; /* the RETURN or the ASK                                   */
};

/* Starts the program `player`; its main process serves this wire. Returns its pid. */
pid_t player_start(struct player *player, struct stage *stage, bool trace);
/* A further flow of control with a wire of its own: WIRE_OP_FORK or WIRE_OP_THREAD. */
void player_branch(struct player *from, enum wire_op how, struct player *out);
/* Closes our end of the wire: a child or thread then ends, main too. */
void player_close(struct player *player);

/* What to call, and with what. */
struct request_call {
	uint16_t op;
	int64_t arg[WIRE_ARGS];
	const void *data; /* borrowed                                                          */
	size_t data_len;
	int fd; /* sent along if > 0 (borrowed)                                                */
};
void player_begin(struct player *player, const struct request_call *call);
#define PLAYER_BEGIN(player, ...) \
	player_begin((player), &(const struct request_call){ __VA_ARGS__ })

/* Waits for the RETURN and gives its arg[0]. If it does not come the test ends with the broken law
 * `died` or `hangs`, which names the function. */
int64_t player_result(struct player *player, const char *function);
/* Begin and wait. */
#define PLAYER_CALL(player, function, ...) \
	(PLAYER_BEGIN(player, __VA_ARGS__), player_result((player), (function)))

/* Answers the question in player->message; the clock, if not 0, is what the submission sees from
 * now. */
void player_answer(struct player *player, int64_t result, int64_t more, uint64_t clock_us,
		   const void *data, size_t len);

/* Gives the player a descriptor (ours is closed); returns its number there. */
int player_take(struct player *player, int fd);
/* Closes a descriptor there: 0 or -errno. */
int player_untake(struct player *player, int fd);
/* Sets the clock that the submission sees. */
void player_clock(struct player *player, uint64_t now_us);

/* The law that a function was written at all; ends the test if not. */
void law_written(bool written, const char *function);
/* The law that the subject still runs; ends the test with `died` if not. */
void law_alive(struct stage *stage, const char *during);
/* The same with an ending that was looked up before. */
void law_not_ended(const struct ending *ending, const char *during);
#endif
