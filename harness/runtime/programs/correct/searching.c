/* Two threads search, split and convert texts by the C library, each its own half of one block. */
#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static char block[2][32];
static int ids[2] = { 0, 1 };

static void searches(const char *s)
{
	char *end;

	assert(memmem(s, 32, "1, ", 3) == s + 4 && !memmem(s, 32, "9", 1));
	assert(memrchr(s, ' ', 31) == s + 6 && *strchrnul(s, '!') == '\0');
	assert(strspn(s, "kKey") == 3 && strcspn(s, ",") == 5 && strpbrk(s, "=;") == s + 3);
	assert(strcasecmp(s, "KEY=1, b") == 0 && strncasecmp(s, "kEy#", 3) == 0);
	assert(strncasecmp(s, "kEy#", 4) != 0);
	assert(strtoll(s + 4, &end, 10) == 1 && end == s + 5 && strtoull(s + 4, NULL, 16) == 1);
}

static void *work(void *arg)
{
	char *s = block[*(int *)arg], *rest = s, copy[16], *save;

	assert(mempcpy(s, "Key=1, b", 9) == s + 9);
	searches(s);
	strcpy(copy, s);
	assert(strcmp(strsep(&rest, "="), "Key") == 0 && strcmp(strsep(&rest, "="), "1, b") == 0);
	assert(!rest && !strsep(&rest, "="));
	assert(strcmp(strtok_r(copy, ", =", &save), "Key") == 0);
	assert(strcmp(strtok_r(NULL, ", =", &save), "1") == 0);
	assert(strcmp(strtok_r(NULL, ", =", &save), "b") == 0 && !strtok_r(NULL, ", =", &save));
	return arg;
}

int main(void)
{
	pthread_t a, b;

	pthread_create(&a, NULL, work, &ids[0]);
	pthread_create(&b, NULL, work, &ids[1]);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	return 0;
}
