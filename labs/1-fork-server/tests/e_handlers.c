/* Part E, what signal handlers call: the tracer walks through each handler that runs and notes
 * which library functions it enters. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "lab1.h"

/* signal-safety(7), as far as libc has functions of these names; and the platform's [AS-Safe] ones.
 */
static const char safe[] =
	" "
	"Exit exit_group abort accept accept4 access aio_error aio_return "
	"aio_suspend alarm bind cfgetispeed cfgetospeed cfsetispeed cfsetospeed "
	"chdir chmod chown clock_gettime close connect creat dup dup2 dup3 execl "
	"execle execv execve faccessat fchdir fchmod fchmodat fchown fchownat "
	"fcntl fcntl64 fdatasync fexecve ffs fork fstat fstat64 fstatat fsync "
	"ftruncate futimens getegid geteuid getgid getgroups getpeername getpgrp "
	"getpid getppid gettid getsockname getsockopt getuid htonl htons kill "
	"link linkat listen longjmp lseek lseek64 lstat memccpy memchr memcmp "
	"memcpy memmove memset mkdir mkdirat mkfifo mkfifoat mknod mknodat ntohl "
	"ntohs open open64 openat openat64 pause pipe pipe2 poll ppoll "
	"posix_trace_event pselect pthread_kill pthread_self pthread_sigmask "
	"raise read readv readlink readlinkat recv recvfrom recvmsg rename "
	"renameat rmdir select sem_post send sendmsg sendto setgid setpgid "
	"setsid setsockopt setuid shutdown sigaction sigaddset sigdelset "
	"sigemptyset sigfillset sigismember siglongjmp signal sigpause "
	"sigpending sigprocmask sigqueue sigset sigsuspend sleep sockatmark "
	"socket socketpair stat stat64 stpcpy stpncpy strcat strchr strcmp "
	"strcpy strcspn strlen strncat strncmp strncpy strnlen strpbrk strrchr "
	"strspn strstr strtok_r symlink symlinkat sysconf tcdrain tcflow tcflush "
	"tcgetattr tcgetpgrp tcsendbreak tcsetattr tcsetpgrp time "
	"timer_getoverrun timer_gettime timer_settime times umask uname unlink "
	"unlinkat utime utimensat utimes wait wait3 wait4 waitid waitpid write "
	"writev errno_location stack_chk_fail sigsetjmp restore_rt eventfd_write "
	"nanosleep clock_nanosleep syscall tgkill cl_now_us cl_burn "
	"cl_http_parse cl_http_head cl_plan_begin cl_plan_mix cl_sum_update "
	"cl_bytes_fill cl_put_dec cl_put_hex cl_rpc_encode cl_rpc_decode "
	"cl_backend_mix cl_stat_json cl_index_page ";

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

/* True if this whole word stands in the list. */
static bool is_listed(const char *name, size_t len)
{
	for (const char *at = safe; (at = memmem(at, strlen(at), name, len)); at += len)
		if (at[-1] == ' ' && at[len] == ' ')
			return true;
	return false;
}

/* libc picks a mem or str function by processor: memcpy_avx_unaligned_erms is memcpy. */
static bool is_safe_name(const char *name)
{
	const char *p = plain(name);
	bool memory = !strncmp(p, "mem", 3) || !strncmp(p, "str", 3) || !strncmp(p, "stp", 3);

	return *p && (is_listed(p, strlen(p)) || (memory && is_listed(p, strcspn(p, "_"))));
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
	struct world *w = world_open("fork_server_run");
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
