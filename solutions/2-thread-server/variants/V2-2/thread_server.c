/* V2-2: a thread of its own waits for SIGTERM in sigwait; all others have it blocked. It closes the
 * writing end of a pipe, whose end of file everybody sees who polls it. Threads of connections are
 * joined by the acceptor, before the next client or at the end. */
#include "2-thread-server/thread_server.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#define LINGER_MS 100

static int stop_pipe[2]; /* nothing is ever written: at its end of file from SIGTERM on */

static struct {
	pthread_mutex_t lock; /* guards all of this */
	pthread_cond_t changed;
	unsigned threads, connections;
	uint64_t count;
	bool draining, cut;
	int fd[1024];                  /* of the living, -1: none */
	bool taken[1024], ended[1024]; /* the slot has a thread; it is through */
	pthread_t thread[1024];
} state;

struct job {
	const struct cl_server_config *cfg;
	int fd, slot;
};

static void *hear_sigterm(void *arg)
{
	int signo;

	(void)sigwait(arg, &signo);
	close(stop_pipe[1]);
	return NULL;
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
			       { .fd = is_draining(env) ? -1 : stop_pipe[0] } };
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
	state.ended[job.slot] = true;
	pthread_cond_signal(&state.changed);
	pthread_mutex_unlock(&state.lock);
}

static void *serve_thread(void *arg)
{
	serve(arg);
	return NULL;
}

/* Frees the slots of those that are through; their threads, if they had any, are joined. */
static void join_ended(bool threads)
{
	for (int i = 0; i < 1024; i++) {
		pthread_mutex_lock(&state.lock);
		bool join = state.taken[i] && state.ended[i];
		pthread_mutex_unlock(&state.lock);
		if (join && threads)
			pthread_join(state.thread[i], NULL);
		if (join)
			state.taken[i] = false;
	}
}

static int start_thread(const struct cl_server_config *cfg, struct job *job)
{
	pthread_attr_t attr;
	int slot = job->slot; /* the job is its thread's once that runs */
	int err = pthread_attr_init(&attr);

	if (err)
		return err;
	if (cfg->stack_bytes)
		pthread_attr_setstacksize(&attr, cfg->stack_bytes);
	err = pthread_create(&state.thread[slot], &attr, serve_thread, job);
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
	while (slot < 1024 && state.taken[slot])
		slot++;
	bool room = job && slot < 1024 && (!cfg->max_conns || state.connections < cfg->max_conns);
	if (room) {
		*job = (struct job){ cfg, fd, slot };
		state.fd[slot] = fd;
		state.taken[slot] = true;
		state.ended[slot] = false;
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
	state.taken[job->slot] = false;
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
	join_ended(pool == NULL);
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
	struct pool *pool = NULL;
	sigset_t term, before;
	pthread_t hearer;

	pthread_mutex_init(&state.lock, NULL);
	pthread_cond_init(&state.changed, NULL);
	state.threads = state.connections = 0;
	state.count = 0;
	state.draining = false;
	for (int i = 0; i < 1024; i++) {
		state.fd[i] = -1;
		state.taken[i] = false;
	}
	if (pipe2(stop_pipe, O_CLOEXEC))
		return errno;
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &term, &before);
	int flags = fcntl(cfg->listen_fd, F_GETFL);
	fcntl(cfg->listen_fd, F_SETFL, flags | O_NONBLOCK);
	int err = cfg->workers ? pool_create(&pool, cfg->workers, cfg->queue_capacity) : 0;
	if (!err)
		err = pthread_create(&hearer, NULL, hear_sigterm, &term);
	if (!err) {
		struct pollfd p[2] = { { .fd = stop_pipe[0] },
				       { .fd = cfg->listen_fd, .events = POLLIN } };
		while (!p[0].revents) {
			if (poll(p, 2, -1) < 0)
				p[0].revents = p[1].revents = 0;
			else if (!p[0].revents && p[1].revents)
				accept_one(cfg, pool);
		}
		drain(cfg);
		pthread_join(hearer, NULL);
	}
	pool_destroy(pool);
	join_ended(cfg->workers == 0);
	fcntl(cfg->listen_fd, F_SETFL, flags);
	close(stop_pipe[0]);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return err;
}
