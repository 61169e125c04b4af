/* Part A, net_read_full and net_write_full: portions, interruptions, full and empty sockets, lost
 * peers. The tracer makes the kernel's portions as small as a test wants them, call by call. */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lab1.h"

#define LEN 60u

static const struct law SHORT_READ = {
	.finding = "short-read",
	.name = "returns all bytes that come before the end of file",
	.why = "A stream may hand out its bytes in any portions; net_read_full puts them together.",
};
static const struct law READ_EINTR = {
	.finding = "eintr-not-retried",
	.name = "goes on after EINTR",
	.why = "EINTR says that a signal came, not that the call failed: it is made again.",
};
static const struct law PARTIAL_WRITE = {
	.finding = "partial-write",
	.name = "writes all bytes, however small the portions",
	.why = "write may take fewer bytes than it was given; the rest is sent by further calls.",
};
static const struct law ASLEEP = {
	.finding = "busy-wait",
	.name = "sleeps while it waits",
	.why = "On EAGAIN the process waits with poll until the descriptor is ready.",
};

/* Our end and, taken by the player, the other one. */
struct pair {
	int ours, there;
	uint64_t inode;
};

static struct pair make_pair(struct world *w, bool nonblocking)
{
	struct stat st;
	int end[2], small = 4608;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, end) || fstat(end[1], &st) ||
	    setsockopt(end[1], SOL_SOCKET, SO_SNDBUF, &small, sizeof(small)) ||
	    (nonblocking && fcntl(end[1], F_SETFL, O_NONBLOCK)))
		fault("cannot make a pair of sockets: %s", strerror(errno));
	return (struct pair){ .ours = end[0],
			      .there = player_take(&w->player, end[1]),
			      .inode = st.st_ino };
}

static void drop_pair(struct world *w, struct pair *p)
{
	if (p->ours >= 0)
		(void)close(p->ours);
	(void)player_untake(&w->player, p->there);
}

static void fill_pattern(struct world *w, uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		bytes[i] = (uint8_t)rng_next(&w->rng);
}

static void put(int fd, const uint8_t *bytes, size_t len)
{
	if (send(fd, bytes, len, MSG_NOSIGNAL | MSG_DONTWAIT) != (ssize_t)len)
		fault("our own socket takes no %zu bytes", len);
}

static void begin_read(struct world *w, const struct pair *p, size_t len)
{
	PLAYER_BEGIN(&w->player, .op = OP_NET_READ_FULL, .arg = { p->there, (int64_t)len });
}

/* Sends `given` of the bytes, ends the stream if that is less than LEN, and looks what comes out.
 */
static void law_reads(struct world *w, const struct law *law, size_t given, const char *when)
{
	struct pair p = make_pair(w, false);
	uint8_t bytes[LEN];

	fill_pattern(w, bytes, sizeof(bytes));
	put(p.ours, bytes, given);
	if (given < LEN)
		(void)shutdown(p.ours, SHUT_WR);
	begin_read(w, &p, LEN);
	int64_t got = player_result(&w->player, "net_read_full");
	runner_disarm();
	law_written(got != -ENOSYS, "net_read_full");
	LAW_OF(law, got == (int64_t)given, "%s: wanted %zu bytes, got %lld", when, given,
	       (long long)got);
	LAW(memcmp(w->player.message->data, bytes, given) == 0, "wrong-bytes",
	    "%s: the bytes are not those that were sent", when);
	drop_pair(w, &p);
}

static void inject(const char *calls, unsigned from, unsigned times, int error, unsigned limit)
{
	runner_inject(&(struct injection){ .calls = { calls },
					   .who = "main",
					   .from = from,
					   .times = times,
					   .error = error,
					   .limit = limit });
}

static void law_read_waits(struct world *w)
{
	struct pair p = make_pair(w, true);
	uint8_t bytes[LEN];

	fill_pattern(w, bytes, sizeof(bytes));
	inject("@poll", 1, 2, EINTR, 0);
	begin_read(w, &p, LEN);
	for (size_t at = 0; at < LEN; at += LEN / 3) {
		LAW_OF(&ASLEEP, stage_settle(&w->stage),
		       "net_read_full runs in a circle on a non-blocking socket without data");
		LAW(!w->player.returned, "eagain-not-waited",
		    "net_read_full returned %lld when a non-blocking socket had no data",
		    (long long)w->player.message->head.arg[0]);
		put(p.ours, bytes + at, LEN / 3);
	}
	int64_t got = player_result(&w->player, "net_read_full");
	LAW_OF(&SHORT_READ, got == (int64_t)LEN && !memcmp(w->player.message->data, bytes, LEN),
	       "a non-blocking socket: wanted %u bytes, got %lld", LEN, (long long)got);
	runner_disarm();
	drop_pair(w, &p);
}

