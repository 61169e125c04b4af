/* The records as the runner gets them: a child plays the examiner, with descriptor 3 as it should
 * be. */
#include "evidence.h"

#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runner.h"

TCase *evidence_test(void);

static int socket_of_runner;

/* Runs the examiner in a child; what it sends is then read from socket_of_runner. */
static int run(void (*examiner)(void), const char *reply)
{
	int end[2], status;

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, end), 0);
	if (reply)
		ck_assert_int_gt(send(end[0], reply, strlen(reply), 0), 0);
	pid_t pid = fork();
	if (pid == 0) {
		(void)dup2(end[1], EVIDENCE_FD);
		examiner();
		_exit(0);
	}
	(void)close(end[1]);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	socket_of_runner = end[0];
	return WEXITSTATUS(status);
}

static void expect(const char *text)
{
	char got[2048] = "";

	(void)recv(socket_of_runner, got, sizeof(got) - 1, 0);
	ck_assert_str_eq(got, text);
}

static void hold_twice(void)
{
	evidence_begin("L1.A.1", "nat", "1f");
	LAW(true, "some-law", "never %s", "written");
	LAW(true, "some-law", "again");
	EVIDENCE("requests", 2);
	EVIDENCE("requests", 3);
	evidence_end();
}

START_TEST(laws_that_hold_are_written_once)
{
	ck_assert_int_eq(run(hold_twice, NULL), 0);
	expect("{\"rec\":\"begin\",\"test\":\"L1.A.1\",\"build\":\"nat\",\"seed\":\"1f\"}");
	expect("{\"rec\":\"law\",\"name\":\"some-law\",\"held\":true}");
	expect("{\"rec\":\"end\",\"evidence\":{\"requests\":5}}");
}
END_TEST

static void fail_ourselves(void)
{
	fault("cannot %s", "bind");
}

START_TEST(faults_end_the_examiner)
{
	ck_assert_int_eq(run(fail_ourselves, NULL), 3);
	expect("{\"rec\":\"fault\",\"why\":\"cannot bind\"}");
}
END_TEST

static void ask_pulse(void)
{
	struct pulse p = runner_pulse();

	if (!p.quiet || p.switches != 7)
		_exit(1);
}

START_TEST(questions_are_answered)
{
	ck_assert_int_eq(run(ask_pulse, "{\"ok\":true,\"quiet\":true,\"ended\":false,"
					"\"switches\":7,\"wakeups\":5,\"cpu_us\":1,\"tasks\":1}"),
			 0);
	expect("{\"ask\":\"quiet\"}");
}
END_TEST

START_TEST(refusals_and_garbage_are_faults)
{
	ck_assert_int_eq(run(ask_pulse, "{\"ok\":false,\"why\":\"no subject\"}"), 3);
	expect("{\"ask\":\"quiet\"}");
	expect("{\"rec\":\"fault\",\"why\":\"the runner refused {\\\"ask\\\":\\\"quiet\\\"}: no "
	       "subject\"}");
	ck_assert_int_eq(run(ask_pulse, "nonsense"), 3);
	ck_assert_int_eq(run(ask_pulse, "{\"ok\":true}"), 3);
}
END_TEST

TCase *evidence_test(void)
{
	TCase *tc = tcase_create("evidence");

	tcase_add_test(tc, laws_that_hold_are_written_once);
	tcase_add_test(tc, faults_end_the_examiner);
	tcase_add_test(tc, questions_are_answered);
	tcase_add_test(tc, refusals_and_garbage_are_faults);
	return tc;
}
