/* fork_server.c - a process for every connection. No signal handler: SIGTERM and SIGCHLD are
 * blocked for good and read from a descriptor, next to the others in one poll. A child inherits it,
 * and reads its own signals from it: a signalfd shows those of whoever reads. */
#include "1-fork-server/fork_server.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#define NO_DEADLINE  UINT64_MAX
#define REFUSED_MAX  16u     /* refused clients whose last bytes we wait for at once */
#define REFUSED_US   100000u /* ... each for so long */
#define REFUSED_READ 65536u  /* ... or for so many bytes */
#define PAUSE_US     100000u /* without descriptors or memory, before accept is tried again */

/* A client that got 503; closing at once could destroy the answer on its way. */
struct refused {
	int fd;
	size_t read_bytes;
	uint64_t deadline_us;
};

struct server {
	const struct cl_server_config *cfg;
	struct ipc_counter *counter;
	pid_t *child; /* [0..live) */
	size_t live, room;
	struct refused refused[REFUSED_MAX];
	size_t refused_count;
	uint64_t pause_until_us; /* accept is not tried before */
	int signals;             /* the signalfd, non-blocking */
	unsigned terms;          /* SIGTERMs read */
	bool child_ended;        /* SIGCHLD read since the last look */
	sigset_t outer_mask;     /* as we found it */
	struct sigaction outer_term, outer_child;
	int outer_flags; /* of the listener */
};

