/* Clients: their ends of streams. They carry no clock: a client is not part of the program. */
#include "runtime/outside.h"

#include "runtime/files.h"
#include "runtime/scheduler.h"

void outside_reset(void)
{
	rt->files.clients = rt->files.accepted = 0;
}

int rt_outside_listener(void);
int rt_outside_listener(void)
{
	return self ? file_new(FILE_LISTENER, false, true) : -1;
}

void rt_outside_serve(void);
void rt_outside_serve(void)
{
	if (self)
		rt->servers |= thread_bit(self);
}

int rt_outside_connect(void);
int rt_outside_connect(void)
{
	struct files *f = &rt->files;

	if (!self || f->clients == CLIENTS)
		return -1;
	file_point(PC());
	struct outside *c = &f->client[f->clients];
	*c = (struct outside){ .to_server = stream_new(), .to_client = stream_new() };
	if (c->to_server == NO_STREAM || c->to_client == NO_STREAM)
		return -1;
	int number = (int)f->clients++;
	files_changed();
	return number;
}

static struct outside *client_of(int client)
{
	return client >= 0 && (unsigned)client < rt->files.clients ? &rt->files.client[client]
								   : NULL;
}

void rt_outside_send(int client, const void *bytes, size_t n);
void rt_outside_send(int client, const void *bytes, size_t n)
{
	const struct outside *c = self ? client_of(client) : NULL;

	if (!c)
		return;
	file_point(PC());
	struct stream *s = &rt->files.stream[c->to_server];
	if (!s->no_reader)
		(void)stream_put(s, bytes, n);
	files_changed();
}

/* A client waits as a thread waits for a descriptor of its own, whose number nobody knows. */
size_t rt_outside_receive(int client, void *to, size_t n);
size_t rt_outside_receive(int client, void *to, size_t n)
{
	const struct outside *c = self ? client_of(client) : NULL;

	if (!c)
		return 0;
	file_point(PC());
	struct stream *s = &rt->files.stream[c->to_client];
	while (!s->count && !s->no_writer) {
		const struct pollfd stream = { .fd = CLIENT_FD(c->to_client), .events = POLLIN };
		(void)files_wait(&stream, 1, NO_DEADLINE);
	}
	size_t got = stream_take(s, to, n);
	files_changed();
	return got;
}

void rt_outside_close(int client);
void rt_outside_close(int client)
{
	const struct outside *c = self ? client_of(client) : NULL;

	if (!c)
		return;
	file_point(PC());
	rt->files.stream[c->to_server].no_writer = true;
	rt->files.stream[c->to_client].no_reader = true;
	files_changed();
}

int rt_outside_open(void);
int rt_outside_open(void)
{
	const struct files *f = &rt->files;
	int open = 0;

	for (int fd = 0; self && fd < f->top; fd++)
		for (unsigned i = 0; i < f->accepted && f->file[fd].kind == FILE_SOCKET; i++)
			open += f->file[fd].in == f->client[i].to_server;
	return open;
}
