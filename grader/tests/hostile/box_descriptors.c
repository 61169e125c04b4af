/* Raises its limit and opens descriptors until it is refused.
 *
 * Row: R3
 * Base: box lab1
 * By: RLIMIT_NOFILE 256, hard
 * Expect: contained */
#include "attack.h"

#include <sys/resource.h>
#include <unistd.h>

int main(void)
{
	struct rlimit limit = { 0 };
	(void)getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
	int count = 0;
	while (count < 20000 && dup(0) >= 0)
		count++;
	if (count > 256)
		harm("%d descriptors", count);
	return done("the 257th descriptor is refused");
}
