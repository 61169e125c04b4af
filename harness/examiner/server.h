/* server.h - starts the program srv with a configuration and a listener made here. [MT-Confined] */
#ifndef SERVER_H
#define SERVER_H
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "client.h"
#include "common/clab.h"
#include "runner.h"
#include "stage.h"

struct server {
	struct stage *stage;
	struct sockaddr_in at; /* its listener */
	uint64_t listener; /* inode                                                            */
	pid_t main;
};

struct server_options {
	struct cl_server_config config; /* size, listen_fd and time-outs that are 0 are filled in */
	bool trace, handlers;
	/* Our end of its gate (labs/common/srv_main.h), NULL: none. server_gate() passes it. */
	struct client *gate;
};

/* Starts a server with time-outs so long that none runs out, unless the options say less. */
void server_start(struct server *server, struct stage *stage, const struct server_options *options);
#define SERVER_START(server, stage, ...) \
	server_start((server), (stage), &(const struct server_options){ __VA_ARGS__ })

/* Waits until the server's main stands at its gate: before the submission's function is called, the
 * second time after it has returned. False: it never comes there. */
bool server_gate(const struct server *server, struct client *gate);
/* Lets it pass. */
void server_pass(struct client *gate);

/* Bytes of this connection that stand before the server unread. (What was sent over loopback stands
 * there at once; acknowledgements may be late and say nothing.) */
size_t server_unread(const struct server *server, const struct client *client);

/* Inode of the server's socket of this connection, 0 while it is not accepted. */
uint64_t server_inode(const struct server *server, const struct client *client);
/* Waits until it is accepted and returns it; 0 if that never happens. */
uint64_t server_accepted(const struct server *server, const struct client *client);

/* Tasks of the subject now: all that are no zombies, and the zombies. */
struct census {
	size_t alive, zombies;
	struct ending ending;
};
struct census server_census(void);
/* True once exactly `alive` tasks and no zombie are left. */
bool server_has(size_t alive);
/* True once main has ended. */
bool server_ended(void);
/* The one process of the sample that holds the inode, other than main; 0 if none or several do. */
pid_t server_child_of(const struct server *server, uint64_t inode);
#endif
