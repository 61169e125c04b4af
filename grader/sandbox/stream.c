/* Keeps the first bytes of what a box prints. */
#include "sandbox/stream.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/die.h"

enum { READ_BYTES = 16384 };

/* Most boxes print nothing, and memory that is never touched costs nothing: it grows as needed. */
void stream_init(struct stream *stream, size_t limit)
{
	*stream = (struct stream){ .text = must_strdup(""), .limit = limit };
}

void stream_clear(struct stream *stream)
{
	stream->kept = stream->seen = 0;
	stream->closed = false;
	stream->text[0] = '\0';
}

static void keep(struct stream *stream, const char *bytes, size_t count)
{
	const size_t room = stream->limit - stream->kept;
	const size_t kept = count < room ? count : room;
	if (stream->kept + kept > stream->size) {
		size_t size = (stream->kept + kept) * 2;
		if (size > stream->limit)
			size = stream->limit;
		stream->text = must_realloc(stream->text, size + 1);
		stream->size = size;
	}
	memcpy(stream->text + stream->kept, bytes, kept);
	stream->kept += kept;
	stream->seen += count;
	stream->text[stream->kept] = '\0';
}

bool stream_drain(struct stream *stream, int fd)
{
	static char buffer[READ_BYTES]; /* [MT-Confined] */
	ssize_t count = read(fd, buffer, sizeof buffer);
	if (count < 0 && (errno == EINTR || errno == EAGAIN))
		return true;
	if (count <= 0) {
		stream->closed = true;
		return false;
	}
	keep(stream, buffer, (size_t)count);
	return true;
}

void stream_drain_rest(struct stream *stream, int fd)
{
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	while (fd >= 0 && poll(&ready, 1, 0) > 0 && (ready.revents & POLLIN) != 0 &&
	       stream_drain(stream, fd))
		;
}
