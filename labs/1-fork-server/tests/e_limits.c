/* Part E, limits and accidents: too many clients, a child that crashes, what signal handlers call.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "lab1.h"

#define LIMIT 4

static const struct law COUNT_FALLS = {
	.finding = "child-count-never-falls",
	.name = "a connection that has ended makes room for another",
	.why = "max_conns bounds the live connections: each child that was reaped is one less.",
};

/* One client more than allowed: 503 with Connection: close, then the end. */
static void law_excess(struct world *w)
{
	struct client c;
	struct answer a;

	connect_to(w, &c);
	send_get(&c, "/ping");
	if (!WAIT_UNTIL(&w->stage, client_answered(&c, &a) || client_ended(&c)) ||
	    !client_answered(&c, &a)) {
		law_server_runs(w);
		LAW(false, "no-503", "one client more than max_conns is not told 503");
	}
	LAW(a.status == 503 && a.close, "no-503",
	    "one client more than max_conns got status %d, not 503 with Connection: close",
	    a.status);
	LAW(WAIT_UNTIL(&w->stage, client_ended(&c)), "excess-not-closed",
	    "a client that was told 503 is not closed");
	client_close(&c);
}

/* A client for which there is room. */
static void law_room(struct world *w, struct client *c)
{
	struct answer a;

	connect_to(w, c);
	send_get(c, "/ping");
	(void)WAIT_UNTIL(&w->stage, client_answered(c, &a) || client_ended(c));
	bool answered = client_answered(c, &a);
	LAW_OF(&COUNT_FALLS, !answered || a.status != 503,
	       "fewer than max_conns clients are connected and a new one is told 503");
	law_answer(w, c, "/ping", "not-served");
}

/* This client goes; the server has noticed it when only `left` children are there and all sleep. */
static void leave(struct world *w, struct client *c, size_t left)
{
	client_close(c);
	(void)WAIT_UNTIL(&w->stage, server_census().alive <= 1 + left);
	(void)stage_settle(&w->stage);
}

LAB_TEST(
	limits_connections, .id = "L1.E.4", .points = 2, .detector = "function", .builds = "nat",
	.about = "fork_server_run",
	.title = "one client more than max_conns gets 503, and there is room again when one leaves")
{
	struct world *w = world_open();
	struct client c[LIMIT];

	WORLD_SERVER(w, .config = { .max_conns = LIMIT });
	for (size_t i = 0; i < LIMIT; i++)
		law_room(w, &c[i]);
	for (unsigned round = 0; round < 2; round++) {
		law_excess(w);
		for (size_t i = 0; i < LIMIT; i++)
			law_get(w, &c[i], "/ping", "others-disturbed");
		for (size_t i = 0; i < LIMIT; i++) {
			(void)stage_settle(&w->stage);
			leave(w, &c[i], LIMIT - 1);
			law_room(w, &c[i]);
		}
	}
	EVIDENCE("connections", 14);
}

LAB_TEST(survives_crash, .id = "L1.E.5", .points = 3, .detector = "function", .builds = "nat",
	 .about = "fork_server_run",
	 .title = "a child that crashes disturbs no other and is reaped")
{
	static const struct law isolated = {
		.finding = "child-crash-stops-server",
		.name = "the crash of one child is its own affair",
		.why = "Processes do not share memory: how a child ended is no reason for its "
		       "parent to end.",
	};
	struct world *w = world_open();
	struct client c[3], next;

	WORLD_SERVER(w, .config = { .flags = CL_F_ALLOW_CRASH });
	for (size_t i = 0; i < 3; i++) {
		connect_to(w, &c[i]);
		law_get(w, &c[i], "/ping", "not-served");
	}
	send_get(&c[1], "/crash");
	(void)WAIT_UNTIL(&w->stage, server_census().alive != 4);
	struct ending e = stage_ending(&w->stage);
	LAW_OF(&isolated, !e.ended, "one child got /crash and the server ended");
	struct census now = server_census();
	LAW(now.alive == 3, "crash-not-executed",
	    "/crash is allowed and %zu of 3 children are left", now.alive ? now.alive - 1 : 0);
	LAW(WAIT_UNTIL(&w->stage, server_has(3)), "zombie",
	    "the child that crashed stays as a zombie");
	law_get(w, &c[0], "/ping", "others-disturbed");
	law_get(w, &c[2], "/ping", "others-disturbed");
	connect_to(w, &next);
	law_get(w, &next, "/ping", "child-crash-stops-server");
	EVIDENCE("connections", 4);
}

