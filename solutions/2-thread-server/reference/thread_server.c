/* thread_server.c - a thread for every connection, or a pool for all of them.
 *
 * The caller's thread accepts and hears signals; it sleeps in one place only, server_sleep().
 * SIGTERM is blocked in every thread and read from a descriptor, so that it does not matter whom
 * the kernel would have chosen. A connection waits for its client and for the stop descriptor,
 * which becomes readable once and stays so: no flag is looked at that could be set just afterwards.
 *
 * With a pool, a connection that has nothing to say is given back and waits in an epoll set without
 * a worker. When the queue is full nobody is accepted: the kernel's backlog is the place to wait.
 */
#include "2-thread-server/thread_server.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#define NO_DEADLINE   UINT64_MAX
#define STACK_DEFAULT 131072u    /* conn_serve needs 40 KiB; 8 MiB would be mapped anew too often */
#define IDLE_NEVER_MS UINT32_MAX /* 49 days: told from every header time-out */
#define REFUSED_MAX   16u        /* refused clients whose last bytes we wait for at once */
#define REFUSED_US    100000u    /* ... each for so long */
#define BATCH         64u /* clients taken at once before signals and the others are looked at */
#define DEFER_S       1   /* of the listener: so long nobody is shown who has not spoken */
#define PAUSE_US      100000u /* without descriptors or memory, before accept is tried again */

/* A place in one of the server's two lists. */
struct link {
	struct link *before, *after;
};

struct conn {
	struct link link; /* first: a link is its connection; guarded by server.lock */
	struct server *server;
	int fd;
	int backend;            /* of a call under way, else -1; guarded by server.lock */
	uint64_t idle_until_us; /* while in the list of idle ones */
	bool tried, gives_back; /* its thread's alone */
};

struct refused { /* a client that got 503: closing at once could destroy the answer on its way */
	int fd;
	uint64_t deadline_us;
};

struct server {
	const struct cl_server_config *cfg;
	struct cl_server_config conn_cfg; /* what conn_serve() sees */
	atomic_uint_fast64_t count;       /* of /count: a sum, nothing is ordered by it */
	atomic_bool draining;             /* set before stop_fd is written */
	atomic_bool full; /* the acceptor waits for room in the queue; pairs with conn_task() */
	int stop_fd, signal_fd, wake_fd, idle_set;
	struct pool *pool;

	pthread_mutex_t lock; /* guards the lists, live, cut, ended and each conn.backend */
	pthread_cond_t was_cut;
	struct link busy, idle; /* idle: given back, the longest first */
	size_t live;            /* in both lists */
	bool cut;
	pthread_t ended; /* the last thread that ended, to be joined by the next one */
	bool has_ended;

	/* the acceptor's alone */
	struct conn *waiting[BATCH]; /* accepted or readable and not queued; the next one last */
	size_t waiting_count;
	struct refused refused[REFUSED_MAX];
	size_t refused_count;
	uint64_t pause_until_us;
	unsigned terms;
	int outer_flags, outer_nodelay, outer_defer;
	sigset_t outer_mask;
};

static void link_add(struct link *list, struct link *l)
{
	*l = (struct link){ .before = list->before, .after = list };
	list->before->after = l;
	list->before = l;
}

static void link_remove(struct link *l)
{
	l->before->after = l->after;
	l->after->before = l->before;
}

static void wake_up(int fd)
{
	(void)eventfd_write(fd, 1); /* fails only where it is readable already */
}

/* what conn_serve() waits by */

static struct conn *conn_of(void *env)
{
	return ((struct conn_env *)env)->data;
}

