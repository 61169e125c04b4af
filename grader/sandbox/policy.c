/* Builds the system-call filters from the tables below. */
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

#define C(name) SCMP_SYS(name)
#define END     (-1000000) /* no call has this number */

/* What every program needs: files, memory, own signals, time, waiting. */
static const int base_calls[] = {
	C(read),
	C(write),
	C(readv),
	C(writev),
	C(pread64),
	C(pwrite64),
	C(openat),
	C(open),
	C(close),
	C(fstat),
	C(stat),
	C(lstat),
	C(newfstatat),
	C(statx),
	C(lseek),
	C(getdents64),
	C(readlink),
	C(readlinkat),
	C(access),
	C(faccessat),
	C(faccessat2),
	C(ftruncate),
	C(getcwd),
	C(mmap),
	C(mprotect),
	C(munmap),
	C(mremap),
	C(madvise),
	C(brk),
	C(rt_sigaction),
	C(rt_sigprocmask),
	C(rt_sigreturn),
	C(rt_sigpending),
	C(rt_sigtimedwait),
	C(rt_sigsuspend),
	C(rt_sigqueueinfo),
	C(sigaltstack),
	C(futex),
	C(exit),
	C(exit_group),
	C(wait4),
	C(waitid),
	C(getpid),
	C(getppid),
	C(getuid),
	C(geteuid),
	C(getgid),
	C(getegid),
	C(getgroups),
	C(getpgrp),
	C(getpgid),
	C(getsid),
	C(gettid),
	C(getresuid),
	C(getresgid),
	C(clock_gettime),
	C(clock_getres),
	C(clock_nanosleep),
	C(nanosleep),
	C(gettimeofday),
	C(time),
	C(getrandom),
	C(getrusage),
	C(getrlimit),
	C(times),
	C(rseq),
	C(set_robust_list),
	C(set_tid_address),
	C(arch_prctl),
	C(sched_yield),
	C(sched_getaffinity),
	C(sysinfo),
	C(uname),
	C(pipe2),
	C(pipe),
	C(dup),
	C(dup2),
	C(dup3),
	C(poll),
	C(ppoll),
	C(select),
	C(pselect6),
	C(eventfd2),
	C(eventfd),
	C(kill),
	C(tgkill),
	C(membarrier),
	C(pause),
	C(restart_syscall),
	C(alarm),
	C(setitimer),
	C(getitimer),
	C(close_range),
	C(umask),
	END,
};

static const int socket_calls[] = {
	C(connect),         C(accept4),         C(accept),        C(bind),
	C(listen),          C(sendto),          C(recvfrom),      C(sendmsg),
	C(recvmsg),         C(sendmmsg),        C(recvmmsg),      C(shutdown),
	C(getsockname),     C(getpeername),     C(getsockopt),    C(setsockopt),
	C(socketpair),      C(epoll_create),    C(epoll_create1), C(epoll_ctl),
	C(epoll_wait),      C(epoll_pwait),     C(epoll_pwait2),  C(timerfd_create),
	C(timerfd_settime), C(timerfd_gettime), C(timer_create),  C(timer_settime),
	C(timer_gettime),   C(timer_delete),    C(signalfd4),     C(signalfd),
	C(memfd_create),    C(sendfile),        C(splice),        END,
};

/* Check, in the examiner, makes a temporary file and removes it. */
static const int examiner_calls[] = { C(unlink), END };

/* A server of processes: fork comes as a rule with arguments, below. */
static const int lab1_calls[] = {
	C(fork),   C(vfork),    C(setpgid), C(setsid), C(pidfd_open), C(pidfd_send_signal),
	C(unlink), C(unlinkat), C(link),    C(linkat), C(flock),      END,
};

static const int compile_calls[] = {
	C(fork),        C(vfork),     C(clone3),    C(execve),  C(chmod),     C(fchmod),
	C(fchmodat),    C(unlink),    C(unlinkat),  C(rename),  C(renameat),  C(renameat2),
	C(mkdir),       C(rmdir),     C(utimensat), C(chdir),   C(fadvise64), C(copy_file_range),
	C(getpriority), C(setrlimit), C(statfs),    C(fstatfs), C(truncate),  C(vfork),
	C(fchown),      C(creat),     END,
};

static const int tool_calls[] = { C(fadvise64), C(statfs), C(fstatfs), END };

static const int init_calls[] = {
	C(read),   C(write), C(sendmsg),    C(recvmsg),         C(wait4),
	C(waitid), C(poll),  C(ppoll),      C(rt_sigprocmask),  C(rt_sigreturn),
	C(close),  C(exit),  C(exit_group), C(restart_syscall), END,
};

/* Nobody asks for these by accident: the task dies at once, whichever of the submission's it is. */
static const int never_calls[] = {
	C(ptrace),
	C(process_vm_readv),
	C(process_vm_writev),
	C(mount),
	C(umount2),
	C(pivot_root),
	C(fsopen),
	C(fsmount),
	C(move_mount),
	C(open_tree),
	C(mount_setattr),
	C(chroot),
	C(unshare),
	C(setns),
	C(bpf),
	C(keyctl),
	C(add_key),
	C(request_key),
	C(kexec_load),
	C(kexec_file_load),
	C(init_module),
	C(finit_module),
	C(delete_module),
	C(userfaultfd),
	C(perf_event_open),
	C(open_by_handle_at),
	C(fanotify_init),
	C(quotactl),
	C(swapon),
	C(reboot),
	C(iopl),
	C(ioperm),
	C(process_madvise),
	C(pidfd_getfd),
	C(kcmp),
	END,
};

static const int *const policy_calls[POLICY_COUNT][3] = {
	[BOX_POLICY_COMPILE] = { base_calls, compile_calls },
	[BOX_POLICY_TOOL] = { base_calls, tool_calls },
	[BOX_POLICY_EXAMINER] = { base_calls, socket_calls, examiner_calls },
	[BOX_POLICY_LAB1] = { base_calls, socket_calls, lab1_calls },
	[POLICY_INIT] = { init_calls },
};

static struct sock_fprog filters[POLICY_COUNT]; /* written once by policy_prepare */

static void check(int status)
{
	if (status < 0)
		die_errno(-status, "libseccomp refused a rule");
}

static void allow_list(scmp_filter_ctx filter, const int *calls, uint32_t action)
{
	for (; *calls != END; calls++)
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
	allow_list(filter, never_calls, SCMP_ACT_KILL_PROCESS);
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
