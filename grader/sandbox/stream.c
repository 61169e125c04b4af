/* Keeps the first bytes of what a box prints. */
#include "sandbox/stream.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/die.h"

enum { READ_BYTES = 16384 };

void stream_init(struct stream *stream, size_t limit)
{
	*stream = (struct stream){ .text = must_alloc(limit + 1), .limit = limit };
}

void stream_clear(struct stream *stream)
{
	stream->kept = stream->seen = 0;
	stream->closed = false;
	stream->text[0] = '\0';
}

bool stream_drain(struct stream *stream, int fd)
{
	char buffer[READ_BYTES];
	ssize_t count = read(fd, buffer, sizeof buffer);
	if (count < 0 && (errno == EINTR || errno == EAGAIN))
		return true;
	if (count <= 0) {
		stream->closed = true;
		return false;
	}
	size_t room = stream->limit - stream->kept;
	size_t keep = (size_t)count < room ? (size_t)count : room;
	memcpy(stream->text + stream->kept, buffer, keep);
	stream->kept += keep;
	stream->seen += (size_t)count;
	stream->text[stream->kept] = '\0';
	return true;
}

void stream_drain_rest(struct stream *stream, int fd)
{
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	while (fd >= 0 && poll(&ready, 1, 0) > 0 && (ready.revents & POLLIN) != 0 &&
	       stream_drain(stream, fd))
		;
}
