/* fork_server.c - a process for every connection.
 *
 * The parent sleeps in one place only, ppoll(), and its two signals are blocked but around it: a
 * signal is noticed there or not at all, so there is no moment between looking at a flag and going
 * to sleep. A child sleeps in recv(); its handler makes the socket impatient (see on_term). */
#include "1-fork-server/fork_server.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define NO_DEADLINE  UINT64_MAX
#define REFUSED_MAX  16u     /* refused clients whose last bytes we wait for at once */
#define REFUSED_US   100000u /* ... each for so long */
#define REFUSED_READ 65536u  /* ... or for so many bytes */
#define SLACK_US     20000u  /* an idle connection may end so much later than it could */
#define PAUSE_US     100000u /* without descriptors or memory, before accept is tried again */

/* What the handlers share with the code they interrupt; a handler has no other argument. */
static struct {
	volatile sig_atomic_t term;  /* SIGTERMs noticed */
	volatile sig_atomic_t child; /* SIGCHLD since the last look */
	volatile sig_atomic_t conn;  /* in a child: its connection; in the parent -1 */
} noticed;

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
	sigset_t outer_mask;     /* as we found it */
	sigset_t sleep_mask;     /* both signals open */
	struct sigaction outer_term, outer_child;
	int outer_flags; /* of the listener */
};

/* In a child: from now on a recv() that would sleep returns at once, also one that has not begun
 * yet. A flag alone could be set just after it was looked at. */
static void on_term(int signo)
{
	static const struct timeval moment = { .tv_usec = 1 };
	int saved = errno;

	(void)signo;
	noticed.term++;
	if (noticed.conn >= 0)
		(void)setsockopt(noticed.conn, SOL_SOCKET, SO_RCVTIMEO, &moment, sizeof(moment));
	errno = saved;
}

static void on_child(int signo)
{
	(void)signo;
	noticed.child = 1;
}

/* the child */

struct child {
	struct ipc_counter *counter;
	ssize_t (*plain_read)(void *env, int fd, void *buf, size_t n, uint64_t deadline_us);
	uint64_t patience_us; /* the SO_RCVTIMEO of its connection */
};

/* The wait between two requests as one system call: the socket itself has the idle time-out. Other
 * deadlines, and the rest of a life once draining, go the plain way with poll. */
static ssize_t child_read(void *env, int fd, void *buf, size_t n, uint64_t deadline_us)
{
	const struct child *me = ((struct conn_env *)env)->data;
	uint64_t now = cl_now_us(), left = deadline_us > now ? deadline_us - now : 0;

	if (noticed.term || (left < me->patience_us && me->patience_us - left > SLACK_US))
		return me->plain_read(env, fd, buf, n, deadline_us);
	ssize_t got = recv(fd, buf, n, 0);
	if (got >= 0)
		return got;
	if (errno != EAGAIN)
		return -errno;
	return cl_now_us() < deadline_us ? -EINTR : -ETIMEDOUT;
}

static uint64_t child_count(void *env)
{
	return ipc_counter_next(((const struct child *)((struct conn_env *)env)->data)->counter);
}

static bool child_draining(void *env)
{
	(void)env;
	return noticed.term > 0;
}

static _Noreturn void child_run(struct server *s, int fd)
{
	struct child me = { .counter = s->counter, .patience_us = NO_DEADLINE };
	struct conn_env env = { .cfg = s->cfg, .data = &me };
	unsigned idle_ms = s->cfg->idle_timeout_ms;
	struct timeval idle = { .tv_sec = idle_ms / 1000,
				.tv_usec = (suseconds_t)(idle_ms % 1000) * 1000 };
	struct conn_io io;
	int on = 1;

	(void)close(s->cfg->listen_fd);
	for (size_t i = 0; i < s->refused_count; i++)
		(void)close(s->refused[i].fd);

	/* Answers leave in large pieces already: Nagle's rule would only hold back the last one. */
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (idle_ms && setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &idle, sizeof(idle)) == 0)
		me.patience_us = idle_ms * 1000ull;
	conn_io_blocking(&io, &env);
	me.plain_read = io.read;
	io.read = child_read;
	io.count = child_count;
	io.draining = child_draining;

	/* Only now may a signal come: on_term needs the descriptor, and later settings would undo
	 * what it did. */
	noticed.term = 0;
	noticed.conn = fd;
	(void)sigprocmask(SIG_SETMASK, &s->sleep_mask, NULL);
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

	if (!noticed.child)
		return;
	noticed.child = 0;
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