LAB_TEST(reads_full, .id = "L1.A.2", .points = 4, .detector = "FI", .builds = "nat",
	 .about = "net_read_full",
	 .title = "net_read_full returns all bytes, however they arrive and whatever interrupts it")
{
	struct world *w = world_open("fork_server_run");

	world_player(w, true);
	law_reads(w, &SHORT_READ, LEN, "all bytes at once");
	inject("@read", 1, 1000, 0, 1);
	law_reads(w, &SHORT_READ, LEN, "one byte a call");
	for (unsigned n = 1; n <= 4; n++) {
		inject("@read", n, 1, EINTR, 0);
		inject("@read", 1, 1000, 0, 15);
		law_reads(w, &READ_EINTR, LEN, "EINTR at one of its calls");
	}
	inject("@read", 1, 5, EINTR, 0);
	law_reads(w, &READ_EINTR, LEN, "EINTR five times in a row");
	law_reads(w, &SHORT_READ, 10, "end of file after 10 bytes");
	law_reads(w, &SHORT_READ, 0, "end of file at once");

	struct pair p = make_pair(w, false);
	inject("@read", 1, 1, ECONNRESET, 0);
	begin_read(w, &p, LEN);
	int64_t got = player_result(&w->player, "net_read_full");
	LAW(got == -ECONNRESET, "wrong-errno",
	    "a reset connection: wanted -%d (ECONNRESET), got %lld", ECONNRESET, (long long)got);
	runner_disarm();
	drop_pair(w, &p);
	law_read_waits(w);
	EVIDENCE("calls", 11);
}

/* The whole message goes through while our end reads all the time. */
static void law_writes(struct world *w, const struct law *law, const char *when)
{
	struct pair p = make_pair(w, false);
	struct client c;
	uint8_t bytes[200];

	fill_pattern(w, bytes, sizeof(bytes));
	client_adopt(&c, &w->stage, p.ours);
	PLAYER_BEGIN(&w->player, .op = OP_NET_WRITE_FULL, .arg = { p.there, 1 }, .data = bytes,
		     .data_len = sizeof(bytes));
	int64_t result = player_result(&w->player, "net_write_full");
	runner_disarm();
	law_written(result != ENOSYS, "net_write_full");
	drain_sources(w);
	LAW_OF(law, result == 0 && c.in_len == sizeof(bytes),
	       "%s: returned %lld, %zu of %zu bytes came", when, (long long)result, c.in_len,
	       sizeof(bytes));
	LAW(memcmp(c.in, bytes, sizeof(bytes)) == 0, "wrong-bytes",
	    "%s: the bytes are not those that were written", when);
	client_close(&c);
	p.ours = -1;
	drop_pair(w, &p);
}

static uint64_t writes_on(uint64_t inode)
{
	static const char *const names[] = { "@write", NULL };
	struct call_log log;
	uint64_t n = 0;

	runner_calls(0, names, &log);
	for (size_t i = 0; i < log.count; i++)
		n += log.call[i].name[0] != '+' && log.call[i].inode == inode;
	call_log_free(&log);
	return n;
}

/* A full non-blocking socket: we read what is there only when the writer sleeps. */
static void law_write_waits(struct world *w)
{
	struct pair p = make_pair(w, true);
	static uint8_t bytes[48000], got[sizeof(bytes) + 1];
	size_t at = 0, portions = 0;

	fill_pattern(w, bytes, sizeof(bytes));
	PLAYER_BEGIN(&w->player, .op = OP_NET_WRITE_FULL, .arg = { p.there, 1 }, .data = bytes,
		     .data_len = sizeof(bytes));
	while (at < sizeof(bytes)) {
		LAW_OF(&ASLEEP, stage_settle(&w->stage),
		       "net_write_full runs in a circle while its reader is held");
		if (w->player.gone)
			law_alive(&w->stage, "net_write_full");
		ssize_t n = recv(p.ours, got + at, sizeof(got) - at, MSG_DONTWAIT);
		LAW_OF(&PARTIAL_WRITE, n > 0,
		       "a non-blocking socket whose reader is slow: the rest was never written");
		at += (size_t)n;
		portions++;
	}
	int64_t result = player_result(&w->player, "net_write_full");
	LAW_OF(&PARTIAL_WRITE, result == 0 && memcmp(got, bytes, sizeof(bytes)) == 0,
	       "a slow reader: returned %lld, or other bytes came", (long long)result);
	LAW_OF(&ASLEEP, writes_on(p.inode) <= 2 * portions + 2,
	       "more than 2 write calls between two portions that the reader took");
	drop_pair(w, &p);
}