/* signal-safety(7), as far as libc has functions of these names; and the platform's [AS-Safe] ones.
 */
static const char *const safe[] = {
	"Exit",
	"exit_group",
	"abort",
	"accept",
	"accept4",
	"access",
	"aio_error",
	"aio_return",
	"aio_suspend",
	"alarm",
	"bind",
	"cfgetispeed",
	"cfgetospeed",
	"cfsetispeed",
	"cfsetospeed",
	"chdir",
	"chmod",
	"chown",
	"clock_gettime",
	"close",
	"connect",
	"creat",
	"dup",
	"dup2",
	"dup3",
	"execl",
	"execle",
	"execv",
	"execve",
	"faccessat",
	"fchdir",
	"fchmod",
	"fchmodat",
	"fchown",
	"fchownat",
	"fcntl",
	"fcntl64",
	"fdatasync",
	"fexecve",
	"ffs",
	"fork",
	"fstat",
	"fstat64",
	"fstatat",
	"fsync",
	"ftruncate",
	"futimens",
	"getegid",
	"geteuid",
	"getgid",
	"getgroups",
	"getpeername",
	"getpgrp",
	"getpid",
	"getppid",
	"gettid",
	"getsockname",
	"getsockopt",
	"getuid",
	"htonl",
	"htons",
	"kill",
	"link",
	"linkat",
	"listen",
	"longjmp",
	"lseek",
	"lseek64",
	"lstat",
	"memccpy",
	"memchr",
	"memcmp",
	"memcpy",
	"memmove",
	"memset",
	"mkdir",
	"mkdirat",
	"mkfifo",
	"mkfifoat",
	"mknod",
	"mknodat",
	"ntohl",
	"ntohs",
	"open",
	"open64",
	"openat",
	"openat64",
	"pause",
	"pipe",
	"pipe2",
	"poll",
	"ppoll",
	"posix_trace_event",
	"pselect",
	"pthread_kill",
	"pthread_self",
	"pthread_sigmask",
	"raise",
	"read",
	"readv",
	"readlink",
	"readlinkat",
	"recv",
	"recvfrom",
	"recvmsg",
	"rename",
	"renameat",
	"rmdir",
	"select",
	"sem_post",
	"send",
	"sendmsg",
	"sendto",
	"setgid",
	"setpgid",
	"setsid",
	"setsockopt",
	"setuid",
	"shutdown",
	"sigaction",
	"sigaddset",
	"sigdelset",
	"sigemptyset",
	"sigfillset",
	"sigismember",
	"siglongjmp",
	"signal",
	"sigpause",
	"sigpending",
	"sigprocmask",
	"sigqueue",
	"sigset",
	"sigsuspend",
	"sleep",
	"sockatmark",
	"socket",
	"socketpair",
	"stat",
	"stat64",
	"stpcpy",
	"stpncpy",
	"strcat",
	"strchr",
	"strcmp",
	"strcpy",
	"strcspn",
	"strlen",
	"strncat",
	"strncmp",
	"strncpy",
	"strnlen",
	"strpbrk",
	"strrchr",
	"strspn",
	"strstr",
	"strtok_r",
	"symlink",
	"symlinkat",
	"sysconf",
	"tcdrain",
	"tcflow",
	"tcflush",
	"tcgetattr",
	"tcgetpgrp",
	"tcsendbreak",
	"tcsetattr",
	"tcsetpgrp",
	"time",
	"timer_getoverrun",
	"timer_gettime",
	"timer_settime",
	"times",
	"umask",
	"uname",
	"unlink",
	"unlinkat",
	"utime",
	"utimensat",
	"utimes",
	"wait",
	"wait3",
	"wait4",
	"waitid",
	"waitpid",
	"write",
	"writev",
	"errno_location",
	"stack_chk_fail",
	"sigsetjmp",
	"restore_rt",
	"eventfd_write",
	"nanosleep",
	"clock_nanosleep",
	"syscall",
	"tgkill",
	"cl_now_us",
	"cl_burn",
	"cl_http_parse",
	"cl_http_head",
	"cl_plan_begin",
	"cl_plan_mix",
	"cl_sum_update",
	"cl_bytes_fill",
	"cl_put_dec",
	"cl_put_hex",
	"cl_rpc_encode",
	"cl_rpc_decode",
	"cl_backend_mix",
	"cl_stat_json",
	"cl_index_page",
};

