/* The filter refuses what is on its list, kills what uses another table of calls, and lets the rest
 * through. */
#include <check.h>
#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "machine_guest.h"

TCase *machine_filter_test(void);

enum { X32_GETPID = 0x40000000 | SYS_getpid };

/* The wait status of a child that loads the filter and makes a call: it exits with the call's
 * errno. */
static int call_filtered(long number)
{
	pid_t pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || filter_load() != 0)
			_exit(255);
		_exit(syscall(number, 0, 0, 0, 0) < 0 ? errno : 0);
	}
	int status = 0;
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	return status;
}

static void expect_exit(long number, int wanted)
{
	int status = call_filtered(number);
	ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == wanted,
		      "call %ld: wanted errno %d, got wait status %#x", number, wanted, status);
}

START_TEST(what_is_listed_is_refused_whatever_its_place)
{
	expect_exit(SYS_ptrace, EPERM); /* the first */
	expect_exit(SYS_socket, EPERM);
	expect_exit(SYS_userfaultfd, EPERM);
	expect_exit(SYS_execveat, EPERM); /* the last */
}
END_TEST

START_TEST(the_rest_is_let_through)
{
	expect_exit(SYS_getpid, 0);
	expect_exit(SYS_read, 0);
	expect_exit(SYS_sched_yield, 0);
}
END_TEST

START_TEST(calls_of_another_table_kill)
{
	int status = call_filtered(X32_GETPID);
	ck_assert_msg(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS,
		      "a call of the x32 table: wanted SIGSYS, got wait status %#x", status);
}
END_TEST

TCase *machine_filter_test(void)
{
	TCase *tests = tcase_create("machine_filter");
	tcase_add_test(tests, what_is_listed_is_refused_whatever_its_place);
	tcase_add_test(tests, the_rest_is_let_through);
	tcase_add_test(tests, calls_of_another_table_kill);
	return tests;
}
