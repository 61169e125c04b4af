/* common/clab_test.c - tests of the platform against the real kernel. */
#include "clab.h"

#include <arpa/inet.h>
#include <check.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "backend.h"
#include "http.h"

TCase *clab_test(void);

START_TEST(wait_never_ends_early)
{
	uint64_t start = cl_now_us();

	cl_wait_us(3000);
	ck_assert_uint_ge(cl_now_us() - start, 3000);
}
END_TEST

START_TEST(burn_composes)
{
	ck_assert_uint_eq(cl_burn(9, 0), 9);
	ck_assert_uint_eq(cl_burn(0, 1), 1442695040888963407ull);
	ck_assert_uint_eq(cl_burn(cl_burn(9, 400), 600), cl_burn(9, 1000));
}
END_TEST

/* A backend for one call, in a child: echoes mix(value, 5) under the same id. */
static void answer_one_call(int listener)
{
	uint64_t id, value;
	uint8_t frame[16];
	int fd = accept(listener, NULL, NULL);

	if (recv(fd, frame, sizeof(frame), MSG_WAITALL) != sizeof(frame))
		_exit(1);
	cl_rpc_decode(frame, &id, &value);
	cl_rpc_encode(frame, id, cl_backend_mix(id, 5));
	/* In two pieces, so that a look-up must put them together. */
	_exit(send(fd, frame, 7, 0) == 7 && send(fd, frame + 7, 9, 0) == 9 ? 0 : 1);
}

START_TEST(look_up_is_a_round_trip)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(at);
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), status;

	ck_assert_int_eq(bind(listener, (struct sockaddr *)&at, len), 0);
	ck_assert_int_eq(listen(listener, 1), 0);
	ck_assert_int_eq(getsockname(listener, (struct sockaddr *)&at, &len), 0);
	pid_t child = fork();
	if (child == 0)
		answer_one_call(listener);
	cl_backend_set((struct sockaddr *)&at, len);
	ck_assert_uint_eq(cl_db_get(77), cl_backend_mix((1ull << 63) + 77, 5));
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
	ck_assert_int_eq(close(listener), 0);
	ck_assert_uint_eq(cl_db_get(77), 0);
}
END_TEST

START_TEST(backend_needs_the_secret)
{
	ck_assert_uint_ne(cl_backend_mix(1, 0), cl_backend_mix(2, 0));
	ck_assert_uint_ne(cl_backend_mix(1, 2), cl_backend_mix(1, 3));
	ck_assert_uint_ne(cl_backend_mix(0, 0), 0);
}
END_TEST

START_TEST(pages_are_aligned_and_zero)
{
	static const size_t bytes = 12288;

	for (size_t align = 1; align <= 64; align *= 4) {
		char *p = cl_pages_get(3, align);
		ck_assert_ptr_nonnull(p);
		ck_assert_uint_eq((uintptr_t)p % (align * 4096), 0);
		for (size_t i = 0; i < bytes; i++)
			ck_assert_int_eq(p[i], 0);
		memset(p, 1, bytes);
		ck_assert_int_eq(cl_pages_guard(p, 1), 0);
		cl_pages_put(p, 3);
	}
	ck_assert_ptr_null(cl_pages_get(SIZE_MAX / 2, 1));
}
END_TEST

/* The kernel is asked instead of the processor: EFAULT is the same under every sanitizer. */
START_TEST(guard_is_inaccessible)
{
	int pair[2];
	char *p = cl_pages_get(2, 1);

	ck_assert_int_eq(pipe(pair), 0);
	ck_assert_int_eq(cl_pages_guard(p, 1), 0);
	ck_assert_int_eq(write(pair[1], p + 4096, 1), 1);
	ck_assert_int_eq(write(pair[1], p, 1), -1);
	cl_pages_put(p, 2);
	ck_assert_int_eq(close(pair[0]) | close(pair[1]), 0);
}
END_TEST

START_TEST(futex_tells_change_and_time)
{
	uint32_t word = 1;

	ck_assert_int_eq(cl_futex_wait(&word, 2, UINT64_MAX), EAGAIN);
	uint64_t end = cl_now_us() + 2000;
	int result;
	while ((result = cl_futex_wait(&word, 1, end)) == 0)
		continue;
	ck_assert_int_eq(result, ETIMEDOUT);
	ck_assert_uint_ge(cl_now_us(), end);
	ck_assert_int_eq(cl_futex_wake(&word, 1), 0);
}
END_TEST

static uint32_t bed; /* what the sleepers below sleep on; stays 0 */

static void *sleep_once(void *result)
{
	*(int *)result = cl_futex_wait(&bed, 0, UINT64_MAX);
	return NULL;
}

START_TEST(futex_wakes_as_many_as_asked)
{
	pthread_t sleeper[3];
	int result[3] = { -1, -1, -1 }, woken = 0;

	for (unsigned i = 0; i < 3; i++)
		ck_assert_int_eq(pthread_create(&sleeper[i], NULL, sleep_once, &result[i]), 0);
	while (woken < 3) {
		int now = cl_futex_wake(&bed, 1);
		ck_assert_int_le(now, 1);
		woken += now;
		cl_preempt_point();
	}
	for (unsigned i = 0; i < 3; i++) {
		ck_assert_int_eq(pthread_join(sleeper[i], NULL), 0);
		ck_assert_int_eq(result[i], 0);
	}
	ck_assert_int_eq(cl_futex_wake(&bed, 1), 0);
	ck_assert_int_eq(cl_futex_wait(&bed, 0, 0), ETIMEDOUT); /* long past */
}
END_TEST

TCase *clab_test(void)
{
	TCase *tc = tcase_create("clab");

	tcase_add_test(tc, wait_never_ends_early);
	tcase_add_test(tc, burn_composes);
	tcase_add_test(tc, look_up_is_a_round_trip);
	tcase_add_test(tc, backend_needs_the_secret);
	tcase_add_test(tc, pages_are_aligned_and_zero);
	tcase_add_test(tc, guard_is_inaccessible);
	tcase_add_test(tc, futex_tells_change_and_time);
	tcase_add_test(tc, futex_wakes_as_many_as_asked);
	return tc;
}
