/* expect: harness
 * Text that is printed to where the examiner keeps its values. */
#include <stdio.h>

int main(void)
{
	return snprintf((char *)0x100000000000, 100, "%d", 7);
}
