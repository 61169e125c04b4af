/* common/clab.h - platform header shared by all labs. GIVEN, read-only for students.
 *
 * Conventions used by every header of the suite
 *   errors     functions return 0 on success or a POSITIVE errno value; functions
 *              that return a byte count return ssize_t >= 0 or a NEGATIVE errno.
 *              errno itself is never part of a contract.
 *   units      every identifier carries its unit: _us microseconds, _ms milliseconds,
 *              _bytes, _rounds. All clocks are CLOCK_MONOTONIC.
 *   ownership  "borrowed": the callee must not free/close it and must not keep it
 *              after the call; "given": ownership moves to the callee;
 *              "returned": ownership moves to the caller.
 *   MT-level   [MT-Safe] any thread at any time; [MT-Confined] one thread only;
 *              [AS-Safe] callable from a signal handler.
 * Source: clock_gettime(2), mmap(2), futex(2); the recurrence of cl_burn is Knuth's MMIX generator.
 */
#ifndef CLAB_H
#define CLAB_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <time.h>

#define CL_API_VERSION 1

/* server configuration: the same struct for labs 1, 2, 5 and 6 */
enum cl_flag {
	CL_F_ALLOW_CRASH = 1u << 0, /* GET /crash aborts the executing context        */
	CL_F_EPOLL = 1u << 1,       /* lab 5/6: force the epoll backend               */
	CL_F_URING = 1u << 2,       /* lab 5/6: force the io_uring backend            */
};

struct cl_server_config {
	uint32_t size;                   /* = sizeof(struct cl_server_config)              */
	uint32_t flags;                  /* enum cl_flag                                   */
	int listen_fd;                   /* borrowed; bound, listening, blocking, CLOEXEC. */
	unsigned max_conns;              /* live connections allowed; one more gets 503 +
					    close. 0 = unlimited                           */
	unsigned workers;                /* lab 2: pool size (0 = thread per connection);
					    lab 5: offload threads; lab 6: OS threads (M)  */
	unsigned queue_capacity;         /* lab 2/5: work-queue bound, >= 1                */
	unsigned header_timeout_ms;      /* first byte .. end of header block; then 408    */
	unsigned idle_timeout_ms;        /* keep-alive idle time, then plain close; 0 = off */
	unsigned drain_timeout_ms;       /* after SIGTERM: time for requests under way     */
	size_t stack_bytes;              /* lab 2 threads / lab 6 coroutines; 0 = default  */
	struct sockaddr_storage backend; /* answers plan steps r and d               */
	socklen_t backend_len;
};

/* time and work: real in normal builds, virtual in explorer builds */

/* Monotonic time. [MT-Safe, AS-Safe] */
uint64_t cl_now_us(void);

/* Computes `rounds` steps of a 64-bit recurrence from `seed` on the calling CPU and
 * returns the result. The load generator knows a closed form, so the result proves the
 * work. ~1 ns per round; in explorer builds it occupies one virtual core. [MT-Safe] */
uint64_t cl_burn(uint64_t seed, uint64_t rounds);

/* Suspends the calling OS thread (NOT just a coroutine). EINTR is handled inside.
 * [MT-Safe] */
void cl_wait_us(uint64_t us);

/* A data-base look-up for which only a blocking interface exists (a third-party client
 * library). Blocks the calling OS thread until the data base has answered; it opens a
 * connection of its own for every call. In graded runs the data base is the grader's backend,
 * which may hold the answer for any time. Never call it on an event-loop thread or directly
 * from a coroutine. Needs a configured backend (cl_backend_set); returns 0 if it cannot be
 * reached. [MT-Safe] */
uint64_t cl_db_get(uint64_t key);

/* Tells the platform where the backend is. Called by the given main before the server runs. */
void cl_backend_set(const struct sockaddr *sa, socklen_t len);

/* pages: the only source of memory for lab 4 and of stacks for lab 6 */

/* Returns `n` zeroed contiguous pages (4096 bytes each) aligned to `align_pages` pages
 * (a power of two), or NULL (injected or real exhaustion). [MT-Safe] */
void *cl_pages_get(size_t n, size_t align_pages);
/* Gives back exactly one earlier cl_pages_get() result; guards in it are lifted. [MT-Safe] */
void cl_pages_put(void *p, size_t n);
/* Makes [p, p + n pages) inaccessible: a guard. 0 or errno. [MT-Safe] */
int cl_pages_guard(void *p, size_t n);

/* sleeping on a word, for queues that use no condition variable */

/* If *word == expected, sleeps until a wake or deadline_us (UINT64_MAX = none). Returns 0 (also
 * for a spurious wake), EAGAIN (*word differed) or ETIMEDOUT. The only way to a futex: direct
 * system calls are refused by the object audit. [MT-Safe] */
int cl_futex_wait(uint32_t *word, uint32_t expected, uint64_t deadline_us);
/* Wakes at most n sleepers; returns how many. [MT-Safe] */
int cl_futex_wake(uint32_t *word, int n);

/* assertions and annotations */

/* Stops the program and records file, line, expression and all stacks. */
#define CL_CHECK(e) ((e) ? (void)0 : cl_check_failed(#e, __FILE__, __LINE__))
_Noreturn void cl_check_failed(const char *expr, const char *file, int line);

/* A point at which the explorer may switch threads; a no-op elsewhere. Needed only in
 * spin loops; everything else is found by instrumentation. [MT-Safe] */
void cl_preempt_point(void);

#endif