/* Reads what has come: the number of SIGTERMs, and whether there was a SIGCHLD. */
static unsigned signals_read(int signals, bool *child_ended)
{
	struct signalfd_siginfo info;
	unsigned terms = 0;

	while (read(signals, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		if (info.ssi_signo == SIGTERM)
			terms++;
		else
			*child_ended = true;
	}
	return terms;
}

/* Sleeps until one of p[0..n) is ready, for ever if the deadline is NO_DEADLINE. As poll(). */
static int poll_until(struct pollfd *p, nfds_t n, uint64_t deadline_us)
{
	uint64_t now = cl_now_us(), left = deadline_us > now ? deadline_us - now : 0;
	struct timespec wait = { .tv_sec = (time_t)(left / 1000000),
				 .tv_nsec = (long)(left % 1000000) * 1000 };

	return ppoll(p, n, deadline_us == NO_DEADLINE ? NULL : &wait, NULL);
}

/* the child */

struct child {
	struct ipc_counter *counter;
	int signals;
	bool draining; /* SIGTERM has been read */
};

static bool child_draining(void *env)
{
	struct child *me = ((struct conn_env *)env)->data;
	bool ignored = false;

	if (!me->draining && signals_read(me->signals, &ignored))
		me->draining = true;
	return me->draining;
}

/* Waits for bytes or a SIGTERM, and takes note of the latter: it would be readable for ever. */
static ssize_t child_read(void *env, int fd, void *buf, size_t n, uint64_t deadline_us)
{
	const struct child *me = ((struct conn_env *)env)->data;
	struct pollfd p[] = { { .fd = fd, .events = POLLIN },
			      { .fd = me->draining ? -1 : me->signals, .events = POLLIN } };
	int ready = poll_until(p, 2, deadline_us);

	if (ready < 0)
		return -errno;
	if (ready == 0)
		return -ETIMEDOUT;
	if (p[1].revents)
		(void)child_draining(env);
	if (!p[0].revents)
		return -EINTR;
	ssize_t got = recv(fd, buf, n, 0);
	return got < 0 ? -errno : got;
}

static uint64_t child_count(void *env)
{
	return ipc_counter_next(((const struct child *)((struct conn_env *)env)->data)->counter);
}

static _Noreturn void child_run(struct server *s, int fd)
{
	struct child me = { .counter = s->counter, .signals = s->signals };
	struct conn_env env = { .cfg = s->cfg, .data = &me };
	struct conn_io io;
	int on = 1;

	(void)close(s->cfg->listen_fd);
	for (size_t i = 0; i < s->refused_count; i++)
		(void)close(s->refused[i].fd);

	/* Answers leave in large pieces already: Nagle's rule would only hold back the last one. */
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	conn_io_blocking(&io, &env);
	io.read = child_read;
	io.count = child_count;
	io.draining = child_draining;

	(void)conn_serve(fd, s->cfg, &io); /* how it ended is nobody's business */
	_exit(0);                          /* not exit(): what stands in stdout is the parent's */
}

/* the parent: children */

static void children_forget(struct server *s, pid_t pid)
{
	for (size_t i = 0; i < s->live; i++) {
		if (s->child[i] == pid) {
			s->child[i] = s->child[--s->live];
			return;
		}
	}
}

/* One SIGCHLD may stand for many children: asks until there is nothing left. */
static void children_reap(struct server *s)
{
	pid_t pid;

	if (!s->child_ended)
		return;
	s->child_ended = false;
	while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
		children_forget(s, pid);
}

static void children_signal(const struct server *s, int signo)
{
	for (size_t i = 0; i < s->live; i++)
		(void)kill(s->child[i], signo); /* not reaped, so the pid is still its own */
}

/* Before fork, so that no child exists that cannot be remembered. */
static bool children_reserve(struct server *s)
{
	if (s->live < s->room)
		return true;
	size_t room = s->room ? 2 * s->room : 64;
	pid_t *more = realloc(s->child, room * sizeof(*more));
	if (!more)
		return false;
	s->child = more;
	s->room = room;
	return true;
}

/* the parent: clients that cannot be served */

static void refused_drop(struct server *s, size_t i)
{
	(void)close(s->refused[i].fd);
	s->refused[i] = s->refused[--s->refused_count];
}

/* Says 503 and keeps fd (given) until the client has read it. Never waits: a fresh connection has
 * room for one head, and if not the client will do without. */
static void refuse(struct server *s, int fd)
{
	char head[256];
	ssize_t n = cl_http_head(head, sizeof(head), 503, 0, false, NULL);

	(void)send(fd, head, (size_t)n, MSG_NOSIGNAL | MSG_DONTWAIT);
	(void)shutdown(fd, SHUT_WR);
	if (s->refused_count == REFUSED_MAX)
		refused_drop(s, 0);
	s->refused[s->refused_count++] = (struct refused){
		.fd = fd, .deadline_us = cl_now_us() + REFUSED_US
	};
}

static bool refused_is_done(struct refused *r)
{
	char waste[4096];
	ssize_t n = recv(r->fd, waste, sizeof(waste), MSG_DONTWAIT);

	if (n > 0)
		r->read_bytes += (size_t)n;
	return n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR) ||
	       r->read_bytes >= REFUSED_READ || cl_now_us() >= r->deadline_us;
}

static void refused_turn(struct server *s)
{
	for (size_t i = s->refused_count; i-- > 0;)
		if (refused_is_done(&s->refused[i]))
			refused_drop(s, i);
}

/* the parent: its life */

static void server_accept(struct server *s)
{
	/* cppcheck-suppress nullPointer; accept4 may be asked without an address */
	int fd = accept4(s->cfg->listen_fd, NULL, NULL, SOCK_CLOEXEC);

	if (fd < 0) {
		/* Asking again at once would be a circle: the client stays in the queue. */
		if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
			s->pause_until_us = cl_now_us() + PAUSE_US;
		return;
	}
	if ((s->cfg->max_conns && s->live >= s->cfg->max_conns) || !children_reserve(s)) {
		refuse(s, fd);
		return;
	}
	pid_t pid = fork();
	if (pid == 0)
		child_run(s, fd);
	if (pid < 0) {
		refuse(s, fd);
		return;
	}
	s->child[s->live++] = pid;
	(void)close(fd); /* the child's now; the client sees its end only if we let go */
}

