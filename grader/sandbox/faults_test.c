/* Whatever fails while a box is built, no program ever runs in half a box: each system call that
 * init and main make before exec is made to fail, one a run. Then either the set-up is said to have
 * failed, or the program ran and found every layer in its place. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox/job.h"

TCase *faults_test(void);

enum {
	CALLS_MAX = 2000,
	TASKS = 8,
	BOX_STOPPED = 124, /* build/box: by a limit */
	BOX_NOT_STARTED = 125,
	SYSCALL_STOP = SIGTRAP | 0x80,
	PATIENCE_S = 2,
};

struct run {
	long fail;     /* the call to fail, counted from 1; 0: none   */
	long calls;    /* made by init and main until the program runs */
	pid_t box;     /* build/box itself: its calls are not counted */
	bool executed; /* the program runs                            */
	long failed_call;
	struct {
		pid_t pid;
		bool inside, fails;
	} tasks[TASKS];
};

static size_t task_of(struct run *run, pid_t pid)
{
	for (size_t i = 0; i < TASKS; i++)
		if (run->tasks[i].pid == pid || run->tasks[i].pid == 0) {
			run->tasks[i].pid = pid;
			return i;
		}
	ck_abort_msg("too many tasks");
	return 0;
}

/* At the entry the call is replaced by a harmless one, at the exit its result by an error. */
static void at_call(struct run *run, pid_t pid)
{
	const size_t i = task_of(run, pid);
	struct user_regs_struct registers;
	run->tasks[i].inside = !run->tasks[i].inside;
	if (pid == run->box || run->executed || ptrace(PTRACE_GETREGS, pid, NULL, &registers) < 0)
		return;
	if (run->tasks[i].inside) {
		run->tasks[i].fails = ++run->calls == run->fail;
		if (!run->tasks[i].fails)
			return;
		run->failed_call = (long)registers.orig_rax;
		registers.orig_rax = SYS_getpid; /* which every filter allows */
	} else if (run->tasks[i].fails) {
		run->tasks[i].fails = false;
		registers.rax = (unsigned long long)-EPERM;
	} else {
		return;
	}
	(void)ptrace(PTRACE_SETREGS, pid, NULL, &registers);
}

static void resume(struct run *run, pid_t pid, int status)
{
	const int stop = WSTOPSIG(status), event = status >> 16;
	int signo = 0;
	if (stop == SYSCALL_STOP)
		at_call(run, pid);
	else if (event == PTRACE_EVENT_EXEC)
		run->executed = run->executed || pid != run->box;
	else if (event == 0 && stop != SIGSTOP)
		signo = stop;
	(void)ptrace(PTRACE_SYSCALL, pid, NULL, (void *)(long)signo);
}

/* The three ways to start a box: without a job, in one, and in one with main held for a tracer. */
enum way { ALONE, IN_JOB, HELD, WAYS };

static int run_in_job(bool held)
{
	static const char *const argv[] = { "/bin/probe", "layers", NULL };
	const int probe = open("build/test/box_probe", O_RDONLY | O_CLOEXEC);
	const struct box_file files[] = { { .path = "/bin/probe", .fd = probe, .mode = 0555 },
					  { .path = NULL } };
	const struct box_spec spec = {
		.policy = BOX_POLICY_LAB1, .argv = argv, .files = files, .input = -1, .tmp = true
	};
	struct box_fault fault;
	struct job job;
	struct box box;
	if (job_open(&job, &spec, 1, &fault) != 0)
		return BOX_NOT_STARTED;
	bool good = job_start(&job, 0, held, NULL, 0, &box, &fault) == 0;
	if (good)
		box_go(&box);
	while (good && !box.ended) {
		struct pollfd polls[] = { { .fd = box.control, .events = POLLIN },
					  { .fd = box.guard.listener, .events = POLLIN } };
		good = poll(polls, 2, -1) > 0 && (polls[1].revents == 0 || !box_guard(&box)) &&
		       box_read(&box, false, &fault) <= BOX_EVENT_ENDED;
	}
	box_destroy(&box);
	job_close(&job);
	return !good                        ? BOX_NOT_STARTED
	       : WIFEXITED(box.wait_status) ? WEXITSTATUS(box.wait_status)
					    : -1;
}

static _Noreturn void start(enum way way)
{
	(void)dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), STDERR_FILENO);
	(void)ptrace(PTRACE_TRACEME, 0, NULL, NULL);
	if (way == ALONE) {
		(void)execl("build/box", "build/box", "--tmp", "--wall=2000",
			    "build/test/box_probe", "layers", (char *)NULL);
		_exit(1);
	}
	(void)raise(SIGSTOP);
	(void)signal(SIGALRM, SIG_DFL);
	(void)alarm(PATIENCE_S); /* a message that is not sent is waited for */
	_exit(run_in_job(way == HELD));
}

/* Starts a box under a tracer that makes one call fail. Returns the exit status. */
static int run_box(struct run *run, enum way way)
{
	const long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
			     PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL;
	run->box = fork();
	if (run->box == 0)
		start(way);
	int status;
	ck_assert_int_eq(waitpid(run->box, &status, 0), run->box);
	ck_assert(WIFSTOPPED(status));
	ck_assert_int_eq(ptrace(PTRACE_SETOPTIONS, run->box, NULL, (void *)options), 0);
	(void)ptrace(PTRACE_SYSCALL, run->box, NULL, NULL);
	for (pid_t pid; (pid = waitpid(-1, &status, __WALL)) > 0;) {
		if (WIFSTOPPED(status))
			resume(run, pid, status);
		else if (pid == run->box)
			return WIFEXITED(status)             ? WEXITSTATUS(status)
			       : WTERMSIG(status) == SIGALRM ? BOX_STOPPED
							     : -1;
	}
	return -1;
}

START_TEST(no_program_runs_in_half_a_box)
{
	struct run whole = { 0 };
	ck_assert_int_eq(run_box(&whole, (enum way)_i), 0);
	ck_assert(whole.executed);
	ck_assert_int_gt(whole.calls, 100);
	long refused = 0;
	for (long fail = 1; fail <= whole.calls; fail++) {
		struct run run = { .fail = fail };
		const int status = run_box(&run, (enum way)_i);
		ck_assert_msg(status == 0 || status == BOX_NOT_STARTED || status == BOX_STOPPED,
			      "call %ld of the set-up (number %ld) failed, and the program ran: %d",
			      fail, run.failed_call, status);
		refused += status != 0;
	}
	/* Most calls matter. Those that may fail are signal(), umask() and the like. */
	ck_assert_int_gt(refused * 2, whole.calls);
}
END_TEST

TCase *faults_test(void)
{
	TCase *tcase = tcase_create("faults");
	tcase_set_timeout(tcase, 300);
	tcase_add_loop_test(tcase, no_program_runs_in_half_a_box, 0, WAYS);
	return tcase;
}
