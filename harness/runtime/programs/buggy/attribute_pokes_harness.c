/* expect: harness
 * A setter of an attribute writes a number of the caller's choice to where it is told. */
#include <pthread.h>

int main(void)
{
	return pthread_attr_setstacksize((pthread_attr_t *)0x100000000000, 1 << 20);
}
