/* The broker: ordinary liburing programs work, and what the filter denies a ring denies too. */
#include <check.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "sandbox/box.h"

TCase *ring_test(void);

enum { PROBES = 15, WALL_MS = 20000 };

static const char *const probes[PROBES] = {
	"works",
	"works-deferred",
	"open",
	"unlink",
	"command",
	"vsock",
	"kernel-thread",
	"huge",
	"unknown-flag",
	"bad-pointer",
	"eight",
	"personality",
	"one-after-the-other",
	"not-endless",
	"race",
};

static void probe(enum box_policy policy, const char *name, struct box_result *result)
{
	const char *const argv[] = { "/bin/probe", name, NULL };
	int fd = open("build/test/ring_probe", O_RDONLY | O_CLOEXEC);
	ck_assert_msg(fd >= 0, "build/test/ring_probe is missing: run make test");
	const struct box_file files[] = { { .path = "/bin/probe", .fd = fd, .mode = 0555 },
					  { .path = NULL } };
	const struct box_spec spec = { .policy = policy,
				       .argv = argv,
				       .files = files,
				       .input = -1,
				       .limits = { .wall_ms = WALL_MS } };
	box_run(&spec, result);
	(void)close(fd);
	ck_assert_msg(result->status == BOX_EXITED && result->code == 0,
		      "%s: status %d, code %d: %s", name, result->status, result->code,
		      result->out);
}

START_TEST(ring_behaves)
{
	struct box_result result;
	probe(_i % 2 == 0 ? BOX_POLICY_LAB5 : BOX_POLICY_LAB6, probes[_i / 2], &result);
	ck_assert_uint_gt(json_array_size(result.rings), 0);
	box_result_fini(&result);
}
END_TEST

START_TEST(refusals_are_recorded)
{
	struct box_result result;
	probe(BOX_POLICY_LAB5, "kernel-thread", &result);
	const json_t *ring = json_array_get(result.rings, 0);
	ck_assert_str_eq(json_string_value(json_object_get(ring, "refused")), "EINVAL");
	ck_assert_int_eq(json_integer_value(json_object_get(ring, "flags")), 2);
	ck_assert_int_eq(json_integer_value(json_object_get(ring, "entries")), 8);
	box_result_fini(&result);
}
END_TEST

START_TEST(other_labs_have_no_rings)
{
	static const enum box_policy others[] = { BOX_POLICY_LAB1, BOX_POLICY_LAB2, BOX_POLICY_LAB3,
						  BOX_POLICY_LAB4, BOX_POLICY_TOOL };
	struct box_result result;
	probe(others[_i], "not-there", &result);
	ck_assert_uint_eq(json_array_size(result.rings), 0);
	ck_assert_uint_eq(json_array_size(result.denied), 0);
	box_result_fini(&result);
}
END_TEST

TCase *ring_test(void)
{
	TCase *tcase = tcase_create("ring");
	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, ring_behaves, 0, PROBES * 2);
	tcase_add_test(tcase, refusals_are_recorded);
	tcase_add_loop_test(tcase, other_labs_have_no_rings, 0, 5);
	return tcase;
}
