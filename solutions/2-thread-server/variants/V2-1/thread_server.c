/* V2-1: detached threads; a counter and a condition variable say when the last one is through. The
 * acceptor blocks in poll over the listener and a self-pipe that the handler of SIGTERM writes to;
 * with a pool a connection runs into its idle time-out, and the acceptor waits in pool_submit. */
#include "2-thread-server/thread_server.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#define LINGER_MS 100

static int stop_pipe[2]; /* written by the handler, never read: readable from SIGTERM on */

static struct {
	pthread_mutex_t lock; /* guards all of this */
	pthread_cond_t changed;
	unsigned threads, connections;
	uint64_t count;
	bool draining, cut;
	int fd[1024]; /* of the living, -1: free */
} state;

struct job {
	const struct cl_server_config *cfg;
	int fd, slot;
};

static void on_term(int signo)
{
	int saved = errno;

	(void)signo;
	(void)!write(stop_pipe[1], "", 1);
	errno = saved;
}

static uint64_t count_next(void *env)
{
	(void)env;
	pthread_mutex_lock(&state.lock);
	uint64_t n = ++state.count;
	pthread_mutex_unlock(&state.lock);
	return n;
}

static bool is_draining(void *env)
{
	(void)env;
	pthread_mutex_lock(&state.lock);
	bool yes = state.draining;
	pthread_mutex_unlock(&state.lock);
	return yes;
}

/* As the blocking one, but SIGTERM ends the wait, too. */
static ssize_t read_or_stop(void *env, int fd, void *buf, size_t n, uint64_t deadline_us)
{
	struct pollfd p[2] = { { .fd = fd, .events = POLLIN },
			       { .fd = is_draining(env) ? -1 : stop_pipe[0], .events = POLLIN } };
	int wait_ms = -1;

	if (deadline_us != UINT64_MAX) {
		uint64_t now = cl_now_us();
		wait_ms = deadline_us > now ? (int)((deadline_us - now + 999) / 1000) : 0;
	}
	int ready = poll(p, 2, wait_ms);
	if (ready < 0)
		return -errno;
	if (ready == 0)
		return -ETIMEDOUT;
	if (!p[0].revents) {
		/* The acceptor may not have told it yet: conn_serve must find it so. */
		pthread_mutex_lock(&state.lock);
		state.draining = true;
		pthread_mutex_unlock(&state.lock);
		return -EINTR;
	}
	ssize_t got = recv(fd, buf, n, 0);
	return got < 0 ? -errno : got;
}

static void serve(void *arg)
{
	struct job job = *(struct job *)arg;
	struct conn_env env = { .cfg = job.cfg };
	struct conn_io io;

	free(arg);
	conn_io_blocking(&io, &env);
	io.read = read_or_stop;
	io.count = count_next;
	io.draining = is_draining;
	(void)conn_serve(job.fd, job.cfg, &io);
	pthread_mutex_lock(&state.lock);
	state.fd[job.slot] = -1;
	state.connections--;
	pthread_mutex_unlock(&state.lock);
	close(job.fd);
	pthread_mutex_lock(&state.lock);
	state.threads--;
	pthread_cond_signal(&state.changed);
	pthread_mutex_unlock(&state.lock);
}

static void *serve_thread(void *arg)
{
	serve(arg);
	return NULL;
}

static int start_thread(const struct cl_server_config *cfg, struct job *job)
{
	pthread_attr_t attr;
	pthread_t thread;
	int err = pthread_attr_init(&attr);

	if (err)
		return err;
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	if (cfg->stack_bytes)
		pthread_attr_setstacksize(&attr, cfg->stack_bytes);
	err = pthread_create(&thread, &attr, serve_thread, job);
	pthread_attr_destroy(&attr);
	return err;
}

/* Says 503, then waits a moment for the client's last bytes: a close over them would reset. */
static void refuse(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char head[256], waste[4096];
	ssize_t n = cl_http_head(head, sizeof(head), 503, 0, false, NULL);

	(void)send(fd, head, (size_t)n, MSG_NOSIGNAL | MSG_DONTWAIT);
	shutdown(fd, SHUT_WR);
	while (poll(&p, 1, LINGER_MS) > 0 && recv(fd, waste, sizeof(waste), MSG_DONTWAIT) > 0)
		continue;
	close(fd);
}

