/* Has the subject commit an error on purpose, as the last thing that it does. */
#include "plant.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/plant.h"
#include "evidence.h"
#include "runner.h"
#include "server.h"

/* The subject whose turn it is. */
static struct {
	struct player *player; /* NULL: there is none */
	int socket;
	bool ready, gone;
} target;

bool plant_wanted(void)
{
	static int wanted = -1;

	if (wanted < 0)
		wanted = runner_plants();
	return wanted;
}

static void hear(void *self, short revents)
{
	char said = 0;
	ssize_t n = recv(target.socket, &said, sizeof(said), MSG_DONTWAIT);

	(void)self;
	(void)revents;
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	target.player->stage->progress++;
	target.ready = n == 1 && said == CL_PLANT_READY;
	target.gone = !target.ready;
}

void plant_expect(struct player *player)
{
	if (plant_wanted())
		target.player = player;
}

/* A socket of its own, made now: what the submission started before has no end of it. */
static void call_player(void)
{
	int end[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, end))
		fault("cannot make a socket: %s", strerror(errno));
	PLAYER_BEGIN(target.player, .op = WIRE_OP_PLANT, .fd = end[1]);
	(void)close(end[1]);
	target.socket = end[0];
}

/* Waits until it is ready. Otherwise the subject owes it and the test ends. */
static void law_ready(struct stage *stage)
{
	size_t slot = stage_add(
		stage, &(struct source){ .fd = target.socket, .events = POLLIN, .ready = hear });

	if (!WAIT_UNTIL(stage, target.ready || target.gone) || target.gone)
		law_alive(stage, "the harness, after the last call of the test");
	stage_remove(stage, slot);
	LAW(target.ready, "died", "the program does not obey the harness any more");
}

void plant_last(void)
{
	struct plant_order order = { .magic = CL_PLANT_MAGIC };

	if (!target.player)
		return;
	struct stage *stage = target.player->stage;
	target.ready = target.gone = false;
	call_player();
	law_ready(stage);
	(void)stage_settle(
		stage); /* whoever is about to end has ended: the runner wants it alone */
	runner_plant(&order);
	/* One that has gone meanwhile cannot report: the runner will see to it. */
	(void)send(target.socket, &order, sizeof(order), MSG_NOSIGNAL);
	(void)WAIT_UNTIL(stage, server_ended());
	(void)runner_stop();
	(void)close(target.socket);
	target.player = NULL;
}
