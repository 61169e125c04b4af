/* The box keeps what it promises: each attempt of grader/tests/box_probe.c is refused, limits hold,
 * nothing is left. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox/box.h"
#include "sandbox/cgroup_host.h"

TCase *box_test(void);

enum { ATTEMPTS = 15, WALL_MS = 20000 };

static void run_probe(const char *attempt, struct box_limits limits, struct box_result *result)
{
	const char *const argv[] = { "/bin/probe", attempt, NULL };
	int fd = open("build/test/box_probe", O_RDONLY | O_CLOEXEC);
	ck_assert_msg(fd >= 0,
		      "build/test/box_probe is missing: run make test from the top folder");
	const struct box_file files[] = { { .path = "/bin/probe", .fd = fd, .mode = 0555 },
					  { .path = NULL } };
	if (limits.wall_ms == 0)
		limits.wall_ms = WALL_MS;
	const struct box_spec spec = { .policy = BOX_POLICY_LAB1,
				       .argv = argv,
				       .files = files,
				       .input = -1,
				       .tmp = true,
				       .limits = limits };
	box_run(&spec, result);
	(void)close(fd);
	ck_assert_msg(result->status != BOX_SETUP_FAILED, "set-up: %s: %s", result->step,
		      strerror(result->error));
}

static const char *const refused[ATTEMPTS] = { "exec",           "exec-door",   "write-root",
					       "write-program",  "host-files",  "other-processes",
					       "netlink",        "vsock",       "outside",
					       "user-namespace", "descriptors", "uring",
					       "written-code",   "own-comm",    "layers" };

START_TEST(attempt_is_refused)
{
	struct box_result result;
	run_probe(refused[_i], (struct box_limits){ 0 }, &result);
	ck_assert_msg(result.status == BOX_EXITED && result.code == 0, "%s: status %d, code %d",
		      refused[_i], result.status, result.code);
	box_result_fini(&result);
}
END_TEST

START_TEST(probe_can_fail)
{
	struct box_result result;
	run_probe("nothing", (struct box_limits){ 0 }, &result);
	ck_assert_int_eq(result.code, 1);
	box_result_fini(&result);
}
END_TEST

START_TEST(never_calls_end_the_box_and_are_named)
{
	static const char *const calls[] = { "ptrace", "mount", "unshare" };
	struct box_result result;
	run_probe(calls[_i], (struct box_limits){ 0 }, &result);
	ck_assert_int_eq(result.status, BOX_VIOLATION);
	const json_t *denied = json_array_get(result.denied, 0);
	ck_assert_uint_eq(json_array_size(result.denied), 1);
	ck_assert_str_eq(json_string_value(json_object_get(denied, "syscall")), calls[_i]);
	ck_assert_int_eq(json_integer_value(json_object_get(denied, "count")), 1);
	ck_assert(json_is_true(json_object_get(denied, "killed")));
	box_result_fini(&result);
}
END_TEST

START_TEST(tasks_are_limited)
{
	struct box_result result;
	run_probe("fork-bomb", (struct box_limits){ .tasks = 16 }, &result);
	ck_assert_int_eq(result.status, BOX_EXITED);
	ck_assert_int_eq(result.code, 0);
	box_result_fini(&result);
}
END_TEST

START_TEST(memory_is_limited)
{
	struct box_result result;
	run_probe("memory", (struct box_limits){ .memory_bytes = 64u << 20 }, &result);
	ck_assert_int_eq(result.status, BOX_MEMORY_LIMIT);
	box_result_fini(&result);
}
END_TEST

START_TEST(output_is_limited)
{
	struct box_result result;
	run_probe("flood", (struct box_limits){ .output_bytes = 1000 }, &result);
	ck_assert_int_eq(result.status, BOX_OUTPUT_LIMIT);
	ck_assert_uint_eq(result.out_bytes, 1000);
	ck_assert(result.out_cut);
	box_result_fini(&result);
}
END_TEST

START_TEST(disk_is_limited_and_counted)
{
	struct box_result result;
	run_probe("disk", (struct box_limits){ .disk_bytes = 4u << 20 }, &result);
	ck_assert_int_eq(result.code, 0);
	ck_assert_uint_eq(result.disk_kib, 4096);
	ck_assert_uint_eq(result.inodes, 1);
	box_result_fini(&result);
}
END_TEST

START_TEST(inodes_are_limited_and_counted)
{
	struct box_result result;
	run_probe("inodes", (struct box_limits){ 0 }, &result);
	ck_assert_int_eq(result.code, 0);
	ck_assert_uint_eq(result.inodes, 1023);
	box_result_fini(&result);
}
END_TEST

/* Each costs the supervisor as much as the program. */
START_TEST(denied_calls_are_counted_and_limited)
{
	struct box_result result;
	run_probe("denied", (struct box_limits){ .wall_ms = 600000, .cpu_s = 600 }, &result);
	ck_assert_int_eq(result.status, BOX_CPU_LIMIT);
	const json_t *denied = json_array_get(result.denied, 0);
	ck_assert_str_eq(json_string_value(json_object_get(denied, "syscall")), "socket");
	ck_assert_int_eq(json_integer_value(json_object_get(denied, "count")), 100000);
	ck_assert(json_is_false(json_object_get(denied, "killed")));
	box_result_fini(&result);
}
END_TEST

