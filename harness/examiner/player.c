/* Calls and answers over wires. */
#include "player.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "evidence.h"
#include "plant.h"

static void ready(void *self, short revents)
{
	struct player *p = self;

	(void)revents;
	int error = wire_receive(p->wire, p->message, MSG_DONTWAIT);
	if (error == EAGAIN)
		return;
	p->stage->progress++;
	if (!error) {
		const struct wire_head *h = &p->message->head;
		p->returned = h->kind == WIRE_RETURN && h->op == p->op;
		p->asked = h->kind == WIRE_ASK;
		if (h->seq != p->seq || (!p->returned && !p->asked))
			error = EPROTO;
	}
	p->gone = error != 0;
	/* One message at a time: the next is read when this one was dealt with. */
	stage_events(p->stage, p->slot, 0);
}

static void adopt(struct player *p, struct stage *stage, int wire)
{
	*p = (struct player){ .stage = stage,
			      .wire = wire,
			      .message = malloc(sizeof(*p->message)) };
	if (!p->message)
		fault("no memory for a wire");
	p->message->fd_count = 0;
	p->slot = stage_add(stage, &(struct source){ .fd = wire, .ready = ready, .self = p });
}

static void make_wire(int end[2])
{
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, end))
		fault("cannot make a wire: %s", strerror(errno));
}

pid_t player_start(struct player *p, struct stage *stage, bool trace)
{
	int end[2];

	plant_last();
	make_wire(end);
	stage->traced = trace;
	pid_t main = runner_start(&(struct start){
		.program = "player", .trace = trace, .fds = &end[1], .fd_count = 1 });
	(void)close(end[1]);
	adopt(p, stage, end[0]);
	plant_expect(p);
	return main;
}

void player_branch(struct player *from, enum wire_op how, struct player *out)
{
	int end[2];

	make_wire(end);
	int64_t result = PLAYER_CALL(from, "the player", .op = (uint16_t)how, .fd = end[1]);
	(void)close(end[1]);
	LAW(result == 0, "no-flow", "the player could not start a %s",
	    how == WIRE_OP_FORK ? "child" : "thread");
	adopt(out, from->stage, end[0]);
}

void player_close(struct player *p)
{
	if (!p->message)
		return;
	stage_remove(p->stage, p->slot);
	(void)close(p->wire);
	free(p->message);
	*p = (struct player){ .stage = p->stage, .wire = -1, .gone = true };
}

void player_begin(struct player *p, const struct request_call *call)
{
	struct wire_head head = { .kind = WIRE_CALL,
				  .op = call->op,
				  .seq = ++p->seq,
				  .data_len = (uint32_t)call->data_len };

	if (call->data_len > WIRE_DATA_MAX)
		fault("%zu bytes for one call", call->data_len);
	memcpy(head.arg, call->arg, sizeof(head.arg));
	p->op = call->op;
	p->returned = p->asked = false;
	if (wire_send(p->wire, &head, call->data, &call->fd, call->fd > 0))
		p->gone = true;
	stage_events(p->stage, p->slot, p->gone ? 0 : POLLIN);
}

void law_not_ended(const struct ending *e, const char *during)
{
	const char *name = e->signal ? sigabbrev_np(e->signal) : NULL;

	LAW(!e->ended || !e->signal, "died", "the process was ended by signal %d (SIG%s) in %s",
	    e->signal, name ? name : "?", during);
	LAW(!e->ended, "died", "the process ended with exit status %d in %s", e->exit_status,
	    during);
}

void law_alive(struct stage *stage, const char *during)
{
	struct ending e = stage_ending(stage);

	law_not_ended(&e, during);
}

int64_t player_result(struct player *p, const char *function)
{
	if (!WAIT_UNTIL(p->stage, p->returned || p->asked || p->gone) || p->gone)
		law_alive(p->stage, function);
	LAW(!p->asked, "unexpected-callback", "%s used a callback that it was not given", function);
	LAW(p->returned, "hangs",
	    "%s does not return, although nothing that it waits for is missing", function);
	return p->message->head.arg[0];
}

void player_answer(struct player *p, int64_t result, int64_t more, uint64_t clock_us,
		   const void *data, size_t len)
{
	struct wire_head head = { .kind = WIRE_ANSWER,
				  .op = p->message->head.op,
				  .seq = p->message->head.seq,
				  .data_len = (uint32_t)len,
				  .arg = { result, more, (int64_t)clock_us } };

	p->asked = false;
	if (wire_send(p->wire, &head, data, NULL, 0))
		p->gone = true;
	stage_events(p->stage, p->slot, p->gone ? 0 : POLLIN);
}

int player_take(struct player *p, int fd)
{
	int64_t there = PLAYER_CALL(p, "the player", .op = WIRE_OP_TAKE, .fd = fd);

	(void)close(fd);
	LAW(there >= 0, "no-descriptor", "the player could not receive a descriptor");
	return (int)there;
}

int player_untake(struct player *p, int fd)
{
	return (int)PLAYER_CALL(p, "the player", .op = WIRE_OP_CLOSE, .arg = { fd });
}

void player_clock(struct player *p, uint64_t now_us)
{
	(void)PLAYER_CALL(p, "the player", .op = WIRE_OP_CLOCK, .arg = { (int64_t)now_us });
}

void law_written(bool written, const char *function)
{
	LAW(written, "not-written", "%s is not written yet: it does what it did in the handout",
	    function);
}
