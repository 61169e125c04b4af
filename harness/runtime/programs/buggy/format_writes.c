/* expect: uncontrolled
 * A format with which printf writes to an address. */
#include <stdio.h>

int main(void)
{
	int written;

	printf("%s%-5d %% %n", "text", 3, &written);
	return written;
}
