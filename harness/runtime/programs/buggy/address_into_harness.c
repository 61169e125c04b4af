/* expect: harness
 * An address in text is four bytes of the caller's choice, at a place of its choice. */
#include <arpa/inet.h>

int main(void)
{
	return inet_pton(AF_INET, "1.2.3.4", (void *)0x100000000000);
}
