/* build/learn: which system calls a program makes outside a policy. For whoever writes the policy
 * of a new lab, or meets a new compiler, libc or valgrind. Nothing is held back here: each call is
 * named and then let through. */
#include <argp.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/die.h"
#include "sandbox/pass.h"
#include "sandbox/policy.h"

enum {
	KEY_POLICY = 256,
	KEY_PROFILE,
	KEY_JSON,
	CALLS_MAX = 512,
	ARGUMENTS_SHOWN = 3,
	FAILED = 125
};

struct arguments {
	enum box_policy policy;
	enum box_profile profile;
	bool json;
	char **command;
};

struct call {
	int number;
	uint64_t count, first[ARGUMENTS_SHOWN];
};

static const struct argp_option options[] = {
	{ "policy", KEY_POLICY, "NAME", 0, "as of build/box (default: lab1)", 0 },
	{ "profile", KEY_PROFILE, "NAME", 0, "as of build/box (default: plain)", 0 },
	{ "json", KEY_JSON, NULL, 0, "print JSON", 0 },
	{ 0 },
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct arguments *arguments = state->input;
	int number;
	switch (key) {
	case KEY_POLICY:
		if ((number = box_policy_find(value)) < 0)
			argp_error(state, "there is no policy '%s'", value);
		arguments->policy = (enum box_policy)number;
		return 0;
	case KEY_PROFILE:
		if ((number = box_profile_find(value)) < 0)
			argp_error(state, "there is no profile '%s'", value);
		arguments->profile = (enum box_profile)number;
		return 0;
	case KEY_JSON:
		arguments->json = true;
		return 0;
	case ARGP_KEY_ARGS:
		arguments->command = state->argv + state->next;
		return 0;
	case ARGP_KEY_END:
		if (arguments->command == NULL)
			argp_error(state, "which PROGRAM?");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* The first of the folders of PATH that has it. */
static int open_program(const char *name)
{
	const char *path = getenv("PATH");
	AUTO_FREE char *folders = must_strdup(path != NULL ? path : "/usr/bin:/bin");
	if (strchr(name, '/') != NULL)
		return open(name, O_PATH | O_CLOEXEC);
	char *rest = folders;
	for (char *folder; (folder = strsep(&rest, ":")) != NULL;) {
		AUTO_FREE char *file = must_printf("%s/%s", folder, name);
		if (access(file, X_OK) == 0)
			return open(file, O_PATH | O_CLOEXEC);
	}
	errno = ENOENT;
	return -1;
}

/* Executes through the descriptor that every policy allows, so that this call is not in the list.
 */
static _Noreturn void become(const struct arguments *arguments, int program, int control)
{
	const struct sock_fprog *filter =
		&policy_filter((int)arguments->policy, (int)arguments->profile)->program;
	const struct rlimit descriptors = { POLICY_EXEC_FD + 8, POLICY_EXEC_FD + 8 };
	char leave;
	(void)setrlimit(RLIMIT_NOFILE, &descriptors);
	if (filter->filter == NULL)
		die("policy %s has no profile %s", box_policy_name(arguments->policy),
		    box_profile_name(arguments->profile));
	if (dup3(program, POLICY_EXEC_FD, O_CLOEXEC) < 0 ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		die_errno(errno, "cannot prepare %s", arguments->command[0]);
	int listener = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
				    SECCOMP_FILTER_FLAG_NEW_LISTENER, filter);
	if (listener < 0)
		die_errno(errno, "cannot load the filter");
	if (pass_send(control, "f", 1, &listener, 1) != 0 || read(control, &leave, 1) != 1)
		_exit(FAILED);
	(void)close(listener);
	(void)syscall(SYS_execveat, POLICY_EXEC_FD, "", arguments->command, environ, AT_EMPTY_PATH);
	die_errno(errno, "cannot execute %s", arguments->command[0]);
}

static void note(struct call *calls, size_t *count, const struct seccomp_data *data)
{
	for (size_t i = 0; i < *count; i++)
		if (calls[i].number == data->nr) {
			calls[i].count++;
			return;
		}
	if (*count == CALLS_MAX)
		return;
	calls[*count] = (struct call){ .number = data->nr, .count = 1 };
	for (size_t i = 0; i < ARGUMENTS_SHOWN; i++)
		calls[*count].first[i] = data->args[i];
	(*count)++;
}

/* Until nobody is left who has the filter: children and daemons of the program too. */
static size_t listen_to(int listener, struct call *calls)
{
	size_t count = 0;
	for (;;) {
		struct pollfd waiting = { .fd = listener, .events = POLLIN };
		if (poll(&waiting, 1, -1) < 0)
			continue;
		if ((waiting.revents & POLLIN) == 0)
			return count;
		struct seccomp_notif call = { 0 };
		if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &call) < 0)
			continue;
		note(calls, &count, &call.data);
		struct seccomp_notif_resp reply = { .id = call.id,
						    .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE };
		(void)ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &reply);
	}
}

