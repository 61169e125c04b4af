/* Raises the limit of core files and aborts with a large memory.
 *
 * Row: R28
 * Base: box lab1 --out --tmp
 * By: RLIMIT_CORE 1, hard
 * Expect: signal 6 */
#include "attack.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY };
	int status = 0;
	char *block = malloc(32 << 20);
	memset(block, 'x', 32 << 20);
	(void)chdir("/tmp");
	if (setrlimit(RLIMIT_CORE, &all) != 0 && getrlimit(RLIMIT_CORE, &all) == 0) {
		all.rlim_cur = all.rlim_max;
		(void)setrlimit(RLIMIT_CORE, &all);
	}
	if (fork() == 0)
		abort();
	(void)wait(&status);
	if (WCOREDUMP(status)) {
		harm("a core file");
		return done("");
	}
	abort();
}
