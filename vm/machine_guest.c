/* Starts QEMU, reads its serial line, sees it end. */
#include "machine_guest.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/die.h"
#include "base/text.h"
#include "machine_memory.h"

enum { SHOWN_BYTES = 2048, CHILD_FAILED = 127 };

static void make_pair(int ours_and_theirs[2])
{
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ours_and_theirs) != 0)
		die_errno(errno, "cannot make a pair of sockets");
	if (fcntl(ours_and_theirs[0], F_SETFL, O_NONBLOCK) != 0)
		die_errno(errno, "cannot set up a socket");
}

/* As fork, in namespaces of its own where we may make them. */
static pid_t clone_child(int *process, bool *own_users)
{
	unsigned long namespaces = confine_namespaces();
	*own_users = (namespaces & CLONE_NEWUSER) != 0;
	long pid = syscall(SYS_clone, namespaces | CLONE_PIDFD | SIGCHLD, NULL, process, NULL, 0);
	if (pid >= 0)
		return (pid_t)pid;
	*own_users = false;
	return (pid_t)syscall(SYS_clone, CLONE_PIDFD | SIGCHLD, NULL, process, NULL, 0);
}

static _Noreturn void child(const struct guest_spec *spec, const struct confinement *confinement)
{
	if (dup2(spec->fd[GUEST_COMPLAINTS], GUEST_COMPLAINTS) < 0)
		_exit(CHILD_FAILED);
	struct words command = { 0 };
	words_add(&command, spec->qemu);
	words_add_all(&command, &spec->arguments);
	char *const environment[] = { (char[]){ "LC_ALL=C" }, NULL };
	const char *step = "";
	int error = confine_child(spec, confinement, &step);
	if (error == 0) {
		step = "run it";
		(void)execve(spec->qemu, command.item, environment);
		error = errno;
	}
	(void)dprintf(GUEST_COMPLAINTS, "cannot %s: %s\n", step, strerror(error));
	_exit(CHILD_FAILED);
}

void guest_start(struct guest *guest, const struct guest_spec *wanted)
{
	int console[2];
	int monitor[2];
	make_pair(console);
	make_pair(monitor);
	struct guest_spec spec = *wanted;
	*guest = (struct guest){
		.process = -1,
		.console = console[0],
		.monitor = monitor[0],
		.complaints = memory_file("interleave-complaints"),
		.deadline_us = clock_us() + (uint64_t)spec.limit_s * 1000000,
		.text = must_alloc(GUEST_TEXT_BYTES_MAX + 1),
	};
	spec.fd[GUEST_COMPLAINTS] = guest->complaints;
	spec.fd[GUEST_CONSOLE] = console[1];
	spec.fd[GUEST_MONITOR] = monitor[1];
	AUTO_FD int self = (int)syscall(SYS_pidfd_open, getpid(), 0);
	struct confinement confinement = {
		.parent = self,
		.parent_id = getpid(),
		.uid = geteuid(),
		.gid = getegid(),
	};
	(void)signal(SIGPIPE, SIG_IGN); /* a QEMU that is gone shows by its pidfd */
	guest->pid = clone_child(&guest->process, &confinement.own_users);
	if (guest->pid == 0)
		child(&spec, &confinement);
	if (guest->pid < 0 || self < 0)
		die_errno(errno, "cannot start %s", spec.qemu);
	(void)close(console[1]);
	(void)close(monitor[1]);
}

/* Takes what the serial line holds. False: there is no more, now or for ever. */
static bool read_text(struct guest *guest)
{
	ssize_t got = read(guest->console, guest->text + guest->length,
			   GUEST_TEXT_BYTES_MAX - guest->length);
	if (got <= 0)
		return false;
	for (size_t end = guest->length + (size_t)got; guest->length < end; guest->length++) {
		unsigned char c = (unsigned char)guest->text[guest->length];
		/* It may meet a terminal. */
		bool plain = (c >= ' ' && c < 0x7f) || c == '\n' || c == '\r' || c == '\t';
		if (!plain)
			guest->text[guest->length] = '?';
	}
	guest->text[guest->length] = '\0';
	return true;
}

static bool has_line(const struct guest *guest, const char *line)
{
	size_t length = strlen(line);
	for (const char *at = guest->text; (at = strstr(at, line)) != NULL; at++)
		if ((at == guest->text || at[-1] == '\n') && strchr("\r\n", at[length]) != NULL &&
		    at[length] != '\0')
			return true;
	return false;
}

static int left_ms(const struct guest *guest)
{
	uint64_t now = clock_us();
	uint64_t left = now < guest->deadline_us ? (guest->deadline_us - now) / 1000 + 1 : 0;
	return left > 60000 ? 60000 : (int)left;
}

enum guest_event guest_wait(struct guest *guest, const char *line)
{
	bool ended = false;
	bool silent = false; /* it has closed its end */
	for (;;) {
		if (line != NULL && has_line(guest, line))
			return GUEST_SAID;
		if (guest->length == GUEST_TEXT_BYTES_MAX)
			return GUEST_FLOODED;
		if (ended && !read_text(guest))
			return GUEST_ENDED;
		if (clock_us() >= guest->deadline_us)
			return GUEST_HUNG;
		struct pollfd fds[] = {
			{ .fd = guest->process, .events = POLLIN },
			{ .fd = silent ? -1 : guest->console, .events = POLLIN },
		};
		if (poll(fds, 2, ended ? 0 : left_ms(guest)) < 0 && errno != EINTR)
			die_errno(errno, "cannot wait for a machine");
		if (fds[1].revents != 0 && !read_text(guest))
			silent = true;
		ended = ended || fds[0].revents != 0;
	}
}

void guest_type(struct guest *guest, const char *text)
{
	size_t length = strlen(text);
	/* A socket takes so little at once, or its reader is gone, which guest_wait will see. */
	ssize_t sent = send(guest->console, text, length, MSG_NOSIGNAL);
	if (sent >= 0 && (size_t)sent != length)
		die("a machine's serial line is full before it is used");
}

bool guest_finish(struct guest *guest)
{
	struct pollfd process = { .fd = guest->process, .events = POLLIN };
	bool by_itself = poll(&process, 1, 0) == 1;
	(void)syscall(SYS_pidfd_send_signal, guest->process, SIGKILL, NULL, 0); /* it may be gone */
	int status = 0;
	while (waitpid(guest->pid, &status, 0) < 0)
		if (errno != EINTR)
			die_errno(errno, "cannot wait for a machine's end");
	return by_itself && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

char *guest_complaints(const struct guest *guest)
{
	char bytes[SHOWN_BYTES];
	ssize_t got = pread(guest->complaints, bytes, sizeof bytes, 0);
	return text_clean(bytes, got > 0 ? (size_t)got : 0);
}

char *guest_last_lines(const struct guest *guest)
{
	size_t from = guest->length > SHOWN_BYTES ? guest->length - SHOWN_BYTES : 0;
	AUTO_FREE char *copy = must_strdup(guest->text + from);
	size_t length = 0;
	for (const char *p = copy; *p != '\0'; p++)
		if (*p != '\r')
			copy[length++] = *p;
	return text_clean(copy, length);
}

void guest_fini(struct guest *guest)
{
	auto_close(&guest->process);
	auto_close(&guest->console);
	auto_close(&guest->monitor);
	auto_close(&guest->complaints);
	free(guest->text);
}
