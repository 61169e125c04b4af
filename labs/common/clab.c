/* common/clab.c - the platform of normal builds: real time, the real kernel. */
#include "clab.h"

#include <errno.h>
#include <linux/futex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "http.h"

#define PAGE 4096u

/* Where cl_db_get() asks. Written once, before the server runs; only read afterwards. */
static struct sockaddr_storage backend;
static socklen_t backend_len;

uint64_t cl_now_us(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail with this clock */
	return (uint64_t)now.tv_sec * 1000000u + (uint64_t)now.tv_nsec / 1000u;
}

uint64_t cl_burn(uint64_t seed, uint64_t rounds)
{
	uint64_t x = seed;

	while (rounds--) {
		x = x * 6364136223846793005ull + 1442695040888963407ull;
		__asm__ volatile("" : "+r"(x)); /* keeps the compiler from skipping ahead */
	}
	return x;
}

static struct timespec as_timespec(uint64_t us)
{
	return (struct timespec){ .tv_sec = (time_t)(us / 1000000u),
				  .tv_nsec = (long)(us % 1000000u) * 1000 };
}

void cl_wait_us(uint64_t us)
{
	/* The end is absolute, so that interruptions do not add up. */
	struct timespec end = as_timespec(cl_now_us() + us);

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &end, NULL) == EINTR)
		continue;
}

void cl_backend_set(const struct sockaddr *sa, socklen_t len)
{
	CL_CHECK(len <= sizeof(backend));
	memcpy(&backend, sa, len);
	backend_len = len;
}

/* One direction of the round trip. False once the connection is lost. */
static bool db_move(int fd, uint8_t frame[16], bool out)
{
	size_t done = 0;

	while (done < 16) {
		ssize_t n = out ? send(fd, frame + done, 16 - done, MSG_NOSIGNAL)
				: recv(fd, frame + done, 16 - done, 0);
		if (n == 0 || (n < 0 && errno != EINTR))
			return false;
		if (n > 0)
			done += (size_t)n;
	}
	return true;
}

/* An interrupted connect() goes on by itself; asked again it says EALREADY, then EISCONN. */
static bool db_connect(int fd)
{
	while (connect(fd, (const struct sockaddr *)&backend, backend_len)) {
		if (errno == EISCONN)
			return true;
		if (errno != EINTR && errno != EALREADY)
			return false;
	}
	return true;
}

uint64_t cl_db_get(uint64_t key)
{
	uint64_t id, value = 0;
	uint8_t frame[16];

	CL_CHECK(backend_len > 0);
	int fd = socket(backend.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return 0;
	cl_rpc_encode(frame, (1ull << 63) + key, 0);
	if (db_connect(fd) && db_move(fd, frame, true) && db_move(fd, frame, false))
		cl_rpc_decode(frame, &id, &value);
	(void)close(fd); /* nothing is lost with it */
	return value;
}

void *cl_pages_get(size_t n, size_t align_pages)
{
	size_t align = align_pages * PAGE, bytes = n * PAGE, all;

	CL_CHECK(n > 0 && align_pages > 0 && (align_pages & (align_pages - 1)) == 0);
	if (n > SIZE_MAX / PAGE || align_pages > SIZE_MAX / PAGE ||
	    __builtin_add_overflow(bytes, align - PAGE, &all))
		return NULL;
	char *map = mmap(NULL, all, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (map == MAP_FAILED)
		return NULL;

	/* Asked for too much, so that an aligned piece lies in it; the rest goes back. */
	size_t front = (align - (uintptr_t)map % align) % align, back = all - front - bytes;
	if (front)
		CL_CHECK(munmap(map, front) == 0);
	if (back)
		CL_CHECK(munmap(map + front + bytes, back) == 0);
	/* cppcheck-suppress deallocret; only what lies around it went back */
	return map + front;
}

void cl_pages_put(void *p, size_t n)
{
	CL_CHECK((uintptr_t)p % PAGE == 0 && munmap(p, n * PAGE) == 0);
}

int cl_pages_guard(void *p, size_t n)
{
	return mprotect(p, n * PAGE, PROT_NONE) ? errno : 0;
}

int cl_futex_wait(uint32_t *word, uint32_t expected, uint64_t deadline_us)
{
	struct timespec end = as_timespec(deadline_us);
	struct timespec *until = deadline_us == UINT64_MAX ? NULL : &end;

	/* The BITSET form takes an absolute time, the plain one a relative one. */
	if (!syscall(SYS_futex, word, FUTEX_WAIT_BITSET_PRIVATE, expected, until, NULL,
		     FUTEX_BITSET_MATCH_ANY))
		return 0;
	return errno == EINTR ? 0 : errno;
}

int cl_futex_wake(uint32_t *word, int n)
{
	return (int)syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, n, NULL, NULL, 0);
}

void cl_check_failed(const char *expr, const char *file, int line)
{
	(void)fprintf(stderr, "%s:%d: CL_CHECK(%s) failed\n", file, line, expr);
	abort();
}

void cl_preempt_point(void)
{
}
