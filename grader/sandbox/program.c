/* The last steps before exec: everything that the program may not have is put away, in an order
 * that matters. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/close_range.h>
#include <linux/seccomp.h>
#include <linux/securebits.h>
#include <signal.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sandbox/cgroup.h"
#include "sandbox/inside.h"
#include "sandbox/landlock.h"
#include "sandbox/pass.h"
#include "sandbox/policy.h"

enum {
	FIRST_FD = 3,
	PARKED_FD = 700, /* where descriptors wait while 0, 1, 2, 3... are laid out */
	DEFAULT_FILE_MIB = 16,
	DEFAULT_DESCRIPTORS = 256,
	STACK_MIB = 8,
};

/* Where no control group counts tasks they are limited by user and namespace: both are the box's
 * own, and where init is the same user it is one more. */
static int set_limits(const struct box_limits *limits, bool two_ids)
{
	const rlim_t cpu = (rlim_t)box_cpu_s(limits);
	const rlim_t file = limits->file_bytes > 0 ? limits->file_bytes
						   : (rlim_t)DEFAULT_FILE_MIB << 20;
	const rlim_t descriptors = limits->descriptors > 0 ? limits->descriptors
							   : DEFAULT_DESCRIPTORS;
	const struct {
		__rlimit_resource_t resource;
		rlim_t value;
	} table[] = {
		{ RLIMIT_CORE,
		  1 }, /* 0 does not stop a handler that core_pattern pipes to, 1 does */
		{ RLIMIT_CPU, cpu },
		{ RLIMIT_FSIZE, file },
		{ RLIMIT_NOFILE, descriptors },
		{ RLIMIT_STACK, (rlim_t)STACK_MIB << 20 },
		{ RLIMIT_MEMLOCK, (rlim_t)STACK_MIB << 20 },
		{ RLIMIT_NICE, 0 },
		{ RLIMIT_RTPRIO, 0 },
		{ RLIMIT_MSGQUEUE, 0 },
	};
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		/* At the soft limit of CPU time comes SIGXCPU, which tells what happened; SIGKILL
		 * at the hard one does not. */
		const rlim_t grace = table[i].resource == RLIMIT_CPU ? 1 : 0;
		const struct rlimit limit = { table[i].value, table[i].value + grace };
		if (setrlimit(table[i].resource, &limit) < 0)
			return errno;
	}
	if (cgroup_host() == CGROUP_UNIFIED)
		return 0;
	const rlim_t tasks = (limits->tasks > 0 ? limits->tasks : 64) + (two_ids ? 0 : 1);
	const struct rlimit limit = { tasks, tasks };
	return setrlimit(RLIMIT_NPROC, &limit) < 0 ? errno : 0;
}

static int drop_identity(bool two_ids)
{
	for (int capability = 0; capability <= CAP_LAST_CAP; capability++)
		if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) < 0 && errno != EINVAL)
			return errno;
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0)
		return errno;
	if (prctl(PR_SET_SECUREBITS,
		  SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_SETUID_FIXUP_LOCKED |
			  SECBIT_KEEP_CAPS_LOCKED | SECBIT_NO_CAP_AMBIENT_RAISE |
			  SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED,
		  0, 0, 0) < 0)
		return errno;
	/* With one id there is nothing to change to; supplementary groups cannot be set in such a
	 * namespace. */
	if (two_ids && (setresgid(INSIDE_MAIN_ID, INSIDE_MAIN_ID, INSIDE_MAIN_ID) < 0 ||
			setresuid(INSIDE_MAIN_ID, INSIDE_MAIN_ID, INSIDE_MAIN_ID) < 0))
		return errno;
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	const struct __user_cap_data_struct none[2] = { { 0 } };
	if (syscall(SYS_capset, &header, none) < 0)
		return errno;
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ? errno : 0;
}

/* 0, 1, 2, then the given ones; the program's own file waits at POLICY_EXEC_FD; all others are
 * closed. */
