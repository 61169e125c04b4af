/* The calls of each policy, and of each profile on top of it. The lists are those that the learn
 * tool and the contracts of the labs gave. */
#include "sandbox/policy_calls.h"

#include <seccomp.h>

#define C(name) SCMP_SYS(name)

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
	C(sendmsg), /* program.c hands the listener over by it */
	POLICY_END,
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
	C(memfd_create),    C(sendfile),        C(splice),        POLICY_END,
};

/* Check, in the examiner, makes a temporary file and removes it. */
static const int examiner_calls[] = { C(unlink), POLICY_END };

/* How the player, our half of a subject, speaks with the examiner, in labs without sockets too. */
static const int player_calls[] = { C(sendmmsg), C(recvmmsg), C(recvmsg), POLICY_END };

/* A server of processes: fork comes as a rule with arguments. Links and locks are on its own
 * memory files, which no inode shares with anybody. */
static const int lab1_calls[] = {
	C(setpgid), C(setsid), C(pidfd_open), C(pidfd_send_signal), C(unlink), C(unlinkat),
	C(link),    C(linkat), C(flock),      POLICY_END,
};

static const int lab4_calls[] = { C(mincore), POLICY_END };

/* io_uring_setup is missing on purpose: what no rule allows goes to the broker. */
static const int ring_calls[] = { C(io_uring_enter), C(mincore), POLICY_END };

static const int compile_calls[] = {
	C(chmod),     C(fchmod),          C(fchmodat),    C(unlink),    C(unlinkat),  C(rename),
	C(renameat),  C(renameat2),       C(mkdir),       C(rmdir),     C(utimensat), C(chdir),
	C(fadvise64), C(copy_file_range), C(getpriority), C(setrlimit), C(statfs),    C(fstatfs),
	C(truncate),  C(fchown),          C(creat),       POLICY_END,
};

static const int tool_calls[] = { C(fadvise64), C(statfs), C(fstatfs), POLICY_END };

static const int valgrind_calls[] = { C(unlink), C(chmod), C(fchmod), POLICY_END };
static const int check_calls[] = { C(timer_create), C(timer_settime), C(timer_gettime),
				   C(timer_delete), C(setpgid),       C(unlink),
				   POLICY_END };

/* Nobody asks for these by accident: the box ends at once, whichever of its tasks it was. */
const int policy_never[] = {
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
	POLICY_END,
};

const struct policy_source policy_sources[BOX_POLICY_COUNT] = {
	[BOX_POLICY_COMPILE] = { .lists = { base_calls, compile_calls },
				 .children = true,
				 .exec = true,
				 .writable_code = true },
	[BOX_POLICY_TOOL] = { .lists = { base_calls, tool_calls } },
	[BOX_POLICY_EXAMINER] = { .lists = { base_calls, socket_calls, examiner_calls },
				  .sockets = true },
	[BOX_POLICY_LAB1] = { .lists = { base_calls, socket_calls, lab1_calls },
			      .sockets = true,
			      .children = true,
			      .locks = true },
	[BOX_POLICY_LAB2] = { .lists = { base_calls, socket_calls }, .sockets = true },
	[BOX_POLICY_LAB3] = { .lists = { base_calls, player_calls } },
	[BOX_POLICY_LAB4] = { .lists = { base_calls, player_calls, lab4_calls } },
	[BOX_POLICY_LAB5] = { .lists = { base_calls, socket_calls, ring_calls },
			      .sockets = true,
			      .rings = true },
	[BOX_POLICY_LAB6] = { .lists = { base_calls, socket_calls, ring_calls },
			      .sockets = true,
			      .rings = true },
};

const struct profile_source profile_sources[BOX_PROFILE_COUNT] = {
	[BOX_PROFILE_VALGRIND] = { .allowed = valgrind_calls, .exec = true, .writable_code = true },
	[BOX_PROFILE_CHECK] = { .allowed = check_calls, .children = true },
};
