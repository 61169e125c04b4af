/* common/http_text.c - CLHP/1, the writing side: heads, numbers, /stat. No printf: it is slow, and
 * these functions may be called in a signal handler. */
#include "http.h"

#include <errno.h>
#include <string.h>

/* A bounded writer; once full it stays full. */
struct out {
	char *p;
	size_t left;
	bool full;
};

static void put(struct out *o, const char *s, size_t n)
{
	if (o->full || n > o->left) {
		o->full = true;
		return;
	}
	memcpy(o->p, s, n);
	o->p += n;
	o->left -= n;
}

static void put_text(struct out *o, const char *s)
{
	put(o, s, strlen(s));
}

static void put_number(struct out *o, uint64_t n)
{
	char digits[20];

	put(o, digits, (size_t)(cl_put_dec(digits, n) - digits));
}

static const char *reason(int status)
{
	switch (status) {
	case 200:
		return "200 OK";
	case 400:
		return "400 Bad Request";
	case 404:
		return "404 Not Found";
	case 405:
		return "405 Method Not Allowed";
	case 408:
		return "408 Request Timeout";
	case 413:
		return "413 Content Too Large";
	case 431:
		return "431 Request Header Fields Too Large";
	case 501:
		return "501 Not Implemented";
	case 502:
		return "502 Bad Gateway";
	case 503:
		return "503 Service Unavailable";
	case 505:
		return "505 HTTP Version Not Supported";
	}
	return "500 Internal Server Error";
}

ssize_t cl_http_head(char *out, size_t cap, int status, uint64_t body_bytes, bool keep_alive,
		     const char *worker)
{
	struct out o = { .p = out, .left = cap };

	put_text(&o, "HTTP/1.1 ");
	put_text(&o, reason(status));
	put_text(&o, "\r\nContent-Length: ");
	put_number(&o, body_bytes);
	put_text(&o, keep_alive ? "\r\nConnection: keep-alive" : "\r\nConnection: close");
	if (worker) {
		put_text(&o, "\r\nX-Worker: ");
		put_text(&o, worker);
	}
	put_text(&o, "\r\n\r\n");
	return o.full ? -ENOSPC : o.p - out;
}

char *cl_put_dec(char *out, uint64_t n)
{
	char digits[20];
	size_t count = 0;

	do
		digits[count++] = (char)('0' + n % 10);
	while (n /= 10);
	while (count)
		*out++ = digits[--count];
	return out;
}

char *cl_put_hex(char *out, uint64_t n)
{
	for (int shift = 60; shift >= 0; shift -= 4)
		*out++ = "0123456789abcdef"[(n >> shift) & 15];
	return out;
}

ssize_t cl_stat_json(char *out, size_t cap, const struct cl_stat *s)
{
	struct out o = { .p = out, .left = cap };

	put_text(&o, "{\"connections\":");
	put_number(&o, s->connections);
	put_text(&o, ",\"requests\":");
	put_number(&o, s->requests);
	put_text(&o, ",\"pid\":");
	put_number(&o, (uint64_t)s->pid);
	put_text(&o, ",\"tid\":");
	put_number(&o, (uint64_t)s->tid);
	put_text(&o, ",\"coroutine\":");
	put_number(&o, s->coroutine);
	put_text(&o, "}\n");
	return o.full ? -ENOSPC : o.p - out;
}
