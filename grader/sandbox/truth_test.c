/* A truth table of the filters: what they decide, by a small interpreter of classic BPF, against
 * what the tables and the comments of policy_build.c promise. Source: seccomp(2), the kernel's
 * document on socket filters. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "sandbox/policy_build.h"
#include "sandbox/policy_calls.h"

TCase *truth_test(void);

enum { CALLS = 470, X32 = 0x40000000, STEPS_MAX = 5000 };

#define HIGH 0xdeadbeef00000000ull /* what the kernel does not look at in an int */

/* The instructions that libseccomp makes; any other fails the test. */
static uint32_t decide(const struct sock_fprog *program, const struct seccomp_data *data)
{
	uint32_t accumulator = 0;
	for (unsigned pc = 0, steps = 0; pc < program->len && steps < STEPS_MAX; pc++, steps++) {
		const struct sock_filter *it = &program->filter[pc];
		bool jump;
		switch (it->code) {
		case BPF_LD | BPF_W | BPF_ABS:
			ck_assert_uint_le(it->k, sizeof *data - sizeof accumulator);
			memcpy(&accumulator, (const char *)data + it->k, sizeof accumulator);
			continue;
		case BPF_ALU | BPF_AND | BPF_K:
			accumulator &= it->k;
			continue;
		case BPF_JMP | BPF_JA:
			pc += it->k;
			continue;
		case BPF_RET | BPF_K:
			return it->k;
		case BPF_JMP | BPF_JEQ | BPF_K:
			jump = accumulator == it->k;
			break;
		case BPF_JMP | BPF_JGE | BPF_K:
			jump = accumulator >= it->k;
			break;
		case BPF_JMP | BPF_JGT | BPF_K:
			jump = accumulator > it->k;
			break;
		case BPF_JMP | BPF_JSET | BPF_K:
			jump = (accumulator & it->k) != 0;
			break;
		default:
			ck_abort_msg("instruction 0x%x", it->code);
			return 0;
		}
		pc += jump ? it->jt : it->jf;
	}
	ck_abort_msg("the filter does not end");
	return 0;
}

static uint32_t ask(int policy, int profile, int call, const uint64_t arguments[6])
{
	struct seccomp_data data = { .nr = call, .arch = AUDIT_ARCH_X86_64 };
	memcpy(data.args, arguments, sizeof data.args);
	return decide(&policy_filter(policy, profile)->program, &data);
}

static bool listed(const int *list, int call)
{
	for (; list != NULL && *list != POLICY_END; list++)
		if (*list == call)
			return true;
	return false;
}

static bool always_allowed(int policy, int profile, int call)
{
	const struct policy_source *source = &policy_sources[policy];
	for (size_t i = 0; i < POLICY_LISTS; i++)
		if (listed(source->lists[i], call))
			return true;
	return listed(profile_sources[profile].allowed, call);
}

/* Those about which policy_build.c says more. */
static bool by_arguments(int call)
{
	static const int calls[] = { SYS_prlimit64,      SYS_fcntl,    SYS_ioctl,
				     SYS_prctl,          SYS_getxattr, SYS_execve,
				     SYS_execveat,       SYS_mmap,     SYS_mprotect,
				     SYS_clone,          SYS_clone3,   SYS_fork,
				     SYS_vfork,          SYS_socket,   SYS_io_uring_register,
				     SYS_io_uring_setup, POLICY_END };
	return listed(calls, call);
}

START_TEST(every_call_is_allowed_or_told)
{
	const int policy = _i / BOX_PROFILE_COUNT, profile = _i % BOX_PROFILE_COUNT;
	static const uint64_t arguments[][6] = { { 0 }, { HIGH, HIGH, HIGH, HIGH, HIGH, HIGH } };
	if (!policy_exists(policy, profile))
		return;
	for (int call = 0; call < CALLS; call++) {
		for (size_t i = 0; i < 2 && !by_arguments(call); i++)
			ck_assert_msg(ask(policy, profile, call, arguments[i]) ==
					      (always_allowed(policy, profile, call)
						       ? SECCOMP_RET_ALLOW
						       : SECCOMP_RET_USER_NOTIF),
				      "call %d", call);
		ck_assert_msg(!policy_is_never(call) || !always_allowed(policy, profile, call),
			      "call %d is allowed and never", call);
		ck_assert_uint_eq(ask(policy, profile, call | X32, arguments[0]),
				  SECCOMP_RET_KILL_PROCESS);
	}
}
END_TEST

START_TEST(foreign_architectures_are_killed)
{
	static const uint32_t foreign[] = { AUDIT_ARCH_I386, AUDIT_ARCH_AARCH64, 0, ~0u };
	for (int policy = 0; policy < BOX_POLICY_COUNT; policy++)
		for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++)
			for (int call = 0; call < CALLS; call++) {
				const struct seccomp_data data = { .nr = call, .arch = foreign[i] };
				ck_assert_uint_eq(decide(&policy_filter(policy, 0)->program, &data),
						  SECCOMP_RET_KILL_PROCESS);
			}
}
END_TEST

