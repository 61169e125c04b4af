/* Two threads convert texts, numbers, dates, errors and addresses by the C library, each in memory
 * of its own. */
#include <arpa/inet.h>
#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int __xpg_strerror_r(int error, char *to, size_t room);

static void numbers(void)
{
	char *end = NULL;
	unsigned seed = 1, again = 1;
	unsigned short state[3] = { 1, 2, 3 };

	assert(atoi("12a") == 12 && atol(" -5") == -5 && atoll("99999999999") == 99999999999);
	assert(atof("1.5") > 1.4 && strtof("2.5", NULL) > 2.4F && strtold("0.5;", &end) > 0.4L);
	assert(*end == ';' && strtod("nothing", &end) == 0 && *end == 'n');
	assert(strtoimax("-7", NULL, 0) == -7 && strtoumax("0x10", &end, 0) == 16 && !*end);
	assert(strtol("zz", &end, 36) == 35 * 36 + 35 && strtoul(" +", &end, 10) == 0 &&
	       *end == ' ');
	end = NULL;
	errno = 0;
	assert(strtol("1", &end, 99) == 0 && errno == EINVAL && !end);
	assert(rand_r(&seed) == rand_r(&again) && seed == again && seed != 1);
	assert(erand48(state) < 1 && nrand48(state) >= 0 && jrand48(state) != 0);
	assert(ffs(8) == 4 && div(7, 2).rem == 1 && ldiv(-7, 2).quot == -3 && (isdigit)('7'));
}

static void addresses(void)
{
	struct in_addr address;
	char text[INET_ADDRSTRLEN];

	assert(inet_pton(AF_INET, "127.0.0.1", &address) == 1);
	assert(address.s_addr == htonl(INADDR_LOOPBACK) &&
	       inet_addr("1.2.3.4") == htonl(0x1020304));
	assert(inet_aton("10.1", &address) && inet_pton(AF_INET, "1.2.3", &address) == 0);
	assert(inet_ntop(AF_INET, &address, text, sizeof(text)) && strcmp(text, "10.0.0.1") == 0);
	assert(!inet_ntop(AF_INET, &address, text, 4) && errno == ENOSPC);
}

static void errors(void)
{
	char text[12];

	assert(strcmp(strerror(EAGAIN), "Resource temporarily unavailable") == 0);
	assert(strcmp(strerror(9999), "Unknown error 9999") == 0);
	assert(strcmp(strerror_r(EPIPE, text, sizeof(text)), "Broken pipe") == 0);
	assert(strcmp(strerror_r(9999, text, sizeof(text)), "Unknown err") == 0);
	assert(__xpg_strerror_r(EPIPE, text, sizeof(text)) == 0 &&
	       strcmp(text, "Broken pipe") == 0);
	assert(__xpg_strerror_r(EPIPE, text, 7) == ERANGE && strcmp(text, "Broken") == 0);
	assert(__xpg_strerror_r(9999, text, sizeof(text)) == EINVAL && text[0] == 'U');
	assert(strcmp(strerrorname_np(EINTR), "EINTR") == 0 && strerrordesc_np(EINTR));
	assert(strcmp(strsignal(SIGPIPE), "Broken pipe") == 0);
	assert(strcmp(strsignal(SIGRTMIN + 1), "Real-time signal 1") == 0);
	assert(strcmp(strsignal(999), "Unknown signal 999") == 0);
}

static void dates(void)
{
	const time_t leap = 1709164799;
	struct tm date;
	char text[32];

	assert(gmtime_r(&leap, &date) == &date && date.tm_mday == 28 && date.tm_yday == 58);
	assert(strftime(text, sizeof(text), "%a, %d %b %Y %T %Z", &date) == 29);
	assert(strcmp(text, "Wed, 28 Feb 2024 23:59:59 GMT") == 0);
	assert(strftime(text, 5, "%F", &date) == 0 && localtime_r(&leap, &date));
	assert(strcmp(asctime_r(&date, text), "Wed Feb 28 23:59:59 2024\n") == 0);
	assert(strcmp(ctime_r(&leap, text), "Wed Feb 28 23:59:59 2024\n") == 0);
	date.tm_sec++;
	assert(timegm(&date) == leap + 1 && date.tm_mday == 29 && mktime(&date) == leap + 1);
	tzset();
	assert(difftime(leap + 1, leap) > 0.9);
}

static int as_text(char **to, const char *format, ...)
{
	va_list arguments;
	char text[16];

	va_start(arguments, format);
	int n = vsprintf(text, format, arguments);
	va_end(arguments);
	va_start(arguments, format);
	int m = vasprintf(to, format, arguments);
	va_end(arguments);
	assert(n == m && strcmp(text, *to) == 0);
	return n;
}

static void scans(void)
{
	char method[8], path[16], rest[8], *text;
	int major = 0, minor = 0, n = 0;
	size_t length = 0;

	assert(sscanf("GET /a HTTP/1.1\r\n", "%7s %15s HTTP/%d.%d%n", method, path, &major, &minor,
		      &n) == 4);
	assert(strcmp(method, "GET") == 0 && strcmp(path, "/a") == 0 && major == 1 && n == 15);
	assert(sscanf("Length: 12; x", "%*[^:]: %zu;%1[ ]%c", &length, rest, path) == 3);
	assert(length == 12 && strcmp(rest, " ") == 0 && path[0] == 'x' && path[1] == 'a');
	assert(sscanf("", "%d", &n) == EOF && sscanf("x", "%d", &n) == 0 && n == 15);
	n = asprintf(&text, "%d-%s", 7, "seven");
	assert(n == 7 && strcmp(text, "7-seven") == 0);
	free(text);
	n = as_text(&text, "%03d", 7);
	assert(n == 3 && strcmp(text, "007") == 0);
	text = realloc(text, 64);
	assert(text && text[2] == '7');
	free(text);
}

static void *work(void *arg)
{
	numbers();
	addresses();
	errors();
	dates();
	scans();
	return arg;
}

int main(void)
{
	pthread_t a, b;

	pthread_create(&a, NULL, work, NULL);
	pthread_create(&b, NULL, work, NULL);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	return 0;
}
