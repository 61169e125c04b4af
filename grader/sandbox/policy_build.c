/* Makes filters with libseccomp from the tables of policy_calls.c, and adds what depends on
 * arguments. */
#include "sandbox/policy_build.h"

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
#include "sandbox/ring_calls.h"

#define C(name) SCMP_SYS(name)

static void check(int status)
{
	if (status < 0)
		die_errno(-status, "libseccomp refused a rule");
}

static void act(scmp_filter_ctx filter, uint32_t action, int call)
{
	check(seccomp_rule_add_array(filter, action, call, 0, NULL));
}

static void allow_list(scmp_filter_ctx filter, const int *calls)
{
	for (; calls != NULL && *calls != POLICY_END; calls++)
		act(filter, SCMP_ACT_ALLOW, *calls);
}

/* The kernel looks at the low 32 bits of an int argument only, the filter sees 64: compare masked.
 */
static struct scmp_arg_cmp low32(unsigned argument, uint64_t mask, uint64_t value)
{
	return SCMP_CMP64(argument, SCMP_CMP_MASKED_EQ, mask & 0xffffffffu, value);
}

static void act_if(scmp_filter_ctx filter, uint32_t action, int call, const struct scmp_arg_cmp *is,
		   unsigned count)
{
	check(seccomp_rule_add_array(filter, action, call, count, is));
}

static void allow_if(scmp_filter_ctx filter, int call, unsigned argument, const uint64_t *values,
		     size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct scmp_arg_cmp is = low32(argument, ~0u, values[i]);
		act_if(filter, SCMP_ACT_ALLOW, call, &is, 1);
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
		act_if(filter, SCMP_ACT_ALLOW, C(socket), is, 2);
	}
}

/* clone without any new namespace; threads share memory, children do not care. clone3 hides its
 * flags in memory, where a filter cannot look: glibc falls back to clone when it is told that there
 * is no clone3. */
static void allow_clone(scmp_filter_ctx filter, bool children)
{
	const uint64_t namespaces = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC |
				    CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWTIME;
	const uint64_t thread = CLONE_VM | CLONE_THREAD;
	struct scmp_arg_cmp is = children ? low32(0, namespaces, 0)
					  : low32(0, namespaces | thread, thread);
	act_if(filter, SCMP_ACT_ALLOW, C(clone), &is, 1);
	act(filter, SCMP_ACT_ERRNO(ENOSYS), C(clone3));
	if (children) {
		act(filter, SCMP_ACT_ALLOW, C(fork));
		act(filter, SCMP_ACT_ALLOW, C(vfork));
	}
}

/* Memory may be written or executed, not both: what runs is what the audit has seen. (Bits: read 1,
 * write 2, execute 4.) Executable memory files stay possible; then the box is what holds. */
static void allow_memory(scmp_filter_ctx filter, bool writable_code)
{
	static const int calls[] = { C(mmap), C(mprotect) };
	static const uint64_t combinations[] = { 0, PROT_WRITE, PROT_EXEC };
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
		if (writable_code) {
			act(filter, SCMP_ACT_ALLOW, calls[i]);
			continue;
		}
		for (size_t j = 0; j < sizeof combinations / sizeof *combinations; j++) {
			struct scmp_arg_cmp is = low32(2, PROT_WRITE | PROT_EXEC, combinations[j]);
			act_if(filter, SCMP_ACT_ALLOW, calls[i], &is, 1);
		}
	}
}

/* Descriptor POLICY_EXEC_FD executes the program, once: see policy.h. A compiler's driver executes
 * others, which are named by paths, not by AT_EMPTY_PATH. */
static void allow_exec(scmp_filter_ctx filter, bool others)
{
	const struct scmp_arg_cmp once[] = {
		low32(0, ~0u, POLICY_EXEC_FD),
		low32(4, ~0u, AT_EMPTY_PATH),
	};
	act_if(filter, SCMP_ACT_ALLOW, C(execveat), once, 2);
	if (others)
		act(filter, SCMP_ACT_ALLOW, C(execve));
}

/* The second layer behind the restrictions of the ring itself, and the only one while a ring is
 * still disabled. */
static void allow_rings(scmp_filter_ctx filter)
{
	for (size_t i = 0; i < RING_REGISTRATIONS; i++)
		ALLOW_IF(filter, C(io_uring_register), 1, ring_registrations[i]);
}

static void allow_arguments(scmp_filter_ctx filter, const struct policy_source *policy,
			    const struct profile_source *profile)
{
	struct scmp_arg_cmp self = low32(0, ~0u, 0);
	struct scmp_arg_cmp tty = low32(1, ~0u, TCGETS);
	act_if(filter, SCMP_ACT_ALLOW, C(prlimit64), &self, 1);
	ALLOW_IF(filter, C(fcntl), 1, F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD, F_SETFD, F_GETFL, F_SETFL,
		 F_GETPIPE_SZ, F_SETPIPE_SZ, F_ADD_SEALS, F_GET_SEALS);
	ALLOW_IF(filter, C(ioctl), 1, FIONREAD, FIONBIO, FIOCLEX, FIONCLEX);
	act_if(filter, SCMP_ACT_ERRNO(ENOTTY), C(ioctl), &tty, 1);
	ALLOW_IF(filter, C(prctl), 0, PR_SET_NAME, PR_GET_NAME, PR_GET_DUMPABLE, PR_SET_PDEATHSIG,
		 PR_GET_PDEATHSIG, PR_GET_SECCOMP, PR_GET_NO_NEW_PRIVS, PR_CAPBSET_READ);
	act(filter, SCMP_ACT_ERRNO(ENODATA), C(getxattr));
	allow_exec(filter, policy->exec || profile->exec);
	allow_memory(filter, policy->writable_code || profile->writable_code);
	allow_clone(filter, policy->children || profile->children);
	if (policy->sockets)
		allow_sockets(filter);
	if (policy->locks)
		ALLOW_IF(filter, C(fcntl), 1, F_SETLK, F_SETLKW, F_GETLK, F_OFD_SETLK, F_OFD_SETLKW,
			 F_OFD_GETLK);
	if (policy->children)
		ALLOW_IF(filter, C(prctl), 0, PR_SET_CHILD_SUBREAPER, PR_GET_CHILD_SUBREAPER);
	if (policy->rings)
		allow_rings(filter);
	else
		act(filter, SCMP_ACT_ERRNO(ENOSYS), C(io_uring_setup));
}

static void export(scmp_filter_ctx filter, struct sock_fprog *program)
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

bool policy_exists(int policy, int profile)
{
	bool of_a_lab = policy >= BOX_POLICY_LAB1 && policy < BOX_POLICY_COUNT;
	return policy < BOX_POLICY_COUNT && profile < BOX_PROFILE_COUNT &&
	       (of_a_lab || profile == BOX_PROFILE_PLAIN);
}

/* What no rule allows is told to the supervisor, which names and counts it (guard.c). */
void policy_build(int policy, int profile, struct sock_fprog *program)
{
	const struct policy_source *source = &policy_sources[policy];
	const struct profile_source *more = &profile_sources[profile];
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_NOTIFY);
	if (filter == NULL)
		die("libseccomp cannot make a filter");
	check(seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS));
	check(seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2));
	for (size_t i = 0; i < POLICY_LISTS; i++)
		allow_list(filter, source->lists[i]);
	allow_list(filter, more->allowed);
	allow_arguments(filter, source, more);
	export(filter, program);
	seccomp_release(filter);
}