enum { ALLOW, TOLD, ENOSYS_, ENOTTY_ };

/* A question and its answer in the policies lab1, lab3 and lab5, and in compile. */
static const struct {
	int call;
	uint64_t arguments[6];
	int lab1, lab3, lab5, compile;
} rows[] = {
	{ SYS_socket, { AF_INET | HIGH, SOCK_STREAM | SOCK_CLOEXEC }, ALLOW, TOLD, ALLOW, TOLD },
	{ SYS_socket, { AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | HIGH }, ALLOW, TOLD, ALLOW, TOLD },
	{ SYS_socket, { AF_INET6, SOCK_STREAM }, ALLOW, TOLD, ALLOW, TOLD },
	{ SYS_socket, { AF_INET, SOCK_DGRAM }, TOLD, TOLD, TOLD, TOLD },
	{ SYS_socket, { AF_INET, SOCK_RAW }, TOLD, TOLD, TOLD, TOLD },
	{ SYS_socket, { AF_NETLINK, SOCK_RAW }, TOLD, TOLD, TOLD, TOLD },
	{ SYS_socket, { AF_VSOCK, SOCK_STREAM }, TOLD, TOLD, TOLD, TOLD },
	{ SYS_socket, { AF_VSOCK | HIGH, SOCK_STREAM }, TOLD, TOLD, TOLD, TOLD },
	{ SYS_socket, { AF_PACKET, SOCK_STREAM }, TOLD, TOLD, TOLD, TOLD },
	{ SYS_socket, { AF_ALG, SOCK_STREAM }, TOLD, TOLD, TOLD, TOLD },
	{ SYS_clone, { CLONE_VM | CLONE_THREAD | CLONE_SIGHAND }, ALLOW, ALLOW, ALLOW, ALLOW },
	{ SYS_clone, { SIGCHLD }, ALLOW, TOLD, TOLD, ALLOW },
	{ SYS_clone, { CLONE_NEWUSER | SIGCHLD }, TOLD, TOLD, TOLD, TOLD },
	{ SYS_clone, { CLONE_NEWNET | CLONE_VM | CLONE_THREAD }, TOLD, TOLD, TOLD, TOLD },
	{ SYS_clone, { CLONE_NEWNS | HIGH }, TOLD, TOLD, TOLD, TOLD },
	{ SYS_clone, { CLONE_NEWPID }, TOLD, TOLD, TOLD, TOLD },
	{ SYS_clone3, { 0 }, ENOSYS_, ENOSYS_, ENOSYS_, ENOSYS_ },
	{ SYS_fork, { 0 }, ALLOW, TOLD, TOLD, ALLOW },
	{ SYS_vfork, { 0 }, ALLOW, TOLD, TOLD, ALLOW },
	{ SYS_execve, { 0 }, TOLD, TOLD, TOLD, ALLOW },
	{ SYS_execveat, { POLICY_EXEC_FD, 0, 0, 0, AT_EMPTY_PATH }, ALLOW, ALLOW, ALLOW, ALLOW },
	{ SYS_execveat,
	  { POLICY_EXEC_FD | HIGH, 0, 0, 0, AT_EMPTY_PATH },
	  ALLOW,
	  ALLOW,
	  ALLOW,
	  ALLOW },
	{ SYS_execveat, { POLICY_EXEC_FD }, TOLD, TOLD, TOLD, TOLD },
	{ SYS_execveat, { 5, 0, 0, 0, AT_EMPTY_PATH }, TOLD, TOLD, TOLD, TOLD },
	{ SYS_mmap, { 0, 0, PROT_READ | PROT_WRITE }, ALLOW, ALLOW, ALLOW, ALLOW },
	{ SYS_mmap, { 0, 0, PROT_READ | PROT_EXEC }, ALLOW, ALLOW, ALLOW, ALLOW },
	{ SYS_mmap, { 0, 0, PROT_WRITE | PROT_EXEC | HIGH }, TOLD, TOLD, TOLD, ALLOW },
	{ SYS_mprotect, { 0, 0, PROT_READ | PROT_WRITE | PROT_EXEC }, TOLD, TOLD, TOLD, ALLOW },
	{ SYS_prctl, { PR_SET_NAME }, ALLOW, ALLOW, ALLOW, ALLOW },
	{ SYS_prctl, { PR_SET_DUMPABLE }, TOLD, TOLD, TOLD, TOLD },
	{ SYS_prctl, { PR_SET_MM }, TOLD, TOLD, TOLD, TOLD },
	{ SYS_prctl, { PR_SET_TSC }, TOLD, TOLD, TOLD, TOLD },
	{ SYS_prctl, { PR_SET_SECCOMP }, TOLD, TOLD, TOLD, TOLD },
	{ SYS_prctl, { PR_SET_CHILD_SUBREAPER }, ALLOW, TOLD, TOLD, ALLOW },
	{ SYS_ioctl, { 0, FIONREAD }, ALLOW, ALLOW, ALLOW, ALLOW },
	{ SYS_ioctl, { 0, TCGETS }, ENOTTY_, ENOTTY_, ENOTTY_, ENOTTY_ },
	{ SYS_ioctl, { 0, TIOCSTI }, TOLD, TOLD, TOLD, TOLD },
	{ SYS_ioctl, { 0, TIOCSTI | HIGH }, TOLD, TOLD, TOLD, TOLD },
	{ SYS_fcntl, { 0, F_SETFL }, ALLOW, ALLOW, ALLOW, ALLOW },
	{ SYS_fcntl, { 0, F_SETLK }, ALLOW, TOLD, TOLD, TOLD },
	{ SYS_fcntl, { 0, F_SETLEASE }, TOLD, TOLD, TOLD, TOLD },
	{ SYS_fcntl, { 0, F_NOTIFY }, TOLD, TOLD, TOLD, TOLD },
	{ SYS_prlimit64, { 0 }, ALLOW, ALLOW, ALLOW, ALLOW },
	{ SYS_prlimit64, { HIGH }, ALLOW, ALLOW, ALLOW, ALLOW },
	{ SYS_prlimit64, { 1 }, TOLD, TOLD, TOLD, TOLD },
	{ SYS_io_uring_setup, { 8 }, ENOSYS_, ENOSYS_, TOLD, ENOSYS_ },
	{ SYS_io_uring_enter, { 3 }, TOLD, TOLD, ALLOW, TOLD },
	{ SYS_io_uring_register, { 3, 0 }, TOLD, TOLD, ALLOW, TOLD },
	{ SYS_io_uring_register, { 3, 9 }, TOLD, TOLD, TOLD, TOLD },  /* personality */
	{ SYS_io_uring_register, { 3, 11 }, TOLD, TOLD, TOLD, TOLD }, /* restrictions */
	{ SYS_ptrace, { 0 }, TOLD, TOLD, TOLD, TOLD },
	{ SYS_process_vm_writev, { 0 }, TOLD, TOLD, TOLD, TOLD },
	{ SYS_mount, { 0 }, TOLD, TOLD, TOLD, TOLD },
	{ SYS_seccomp, { 0 }, TOLD, TOLD, TOLD, TOLD },
};