LAB_TEST(writes_full, .id = "L1.A.3", .points = 4, .detector = "FI", .builds = "nat",
	 .about = "net_write_full",
	 .title = "net_write_full writes every byte, waits for a slow reader and does not spin")
{
	static const unsigned portions[] = { 1, 2, 3, 7, 64, 199 };
	static const struct law interrupted = {
		.finding = "eintr-not-retried",
		.name = "goes on after EINTR when writing",
		.why = "EINTR says that a signal came, not that the call failed: it is made again.",
	};
	struct world *w = world_open("fork_server_run");

	world_player(w, true);
	law_writes(w, &PARTIAL_WRITE, "all bytes at once");
	for (size_t i = 0; i < sizeof(portions) / sizeof(portions[0]); i++) {
		char when[64];
		(void)snprintf(when, sizeof(when), "the kernel takes %u bytes a call", portions[i]);
		inject("@write", 1, 1000, 0, portions[i]);
		law_writes(w, &PARTIAL_WRITE, when);
	}
	for (unsigned n = 1; n <= 4; n++) {
		inject("@write", n, 1, EINTR, 0);
		inject("@write", 1, 1000, 0, 50);
		law_writes(w, &interrupted, "EINTR at one of its calls");
	}
	law_write_waits(w);
	EVIDENCE("calls", 12);
}

static const struct law SIGPIPE_LAW = {
	.finding = "sigpipe",
	.name = "a lost peer is an error code, not the end of the process",
	.why = "By default a write to a closed connection raises SIGPIPE, which ends the process.",
};

/* Waits for the result; the death that this test is about is not the general one. */
static void law_epipe(struct world *w, const char *when)
{
	struct player *p = &w->player;

	if (!WAIT_UNTIL(&w->stage, p->returned || p->gone) || p->gone) {
		struct ending e = stage_ending(&w->stage);
		LAW_OF(&SIGPIPE_LAW, !e.ended || e.signal != SIGPIPE,
		       "%s: SIGPIPE ended the process", when);
	}
	int64_t result = player_result(p, "net_write_full");
	law_written(result != ENOSYS, "net_write_full");
	LAW(result == EPIPE || result == ECONNRESET, "wrong-errno",
	    "%s: wanted EPIPE or ECONNRESET, got %lld", when, (long long)result);
	LAW_OF(&SIGPIPE_LAW, true, "%s", when);
}

static void begin_write(struct world *w, int there, const uint8_t *bytes, size_t len)
{
	PLAYER_BEGIN(&w->player, .op = OP_NET_WRITE_FULL, .arg = { there, 1 }, .data = bytes,
		     .data_len = len);
}

LAB_TEST(survives_lost_peer, .id = "L1.A.4", .points = 3, .detector = "function", .builds = "nat",
	 .about = "net_write_full",
	 .title = "writing to a connection that the peer has closed returns EPIPE and kills nobody")
{
	static uint8_t bytes[30000];
	struct world *w = world_open("fork_server_run");

	world_player(w, false);
	struct pair closed = make_pair(w, false);
	(void)close(closed.ours);
	closed.ours = -1;
	begin_write(w, closed.there, bytes, 100);
	law_epipe(w, "the peer had closed before");
	drop_pair(w, &closed);

	for (unsigned nonblocking = 0; nonblocking < 2; nonblocking++) {
		struct pair full = make_pair(w, nonblocking);
		begin_write(w, full.there, bytes, sizeof(bytes));
		(void)stage_settle(&w->stage);
		LAW(!w->player.returned, "partial-write",
		    "net_write_full returned although its reader had taken nothing yet");
		(void)close(full.ours);
		full.ours = -1;
		law_epipe(w, "the peer closed while the writer waited for it");
		drop_pair(w, &full);
	}
	EVIDENCE("lost peers", 3);
}
