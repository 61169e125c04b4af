/* Defines functions with the names of ours and of libc: all of them stay its own, and it is
 * graded as the skeleton that it is.
 *
 * Row: V2
 * Base: skeleton
 * By: all names but the lab's exports are made local
 * Expect: not-written MODEL */
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

int main(void);
int main(void)
{
	_exit(0);
}
int printf(const char *format, ...)
{
	(void)format;
	_exit(0);
}
__attribute__((weak)) void *memcpy(void *to, const void *from, size_t length)
{
	(void)from;
	(void)length;
	_exit(0);
	return to;
}
uint64_t cl_now_us(void)
{
	_exit(0);
}
int play_forever(void);
int play_forever(void)
{
	_exit(0);
}
