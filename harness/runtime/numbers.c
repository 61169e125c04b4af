/* Functions of libc that convert texts to numbers, and numbers from a state of the caller's. Of the
 * text is read what belongs to the number and the byte that ends it: what lies behind may belong to
 * somebody else. */
#include <arpa/inet.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "runtime/libc.h"

static void reads_number(const char *s, const char *end, uint32_t pc)
{
	if (end == s) { /* no number: what stands before one was looked at all the same */
		end += strspn(end, " \t\n\v\f\r");
		end += *end == '+' || *end == '-';
	}
	libc_reads(s, (size_t)(end - s) + 1, pc);
}

static void writes_end(char **to, char *end, uint32_t pc)
{
	if (!to)
		return;
	libc_writes(to, sizeof(*to), pc);
	*to = end;
}

/* NOLINTBEGIN(bugprone-macro-parentheses): a type takes none. */
#define CONVERTS_WITH_BASE(name, type, function)            \
	type rt_##name(const char *s, char **to, int base); \
	type rt_##name(const char *s, char **to, int base)  \
	{                                                   \
		char *end = NULL;                           \
		type value = function(s, &end, base);       \
                                                            \
		if (!end) /* no such base */                \
			return value;                       \
		reads_number(s, end, PC());                 \
		writes_end(to, end, PC());                  \
		return value;                               \
	}
CONVERTS_WITH_BASE(strtol, long, strtol)
CONVERTS_WITH_BASE(strtoll, long long, strtoll)
CONVERTS_WITH_BASE(strtoul, unsigned long, strtoul)
CONVERTS_WITH_BASE(strtoull, unsigned long long, strtoull)
CONVERTS_WITH_BASE(strtoimax, intmax_t, strtoimax)
CONVERTS_WITH_BASE(strtoumax, uintmax_t, strtoumax)

#define CONVERTS(name, type)                      \
	type rt_##name(const char *s, char **to); \
	type rt_##name(const char *s, char **to)  \
	{                                         \
		char *end;                        \
		type value = name(s, &end);       \
                                                  \
		reads_number(s, end, PC());       \
		writes_end(to, end, PC());        \
		return value;                     \
	}
CONVERTS(strtof, float)
CONVERTS(strtod, double)
CONVERTS(strtold, long double)

#define CONVERTS_ALONE(name, type, call)    \
	type rt_##name(const char *s);      \
	type rt_##name(const char *s)       \
	{                                   \
		char *end;                  \
		type value = (type)call;    \
                                            \
		reads_number(s, end, PC()); \
		return value;               \
	}
CONVERTS_ALONE(atoi, int, strtol(s, &end, 10))
CONVERTS_ALONE(atol, long, strtol(s, &end, 10))
CONVERTS_ALONE(atoll, long long, strtoll(s, &end, 10))
CONVERTS_ALONE(atof, double, strtod(s, &end))
/* NOLINTEND(bugprone-macro-parentheses) */

int rt_rand_r(unsigned *seed);
int rt_rand_r(unsigned *seed)
{
	libc_writes(seed, sizeof(*seed), PC());
	return rand_r(seed);
}

double rt_erand48(unsigned short state[3]);
double rt_erand48(unsigned short state[3])
{
	libc_writes(state, 3 * sizeof(*state), PC());
	return erand48(state);
}

long rt_nrand48(unsigned short state[3]);
long rt_nrand48(unsigned short state[3])
{
	libc_writes(state, 3 * sizeof(*state), PC());
	return nrand48(state);
}

long rt_jrand48(unsigned short state[3]);
long rt_jrand48(unsigned short state[3])
{
	libc_writes(state, 3 * sizeof(*state), PC());
	return jrand48(state);
}

/* An address in text is read to its end. */
int rt_inet_pton(int family, const char *s, void *to);
int rt_inet_pton(int family, const char *s, void *to)
{
	unsigned char address[sizeof(struct in6_addr)];

	libc_reads(s, strlen(s) + 1, PC());
	int known = inet_pton(family, s, address);
	if (known == 1) {
		size_t bytes = family == AF_INET ? sizeof(struct in_addr) : sizeof(address);
		libc_writes(to, bytes, PC());
		memcpy(to, address, bytes);
	}
	return known;
}

const char *rt_inet_ntop(int family, const void *address, char *to, socklen_t room);
const char *rt_inet_ntop(int family, const void *address, char *to, socklen_t room)
{
	char text[INET6_ADDRSTRLEN];

	if (family == AF_INET || family == AF_INET6)
		libc_reads(address,
			   family == AF_INET ? sizeof(struct in_addr) : sizeof(struct in6_addr),
			   PC());
	if (!inet_ntop(family, address, text, room < sizeof(text) ? room : sizeof(text)))
		return NULL;
	libc_writes(to, strlen(text) + 1, PC());
	return memcpy(to, text, strlen(text) + 1);
}

int rt_inet_aton(const char *s, struct in_addr *to);
int rt_inet_aton(const char *s, struct in_addr *to)
{
	struct in_addr address;

	libc_reads(s, strlen(s) + 1, PC());
	if (!inet_aton(s, &address))
		return 0;
	if (to) {
		libc_writes(to, sizeof(*to), PC());
		*to = address;
	}
	return 1;
}

in_addr_t rt_inet_addr(const char *s);
in_addr_t rt_inet_addr(const char *s)
{
	libc_reads(s, strlen(s) + 1, PC());
	return inet_addr(s);
}
