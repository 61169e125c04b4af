/* A resolver of an indirect function runs while the program is relocated.
 *
 * Row: V1
 * Base: skeleton
 * By: indirect functions are refused before anything runs
 * Expect: policy POL */
#include <unistd.h>

static void nothing(void)
{
}
static void (*resolve(void))(void)
{
	_exit(0);
	return nothing;
}
void chosen(void) __attribute__((ifunc("resolve")));
