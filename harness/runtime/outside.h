/* outside.h - the clients of an explored server, for a lab's binding: operations of the script play
 * them. Each is a point and may park; a submission cannot call them (its imports are audited). */
#ifndef RUNTIME_OUTSIDE_H
#define RUNTIME_OUTSIDE_H
#include <stddef.h>
#include <sys/types.h>

/* The server's listening descriptor; once in an execution. */
int outside_listener(void);
/* From now on the current thread of the script plays a server: it may run for ever, and a phase is
 * over when all others have done their part and nobody can run, whatever time-outs are pending. */
void outside_serve(void);
/* A new connection in the backlog: its number, or -1. */
int outside_connect(void);
/* Sends all; bytes beyond the room of a stream are dropped. */
void outside_send(int client, const void *bytes, size_t n);
/* Waits for bytes and takes at most n; 0: the server has closed. */
size_t outside_receive(int client, void *to, size_t n);
/* The client goes. */
void outside_close(int client);
/* Connections that were accepted and that the server has not closed. */
int outside_open(void);

/* For the runtime: before an execution. */
void outside_reset(void);
#endif
