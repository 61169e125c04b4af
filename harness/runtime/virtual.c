/* Virtual time: 100 ns a point; where nobody can run it jumps to the next deadline. */
#include "runtime/virtual.h"

#include <errno.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include "runtime/finding.h"
#include "runtime/libc.h"
#include "runtime/scheduler.h"
#include "runtime/threads.h"

static bool is_wall_clock(clockid_t clock)
{
	return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE || clock == CLOCK_TAI;
}

bool deadline_ns(clockid_t clock, const struct timespec *deadline, uint64_t *ns)
{
	int64_t seconds = deadline->tv_sec;
	int64_t at;

	if (deadline->tv_nsec < 0 || deadline->tv_nsec >= (long)NS_PER_S)
		return false;
	if (self)
		self->wall = is_wall_clock(clock);
	if (self && is_wall_clock(clock)) /* ahead by whole seconds */
		seconds -= (int64_t)(rt->wall_ahead_ns / NS_PER_S);
	if (seconds < 0)
		*ns = 0;
	else if (__builtin_mul_overflow(seconds, (int64_t)NS_PER_S, &at) ||
		 __builtin_add_overflow(at, deadline->tv_nsec, &at))
		*ns = NO_DEADLINE;
	else
		*ns = (uint64_t)at;
	return true;
}

static void clock_point(uint32_t pc)
{
	point(EXPLORE_STEP_CLOCK, EXPLORE_NOTHING, pc);
}

static struct timespec clock_now(clockid_t clock)
{
	uint64_t ns = rt->clock_ns + (is_wall_clock(clock) ? rt->wall_ahead_ns : 0);

	if (clock == CLOCK_THREAD_CPUTIME_ID)
		ns = self->cpu_ns;
	if (clock == CLOCK_PROCESS_CPUTIME_ID)
		ns = process_cpu_ns();

	return (struct timespec){ .tv_sec = (time_t)(ns / NS_PER_S),
				  .tv_nsec = (long)(ns % NS_PER_S) };
}

int rt_clock_gettime(clockid_t clock, struct timespec *now)
{
	if (!self)
		return clock_gettime(clock, now);
	clock_point(PC());
	libc_writes(now, sizeof(*now), PC());
	*now = clock_now(clock);
	return 0;
}

int rt_timespec_get(struct timespec *now, int base);
int rt_timespec_get(struct timespec *now, int base)
{
	if (base != TIME_UTC)
		return 0;
	if (!self)
		return timespec_get(now, base);
	clock_point(PC());
	libc_writes(now, sizeof(*now), PC());
	*now = clock_now(CLOCK_REALTIME);
	return base;
}

/* Of the usual kernels: a tick is 4 ms. */
int rt_clock_getres(clockid_t clock, struct timespec *step);
int rt_clock_getres(clockid_t clock, struct timespec *step)
{
	const bool coarse = clock == CLOCK_REALTIME_COARSE || clock == CLOCK_MONOTONIC_COARSE;

	if (clock < CLOCK_REALTIME || clock > CLOCK_TAI || clock == 10) {
		errno = EINVAL;
		return -1;
	}
	if (step) {
		libc_writes(step, sizeof(*step), PC());
		*step = (struct timespec){ .tv_nsec = coarse ? 4000000 : 1 };
	}
	return 0;
}

int rt_gettimeofday(struct timeval *now, void *zone);
int rt_gettimeofday(struct timeval *now, void *zone)
{
	(void)zone;
	if (!self)
		return gettimeofday(now, NULL);
	clock_point(PC());
	libc_writes(now, sizeof(*now), PC());
	struct timespec t = clock_now(CLOCK_REALTIME);
	*now = (struct timeval){ .tv_sec = t.tv_sec, .tv_usec = t.tv_nsec / 1000 };
	return 0;
}

time_t rt_time(time_t *now);
time_t rt_time(time_t *now)
{
	if (!self)
		return time(now);
	clock_point(PC());
	time_t s = clock_now(CLOCK_REALTIME).tv_sec;
	if (now)
		*now = s;
	return s;
}

uint64_t rt_cl_now_us(void);
uint64_t rt_cl_now_us(void)
{
	if (!self)
		return 0;
	clock_point(PC());
	return rt->clock_ns / 1000;
}

int rt_getrusage(int who, struct rusage *used);
int rt_getrusage(int who, struct rusage *used)
{
	if (!self)
		return getrusage(who, used);
	if (who != RUSAGE_SELF && who != RUSAGE_THREAD && who != RUSAGE_CHILDREN) {
		errno = EINVAL;
		return -1;
	}
	clock_point(PC());
	libc_writes(used, sizeof(*used), PC());
	const uint64_t ns = who == RUSAGE_THREAD ? self->cpu_ns
			    : who == RUSAGE_SELF ? process_cpu_ns()
						 : 0;
	*used = (struct rusage){ .ru_utime = { .tv_sec = (time_t)(ns / NS_PER_S),
					       .tv_usec = (suseconds_t)(ns % NS_PER_S / 1000) } };
	return 0;
}

/* The clock of the calling thread; those of others are for no lab to see. */
int rt_pthread_getcpuclockid(pthread_t thread, clockid_t *clock);
int rt_pthread_getcpuclockid(pthread_t thread, clockid_t *clock)
{
	if (!rt_pthread_equal(thread, rt_pthread_self()))
		return ENOENT;
	libc_writes(clock, sizeof(*clock), PC());
	*clock = CLOCK_THREAD_CPUTIME_ID;
	return 0;
}

static void sleep_for(uint64_t ns, uint32_t pc)
{
	uint64_t until = rt->clock_ns + ns;

	thread_sleep_until(until < ns ? NO_DEADLINE : until, pc);
}

int rt_nanosleep(const struct timespec *time, struct timespec *left);
int rt_nanosleep(const struct timespec *time, struct timespec *left)
{
	uint64_t ns;

	(void)left;
	if (!deadline_ns(CLOCK_MONOTONIC, time, &ns)) {
		errno = EINVAL;
		return -1;
	}
	if (self)
		sleep_for(ns, PC());
	return 0;
}

int rt_clock_nanosleep(clockid_t clock, int flags, const struct timespec *time,
		       struct timespec *left);
int rt_clock_nanosleep(clockid_t clock, int flags, const struct timespec *time,
		       struct timespec *left)
{
	uint64_t ns;

	(void)left;
	if (!deadline_ns(flags & TIMER_ABSTIME ? clock : CLOCK_MONOTONIC, time, &ns))
		return EINVAL;
	if (self && (flags & TIMER_ABSTIME))
		thread_sleep_until(ns, PC());
	else if (self)
		sleep_for(ns, PC());
	return 0;
}

int rt_usleep(useconds_t us);
int rt_usleep(useconds_t us)
{
	if (self)
		sleep_for((uint64_t)us * 1000, PC());
	return 0;
}

unsigned rt_sleep(unsigned seconds);
unsigned rt_sleep(unsigned seconds)
{
	if (self)
		sleep_for((uint64_t)seconds * NS_PER_S, PC());
	return 0;
}

int rt_thrd_sleep(const struct timespec *time, struct timespec *left);
int rt_thrd_sleep(const struct timespec *time, struct timespec *left)
{
	uint64_t ns;

	(void)left;
	if (!deadline_ns(CLOCK_MONOTONIC, time, &ns))
		return -2;
	if (self)
		sleep_for(ns, PC());
	return 0;
}

void rt_cl_wait_us(uint64_t us);
void rt_cl_wait_us(uint64_t us)
{
	if (self)
		sleep_for(us > UINT64_MAX / 1000 ? UINT64_MAX : us * 1000, PC());
}
