/* Connections that conn_serve serves in the player. */
#include "lab1.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void link_open(struct link *l, struct world *w, struct player *p)
{
	struct stat st;
	int end[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, end) || fstat(end[1], &st))
		fault("cannot make a connection: %s", strerror(errno));
	*l = (struct link){ .world = w, .player = p, .inode = st.st_ino };
	client_adopt(&l->client, &w->stage, end[0]);
	l->fd = player_take(p, end[1]);
}

void link_serve(struct link *l)
{
	struct world *w = l->world;
	struct cl_server_config cfg = { .size = sizeof(cfg),
					.listen_fd = -1,
					.header_timeout_ms = 600000,
					.idle_timeout_ms = 600000,
					.backend_len = sizeof(w->backend.at) };

	memcpy(&cfg.backend, &w->backend.at, sizeof(w->backend.at));
	PLAYER_BEGIN(l->player, .op = OP_CONN_SERVE, .arg = { l->fd }, .data = &cfg,
		     .data_len = sizeof(cfg));
}

static bool link_answered(struct link *l, struct answer *a)
{
	(void)WAIT_UNTIL(&l->world->stage, client_answered(&l->client, a) ||
						   client_ended(&l->client) ||
						   l->player->returned || l->player->gone);
	drain_sources(l->world);
	return client_answered(&l->client, a);
}

void law_link_answer(struct link *l, const struct want *want, const char *name, const char *finding)
{
	struct answer a;

	if (!link_answered(l, &a)) {
		if (l->player->gone)
			law_alive(&l->world->stage, "conn_serve");
		if (l->player->returned)
			law_written(l->player->message->head.arg[0] != ENOSYS, "conn_serve");
		LAW(false, finding, "%s: %s", name,
		    l->player->returned ? "conn_serve returned without an answer"
					: "no answer comes and conn_serve sleeps");
	}
	LAW(a.status != 0, finding, "%s: the answer is no HTTP/1.1 response", name);
	const char *differs = want_differs(want, &a);
	LAW(!differs, finding, "%s: %s", name, differs);
	client_drop(&l->client, &a);
}

int link_end(struct link *l)
{
	if (!WAIT_UNTIL(&l->world->stage, l->player->returned || l->player->gone) ||
	    l->player->gone)
		law_alive(&l->world->stage, "conn_serve");
	LAW(l->player->returned, "serves-for-ever",
	    "the connection is at its end and conn_serve does not return");
	drain_sources(l->world);
	return (int)l->player->message->head.arg[0];
}

void link_close(struct link *l)
{
	int error = player_untake(l->player, l->fd);

	LAW(error == 0, "closes-borrowed",
	    "conn_serve closed its descriptor, which is only borrowed");
	client_close(&l->client);
}