/* Waits until there is something to read. 0, -ETIMEDOUT, or -EINTR: the server stops. */
static int conn_wait(const struct conn *c, uint64_t deadline_us)
{
	struct pollfd p[2] = { { .fd = c->fd, .events = POLLIN },
			       { .fd = c->server->stop_fd, .events = POLLIN } };
	uint64_t now = cl_now_us(), left = deadline_us > now ? deadline_us - now : 0;
	struct timespec wait = { .tv_sec = (time_t)(left / 1000000),
				 .tv_nsec = (long)(left % 1000000) * 1000 };

	if (atomic_load(&c->server->draining))
		p[1].fd = -1; /* seen already */
	int ready = ppoll(p, 2, deadline_us == NO_DEADLINE ? NULL : &wait, NULL);
	if (ready < 0)
		return -errno;
	return p[0].revents ? 0 : ready ? -EINTR : -ETIMEDOUT;
}

/* Between two requests nothing is buffered in conn_serve(): then, and only then, it can be left
 * without losing a byte. The idle deadline tells. */
static bool is_between_requests(const struct conn *c, uint64_t deadline_us)
{
	return deadline_us != NO_DEADLINE &&
	       deadline_us > cl_now_us() + c->server->cfg->header_timeout_ms * 1000ull;
}

static ssize_t conn_read(void *env, int fd, void *buf, size_t n, uint64_t deadline_us)
{
	struct conn *c = conn_of(env);
	bool give_back = c->server->pool && is_between_requests(c, deadline_us);

	if (!c->tried || give_back) {
		ssize_t got = recv(fd, buf, n, MSG_DONTWAIT);
		c->tried = true;
		if (got >= 0 || errno != EAGAIN)
			return got < 0 ? -errno : got;
		c->gives_back = give_back;
		if (give_back)
			return -ETIMEDOUT;
	}
	int err = conn_wait(c, deadline_us);
	if (err)
		return err;
	ssize_t got = recv(fd, buf, n, 0);
	return got < 0 ? -errno : got;
}

static uint64_t conn_count(void *env)
{
	return atomic_fetch_add(&conn_of(env)->server->count, 1) + 1;
}

static bool conn_draining(void *env)
{
	return atomic_load(&conn_of(env)->server->draining);
}

static void conn_sleep(void *env, uint64_t us)
{
	struct server *s = conn_of(env)->server;
	uint64_t at = cl_now_us() + us;
	struct timespec until = { .tv_sec = (time_t)(at / 1000000),
				  .tv_nsec = (long)(at % 1000000) * 1000 };

	(void)pthread_mutex_lock(&s->lock);
	while (!s->cut &&
	       pthread_cond_clockwait(&s->was_cut, &s->lock, CLOCK_MONOTONIC, &until) == 0)
		continue;
	(void)pthread_mutex_unlock(&s->lock);
}

/* False: the server has been cut, and nobody would end what begins now. */
static bool conn_calls(struct conn *c, int backend)
{
	(void)pthread_mutex_lock(&c->server->lock);
	bool goes_on = !c->server->cut;
	c->backend = backend;
	(void)pthread_mutex_unlock(&c->server->lock);
	return goes_on;
}

/* As the blocking one, but its descriptor is known, so that a drain can end it. */
static int conn_rpc(void *env, uint64_t id, uint64_t value, uint64_t *reply)
{
	struct conn *c = conn_of(env);
	const struct cl_server_config *cfg = c->server->cfg;
	uint8_t frame[16];
	ssize_t got = 0;
	int fd = socket(cfg->backend.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0), err;

	if (fd < 0)
		return errno;
	cl_rpc_encode(frame, id, value);
	err = conn_calls(c, fd) ? 0 : ECANCELED;
	if (!err && connect(fd, (const struct sockaddr *)&cfg->backend, cfg->backend_len))
		err = errno;
	if (!err)
		err = net_write_full(fd, frame, sizeof(frame));
	if (!err)
		got = net_read_full(fd, frame, sizeof(frame));
	if (!err && got != (ssize_t)sizeof(frame))
		err = got < 0 ? (int)-got : ECONNRESET;
	if (!err)
		cl_rpc_decode(frame, &id, reply);
	(void)conn_calls(c, -1);
	(void)close(fd);
	return err;
}