/* ppoll() lets a signal in only if it has to wait. While a client is always ready it never waits,
 * and neither SIGTERM nor the end of a child would be noticed. */
static void signals_let_in(const struct server *s)
{
	sigset_t closed;

	(void)sigprocmask(SIG_SETMASK, &s->sleep_mask, &closed);
	(void)sigprocmask(SIG_SETMASK, &closed, NULL);
}

/* The one place where the parent sleeps. Returns true if the listener is ready. */
static bool server_sleep(struct server *s, bool accepting, uint64_t deadline_us)
{
	struct pollfd p[1 + REFUSED_MAX] = { { .fd = -1, .events = POLLIN } };
	uint64_t now = cl_now_us();
	struct timespec wait;

	for (size_t i = 0; i < s->refused_count; i++) {
		p[1 + i] = (struct pollfd){ .fd = s->refused[i].fd, .events = POLLIN };
		if (s->refused[i].deadline_us < deadline_us)
			deadline_us = s->refused[i].deadline_us;
	}
	if (accepting && now >= s->pause_until_us)
		p[0].fd = s->cfg->listen_fd;
	else if (accepting && s->pause_until_us < deadline_us)
		deadline_us = s->pause_until_us;

	uint64_t left = deadline_us > now ? deadline_us - now : 0;
	wait = (struct timespec){ .tv_sec = (time_t)(left / 1000000),
				  .tv_nsec = (long)(left % 1000000) * 1000 };
	int ready = ppoll(p, 1 + s->refused_count, deadline_us == NO_DEADLINE ? NULL : &wait,
			  &s->sleep_mask);
	if (ready > 0)
		signals_let_in(s);
	return ready > 0 && p[0].revents;
}

static void server_accept_until_term(struct server *s)
{
	while (!noticed.term) {
		bool ready = server_sleep(s, true, NO_DEADLINE);
		children_reap(s); /* first: it may make room for the next client */
		refused_turn(s);
		if (ready && !noticed.term)
			server_accept(s);
	}
}

/* The children have drain_timeout_ms from now; a second SIGTERM ends that. */
static void server_drain(struct server *s)
{
	uint64_t deadline_us = cl_now_us() + s->cfg->drain_timeout_ms * 1000ull;

	children_signal(s, SIGTERM);
	while (s->live && noticed.term == 1 && cl_now_us() < deadline_us) {
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
	struct sigaction term = { .sa_handler = on_term }, child = { .sa_handler = on_child };
	sigset_t both;

	(void)sigemptyset(&both);
	(void)sigaddset(&both, SIGTERM);
	(void)sigaddset(&both, SIGCHLD);
	child.sa_flags = SA_NOCLDSTOP;
	if (sigprocmask(SIG_BLOCK, &both, &s->outer_mask))
		return errno;
	s->sleep_mask = s->outer_mask;
	(void)sigdelset(&s->sleep_mask, SIGTERM);
	(void)sigdelset(&s->sleep_mask, SIGCHLD);
	(void)sigaction(SIGTERM, &term, &s->outer_term); /* cannot fail with these arguments */
	(void)sigaction(SIGCHLD, &child, &s->outer_child);
	return 0;
}

/* The mask first: a SIGTERM that is pending still meets our handler, and not the default. */
static void signals_give_back(const struct server *s)
{
	(void)sigprocmask(SIG_SETMASK, &s->sleep_mask, NULL);
	(void)sigprocmask(SIG_SETMASK, &s->outer_mask, NULL);
	(void)sigaction(SIGCHLD, &s->outer_child, NULL);
	(void)sigaction(SIGTERM, &s->outer_term, NULL);
}

int fork_server_run(const struct cl_server_config *cfg)
{
	struct server s = { .cfg = cfg };
	int err = ipc_counter_create(&s.counter);

	if (err)
		return err;
	noticed.term = noticed.child = 0;
	noticed.conn = -1;

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
