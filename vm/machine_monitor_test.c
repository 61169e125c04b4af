/* The monitor of a QEMU that its guest has taken over: whatever it says, we end in time, with a
 * reason and in bounded memory. */
#include <check.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "machine_monitor.h"

TCase *machine_monitor_test(void);

#define GREETING "{\"QMP\": {}}\n"
#define AGREED   "{\"return\": {}}\n"

enum { PATIENCE_US = 300000, FLOOD_BYTES = 16 << 20 };

struct liar {
	int fd;
	const char *says;
	size_t flood; /* bytes without a line end, after that */
	bool stays;   /* keeps the socket open and says no more */
};

static void *lie(void *context)
{
	const struct liar *liar = context;
	(void)send(liar->fd, liar->says, strlen(liar->says), MSG_NOSIGNAL);
	static const char blanks[4096];
	for (size_t sent = 0; sent < liar->flood; sent += sizeof blanks)
		if (send(liar->fd, blanks, sizeof blanks, MSG_NOSIGNAL) < 0)
			break;
	if (!liar->stays)
		(void)shutdown(liar->fd, SHUT_RDWR);
	return NULL;
}

/* Whether the machine could be resumed; *why as the monitor has it. */
static bool resume(struct liar liar, const char **why)
{
	int pair[2];
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	liar.fd = pair[1];
	struct guest guest = { .monitor = pair[0], .deadline_us = clock_us() + PATIENCE_US };
	pthread_t thread;
	ck_assert_int_eq(pthread_create(&thread, NULL, lie, &liar), 0);
	struct monitor monitor;
	bool resumed = monitor_open(&monitor, &guest) && monitor_resume(&monitor);
	*why = monitor.why;
	monitor_close(&monitor);
	(void)close(pair[0]);
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	(void)close(pair[1]);
	return resumed;
}

static void expect_refused(struct liar liar, const char *wanted)
{
	const char *why = NULL;
	ck_assert_msg(!resume(liar, &why), "resumed all the same");
	ck_assert_ptr_nonnull(why);
	ck_assert_str_eq(why, wanted);
}

START_TEST(an_honest_monitor_resumes)
{
	const char *why = NULL;
	const struct liar honest = {
		.says = GREETING AGREED
		"{\"event\": \"RESUME\"}\n{\"return\": {\"status\": "
		"\"inmigrate\"}}\n{\"return\": {\"status\": \"paused\"}}\n" AGREED,
		.stays = true,
	};
	ck_assert_msg(resume(honest, &why), "not resumed: %s", why);
	ck_assert_ptr_null(why);
}
END_TEST

START_TEST(who_goes_away_is_noticed)
{
	expect_refused((struct liar){ .says = "" }, "its monitor has gone away");
	expect_refused((struct liar){ .says = GREETING AGREED "{\"return\"" },
		       "its monitor has gone away");
}
END_TEST

START_TEST(silence_ends_with_the_limit)
{
	expect_refused((struct liar){ .says = GREETING, .stays = true },
		       "its monitor does not answer");
}
END_TEST

START_TEST(nonsense_is_refused)
{
	static const char *const nonsense[] = { "hello\n", "[]\n", "{\"a\":1,\"a\":2}\n", "{\n",
						"\"\\ud800\"\n" };
	for (size_t i = 0; i < sizeof nonsense / sizeof *nonsense; i++)
		expect_refused((struct liar){ .says = nonsense[i], .stays = true },
			       "its monitor talks nonsense");
}
END_TEST

START_TEST(a_line_without_end_is_refused)
{
	expect_refused((struct liar){ .says = GREETING, .flood = FLOOD_BYTES },
		       "its monitor says more than we asked for");
}
END_TEST

START_TEST(an_error_and_a_strange_state_are_refused)
{
	expect_refused((struct liar){ .says = GREETING "{\"error\": {}}\n", .stays = true },
		       "its monitor refuses a command");
	expect_refused((struct liar){ .says = GREETING AGREED "{\"return\": {\"status\": "
							      "\"running\"}}\n",
				      .stays = true },
		       "the saved state does not fit this machine");
}
END_TEST

TCase *machine_monitor_test(void)
{
	TCase *tests = tcase_create("machine_monitor");
	tcase_add_test(tests, an_honest_monitor_resumes);
	tcase_add_test(tests, who_goes_away_is_noticed);
	tcase_add_test(tests, silence_ends_with_the_limit);
	tcase_add_test(tests, nonsense_is_refused);
	tcase_add_test(tests, a_line_without_end_is_refused);
	tcase_add_test(tests, an_error_and_a_strange_state_are_refused);
	return tests;
}
