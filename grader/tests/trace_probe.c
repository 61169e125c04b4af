/* A program for the tests of the tracer: each name is one small life whose exit status tells what
 * it met. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define STUDENT __attribute__((section("student_text"), noinline))
extern char __start_student_text[], __stop_student_text[]; /* so that the linker makes them */

static volatile sig_atomic_t handled;
static int ends[2];

STUDENT static void on_signal(int signo)
{
	(void)signo;
	handled++;
}

STUDENT static void on_signal_unsafely(int signo)
{
	char *volatile memory = malloc(
		(size_t)signo); /* volatile: else the pair is optimised away */
	free(memory);
	(void)getpid();
}

/* 8 bytes lie in the pipe: how many does one read return? */
STUDENT static int life_read(void)
{
	char bytes[8];
	ssize_t count = read(ends[0], bytes, sizeof bytes);
	return count < 0 ? 100 + errno : (int)count;
}

STUDENT static int life_readv(void)
{
	char first[5], second[3];
	struct iovec parts[2] = { { first, sizeof first }, { second, sizeof second } };
	ssize_t count = readv(ends[0], parts, 2);
	if (parts[0].iov_len != sizeof first || parts[1].iov_len != sizeof second)
		return 99; /* the tracer did not put back what it changed */
	return count < 0 ? 100 + errno : (int)count;
}

/* The call that a signal is put before is made after the handler, once, and returns what it should.
 */
STUDENT static int life_signal(void)
{
	char bytes[8];
	ssize_t count = read(ends[0], bytes, sizeof bytes);
	return count == 8 && handled == 1 ? 0 : 10 + handled;
}

STUDENT int stepped(int rounds);
int stepped(int rounds)
{
	int sum = 0;
	for (int i = 0; i < rounds; i++)
		sum += i * i + (int)(sum > 3);
	return sum;
}

STUDENT static int life_step(void)
{
	char go;
	(void)!read(STDIN_FILENO, &go, 1); /* the tracer's leave */
	int sum = stepped(5);
	(void)!read(STDIN_FILENO, &go, 1); /* and the tracer has seen the return */
	return sum > 0 ? 0 : 1;
}

STUDENT static int life_handler(void)
{
	(void)signal(SIGUSR1, on_signal_unsafely);
	return raise(SIGUSR1) == 0 ? 0 : 1;
}

STUDENT static int life_fork(void)
{
	int status = 0;
	pid_t pid = fork();
	if (pid == 0)
		_exit(3);
	if (pid < 0)
		return 100 + errno;
	(void)waitpid(pid, &status, 0);
	return WEXITSTATUS(status);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*run)(void);
	} lives[] = {
		{ "read", life_read }, { "readv", life_readv },     { "signal", life_signal },
		{ "step", life_step }, { "handler", life_handler }, { "fork", life_fork },
	};
	(void)signal(SIGUSR2, on_signal);
	if (__stop_student_text - __start_student_text <= 0 || pipe(ends) < 0 ||
	    write(ends[1], "12345678", 8) != 8)
		return 98;
	for (size_t i = 0; argc == 2 && i < sizeof lives / sizeof *lives; i++)
		if (strcmp(lives[i].name, argv[1]) == 0)
			return lives[i].run();
	return 97;
}