/* libc has several names for one function: __read, __libc_read, __GI_read, read. */
static const char *plain(const char *name)
{
	for (;;) {
		if (strncmp(name, "libc_", 5) == 0)
			name += 5;
		else if (strncmp(name, "GI_", 3) == 0)
			name += 3;
		else if (name[0] == '_')
			name++;
		else
			return name;
	}
}

static bool is_safe_name(const char *name)
{
	const char *p = plain(name);

	for (size_t i = 0; i < sizeof(safe) / sizeof(safe[0]); i++) {
		size_t len = strlen(safe[i]);
		if (strncmp(p, safe[i], len) != 0)
			continue;
		/* libc picks a mem or str function by processor: memcpy_avx_unaligned_erms. */
		bool variant = p[len] == '_' && (!strncmp(p, "mem", 3) || !strncmp(p, "str", 3) ||
						 !strncmp(p, "stp", 3));
		if (p[len] == '\0' || variant)
			return true;
	}
	return false;
}

/* All names of one function, joined by '|': it is safe if one of them is. */
static bool is_safe(char *names)
{
	char *rest = NULL;

	for (char *n = strtok_r(names, "|", &rest); n; n = strtok_r(NULL, "|", &rest))
		if (is_safe_name(n))
			return true;
	return false;
}

static void law_handler(const struct call *c)
{
	char names[sizeof(c->names)], *rest = NULL;

	memcpy(names, c->names, sizeof(names));
	for (char *n = strtok_r(names, " ", &rest); n; n = strtok_r(NULL, " ", &rest)) {
		char shown[64];
		(void)snprintf(shown, sizeof(shown), "%.*s", (int)strcspn(plain(n), "|"), plain(n));
		const struct law law = {
			.finding = "not-signal-safe",
			.name = "signal handlers call only async-signal-safe functions",
			.why = "A handler may interrupt the very function that it calls, with its "
			       "locks "
			       "held and its data half written; see signal-safety(7).",
			.where = { { .place = c->place, .role = "the handler" } },
		};
		LAW_OF(&law, is_safe(n),
		       "the handler of signal %lld calls %s, which is not "
		       "async-signal-safe",
		       (long long)c->a[0], shown);
	}
}

LAB_TEST(handlers_are_safe, .id = "L1.E.6", .points = 2, .detector = "POL", .builds = "nat",
	 .about = "fork_server_run",
	 .title = "signal handlers call only functions that are safe there")
{
	static const char *const names[] = { "+handler", NULL };
	struct world *w = world_open();
	struct call_log log;
	struct client c[3];

	WORLD_SERVER(w, .trace = true, .handlers = true);
	for (size_t i = 0; i < 3; i++) {
		connect_to(w, &c[i]);
		law_get(w, &c[i], "/ping", "not-served");
	}
	client_close(&c[0]);
	(void)WAIT_UNTIL(&w->stage, server_census().alive <= 3);
	(void)stage_settle(&w->stage);
	runner_signal(0, SIGTERM);
	(void)WAIT_UNTIL(&w->stage, server_ended()); /* whether it ends is another test's law */
	runner_calls(0, names, &log);
	for (size_t i = 0; i < log.count; i++)
		if (strcmp(log.call[i].name, "+handler") == 0)
			law_handler(&log.call[i]);
	LAW(true, "not-signal-safe", "no handler calls anything unsafe");
	call_log_free(&log);
	EVIDENCE("connections", 3);
}