static void conn_run(struct conn *c)
{
	struct conn_env env = { .cfg = c->server->cfg, .data = c };
	struct conn_io io;

	conn_io_blocking(&io, &env);
	io.read = conn_read;
	io.count = conn_count;
	io.draining = conn_draining;
	io.sleep_us = conn_sleep;
	io.rpc = conn_rpc;
	c->gives_back = false;
	(void)conn_serve(c->fd, &c->server->conn_cfg, &io); /* how it ended is nobody's business */
}

/* the life of a connection; `locked` functions want server.lock */

static struct conn *conn_new(struct server *s, int fd)
{
	struct conn *c = malloc(sizeof(*c));

	if (!c)
		return NULL;
	*c = (struct conn){ .server = s, .fd = fd, .backend = -1 };
	(void)pthread_mutex_lock(&s->lock);
	link_add(&s->busy, &c->link);
	s->live++;
	(void)pthread_mutex_unlock(&s->lock);
	return c;
}

static void conn_forget_locked(struct conn *c)
{
	struct server *s = c->server;

	link_remove(&c->link);
	s->live--;
	if (s->live == 0 && atomic_load(&s->draining))
		wake_up(s->wake_fd);
}

/* Forgotten before it is closed: a drain shuts down the descriptors of the living. */
static void conn_end(struct conn *c)
{
	(void)pthread_mutex_lock(&c->server->lock);
	conn_forget_locked(c);
	(void)pthread_mutex_unlock(&c->server->lock);
	(void)close(c->fd);
	free(c);
}

/* Part B. Each thread joins the one that ended before it: at most one is left to be joined. */
static void *conn_thread(void *arg)
{
	struct conn *c = arg;
	struct server *s = c->server;

	conn_run(c);
	(void)pthread_mutex_lock(&s->lock);
	pthread_t before = s->ended;
	bool join = s->has_ended;
	s->ended = pthread_self();
	s->has_ended = true;
	(void)pthread_mutex_unlock(&s->lock);
	conn_end(c);
	if (join)
		(void)pthread_join(before, NULL);
	return NULL;
}

static int conn_start_thread(struct conn *c)
{
	size_t asked = c->server->cfg->stack_bytes;
	pthread_attr_t attr;
	pthread_t thread;

	int err = pthread_attr_init(&attr);
	if (err)
		return err;
	err = pthread_attr_setstacksize(&attr, asked ? asked : STACK_DEFAULT);
	if (!err)
		err = pthread_create(&thread, &attr, conn_thread, c);
	(void)pthread_attr_destroy(&attr);
	return err;
}

/* Part D: into the list of idle ones, and the epoll set wakes the acceptor once for it. */
static bool conn_give_back(struct conn *c)
{
	struct server *s = c->server;
	struct epoll_event readable = { .events = EPOLLIN | EPOLLONESHOT, .data.ptr = c };

	(void)pthread_mutex_lock(&s->lock);
	bool stays = !atomic_load(&s->draining);
	if (stays) {
		c->idle_until_us = cl_now_us() + s->cfg->idle_timeout_ms * 1000ull;
		link_remove(&c->link);
		link_add(&s->idle, &c->link);
		if (epoll_ctl(s->idle_set, EPOLL_CTL_MOD, c->fd, &readable))
			stays = epoll_ctl(s->idle_set, EPOLL_CTL_ADD, c->fd, &readable) == 0;
	}
	(void)pthread_mutex_unlock(&s->lock);
	return stays;
}

static void conn_task(void *arg)
{
	struct conn *c = arg;

	/* Taken out of the queue: there is room now. */
	if (atomic_load(&c->server->full) && atomic_exchange(&c->server->full, false))
		wake_up(c->server->wake_fd);
	conn_run(c);
	if (!c->gives_back || !conn_give_back(c))
		conn_end(c);
}

/* Queues those who wait. Asks twice before it gives up: room that came before `full` was set is
 * seen by the second question, and room that comes after it is told by conn_task(). */
