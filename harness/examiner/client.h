/* client.h - a client connection: queues bytes to send, collects bytes that come.
 *
 * The end of a connection is data, not an error: refused, reset and closed are what a submission
 * can do to us. Only our own failures (no socket, no memory) are faults. [MT-Confined] */
#ifndef CLIENT_H
#define CLIENT_H
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model.h"
#include "stage.h"

struct client {
	struct stage *stage;
	int fd; /* -1: closed by us                                                           */
	size_t slot;
	struct sockaddr_in at; /* our own, of a TCP connection                                */
	bool connecting, eof;
	int error;   /* errno that the connection met: ECONNREFUSED, ECONNRESET, EPIPE      */
	uint8_t *in; /* what came and was not taken yet                                     */
	size_t in_len, in_cap;
	size_t in_max; /* reads no more while this much is there; 0: no bound                 */
	uint8_t *out;
	size_t out_len, out_cap;
	uint64_t sent; /* bytes that the kernel took                                          */
};

/* Connects from 127.0.0.2; the bytes may be queued at once. */
void client_open(struct client *client, struct stage *stage, const struct sockaddr_in *to);
/* Serves a connected stream socket (given). */
void client_adopt(struct client *client, struct stage *stage, int fd);
/* Closes; what is queued is lost. Fine twice. */
void client_close(struct client *client);

/* Queues a copy of the bytes and sends what fits at once. */
void client_send(struct client *client, const void *bytes, size_t len);
void client_send_text(struct client *client, const char *text);
/* Ends our direction, once all is sent: call it when client_unsent() is 0. */
void client_half_close(struct client *client);
size_t client_unsent(const struct client *client);
/* True once the peer has read every byte (Unix sockets only), or can read no more. */
bool client_consumed(const struct client *client);
/* True once nothing more can come. */
bool client_ended(const struct client *client);

/* True once a whole answer is there; *answer is valid until the next byte is read or taken. A
 * malformed one has status 0. */
bool client_answered(const struct client *client, struct answer *answer);
/* Forgets the first n bytes that came. */
void client_take(struct client *client, size_t n);
/* Forgets an answer. */
void client_drop(struct client *client, const struct answer *answer);
/* Reads no more than this much ahead (0: no bound), from now on. */
void client_read_ahead(struct client *client, size_t in_max);
#endif