/* Takes a slot; NULL: there is no room. */
static struct job *job_new(const struct cl_server_config *cfg, int fd)
{
	struct job *job = malloc(sizeof(*job));
	int slot = 0;

	pthread_mutex_lock(&state.lock);
	while (slot < 1024 && state.fd[slot] >= 0)
		slot++;
	bool room = job && slot < 1024 && (!cfg->max_conns || state.connections < cfg->max_conns);
	if (room) {
		*job = (struct job){ cfg, fd, slot };
		state.fd[slot] = fd;
		state.connections++;
		state.threads++;
	}
	pthread_mutex_unlock(&state.lock);
	if (room)
		return job;
	free(job);
	return NULL;
}

static void job_drop(struct job *job)
{
	pthread_mutex_lock(&state.lock);
	state.fd[job->slot] = -1;
	state.connections--;
	state.threads--;
	pthread_mutex_unlock(&state.lock);
	free(job);
}

static void accept_one(const struct cl_server_config *cfg, struct pool *pool)
{
	/* cppcheck-suppress nullPointer; accept4 may be asked without an address */
	int fd = accept4(cfg->listen_fd, NULL, NULL, SOCK_CLOEXEC);

	if (fd < 0)
		return;
	struct job *job = job_new(cfg, fd);
	if (!job) {
		refuse(fd);
		return;
	}
	int err = pool ? pool_submit(pool, serve, job) : start_thread(cfg, job);
	if (err) {
		job_drop(job);
		refuse(fd);
	}
}

/* Waits until no thread works any more; false: the time is over first. */
static bool wait_for_threads(uint64_t until_us)
{
	const struct timespec until = { .tv_sec = (time_t)(until_us / 1000000),
					.tv_nsec = (long)(until_us % 1000000) * 1000 };
	int err = 0;

	while (state.threads && !err)
		err = pthread_cond_clockwait(&state.changed, &state.lock, CLOCK_MONOTONIC, &until);
	return !state.threads;
}

static void drain(const struct cl_server_config *cfg)
{
	pthread_mutex_lock(&state.lock);
	state.draining = true;
	if (!wait_for_threads(cl_now_us() + cfg->drain_timeout_ms * 1000ull)) {
		for (int i = 0; i < 1024; i++)
			if (state.fd[i] >= 0)
				shutdown(state.fd[i], SHUT_RDWR);
		(void)wait_for_threads(cl_now_us() + 3600000000u);
	}
	pthread_mutex_unlock(&state.lock);
}

int thread_server_run(const struct cl_server_config *cfg)
{
	struct sigaction term = { .sa_handler = on_term, .sa_flags = SA_RESTART }, before;
	struct pool *pool = NULL;

	pthread_mutex_init(&state.lock, NULL);
	pthread_cond_init(&state.changed, NULL);
	state.threads = state.connections = 0;
	state.count = 0;
	state.draining = false;
	for (int i = 0; i < 1024; i++)
		state.fd[i] = -1;
	if (pipe2(stop_pipe, O_CLOEXEC | O_NONBLOCK))
		return errno;
	int flags = fcntl(cfg->listen_fd, F_GETFL);
	fcntl(cfg->listen_fd, F_SETFL, flags | O_NONBLOCK);
	sigaction(SIGTERM, &term, &before);
	int err = cfg->workers ? pool_create(&pool, cfg->workers, cfg->queue_capacity) : 0;
	struct pollfd p[2] = { { .fd = stop_pipe[0], .events = POLLIN },
			       { .fd = cfg->listen_fd, .events = POLLIN } };
	while (!err && !p[0].revents) {
		if (poll(p, 2, -1) < 0)
			p[0].revents = p[1].revents = 0;
		else if (!p[0].revents && p[1].revents)
			accept_one(cfg, pool);
	}
	if (!err)
		drain(cfg);
	pool_destroy(pool);
	sigaction(SIGTERM, &before, NULL);
	fcntl(cfg->listen_fd, F_SETFL, flags);
	close(stop_pipe[0]);
	close(stop_pipe[1]);
	return err;
}