START_TEST(arguments_decide)
{
	static const uint32_t answers[] = { SECCOMP_RET_ALLOW, SECCOMP_RET_USER_NOTIF,
					    SECCOMP_RET_ERRNO | ENOSYS,
					    SECCOMP_RET_ERRNO | ENOTTY };
	const int policies[] = { BOX_POLICY_LAB1, BOX_POLICY_LAB3, BOX_POLICY_LAB5,
				 BOX_POLICY_COMPILE };
	const int expected[] = { rows[_i].lab1, rows[_i].lab3, rows[_i].lab5, rows[_i].compile };
	for (size_t i = 0; i < 4; i++)
		ck_assert_msg(
			ask(policies[i], BOX_PROFILE_PLAIN, rows[_i].call, rows[_i].arguments) ==
				answers[expected[i]],
			"row %d (call %d), policy %s: 0x%x", _i, rows[_i].call,
			box_policy_name((enum box_policy)policies[i]),
			ask(policies[i], BOX_PROFILE_PLAIN, rows[_i].call, rows[_i].arguments));
}
END_TEST

/* The boxes of a job share its IPC namespace: nothing in one may make an object there. */
START_TEST(objects_of_ipc_are_out_of_reach)
{
	static const int calls[] = { SYS_shmget,    SYS_shmat,  SYS_shmctl,  SYS_semget,
				     SYS_semop,     SYS_semctl, SYS_msgget,  SYS_msgsnd,
				     SYS_msgrcv,    SYS_msgctl, SYS_mq_open, SYS_mq_unlink,
				     SYS_semtimedop };
	const int policy = _i / BOX_PROFILE_COUNT, profile = _i % BOX_PROFILE_COUNT;
	const uint64_t arguments[6] = { 0 };
	if (!policy_exists(policy, profile))
		return;
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
		ck_assert_uint_eq(ask(policy, profile, calls[i], arguments),
				  SECCOMP_RET_USER_NOTIF);
}
END_TEST

TCase *truth_test(void)
{
	TCase *tcase = tcase_create("truth");
	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, every_call_is_allowed_or_told, 0,
			    BOX_POLICY_COUNT * BOX_PROFILE_COUNT);
	tcase_add_test(tcase, foreign_architectures_are_killed);
	tcase_add_loop_test(tcase, objects_of_ipc_are_out_of_reach, 0,
			    BOX_POLICY_COUNT * BOX_PROFILE_COUNT);
	tcase_add_loop_test(tcase, arguments_decide, 0, sizeof rows / sizeof *rows);
	return tcase;
}
