/* A box of an ordinary user, whose init and program have one uid: the layers hold, and what the
 * caller does with signals is nothing that the program could call in init. */
#include <check.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox/job.h"
#include "sandbox/procfs.h"

TCase *user_test(void);

enum { USER = 4711, WALL_MS = 20000, INHERITED = 99 };

static void handler(int signo)
{
	(void)signo;
	_exit(INHERITED);
}

/* 0 if the probe says that all layers hold. */
static int run_layers(int probe)
{
	static const char *const argv[] = { "/bin/probe", "layers", NULL };
	const struct box_file files[] = { { .path = "/bin/probe", .fd = probe, .mode = 0555 },
					  { .path = NULL } };
	const struct box_spec spec = { .policy = BOX_POLICY_LAB1,
				       .argv = argv,
				       .files = files,
				       .input = -1,
				       .tmp = true,
				       .limits = { .wall_ms = WALL_MS } };
	struct box_result result;
	box_run(&spec, &result);
	if (result.status == BOX_SETUP_FAILED)
		(void)fprintf(stderr, "cannot %s: error %d\n", result.step, result.error);
	const int code = result.status == BOX_EXITED ? result.code : 1;
	box_result_fini(&result);
	return code;
}

START_TEST(the_layers_hold_for_a_user_whose_grader_handles_signals)
{
	const int probe = open("build/test/box_probe", O_RDONLY | O_CLOEXEC);
	ck_assert_int_ge(probe, 0);
	const pid_t user = fork();
	if (user == 0) {
		(void)signal(SIGTERM, handler);
		/* Who changes its uid cannot be looked into, and then it cannot write maps. */
		if (geteuid() == 0 &&
		    (setgid(USER) < 0 || setuid(USER) < 0 || prctl(PR_SET_DUMPABLE, 1) < 0))
			_exit(2);
		_exit(run_layers(probe));
	}
	int status = -1;
	ck_assert_int_eq(waitpid(user, &status, 0), user);
	ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "wait status %#x", status);
	(void)close(probe);
}
END_TEST

/* Landlock keeps signals from init too, but from ABI 6 on only: this holds everywhere. */
START_TEST(init_has_no_handler_of_its_caller)
{
	static const char *const argv[] = { "/bin/nothing", NULL };
	const struct box_spec spec = { .policy = BOX_POLICY_LAB1, .argv = argv, .input = -1 };
	struct job job;
	struct box box;
	struct box_fault fault = { .error = 0 };
	char status[4096];
	const bool alone = _i == 0;
	(void)signal(SIGTERM, handler);
	if (alone)
		job_open_alone(&job, &spec);
	else
		ck_assert_int_eq(job_open(&job, &spec, 1, &fault), 0);
	/* There is no program: init would be gone, and reaped by the job, before we look. */
	(void)job_start(&job, 0, !alone, NULL, 0, &box, &fault);
	ck_assert_int_gt(box.init, 0);
	ck_assert(proc_read(box.init, "status", status, sizeof status));
	ck_assert_ptr_nonnull(strstr(status, "\nSigCgt:"));
	ck_assert_uint_eq(proc_number(status, "\nSigCgt:", 16), 0);
	box_destroy(&box);
	job_close(&job);
}
END_TEST

TCase *user_test(void)
{
	TCase *tests = tcase_create("user");
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, the_layers_hold_for_a_user_whose_grader_handles_signals);
	tcase_add_loop_test(tests, init_has_no_handler_of_its_caller, 0, 2);
	return tests;
}
