/* Threads ask the C library who and where they are, and write to descriptors as to files. */
#include <assert.h>
#include <err.h>
#include <errno.h>
#include <error.h>
#include <malloc.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/sysinfo.h>
#include <time.h>
#include <unistd.h>

static pid_t tids[2];
static int ids[2] = { 0, 1 };

static void descriptors(void)
{
	struct sockaddr_in at = { 0 };
	socklen_t len = sizeof(at);
	int pair[2], n = 1;
	char text[8];

	int made = socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
	assert(made == 0);
	n = getsockname(pair[0], (struct sockaddr *)&at, &len);
	assert(n == 0 && at.sin_family == AF_UNIX && len == 2);
	n = getpeername(pair[1], (struct sockaddr *)&at, &len);
	assert(n == 0 && len == 2);
	n = getpeername(99, (struct sockaddr *)&at, &len);
	assert(n == -1 && errno == EBADF);
	n = 1;
	n = ioctl(pair[0], FIONBIO, &n);
	assert(n == 0 && read(pair[0], text, 1) == -1 && errno == EAGAIN);
	n = dprintf(pair[1], "%d,%s", 7, "b");
	assert(n == 3 && ioctl(pair[0], FIONREAD, &n) == 0 && n == 3);
	ssize_t got = read(pair[0], text, sizeof(text));
	assert(got == 3 && memcmp(text, "7,b", 3) == 0);
	dprintf(STDERR_FILENO, "%d", 7);
	fputs_unlocked("a", stderr);
	putc('b', stdout);
	putc_unlocked('b', stdout);
	warn("%d", 3);
	warnx("%d", 3);
	error(0, EINVAL, "%d", 3);
	assert(fileno(stderr) == 2);
	close(pair[0]);
	close(pair[1]);
}

static void machine(void)
{
	cpu_set_t set;
	struct timespec step, now;
	struct sched_param parameters;
	int policy;
	sigset_t signals;

	assert(sched_getaffinity(0, sizeof(set), &set) == 0);
	assert(CPU_COUNT(&set) == get_nprocs() && get_nprocs() == sysconf(_SC_NPROCESSORS_ONLN));
	assert(pthread_getaffinity_np(pthread_self(), sizeof(set), &set) == 0);
	assert(CPU_ISSET(sched_getcpu(), &set) && sysconf(_SC_PAGESIZE) == getpagesize());
	assert(clock_getres(CLOCK_MONOTONIC, &step) == 0 && step.tv_nsec == 1);
	assert(clock_getres(99, &step) == -1 && timespec_get(&now, TIME_UTC) == TIME_UTC);
	assert(pthread_getschedparam(pthread_self(), &policy, &parameters) == 0);
	assert(policy == SCHED_OTHER && parameters.sched_priority == 0);
	sigemptyset(&signals);
	sigaddset(&signals, SIGPIPE);
	assert(sigismember(&signals, SIGPIPE) == 1 && sigismember(&signals, SIGTERM) == 0);
	void *block = memalign(64, 100);
	assert(block && (size_t)block % 64 == 0);
	free(block);
}

static void *work(void *arg)
{
	static const char *const names[] = { "first", "second" };
	const int me = *(int *)arg;
	char name[16];
	int before = -1;

	tids[me] = gettid();
	assert(gettid() != getpid() && getppid() != getpid());
	assert(pthread_setname_np(pthread_self(), names[me]) == 0);
	assert(pthread_setname_np(pthread_self(), "sixteen letters!") == ERANGE);
	assert(pthread_getname_np(pthread_self(), name, sizeof(name)) == 0);
	assert(strcmp(name, names[me]) == 0);
	assert(pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL) == 0);
	pthread_testcancel();
	assert(pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &before) == 0);
	assert(before == PTHREAD_CANCEL_DISABLE);
	machine();
	descriptors();
	return arg;
}

int main(void)
{
	pthread_t a, b;
	pthread_attr_t attributes;
	size_t guard = 1;

	pthread_attr_init(&attributes);
	pthread_attr_setguardsize(&attributes, 0);
	pthread_attr_getguardsize(&attributes, &guard);
	assert(guard == 0);
	pthread_create(&a, &attributes, work, &ids[0]);
	pthread_create(&b, NULL, work, &ids[1]);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	assert(tids[0] != tids[1] && gettid() == getpid());
	return 0;
}
