/* naive_suite.c - the tests of an ordinary autograder: a Check program, linked with the submission
 * and run as one process tree with it. It is what others do, not what this project does; see
 * naive.sh. */
#include <arpa/inet.h>
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "1-fork-server/fork_server.h"

static uint16_t port_of(int fd)
{
	struct sockaddr_in at = { 0 };
	socklen_t size = sizeof at;
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&at, &size), 0);
	return ntohs(at.sin_port);
}

static int connect_to(uint16_t port)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons(port),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	ck_assert_int_eq(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
	return fd;
}

START_TEST(listens)
{
	int fd = net_listen("127.0.0.1", 0, 16);
	ck_assert_int_ge(fd, 0);
	(void)close(connect_to(port_of(fd)));
}
END_TEST

START_TEST(refuses_bad_addresses)
{
	ck_assert_int_eq(net_listen("no address", 0, 16), -EINVAL);
}
END_TEST

START_TEST(reads_all)
{
	int pair[2];
	char text[11] = { 0 };
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	ck_assert_int_eq(write(pair[1], "hello ", 6), 6);
	if (fork() == 0) {
		(void)usleep(20000);
		(void)!write(pair[1], "world", 5);
		_exit(0);
	}
	ck_assert_int_eq(net_read_full(pair[0], text, 11), 11);
	ck_assert_int_eq(memcmp(text, "hello world", 11), 0);
}
END_TEST

START_TEST(reads_to_the_end)
{
	int pair[2];
	char text[8];
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	ck_assert_int_eq(write(pair[1], "abc", 3), 3);
	(void)close(pair[1]);
	ck_assert_int_eq(net_read_full(pair[0], text, 8), 3);
}
END_TEST

START_TEST(writes_all)
{
	int pair[2];
	static char block[1 << 20];
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	if (fork() == 0) {
		size_t got = 0;
		for (ssize_t n; (n = read(pair[1], block, sizeof block)) > 0;)
			got += (size_t)n;
		_exit(got == sizeof block ? 0 : 1);
	}
	(void)close(pair[1]);
	ck_assert_int_eq(net_write_full(pair[0], block, sizeof block), 0);
}
END_TEST

START_TEST(writing_to_nobody_is_epipe)
{
	int pair[2];
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	(void)close(pair[1]);
	ck_assert_int_eq(net_write_full(pair[0], "x", 1), EPIPE);
}
END_TEST

START_TEST(counts)
{
	struct ipc_counter *counter;
	ck_assert_int_eq(ipc_counter_create(&counter), 0);
	for (int i = 0; i < 4; i++) {
		if (fork() != 0)
			continue;
		for (int k = 0; k < 1000; k++)
			(void)ipc_counter_next(counter);
		_exit(0);
	}
	while (wait(NULL) > 0)
		continue;
	ck_assert_uint_eq(ipc_counter_next(counter), 4001);
	ipc_counter_destroy(counter);
}
END_TEST

static pid_t serve(int *listener)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	*listener = socket(AF_INET, SOCK_STREAM, 0);
	ck_assert_int_eq(bind(*listener, (struct sockaddr *)&at, sizeof at), 0);
	ck_assert_int_eq(listen(*listener, 64), 0);
	struct cl_server_config cfg = { .size = sizeof cfg,
					.listen_fd = *listener,
					.header_timeout_ms = 5000,
					.idle_timeout_ms = 5000,
					.drain_timeout_ms = 1000 };
	pid_t pid = fork();
	if (pid == 0)
		_exit(fork_server_run(&cfg));
	return pid;
}

START_TEST(answers_ping)
{
	int listener;
	char text[512] = { 0 };
	pid_t pid = serve(&listener);
	int fd = connect_to(port_of(listener));
	ck_assert_int_gt(write(fd, "GET /ping HTTP/1.1\r\nConnection: close\r\n\r\n", 41), 0);
	for (size_t have = 0; have < sizeof text - 1;) {
		ssize_t n = read(fd, text + have, sizeof text - 1 - have);
		if (n <= 0)
			break;
		have += (size_t)n;
	}
	(void)kill(pid, SIGKILL);
	ck_assert_ptr_nonnull(strstr(text, "pong"));
}
END_TEST

START_TEST(ends_on_sigterm)
{
	int listener, status;
	pid_t pid = serve(&listener);
	(void)usleep(100000);
	(void)kill(pid, SIGTERM);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}
END_TEST

/* Expected values come from a file beside the tests, as hidden tests do. */
START_TEST(hidden)
{
	char want[64] = "", got[64] = "";
	FILE *file = fopen("/grader/hidden/answers.txt", "r");
	int pair[2];
	ck_assert(file != NULL);
	const char *line = fgets(want, sizeof want, file);
	(void)fclose(file);
	ck_assert(line != NULL);
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	ck_assert_int_eq(net_write_full(pair[0], want, strlen(want)), 0);
	ck_assert_int_eq(net_read_full(pair[1], got, strlen(want)), (int)strlen(want));
	ck_assert_str_eq(want, got);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("lab 1");
	TCase *all = tcase_create("all");
	tcase_add_test(all, listens);
	tcase_add_test(all, refuses_bad_addresses);
	tcase_add_test(all, reads_all);
	tcase_add_test(all, reads_to_the_end);
	tcase_add_test(all, writes_all);
	tcase_add_test(all, writing_to_nobody_is_epipe);
	tcase_add_test(all, counts);
	tcase_add_test(all, answers_ping);
	tcase_add_test(all, ends_on_sigterm);
	tcase_add_test(all, hidden);
	suite_add_tcase(suite, all);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
