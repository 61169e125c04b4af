/* backend.h - the RPC backend behind plan steps r and d: answers, or holds its replies.
 *
 * A reply that is held proves where a request stands: the call is in flight, and its server must be
 * asleep or busy with others. Peers are not believed: their number is bounded, and a frame whose id
 * no test announced closes its connection. [MT-Confined] */
#ifndef BACKEND_H
#define BACKEND_H
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stage.h"

#define BACKEND_CONNS_MAX 256
#define BACKEND_IDS_MAX   1024

struct backend_conn {
	struct backend *backend;
	int fd; /* -1: free                                                                   */
	size_t slot;
	uint8_t frame[16];
	size_t have;
	bool held;
	uint64_t id, value;
};

struct backend {
	struct stage *stage;
	int listener;
	size_t slot;
	struct sockaddr_in at; /* goes into the server's configuration                         */
	uint64_t secret;
	bool hold;        /* replies wait for backend_release                                  */
	uint64_t replies; /* sent so far                                                       */
	uint64_t id[BACKEND_IDS_MAX];
	size_t id_count;
	struct backend_conn conn[BACKEND_CONNS_MAX];
};

void backend_open(struct backend *backend, struct stage *stage, uint64_t secret);
void backend_close(struct backend *backend);
/* Announces an id: a request's seed, or 2^63 + key of a look-up. */
void backend_expect(struct backend *backend, uint64_t id);
/* Calls that wait for their reply. */
size_t backend_in_flight(const struct backend *backend);
/* True if a call with this id waits. */
bool backend_holds(const struct backend *backend, uint64_t id);
/* Sends the held replies: of one id, or all. */
void backend_release(struct backend *backend, uint64_t id);
void backend_release_all(struct backend *backend);
/* Cuts the connections that wait for this id, by a reset. */
void backend_reset(struct backend *backend, uint64_t id);
#endif
