/* expect: harness
 * A copy that goes from its end to its beginning, which lies in front of the examiner's memory. */
#include <string.h>

static char text[8192];

int main(void)
{
	memmove((void *)(0x100000000000 - 4096), text, sizeof(text));
	return 0;
}
