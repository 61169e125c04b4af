/* What elf_fuzz.c damages: a little of everything that a student's object has. */
#include <errno.h>
#include <stdlib.h>

int elf_seed_shared;
static _Thread_local int own = 3;
static const char *const names[] = { "a", "b" };

static int twice(int value)
{
	return 2 * value + own;
}

int elf_seed(int count);
int elf_seed(int count)
{
	char *block = malloc((size_t)count);

	elf_seed_shared += twice(count) + names[count & 1][0];
	free(block);
	return errno;
}

int main(int argc, char **argv)
{
	(void)argv;
	return elf_seed(argc);
}
