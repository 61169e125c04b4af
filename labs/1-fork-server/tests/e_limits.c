/* Part E, limits and accidents: too many clients, a child that crashes. */
#include <stdio.h>
#include <string.h>

#include "lab1.h"

#define LIMIT 4

static const struct law COUNT_FALLS = {
	.finding = "child-count-never-falls",
	.name = "a connection that has ended makes room for another",
	.why = "max_conns bounds the live connections: each child that was reaped is one less.",
};

/* One client more than allowed: 503 with Connection: close, then the end. */
static void law_excess(struct world *w)
{
	struct client c;
	struct answer a;

	connect_to(w, &c);
	send_get(&c, "/ping");
	if (!WAIT_UNTIL(&w->stage, client_answered(&c, &a) || client_ended(&c)) ||
	    !client_answered(&c, &a)) {
		law_server_runs(w);
		LAW(false, "no-503", "one client more than max_conns is not told 503");
	}
	LAW(a.status == 503 && a.close, "no-503",
	    "one client more than max_conns got status %d, not 503 with Connection: close",
	    a.status);
	LAW(WAIT_UNTIL(&w->stage, client_ended(&c)), "excess-not-closed",
	    "a client that was told 503 is not closed");
	client_close(&c);
}

/* A client for which there is room. */
static void law_room(struct world *w, struct client *c)
{
	struct answer a;

	connect_to(w, c);
	send_get(c, "/ping");
	(void)WAIT_UNTIL(&w->stage, client_answered(c, &a) || client_ended(c));
	bool answered = client_answered(c, &a);
	LAW_OF(&COUNT_FALLS, !answered || a.status != 503,
	       "fewer than max_conns clients are connected and a new one is told 503");
	law_answer(w, c, "/ping", "not-served");
}

/* This client goes; the server has noticed it when only `left` children are there and all sleep. */
static void leave(struct world *w, struct client *c, size_t left)
{
	client_close(c);
	(void)WAIT_UNTIL(&w->stage, server_census().alive <= 1 + left);
	(void)stage_settle(&w->stage);
}

LAB_TEST(
	limits_connections, .id = "L1.E.4", .points = 2, .detector = "function", .builds = "nat",
	.about = "fork_server_run",
	.title = "one client more than max_conns gets 503, and there is room again when one leaves")
{
	struct world *w = world_open("fork_server_run");
	struct client c[LIMIT];

	WORLD_SERVER(w, .config = { .max_conns = LIMIT });
	for (size_t i = 0; i < LIMIT; i++)
		law_room(w, &c[i]);
	for (unsigned round = 0; round < 2; round++) {
		law_excess(w);
		for (size_t i = 0; i < LIMIT; i++)
			law_get(w, &c[i], "/ping", "others-disturbed");
		for (size_t i = 0; i < LIMIT; i++) {
			(void)stage_settle(&w->stage);
			leave(w, &c[i], LIMIT - 1);
			law_room(w, &c[i]);
		}
	}
	EVIDENCE("connections", 14);
}

LAB_TEST(survives_crash, .id = "L1.E.5", .points = 3, .detector = "function", .builds = "nat",
	 .about = "fork_server_run",
	 .title = "a child that crashes disturbs no other and is reaped")
{
	static const struct law isolated = {
		.finding = "child-crash-stops-server",
		.name = "the crash of one child is its own affair",
		.why = "Processes do not share memory: how a child ended is no reason for its "
		       "parent to end.",
	};
	struct world *w = world_open("fork_server_run");
	struct client c[3], next;

	WORLD_SERVER(w, .config = { .flags = CL_F_ALLOW_CRASH });
	for (size_t i = 0; i < 3; i++) {
		connect_to(w, &c[i]);
		law_get(w, &c[i], "/ping", "not-served");
	}
	send_get(&c[1], "/crash");
	(void)WAIT_UNTIL(&w->stage, server_census().alive != 4);
	struct ending e = stage_ending(&w->stage);
	LAW_OF(&isolated, !e.ended, "one child got /crash and the server ended");
	struct census now = server_census();
	LAW(now.alive == 3, "crash-not-executed",
	    "/crash is allowed and %zu of 3 children are left", now.alive ? now.alive - 1 : 0);
	LAW(WAIT_UNTIL(&w->stage, server_has(3)), "zombie",
	    "the child that crashed stays as a zombie");
	law_get(w, &c[0], "/ping", "others-disturbed");
	law_get(w, &c[2], "/ping", "others-disturbed");
	connect_to(w, &next);
	law_get(w, &next, "/ping", "child-crash-stops-server");
	EVIDENCE("connections", 4);
}