static int by_count(const void *left, const void *right)
{
	const struct call *a = left, *b = right;
	return a->count != b->count ? (a->count < b->count) - (a->count > b->count)
				    : a->number - b->number;
}

static void show(const struct arguments *arguments, struct call *calls, size_t count)
{
	json_t *list = json_array();
	qsort(calls, count, sizeof *calls, by_count);
	if (!arguments->json)
		(void)printf("%zu system calls outside %s+%s (each was let through)\n", count,
			     box_policy_name(arguments->policy),
			     box_profile_name(arguments->profile));
	for (size_t i = 0; i < count; i++) {
		AUTO_FREE char *name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE,
									calls[i].number);
		AUTO_FREE char *number = must_printf("call %d", calls[i].number);
		const char *const text = name != NULL ? name : number;
		const char *const never = policy_is_never(calls[i].number) ? "  ends a box" : "";
		if (!arguments->json)
			(void)printf("%8llu  %-20s first with 0x%llx, 0x%llx, 0x%llx%s\n",
				     (unsigned long long)calls[i].count, text,
				     (unsigned long long)calls[i].first[0],
				     (unsigned long long)calls[i].first[1],
				     (unsigned long long)calls[i].first[2], never);
		json_array_append_new(list, json_pack("{s:s, s:I, s:b, s:[III]}", "syscall", text,
						      "count", (json_int_t)calls[i].count, "never",
						      *never != '\0', "first",
						      (json_int_t)calls[i].first[0],
						      (json_int_t)calls[i].first[1],
						      (json_int_t)calls[i].first[2]));
	}
	if (arguments->json) {
		(void)json_dumpf(list, stdout, JSON_COMPACT);
		(void)putchar('\n');
	}
	json_decref(list);
}

int main(int argc, char **argv)
{
	static const char documentation[] =
		"Runs a program and lists the system calls that a policy does not allow.\v"
		"It runs as it is, with your rights: no box, nothing is held back. Its output goes "
		"to stderr. Calls that a policy answers with a fixed error (clone3, ioctl(TCGETS), "
		"getxattr) are answered so and not listed.";
	static const struct argp argp = { .options = options,
					  .parser = parse,
					  .args_doc = "PROGRAM [ARGUMENT...]",
					  .doc = documentation };
	static struct call calls[CALLS_MAX];
	struct arguments arguments = { .policy = BOX_POLICY_LAB1 };
	int control[2];
	struct passed passed;
	char byte;
	argp_err_exit_status = FAILED;
	(void)argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, &arguments);
	AUTO_FD int program = open_program(arguments.command[0]);
	if (program < 0)
		die_errno(errno, "cannot open %s", arguments.command[0]);
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, control) < 0)
		die_errno(errno, "cannot make a socket");
	pid_t child = fork();
	if (child < 0)
		die_errno(errno, "cannot fork");
	if (child == 0) {
		(void)dup2(STDERR_FILENO, STDOUT_FILENO);
		become(&arguments, program, control[1]);
	}
	(void)close(control[1]);
	if (pass_receive(control[0], &byte, 1, &passed, 0) != 1 || passed.fd_count != 1)
		return FAILED; /* the child has said why */
	(void)send(control[0], "g", 1, MSG_NOSIGNAL);
	size_t count = listen_to(passed.fds[0], calls);
	int status = 0;
	(void)waitpid(child, &status, 0);
	show(&arguments, calls, count);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
