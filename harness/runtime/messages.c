/* Texts for errors and signals, as in the C locale: no other is ever set. libc's own functions take
 * a lock on the way to a translation, and keep what they made up in memory of their own.
 *
 * Source: strerror(3), strsignal(3) of glibc 2.36: a made-up text lives until the thread's next
 * call, or its end. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "runtime/libc.h"

enum { MADE_UP_BYTES = 32 };

char *rt_strerror(int error);
char *rt_strerror(int error)
{
	static _Thread_local char made_up[MADE_UP_BYTES];
	const char *known = strerrordesc_np(error);

	if (known)
		return (char *)(uintptr_t)known;
	libc_writes(made_up, sizeof(made_up), PC());
	(void)snprintf(made_up, sizeof(made_up), "Unknown error %d", error);
	return made_up;
}

char *rt_strsignal(int signal);
char *rt_strsignal(int signal)
{
	static _Thread_local char made_up[MADE_UP_BYTES];
	const char *known = sigdescr_np(signal);

	if (known)
		return (char *)(uintptr_t)known;
	libc_writes(made_up, sizeof(made_up), PC());
	if (signal >= SIGRTMIN && signal <= SIGRTMAX)
		(void)snprintf(made_up, sizeof(made_up), "Real-time signal %d", signal - SIGRTMIN);
	else
		(void)snprintf(made_up, sizeof(made_up), "Unknown signal %d", signal);
	return made_up;
}

/* As much of the text as there is room for, always ended. */
static void put(char *to, size_t room, const char *text, uint32_t pc)
{
	const size_t n = room ? strnlen(text, room - 1) : 0;

	if (!room)
		return;
	libc_writes(to, n + 1, pc);
	memcpy(to, text, n);
	to[n] = '\0';
}

/* GNU's: the room is for what is made up alone. */
char *rt_strerror_r(int error, char *to, size_t room);
char *rt_strerror_r(int error, char *to, size_t room)
{
	char made_up[MADE_UP_BYTES];
	const char *known = strerrordesc_np(error);

	if (known)
		return (char *)(uintptr_t)known;
	(void)snprintf(made_up, sizeof(made_up), "Unknown error %d", error);
	put(to, room, made_up, PC());
	return to;
}

/* The one of POSIX. */
int rt___xpg_strerror_r(int error, char *to, size_t room);
int rt___xpg_strerror_r(int error, char *to, size_t room)
{
	char made_up[MADE_UP_BYTES];
	const char *known = strerrordesc_np(error);

	if (!known)
		(void)snprintf(made_up, sizeof(made_up), "Unknown error %d", error);
	put(to, room, known ? known : made_up, PC());
	if (!known)
		return EINVAL;
	return strlen(known) < room ? 0 : ERANGE;
}
