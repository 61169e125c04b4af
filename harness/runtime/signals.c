/* Signals: none is ever delivered in an explored run. Handlers and masks are taken note of and
 * nothing more; who waits for a signal waits for ever. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>

#include "runtime/files.h"
#include "runtime/finding.h"
#include "runtime/libc.h"
#include "runtime/scheduler.h"

int rt_sigaction(int signo, const struct sigaction *now, struct sigaction *old);
int rt_sigaction(int signo, const struct sigaction *now, struct sigaction *old)
{
	(void)signo, (void)now;
	if (old)
		*old = (struct sigaction){ 0 };
	return 0;
}

sighandler_t rt_signal(int signo, sighandler_t handler);
sighandler_t rt_signal(int signo, sighandler_t handler)
{
	(void)signo, (void)handler;
	return SIG_DFL;
}

int rt_pthread_sigmask(int how, const sigset_t *now, sigset_t *old);
int rt_pthread_sigmask(int how, const sigset_t *now, sigset_t *old)
{
	(void)how, (void)now;
	if (old)
		memset(old, 0, sizeof(*old));
	return 0;
}

int rt_sigprocmask(int how, const sigset_t *now, sigset_t *old);
int rt_sigprocmask(int how, const sigset_t *now, sigset_t *old)
{
	return rt_pthread_sigmask(how, now, old);
}

static void wait_until(uint64_t deadline, uint32_t pc)
{
	file_point(pc);
	(void)files_wait(NULL, 0, deadline);
}

int rt_sigwait(const sigset_t *set, int *signo);
/* NOLINTNEXTLINE(readability-non-const-parameter): the type is the library's */
int rt_sigwait(const sigset_t *set, int *signo)
{
	(void)set, (void)signo;
	if (self)
		wait_until(NO_DEADLINE, PC());
	return EINVAL;
}

int rt_sigtimedwait(const sigset_t *set, siginfo_t *info, const struct timespec *time);
int rt_sigtimedwait(const sigset_t *set, siginfo_t *info, const struct timespec *time)
{
	(void)set, (void)info;
	if (self)
		wait_until(time ? rt->clock_ns + (uint64_t)time->tv_sec * 1000000000u +
					   (uint64_t)time->tv_nsec
				: NO_DEADLINE,
			   PC());
	errno = EAGAIN;
	return -1;
}

int rt_sigwaitinfo(const sigset_t *set, siginfo_t *info);
int rt_sigwaitinfo(const sigset_t *set, siginfo_t *info)
{
	return rt_sigtimedwait(set, info, NULL);
}

int rt_sigsuspend(const sigset_t *mask);
int rt_sigsuspend(const sigset_t *mask)
{
	(void)mask;
	if (self)
		wait_until(NO_DEADLINE, PC());
	errno = EINTR;
	return -1;
}

int rt_pause(void);
int rt_pause(void)
{
	return rt_sigsuspend(NULL);
}

int rt_pthread_kill(pthread_t thread, int signo);
int rt_pthread_kill(pthread_t thread, int signo)
{
	(void)thread, (void)signo;
	return 0;
}