static int lay_out_descriptors(const struct seat *seat, int program)
{
	int parked[FIRST_FD + JOB_FDS_MAX];
	size_t count = FIRST_FD + seat->fd_count;
	for (size_t i = 0; i < count; i++) {
		parked[i] = fcntl(i < FIRST_FD ? seat->stdio[i] : seat->fds[i - FIRST_FD], F_DUPFD,
				  PARKED_FD);
		if (parked[i] < 0)
			return errno;
	}
	if (dup3(program, POLICY_EXEC_FD, O_CLOEXEC) < 0)
		return errno;
	for (size_t i = 0; i < count; i++)
		if (dup2(parked[i], (int)i) < 0)
			return errno;
	if (syscall(SYS_close_range, (unsigned)count, POLICY_EXEC_FD - 1, 0) < 0 ||
	    syscall(SYS_close_range, POLICY_EXEC_FD + 1, ~0u, CLOSE_RANGE_CLOEXEC) < 0)
		return errno;
	return 0;
}

void signals_default(void)
{
	for (int signo = 1; signo < NSIG; signo++)
		(void)signal(signo, SIG_DFL);
	sigset_t none;
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

int main_tell(int control, enum control_kind kind, int listener, const int dirs[BOX_DIRS])
{
	struct control_message message = { .kind = kind };
	int fds[1 + BOX_DIRS];
	size_t count = 0;
	if (listener >= 0)
		fds[count++] = listener;
	for (size_t i = 0; i < BOX_DIRS; i++)
		if (dirs[i] >= 0) {
			fds[count++] = dirs[i];
			message.value |= 1 << i;
		}
	return pass_send(control, &message, sizeof message, fds, count);
}

/* From here on every call that no rule allows waits for the supervisor, who must have the listener
 * before one can be made. Every policy allows sendmsg for this; without the control socket, which
 * closes on exec, nothing can be done with it. */
static int load_filter(const struct box_spec *spec, int control, const int dirs[BOX_DIRS])
{
	const struct sock_fprog *program =
		&policy_filter((int)spec->policy, (int)spec->profile)->program;
	if (program->filter == NULL)
		return EINVAL; /* the policy does not know the profile */
	int listener = (int)syscall(
		SYS_seccomp, SECCOMP_SET_MODE_FILTER,
		SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, program);
	if (listener < 0 && errno == EINVAL) /* before Linux 5.19 */
		listener = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
					SECCOMP_FILTER_FLAG_NEW_LISTENER, program);
	if (listener < 0)
		return errno;
	char leave;
	int error = main_tell(control, CONTROL_FILTERED, listener, dirs);
	if (error != 0)
		return error;
	return read(control, &leave, 1) != 1 || close(listener) < 0 ? EPIPE : 0;
}

int program_execute(const struct seat *seat, int control, const int dirs[BOX_DIRS],
		    const char **step)
{
	const struct box_spec *spec = seat->spec;
	static const char *const nothing[] = { NULL };
	const char *const *environment = spec->environment != NULL ? spec->environment : nothing;
	*step = "open the program";
	int program = open(spec->argv[0], O_PATH | O_CLOEXEC);
	if (program < 0)
		return errno;
	*step = "drop capabilities";
	int error = drop_identity(seat->two_ids);
	if (error != 0)
		return error;
	*step = "lay out descriptors";
	error = lay_out_descriptors(seat, program);
	if (error != 0)
		return error;
	*step = "set limits";
	error = set_limits(&spec->limits, seat->two_ids);
	if (error != 0)
		return error;
	(void)umask(077);
	(void)personality(
		ADDR_NO_RANDOMIZE); /* the same addresses in every run: what is reported repeats */
	*step = "restrict files by Landlock";
	error = landlock_enter(spec, seat->landlock);
	if (error != 0)
		return error;
	/* Nothing in the box may look into init afterwards, whose memory this still is. Exec makes
	 * main's own memory dumpable again. */
	if (prctl(PR_SET_DUMPABLE, 0) < 0)
		return errno;
	*step = "load the filter";
	error = load_filter(spec, control, dirs);
	if (error != 0)
		return error;
	*step = "execute the program";
	(void)syscall(SYS_execveat, POLICY_EXEC_FD, "", spec->argv, environment, AT_EMPTY_PATH);
	return errno;
}
