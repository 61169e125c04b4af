/* kernel.h - what an execution's small kernel knows of descriptors: see files.h. */
#ifndef RUNTIME_KERNEL_H
#define RUNTIME_KERNEL_H
#include <poll.h>

#define FILES       64u
#define FILE_FIRST  3 /* as where 0 to 2 are taken */
#define STREAMS     40u
#define STREAM_ROOM 16384u
#define WATCHES     64u
/* Stands for a client's end in a set that is waited for: no descriptor has this number. */
#define CLIENT_FD(stream) ((int)(FILES + (stream)))

enum file_kind {
	FILE_NONE,
	FILE_LISTENER,
	FILE_SOCKET,
	FILE_PIPE,
	FILE_COUNTER, /* eventfd */
	FILE_TIMER,
	FILE_SIGNALS, /* signalfd: none ever comes */
	FILE_EPOLL,
};

/* Bytes in one direction. */
struct stream {
	uint32_t begin, count;
	uint32_t puts, takes; /* edges, for whom one is enough: ends count as well */
	bool used, no_writer, no_reader;
	struct clock clock;
	char byte[STREAM_ROOM];
};

#define NO_STREAM 0xffu
struct file {
	uint8_t kind; /* enum file_kind                                                         */
	bool nonblocking, cloexec, semaphore, was_open;
	uint8_t in, out;        /* streams, NO_STREAM: none                                       */
	uint64_t count;         /* COUNTER                                                        */
	uint64_t due, interval; /* TIMER, ns of the virtual clock; NO_DEADLINE: off               */
	uint64_t patience_ns;   /* of SO_RCVTIMEO; 0: none                                        */
	uint64_t activity;      /* grows with every change that edge-triggered watchers are told  */
	struct clock clock;
};

struct watch {
	int set, fd; /* set: the epoll's number; -1: free                                        */
	uint32_t events;
	uint64_t data, seen;
	bool disarmed;
};

#define CLIENTS 16u
struct outside {
	uint8_t to_server, to_client; /* streams                                                */
	bool accepted;
};

struct files {
	int top; /* numbers below it may be open                                                 */
	unsigned streams_used, watches_used, clients, accepted;
	thread_set parked;
	struct {
		const struct pollfd *set;
		nfds_t count;
	} wants[PLACES];
	struct file file[FILES];
	struct watch watch[WATCHES];
	struct outside client[CLIENTS]; /* [accepted..clients) are in the backlog */
	struct stream stream[STREAMS];
};
#endif
