/* Two threads search, split, copy and sort texts by the C library, each its own half of one block.
 */
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
	assert(strcasestr(s, "EY=") == s + 1 && !strcasestr(s, "eyes") &&
	       strstr(s, ", b") == s + 5);
	assert(rawmemchr(s, '=') == s + 3 && index(s, 'y') == s + 2 && rindex(s, 'z') == NULL);
	assert(bcmp(s, "Key", 3) == 0 && strcoll(s, "Key=2") < 0 && basename(s) == s);
}

static void copies(const char *s)
{
	char copy[16];

	memset(copy, '#', sizeof(copy));
	assert(memccpy(copy, s, '=', 8) == copy + 4 && copy[3] == '=' && copy[4] == '#');
	assert(!memccpy(copy, s, '!', 5) && copy[4] == '1' && copy[5] == '#');
	assert(stpncpy(copy, "ab", 4) == copy + 2 && copy[3] == '\0' && copy[4] == '1');
	assert(stpncpy(copy, "abcdef", 4) == copy + 4 && copy[4] == '1');
	bcopy(copy, copy + 1, 4);
	assert(memcmp(copy, "aabcd#", 6) == 0);
	bzero(copy, 2);
	explicit_bzero(copy + 2, 2);
	assert(memcmp(copy, "\0\0\0\0d#", 6) == 0);
}

static int downwards(const void *a, const void *b, void *calls)
{
	++*(int *)calls;
	return *(const char *)b - *(const char *)a;
}

static void *work(void *arg)
{
	char *s = block[*(int *)arg], *rest = s, copy[16], *save;

	assert(mempcpy(s, "Key=1, b", 9) == s + 9);
	searches(s);
	copies(s);
	strcpy(copy, s);
	assert(strcmp(strsep(&rest, "="), "Key") == 0 && strcmp(strsep(&rest, "="), "1, b") == 0);
	assert(!rest && !strsep(&rest, "="));
	assert(strcmp(strtok_r(copy, ", =", &save), "Key") == 0);
	assert(strcmp(strtok_r(NULL, ", =", &save), "1") == 0);
	assert(strcmp(strtok_r(NULL, ", =", &save), "b") == 0 && !strtok_r(NULL, ", =", &save));
	int calls = 0;
	qsort_r(s, 3, 1, downwards, &calls);
	assert(memcmp(s, "yeK", 3) == 0 && calls > 1);
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