static void server_submit(struct server *s)
{
	while (s->waiting_count) {
		struct conn *c = s->waiting[s->waiting_count - 1];
		if (pool_try_submit(s->pool, conn_task, c)) {
			atomic_store(&s->full, true);
			if (pool_try_submit(s->pool, conn_task, c))
				return;
		}
		s->waiting_count--;
	}
}

/* the acceptor: clients that cannot be served */

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

static void refused_turn(struct server *s)
{
	char waste[4096];

	for (size_t i = s->refused_count; i-- > 0;) {
		ssize_t n = recv(s->refused[i].fd, waste, sizeof(waste), MSG_DONTWAIT);
		if (n == 0 || (n < 0 && errno != EAGAIN) ||
		    cl_now_us() >= s->refused[i].deadline_us)
			refused_drop(s, i);
	}
}

/* the acceptor: its life */

/* False: nobody is there any more, or accepting has to pause. */
static bool server_accept(struct server *s)
{
	/* cppcheck-suppress nullPointer; accept4 may be asked without an address */
	int fd = accept4(s->cfg->listen_fd, NULL, NULL, SOCK_CLOEXEC);

	if (fd < 0) {
		/* Asking again at once would be a circle: the client stays in the backlog. */
		if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
			s->pause_until_us = cl_now_us() + PAUSE_US;
		return false;
	}
	(void)pthread_mutex_lock(&s->lock);
	bool room = s->cfg->max_conns == 0 || s->live < s->cfg->max_conns;
	(void)pthread_mutex_unlock(&s->lock);
	struct conn *c = room ? conn_new(s, fd) : NULL;
	if (!c) {
		refuse(s, fd);
		return true;
	}
	if (s->pool) {
		s->waiting[s->waiting_count++] = c;
		server_submit(s);
	} else if (conn_start_thread(c)) {
		(void)pthread_mutex_lock(&s->lock);
		conn_forget_locked(c);
		(void)pthread_mutex_unlock(&s->lock);
		free(c);
		refuse(s, fd);
	}
	return true;
}

static void server_readable(struct server *s)
{
	struct epoll_event event[BATCH];
	int n = epoll_wait(s->idle_set, event, BATCH, 0);

	(void)pthread_mutex_lock(&s->lock);
	while (n > 0) {
		struct conn *c = event[--n].data.ptr;
		link_remove(&c->link);
		link_add(&s->busy, &c->link);
		s->waiting[s->waiting_count++] = c;
	}
	(void)pthread_mutex_unlock(&s->lock);
	server_submit(s);
}

/* Ends the idle connections whose time is over, or all; returns when to look again. */
static uint64_t server_expire(struct server *s, bool all)
{
	uint64_t again_us = NO_DEADLINE, idle_us = s->cfg->idle_timeout_ms * 1000ull;

	if (!s->pool || (!idle_us && !all))
		return again_us;
	(void)pthread_mutex_lock(&s->lock);
	while (s->idle.after != &s->idle) {
		struct conn *c = (struct conn *)(void *)s->idle.after;
		/* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): what is freed below is in no list */
		again_us = c->idle_until_us;
		if (!all && cl_now_us() < again_us)
			break;
		conn_forget_locked(c);
		(void)close(c->fd); /* nobody else knows it: it is idle, and the lock is held */
		free(c);
	}
	/* One that is given back while we sleep cannot be over sooner than this. */
	if (s->live && s->idle.after == &s->idle)
		again_us = cl_now_us() + idle_us;
	else if (!s->live)
		again_us = NO_DEADLINE;
	(void)pthread_mutex_unlock(&s->lock);
	return again_us;
}

enum { AT_SIGNAL, AT_WAKE, AT_LISTENER, AT_IDLE, AT_REFUSED };