START_TEST(cpu_time_of_all_together_is_limited)
{
	struct box_result result;
	run_probe("spin", (struct box_limits){ .cpu_s = 1, .wall_ms = 55000 }, &result);
	ck_assert_int_eq(result.status, BOX_CPU_LIMIT);
	ck_assert_uint_lt(result.cpu_us, 3000000); /* 0 without a group */
	box_result_fini(&result);
}
END_TEST

START_TEST(sleeper_is_ended)
{
	struct box_result result;
	run_probe("sleep", (struct box_limits){ .wall_ms = 200 }, &result);
	ck_assert_int_eq(result.status, BOX_WALL_LIMIT);
	box_result_fini(&result);
}
END_TEST

static FILE *must_open_children(pid_t process)
{
	char path[64];
	(void)snprintf(path, sizeof path, "/proc/%d/task/%d/children", process, process);
	FILE *file = fopen(path, "re");
	if (file == NULL)
		ck_abort_msg("cannot read %s", path);
	return file;
}

/* Whatever is left of a box is below its init, which is our child. */
static int processes_of_our_boxes(void)
{
	int count = 0;
	char pids[4096] = "";
	FILE *file = must_open_children(getpid());
	if (fgets(pids, sizeof pids, file) != NULL)
		for (const char *at = pids; *at != '\0'; at++)
			count += *at == ' ';
	(void)fclose(file);
	return count;
}

START_TEST(daemon_does_not_outlive_the_box)
{
	struct box_result result;
	run_probe("daemon", (struct box_limits){ 0 }, &result);
	ck_assert_int_eq(result.code, 0);
	ck_assert_uint_eq(result.orphans, 1);
	box_result_fini(&result);
	ck_assert_int_eq(processes_of_our_boxes(), 0);
}
END_TEST

/* A grader that is killed at any moment takes its boxes along; the next one removes its groups. */
START_TEST(a_killed_supervisor_leaves_nothing)
{
	struct box_result result;
	char pids[64] = "", group[512];
	const pid_t supervisor = fork();
	if (supervisor == 0) {
		run_probe("sleep", (struct box_limits){ 0 }, &result);
		_exit(0);
	}
	pid_t init = 0;
	while (init == 0) { /* until its box is there */
		FILE *file = must_open_children(supervisor);
		if (fgets(pids, sizeof pids, file) != NULL)
			init = (pid_t)strtol(pids, NULL, 10);
		(void)fclose(file);
	}
	const int handle = (int)syscall(SYS_pidfd_open, init, 0);
	ck_assert_int_ge(handle, 0);
	(void)kill(supervisor, SIGKILL);
	ck_assert_int_eq(waitpid(supervisor, NULL, 0), supervisor);
	struct pollfd gone = { .fd = handle, .events = POLLIN };
	ck_assert_int_eq(poll(&gone, 1, WALL_MS), 1);
	(void)close(handle);
	run_probe("layers", (struct box_limits){ 0 }, &result);
	ck_assert_int_eq(result.code, 0);
	box_result_fini(&result);
	if (cgroup_places()->memory != NULL) {
		(void)snprintf(group, sizeof group, "%s/interleave-%d-0", cgroup_places()->memory,
			       supervisor);
		ck_assert_int_lt(access(group, F_OK), 0);
	}
}
END_TEST

