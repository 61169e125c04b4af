/* Defines functions of libc and of the harness: all of them stay its own (V2, V3), and it is graded
 * as the skeleton that it is.
 *
 * Row: V3
 * Base: skeleton
 * By: all names but the lab's exports are made local
 * Expect: not-written MODEL */
#include <stddef.h>
#include <time.h>
#include <unistd.h>

int memcmp(const void *a, const void *b, size_t length)
{
	(void)a;
	(void)b;
	(void)length;
	return 0;
}
int clock_gettime(clockid_t clock, struct timespec *now)
{
	(void)clock;
	now->tv_sec = now->tv_nsec = 0;
	return 0;
}
int pthread_create(void);
int pthread_create(void)
{
	_exit(0);
}
int ck_assert_failed(void);
int ck_assert_failed(void)
{
	_exit(0);
}
int __libc_start_main(void);
int __libc_start_main(void)
{
	_exit(0);
}