/* The one place where the acceptor sleeps. p gets what is ready; signals are counted. */
static void server_sleep(struct server *s, struct pollfd *p, bool accepting, uint64_t deadline_us)
{
	struct signalfd_siginfo info;
	uint64_t now = cl_now_us();
	eventfd_t waste;

	p[AT_SIGNAL] = (struct pollfd){ .fd = s->signal_fd, .events = POLLIN };
	p[AT_WAKE] = (struct pollfd){ .fd = s->wake_fd, .events = POLLIN };
	p[AT_LISTENER] = (struct pollfd){ .fd = -1, .events = POLLIN };
	p[AT_IDLE] = (struct pollfd){ .fd = -1, .events = POLLIN };
	for (size_t i = 0; i < s->refused_count; i++) {
		p[AT_REFUSED + i] = (struct pollfd){ .fd = s->refused[i].fd, .events = POLLIN };
		if (s->refused[i].deadline_us < deadline_us)
			deadline_us = s->refused[i].deadline_us;
	}
	if (accepting && !s->waiting_count) {
		p[AT_IDLE].fd = s->idle_set;
		p[AT_LISTENER].fd = now >= s->pause_until_us ? s->cfg->listen_fd : -1;
		if (now < s->pause_until_us && s->pause_until_us < deadline_us)
			deadline_us = s->pause_until_us;
	}
	uint64_t left = deadline_us > now ? deadline_us - now : 0;
	struct timespec wait = { .tv_sec = (time_t)(left / 1000000),
				 .tv_nsec = (long)(left % 1000000) * 1000 };
	(void)ppoll(p, AT_REFUSED + s->refused_count, deadline_us == NO_DEADLINE ? NULL : &wait,
		    NULL);
	if (p[AT_SIGNAL].revents && read(s->signal_fd, &info, sizeof(info)) == sizeof(info))
		s->terms++;
	if (p[AT_WAKE].revents)
		(void)eventfd_read(s->wake_fd, &waste);
	refused_turn(s);
}

static void server_accept_until_term(struct server *s)
{
	struct pollfd p[AT_REFUSED + REFUSED_MAX];

	while (!s->terms) {
		server_sleep(s, p, true, server_expire(s, false));
		if (s->terms)
			break;
		if (s->waiting_count && p[AT_WAKE].revents)
			server_submit(s);
		if (!s->waiting_count && p[AT_IDLE].revents)
			server_readable(s);
		for (unsigned i = 0; i < BATCH && !s->waiting_count && p[AT_LISTENER].revents; i++)
			if (!server_accept(s))
				break;
	}
}

static size_t server_live(struct server *s)
{
	(void)pthread_mutex_lock(&s->lock);
	size_t live = s->live;
	(void)pthread_mutex_unlock(&s->lock);
	return live;
}

/* Connections have drain_timeout_ms from now; a second SIGTERM ends that. Then every wait of theirs
 * is ended; a computation and cl_db_get() cannot be, and are waited for. */
static void server_drain(struct server *s)
{
	uint64_t deadline_us = cl_now_us() + s->cfg->drain_timeout_ms * 1000ull;
	struct pollfd p[AT_REFUSED + REFUSED_MAX];

	(void)pthread_mutex_lock(&s->lock);
	atomic_store(&s->draining, true); /* from now on nobody is given back */
	(void)pthread_mutex_unlock(&s->lock);
	wake_up(s->stop_fd);
	(void)server_expire(s, true);
	while (s->waiting_count)
		conn_end(s->waiting[--s->waiting_count]);
	while (server_live(s) && s->terms == 1 && cl_now_us() < deadline_us)
		server_sleep(s, p, false, deadline_us);

	(void)pthread_mutex_lock(&s->lock);
	s->cut = true;
	for (struct link *l = s->busy.after; l != &s->busy; l = l->after) {
		const struct conn *c = (const struct conn *)(const void *)l;
		(void)shutdown(c->fd, SHUT_RDWR);
		if (c->backend >= 0)
			(void)shutdown(c->backend, SHUT_RDWR);
	}
	(void)pthread_cond_broadcast(&s->was_cut);
	(void)pthread_mutex_unlock(&s->lock);
	while (server_live(s))
		server_sleep(s, p, false, NO_DEADLINE);
	while (s->refused_count)
		refused_drop(s, 0);
}

static void close_if(int fd)
{
	if (fd >= 0)
		(void)close(fd);
}