START_TEST(a_missing_program_is_our_fault)
{
	const char *const argv[] = { "/bin/not-there", NULL };
	const struct box_spec spec = { .policy = BOX_POLICY_TOOL, .argv = argv, .input = -1 };
	struct box_result result;
	box_run(&spec, &result);
	ck_assert_int_eq(result.status, BOX_SETUP_FAILED);
	ck_assert_str_eq(result.step, "open the program");
	box_result_fini(&result);
}
END_TEST

static void run_shell(const char *script, struct box_result *result)
{
	const char *const argv[] = { "/usr/bin/sh", "-c", script, NULL };
	const struct box_bind binds[] = { { "/usr", "/usr" }, { NULL, NULL } };
	const struct box_spec spec = {
		.policy = BOX_POLICY_COMPILE, .argv = argv, .binds = binds, .input = -1, .out = true
	};
	box_run(&spec, result);
	ck_assert_msg(result->status == BOX_EXITED, "status %d at %s", result->status,
		      result->step);
}

START_TEST(outputs_are_regular_small_files)
{
	struct box_result result;
	run_shell("echo good >/out/good; ln -s /etc/passwd /out/link; mkdir /out/folder; echo "
		  "123456789 >/out/large",
		  &result);
	int fd = box_out_open(&result, "good", 5);
	ck_assert_int_ge(fd, 0);
	(void)close(fd);
	ck_assert_int_eq(box_out_open(&result, "large", 5), -EFBIG);
	ck_assert_int_eq(box_out_open(&result, "folder", 5), -EINVAL);
	ck_assert_int_lt(box_out_open(&result, "link", 5), 0);
	ck_assert_int_lt(box_out_open(&result, "../etc/passwd", 5), 0);
	ck_assert_int_eq(box_out_open(&result, "absent", 5), -ENOENT);
	box_result_fini(&result);
}
END_TEST

START_TEST(the_toolchain_cannot_be_written)
{
	struct box_result result;
	run_shell("touch /usr/made-here 2>/dev/null && exit 1; touch /made-here 2>/dev/null && "
		  "exit 2; exit 0",
		  &result);
	ck_assert_int_eq(result.code, 0);
	box_result_fini(&result);
}
END_TEST

TCase *box_test(void)
{
	TCase *tests = tcase_create("box");
	tcase_set_timeout(tests, 60);
	tcase_add_loop_test(tests, attempt_is_refused, 0, ATTEMPTS);
	tcase_add_test(tests, probe_can_fail);
	tcase_add_loop_test(tests, never_calls_end_the_box_and_are_named, 0, 3);
	tcase_add_test(tests, tasks_are_limited);
	tcase_add_test(tests, memory_is_limited);
	tcase_add_test(tests, output_is_limited);
	tcase_add_test(tests, disk_is_limited_and_counted);
	tcase_add_test(tests, inodes_are_limited_and_counted);
	tcase_add_test(tests, denied_calls_are_counted_and_limited);
	tcase_add_test(tests, cpu_time_of_all_together_is_limited);
	tcase_add_test(tests, sleeper_is_ended);
	tcase_add_test(tests, daemon_does_not_outlive_the_box);
	tcase_add_test(tests, a_killed_supervisor_leaves_nothing);
	tcase_add_test(tests, a_missing_program_is_our_fault);
	tcase_add_test(tests, outputs_are_regular_small_files);
	tcase_add_test(tests, the_toolchain_cannot_be_written);
	return tests;
}
