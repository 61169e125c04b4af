/* Put before an attack: the memory error that each of them hides. */
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void err(void)
{
	volatile size_t size = 8;
	volatile char *byte = malloc(size);

	byte[8] = 1; /* behind the block */
	free((void *)byte);
}

/* In a child whose end nobody asks about. */
static void err_aside(void)
{
	pid_t child = fork();

	if (child == 0) {
		err();
		_exit(0);
	}
	(void)waitpid(child, NULL, 0);
}