/* Sets an option of the listener; returns what it was. It need not have it (AF_UNIX). */
static int listener_swap(const struct server *s, int option, int value)
{
	int was = 0;
	socklen_t n = sizeof(was);

	(void)getsockopt(s->cfg->listen_fd, IPPROTO_TCP, option, &was, &n);
	(void)setsockopt(s->cfg->listen_fd, IPPROTO_TCP, option, &value, sizeof(value));
	return was;
}

/* Connections inherit the first: answers leave in large pieces already, and Nagle's rule would only
 * hold back the last one. By the second a client comes to us together with its request, so that no
 * worker is called for one that has nothing to say yet. */
static void server_tune(struct server *s)
{
	s->outer_nodelay = listener_swap(s, TCP_NODELAY, 1);
	s->outer_defer = listener_swap(s, TCP_DEFER_ACCEPT, s->pool ? DEFER_S : 0);
}

static void server_untune(struct server *s)
{
	(void)listener_swap(s, TCP_NODELAY, s->outer_nodelay);
	(void)listener_swap(s, TCP_DEFER_ACCEPT, s->outer_defer);
}

static int server_open(struct server *s)
{
	const struct cl_server_config *cfg = s->cfg;
	sigset_t term;

	(void)sigemptyset(&term);
	(void)sigaddset(&term, SIGTERM);
	(void)pthread_sigmask(SIG_BLOCK, &term, &s->outer_mask); /* before any thread is made */
	s->signal_fd = signalfd(-1, &term, SFD_CLOEXEC | SFD_NONBLOCK);
	s->stop_fd = eventfd(0, EFD_CLOEXEC);
	s->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	/* A client may leave between poll and accept: accept must not sleep. The listener is only
	 * borrowed, so it gets its flags back. */
	s->outer_flags = fcntl(cfg->listen_fd, F_GETFL);
	if (s->signal_fd < 0 || s->stop_fd < 0 || s->wake_fd < 0 || s->outer_flags < 0 ||
	    fcntl(cfg->listen_fd, F_SETFL, s->outer_flags | O_NONBLOCK))
		return errno;
	if (cfg->workers == 0)
		return 0;
	s->conn_cfg.idle_timeout_ms = IDLE_NEVER_MS; /* kept by the acceptor */
	s->idle_set = epoll_create1(EPOLL_CLOEXEC);
	return s->idle_set < 0 ? errno : pool_create(&s->pool, cfg->workers, cfg->queue_capacity);
}

static void server_close(struct server *s)
{
	struct signalfd_siginfo info;

	pool_destroy(s->pool);
	if (s->has_ended)
		(void)pthread_join(s->ended, NULL);
	if (s->outer_flags >= 0)
		(void)fcntl(s->cfg->listen_fd, F_SETFL, s->outer_flags);
	/* A second SIGTERM was for us, too. */
	while (s->signal_fd >= 0 && read(s->signal_fd, &info, sizeof(info)) == sizeof(info))
		continue;
	close_if(s->signal_fd);
	close_if(s->stop_fd);
	close_if(s->wake_fd);
	close_if(s->idle_set);
	(void)pthread_sigmask(SIG_SETMASK, &s->outer_mask, NULL);
}

int thread_server_run(const struct cl_server_config *cfg)
{
	struct server s = { .cfg = cfg, .conn_cfg = *cfg, .idle_set = -1 };

	s.busy = (struct link){ &s.busy, &s.busy };
	s.idle = (struct link){ &s.idle, &s.idle };
	(void)pthread_mutex_init(&s.lock, NULL);
	(void)pthread_cond_init(&s.was_cut, NULL);
	int err = server_open(&s);
	if (!err) {
		server_tune(&s);
		server_accept_until_term(&s);
		server_drain(&s);
		server_untune(&s);
	}
	server_close(&s);
	(void)pthread_cond_destroy(&s.was_cut);
	(void)pthread_mutex_destroy(&s.lock);
	return err;
}
