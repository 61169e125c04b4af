/* fork, a pipe, JSON. */
#include "intake/child.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/file.h"
#include "base/json.h"

enum { RESULT_BYTES_MAX = 4 * 1024 * 1024 };

static void send_result(int fd, json_t *value)
{
	AUTO_FREE char *text = json_text(value);
	json_decref(value);
	int error = file_write_fd(fd, text, strlen(text));
	if (error != 0)
		die_errno(error, "cannot hand on the result of a build");
}

struct child child_start(json_t *(*work)(const void *context), const void *context)
{
	int ends[2];
	if (pipe2(ends, O_CLOEXEC) != 0)
		die_errno(errno, "cannot make a pipe");
	(void)fflush(stdout); /* else the child would print it again when it dies */
	pid_t pid = fork();
	if (pid < 0)
		die_errno(errno, "cannot start a process for a build");
	if (pid == 0) {
		(void)close(ends[0]);
		send_result(ends[1], work(context));
		_exit(0);
	}
	(void)close(ends[1]);
	return (struct child){ .pid = pid, .fd = ends[0] };
}

/* What it sent, or NULL; how it ended goes to *status. */
static json_t *collect(struct child *child, int *status)
{
	AUTO_FD int fd = take_fd(&child->fd);
	AUTO_FREE char *bytes = NULL;
	size_t length = 0;
	int error = file_read_fd(fd, RESULT_BYTES_MAX, &bytes, &length);
	while (waitpid(child->pid, status, 0) < 0)
		if (errno != EINTR)
			die_errno(errno, "cannot wait for a build");
	return error == 0 ? json_read_bytes(bytes, length, NULL) : NULL;
}

json_t *child_finish(struct child *child)
{
	int status = 0;
	json_t *value = collect(child, &status);
	if (WIFEXITED(status) && WEXITSTATUS(status) != 0)
		exit(WEXITSTATUS(status)); /* it has said why */
	if (!WIFEXITED(status) || value == NULL)
		die("a build ended without a result (wait status %d)", status);
	return value;
}

json_t *child_result(struct child *child)
{
	int status = 0;
	json_t *value = collect(child, &status);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return value;
	json_decref(value);
	return NULL;
}
