/* Builds the system-call filters from the tables of policy_calls.c, and what depends on arguments.
 */
#include "sandbox/policy.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/die.h"
#include "sandbox/policy_calls.h"

#define C(name) SCMP_SYS(name)

static struct sock_fprog filters[POLICY_COUNT]; /* written once by policy_prepare */

static void check(int status)
{
	if (status < 0)
		die_errno(-status, "libseccomp refused a rule");
}

static void allow_list(scmp_filter_ctx filter, const int *calls, uint32_t action)
{
	for (; *calls != POLICY_END; calls++)
		check(seccomp_rule_add(filter, action, *calls, 0));
}

/* The kernel looks at the low 32 bits of an int argument only, the filter sees 64: compare masked.
 */
static struct scmp_arg_cmp low32(unsigned argument, uint64_t mask, uint64_t value)
{
	return SCMP_CMP64(argument, SCMP_CMP_MASKED_EQ, mask & 0xffffffffu, value);
}

static void allow_if(scmp_filter_ctx filter, int call, unsigned argument, const uint64_t *values,
		     size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct scmp_arg_cmp is = low32(argument, ~0u, values[i]);
		check(seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, 1, &is));
	}
}

#define ALLOW_IF(filter, call, argument, ...)                               \
	allow_if(filter, call, argument, (const uint64_t[]){ __VA_ARGS__ }, \
		 sizeof((const uint64_t[]){ __VA_ARGS__ }) / sizeof(uint64_t))

/* Stream sockets of the internet and of Unix, whatever the flags in the type. */
static void allow_sockets(scmp_filter_ctx filter)
{
	static const int domains[] = { AF_INET, AF_INET6, AF_UNIX };
	for (size_t i = 0; i < sizeof domains / sizeof *domains; i++) {
		const struct scmp_arg_cmp is[] = {
			low32(0, ~0u, (uint64_t)domains[i]),
			low32(1, ~(uint64_t)(SOCK_NONBLOCK | SOCK_CLOEXEC), SOCK_STREAM),
		};
		check(seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, C(socket), 2, is));
	}
}

/* clone without any new namespace; threads share memory, children do not care. clone3 hides its
 * flags in memory, where a filter cannot look: glibc falls back to clone when it is told that there
 * is no clone3. */
static void allow_clone(scmp_filter_ctx filter, bool fork_too)
{
	const uint64_t namespaces = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC |
				    CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWTIME;
	const uint64_t thread = CLONE_VM | CLONE_THREAD;
	struct scmp_arg_cmp is = fork_too ? low32(0, namespaces, 0)
					  : low32(0, namespaces | thread, thread);
	check(seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, C(clone), 1, &is));
}

static void allow_arguments(scmp_filter_ctx filter, int policy)
{
	struct scmp_arg_cmp self = low32(0, ~0u, 0);
	check(seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, C(prlimit64), 1, &self));
	ALLOW_IF(filter, C(fcntl), 1, F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD, F_SETFD, F_GETFL, F_SETFL,
		 F_GETPIPE_SZ, F_SETPIPE_SZ, F_ADD_SEALS, F_GET_SEALS);
	ALLOW_IF(filter, C(ioctl), 1, FIONREAD, FIONBIO, FIOCLEX, FIONCLEX);
	struct scmp_arg_cmp tty = low32(1, ~0u, TCGETS);
	check(seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(ENOTTY), C(ioctl), 1, &tty));
	ALLOW_IF(filter, C(prctl), 0, PR_SET_NAME, PR_GET_NAME, PR_GET_DUMPABLE, PR_SET_PDEATHSIG,
		 PR_GET_PDEATHSIG, PR_GET_SECCOMP, PR_GET_NO_NEW_PRIVS, PR_CAPBSET_READ);
	if (policy != BOX_POLICY_COMPILE) {
		check(seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), C(clone3), 0));
		const struct scmp_arg_cmp once[] = {
			low32(0, ~0u, POLICY_EXEC_FD),
			low32(4, ~0u, AT_EMPTY_PATH),
		};
		check(seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, C(execveat), 2, once));
	} else {
		const struct scmp_arg_cmp once = low32(0, ~0u, POLICY_EXEC_FD);
		check(seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, C(execveat), 1, &once));
	}
	allow_clone(filter, policy == BOX_POLICY_COMPILE || policy == BOX_POLICY_LAB1);
	if (policy == BOX_POLICY_EXAMINER || policy == BOX_POLICY_LAB1)
		allow_sockets(filter);
	if (policy == BOX_POLICY_LAB1) {
		/* Locks on its own memory files are a design of the contract; no inode is shared
		 * with anybody. */
		ALLOW_IF(filter, C(fcntl), 1, F_SETLK, F_SETLKW, F_GETLK, F_OFD_SETLK, F_OFD_SETLKW,
			 F_OFD_GETLK);
		ALLOW_IF(filter, C(prctl), 0, PR_SET_CHILD_SUBREAPER, PR_GET_CHILD_SUBREAPER);
	}
}

/* Exports the finished filter as plain BPF instructions: loading them in the box then needs no
 * library. */
static void compile_filter(scmp_filter_ctx filter, struct sock_fprog *program)
{
	AUTO_FD int memory = memfd_create("filter", MFD_CLOEXEC);
	if (memory < 0)
		die_errno(errno, "cannot make a memory file");
	check(seccomp_export_bpf(filter, memory));
	struct stat info;
	if (fstat(memory, &info) < 0)
		die_errno(errno, "cannot size the filter");
	size_t bytes = (size_t)info.st_size;
	program->filter = must_alloc(bytes);
	program->len = (unsigned short)(bytes / sizeof(struct sock_filter));
	if (pread(memory, program->filter, bytes, 0) != (ssize_t)bytes)
		die_errno(errno, "cannot read the filter");
}

static void policy_build(int policy)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	if (filter == NULL)
		die("libseccomp cannot make a filter");
	check(seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS));
	check(seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2));
	for (size_t i = 0; i < 3 && policy_calls[policy][i] != NULL; i++)
		allow_list(filter, policy_calls[policy][i], SCMP_ACT_ALLOW);
	allow_list(filter, policy_never, SCMP_ACT_KILL_PROCESS);
	if (policy != POLICY_INIT)
		allow_arguments(filter, policy);
	compile_filter(filter, &filters[policy]);
	seccomp_release(filter);
}

void policy_prepare(void)
{
	if (filters[0].filter != NULL)
		return;
	for (int policy = 0; policy < POLICY_COUNT; policy++)
		policy_build(policy);
}

const struct sock_fprog *policy_filter(int policy)
{
	return &filters[policy];
}
