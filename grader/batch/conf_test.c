/* Times, the late rule, and batch.conf. */
#include "batch/conf.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/file.h"

TCase *conf_test(void);

static const struct {
	const char *text, *wanted; /* NULL: it is no time */
} times[] = {
	{ "2026-11-21T23:59:00Z", "2026-11-21T23:59:00Z" },
	{ "2026-11-20 21:03:55 Z", "2026-11-20T21:03:55Z" },
	{ "2026-11-20 21:03:55 UTC", "2026-11-20T21:03:55Z" },
	{ "2026-11-20 21:03:55 -0800", "2026-11-21T05:03:55Z" },
	{ "2026-11-20T21:03:55+01:30", "2026-11-20T19:33:55Z" },
	{ "2026-11-20T21:03:55.123456Z", "2026-11-20T21:03:55Z" },
	{ "2026-11-20T21:03", "2026-11-20T21:03:00Z" },
	{ "2028-02-29T00:00:00Z", "2028-02-29T00:00:00Z" },
	{ "2026-11-20", NULL },
	{ "2026-13-20T00:00:00Z", NULL },
	{ "2026-11-20T00:00:00 CET", NULL },
	{ "2026-11-20T00:00:00+1", NULL },
	{ "2026-11-20T00:00:00+01000", NULL },
	{ "2026-11-20T00:00:00 0100", NULL },
	{ "yesterday", NULL },
	{ "", NULL },
};

START_TEST(times_are_read)
{
	int64_t seconds = 0;
	char text[TIME_TEXT_BYTES];
	ck_assert_int_eq(time_read(times[_i].text, &seconds), times[_i].wanted != NULL);
	if (times[_i].wanted == NULL)
		return;
	time_write(seconds, text);
	ck_assert_str_eq(text, times[_i].wanted);
}
END_TEST

static struct batch_conf load(const char *text, char top[32])
{
	struct batch_conf conf;
	(void)snprintf(top, 32, "/tmp/conf_test.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(top));
	AUTO_FREE char *path = must_printf("%s/batch.conf", top);
	if (text != NULL)
		ck_assert_int_eq(file_write(path, text, strlen(text), 0644), 0);
	batch_conf_load(NULL, top, &conf);
	ck_assert_int_eq(folder_remove(top), 0);
	return conf;
}

static const char example[] = "[input]\nlayout = moodle\nroster = people.csv\n"
			      "due = 2026-11-21T23:59:00Z\n"
			      "[late]\ngrace_minutes = 15\nper_day = 10\nmax_days = 3\n"
			      "[grade]\nmax_attempts = 2\naudit_percent = 0\n"
			      "[similarity]\nenable = yes\nmin_tokens = 30\nreport_above = 70\n";

START_TEST(settings_are_read)
{
	char top[32];
	struct batch_conf conf = load(example, top);
	AUTO_FREE char *roster = must_printf("%s/people.csv", top);
	ck_assert_str_eq(conf.layout, "moodle");
	ck_assert_str_eq(conf.roster, roster);
	ck_assert_int_eq(conf.due_s, 1795305540);
	ck_assert_int_eq(conf.grace_minutes, 15);
	ck_assert_int_eq(conf.max_attempts, 2);
	ck_assert_int_eq(conf.audit_percent, 0);
	ck_assert(conf.similarity);
	ck_assert_int_eq(conf.report_above, 70);
	batch_conf_fini(&conf);
	conf = load(NULL, top);
	ck_assert_ptr_null(conf.path);
	ck_assert_str_eq(conf.layout, "auto");
	ck_assert_int_eq(conf.max_attempts, 3);
	ck_assert_int_eq(conf.per_day, 0);
	batch_conf_fini(&conf);
}
END_TEST

static const struct {
	int late;
	const char *submitted;
	long score_c, wanted_c;
} rules[] = {
	{ 0, "2026-11-21T23:58:00Z", 3000, 3000 },
	{ 0, "2026-11-22T00:14:00Z", 3000, 3000 }, /* within the grace */
	{ 1, "2026-11-22T00:15:00Z", 3000, 2650 }, /* a day begun */
	{ 1, "2026-11-22T23:59:00Z", 3000, 2650 }, /* a whole day */
	{ 1, "2026-11-22T23:59:01Z", 3000, 2300 },
	{ 1, "2026-12-24T00:00:00Z", 3000, 1950 }, /* no more than three days */
	{ 1, "2026-12-24T00:00:00Z", 1000, 0 },
	{ 1, NULL, 3000, 2650 }, /* late, but when? */
	{ -1, NULL, 3000, 3000 },
};

START_TEST(late_costs_what_the_rule_says)
{
	char top[32];
	struct batch_conf conf = load(example, top);
	ck_assert_int_eq(
		batch_final_c(&conf, rules[_i].late, rules[_i].submitted, rules[_i].score_c, 3500),
		rules[_i].wanted_c);
	ck_assert_int_eq(batch_late_days(&conf, "2026-11-22T00:14:00Z"), 0);
	ck_assert_int_eq(batch_late_days(&conf, "2026-11-22T00:14:01Z"), 1);
	conf.per_day = 0;
	ck_assert_int_eq(batch_final_c(&conf, 1, rules[_i].submitted, rules[_i].score_c, 3500),
			 rules[_i].score_c);
	batch_conf_fini(&conf);
}
END_TEST

START_TEST(mistakes_end_the_program)
{
	static const char *const bad[] = {
		/* in line 2 */
		"[input]\ndue = soon\n", "[late]\nper_day = 101\n",        "[inputs]\nlayout = x\n",
		"[input]\ncolour = x\n", "[similarity]\nenable = maybe\n", "\nlayout = x\n[late]\n",
	};
	char top[] = "/tmp/conf_test.XXXXXX";
	ck_assert_ptr_nonnull(mkdtemp(top));
	AUTO_FREE char *path = must_printf("%s/batch.conf", top);
	ck_assert_int_eq(file_write(path, bad[_i], strlen(bad[_i]), 0644), 0);
	int told[2];
	ck_assert_int_eq(pipe(told), 0);
	pid_t pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		struct batch_conf conf;
		(void)dup2(told[1], STDERR_FILENO);
		batch_conf_load(NULL, top, &conf);
		_exit(0);
	}
	int status = 0;
	char text[1000] = "";
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_gt(read(told[0], text, sizeof text - 1), 0);
	ck_assert_msg(strstr(text, "batch.conf:2: ") != NULL, "no line is named: %s", text);
	(void)close(told[0]);
	(void)close(told[1]);
	ck_assert_int_eq(folder_remove(top), 0);
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 2);
}
END_TEST

TCase *conf_test(void)
{
	TCase *tests = tcase_create("conf");
	tcase_add_loop_test(tests, times_are_read, 0, sizeof times / sizeof times[0]);
	tcase_add_test(tests, settings_are_read);
	tcase_add_loop_test(tests, late_costs_what_the_rule_says, 0,
			    sizeof rules / sizeof rules[0]);
	tcase_add_loop_test(tests, mistakes_end_the_program, 0, 6);
	return tests;
}
