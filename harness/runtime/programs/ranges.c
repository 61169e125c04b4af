/* One call of libc in one thread, one byte touched in another: a race if the call reads or writes
 * that byte, as ranges.def has it, and none if it does not. programs.sh goes through all of them.
 *
 * In the environment: CASE, the line of ranges.def, and BYTE. With -DLIST: prints "CASE BYTES
 * CALL". */
#include <arpa/inet.h>
#include <inttypes.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#ifdef LIST
#define READS(text, bytes, ...)  (void)printf("%d %d %s\n", __LINE__, bytes, #__VA_ARGS__);
#define WRITES(text, bytes, ...) READS(text, bytes, __VA_ARGS__)
int main(void)
{
#include "ranges.def"
	return 0;
}
#else

int __xpg_strerror_r(int error, char *to, size_t room);

static char at[256] __attribute__((aligned(16)));
static char other[256];
static int pair[2];

static int upwards(const void *a, const void *b, void *ignored)
{
	(void)ignored;
	return *(const char *)a - *(const char *)b;
}

static int bytewise(const void *a, const void *b)
{
	return upwards(a, b, NULL);
}

static int asked(const char *name)
{
	return atoi(getenv(name));
}

static void *caller(void *arg)
{
	char room[64], *end;
	struct tm date = { .tm_mday = 1, .tm_year = 100 };
	time_t s = 0;
	struct sched_param parameters;
	socklen_t len = 16;
	int number;
	volatile long used;

	switch (asked("CASE")) {
#define READS(text, bytes, ...)      \
	case __LINE__:               \
		(void)(__VA_ARGS__); \
		break;
#define WRITES(text, bytes, ...) READS(text, bytes, __VA_ARGS__)
#include "ranges.def"
#undef READS
#undef WRITES
	}
	(void)used;
	return arg;
}

/* Writes the byte if it is read, and the other way round. */
static void *neighbour(void *arg)
{
	volatile char *byte = &at[asked("BYTE")];
	char value = 0;

	switch (asked("CASE")) {
#define READS(text, bytes, ...) \
	case __LINE__:          \
		*byte = value;  \
		break;
#define WRITES(text, bytes, ...) \
	case __LINE__:           \
		value = *byte;   \
		break;
#include "ranges.def"
#undef READS
#undef WRITES
	}
	return arg;
}

int main(void)
{
	pthread_t a, b;

	switch (asked("CASE")) {
#define READS(text, bytes, ...)                 \
	case __LINE__:                          \
		memcpy(at, text, sizeof(text)); \
		break;
#define WRITES(text, bytes, ...) READS(text, bytes, __VA_ARGS__)
#include "ranges.def"
	}
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair))
		return 1;
	pthread_create(&a, NULL, caller, NULL);
	pthread_create(&b, NULL, neighbour, NULL);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	return 0;
}
#endif