/* The one place where the parent sleeps. Returns true if the listener is ready. */
static bool server_sleep(struct server *s, bool accepting, uint64_t deadline_us)
{
	struct pollfd p[2 + REFUSED_MAX] = { { .fd = -1, .events = POLLIN },
					     { .fd = s->signals, .events = POLLIN } };
	uint64_t now = cl_now_us();

	for (size_t i = 0; i < s->refused_count; i++) {
		p[2 + i] = (struct pollfd){ .fd = s->refused[i].fd, .events = POLLIN };
		if (s->refused[i].deadline_us < deadline_us)
			deadline_us = s->refused[i].deadline_us;
	}
	if (accepting && now >= s->pause_until_us)
		p[0].fd = s->cfg->listen_fd;
	else if (accepting && s->pause_until_us < deadline_us)
		deadline_us = s->pause_until_us;

	int ready = poll_until(p, 2 + s->refused_count, deadline_us);
	if (ready > 0 && p[1].revents)
		s->terms += signals_read(s->signals, &s->child_ended);
	return ready > 0 && p[0].revents;
}

static void server_accept_until_term(struct server *s)
{
	while (!s->terms) {
		bool ready = server_sleep(s, true, NO_DEADLINE);
		children_reap(s); /* first: it may make room for the next client */
		refused_turn(s);
		if (ready && !s->terms)
			server_accept(s);
	}
}

/* The children have drain_timeout_ms from now; a second SIGTERM ends that. */
static void server_drain(struct server *s)
{
	uint64_t deadline_us = cl_now_us() + s->cfg->drain_timeout_ms * 1000ull;

	children_signal(s, SIGTERM);
	while (s->live && s->terms == 1 && cl_now_us() < deadline_us) {
		(void)server_sleep(s, false, deadline_us);
		children_reap(s);
		refused_turn(s);
	}
	children_signal(s, SIGKILL);
	while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
		continue;
	while (s->refused_count)
		refused_drop(s, 0);
}

static int signals_take(struct server *s)
{
	struct sigaction plain = { .sa_handler = SIG_DFL };
	sigset_t both;

	(void)sigemptyset(&both);
	(void)sigaddset(&both, SIGTERM);
	(void)sigaddset(&both, SIGCHLD);
	s->signals = signalfd(-1, &both, SFD_CLOEXEC | SFD_NONBLOCK);
	if (s->signals < 0)
		return errno;
	if (sigprocmask(SIG_BLOCK, &both, &s->outer_mask)) {
		(void)close(s->signals);
		return EINVAL;
	}
	/* An ignored SIGCHLD would take the ended children away from waitpid. */
	(void)sigaction(SIGTERM, &plain, &s->outer_term);
	(void)sigaction(SIGCHLD, &plain, &s->outer_child);
	return 0;
}

/* What is pending is read first: opened up, a SIGTERM would meet the default. */
static void signals_give_back(const struct server *s)
{
	bool ignored = false;

	(void)sigaction(SIGCHLD, &s->outer_child, NULL);
	(void)sigaction(SIGTERM, &s->outer_term, NULL);
	(void)signals_read(s->signals, &ignored);
	(void)close(s->signals);
	(void)sigprocmask(SIG_SETMASK, &s->outer_mask, NULL);
}

int fork_server_run(const struct cl_server_config *cfg)
{
	struct server s = { .cfg = cfg };
	int err = ipc_counter_create(&s.counter);

	if (err)
		return err;

	/* A client may leave between poll and accept: accept must not sleep. The listener is only
	 * borrowed, so it gets its flags back. */
	s.outer_flags = fcntl(cfg->listen_fd, F_GETFL);
	if (s.outer_flags < 0 || fcntl(cfg->listen_fd, F_SETFL, s.outer_flags | O_NONBLOCK)) {
		err = errno;
		goto destroy_counter;
	}
	err = signals_take(&s);
	if (err)
		goto restore_listener;

	server_accept_until_term(&s);
	server_drain(&s);
	free(s.child);
	signals_give_back(&s);

restore_listener:
	(void)fcntl(cfg->listen_fd, F_SETFL, s.outer_flags);
destroy_counter:
	ipc_counter_destroy(s.counter);
	return err;
}
