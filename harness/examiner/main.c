/* The examiner of a lab: lists its tests, or runs one of them and reports on descriptor 3. */
#include "control.h"
#include "lab.h"
#include "plant.h"

#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The linker makes these for a section whose name is a C identifier. */
extern const struct lab_test *const __start_lab_tests[];
extern const struct lab_test *const __stop_lab_tests[];

static size_t test_count(void)
{
	/* cppcheck-suppress comparePointers; both are ends of one section */
	return (size_t)(__stop_lab_tests - __start_lab_tests);
}

static int by_id(const void *a, const void *b)
{
	const struct lab_test *const *x = a, *const *y = b;

	return strverscmp((*x)->id, (*y)->id);
}

/* The linker's order is that of the file names: sorted, the table is the same on every machine. */
static void list_tests(void)
{
	/* An array of pointers is meant. */
	const size_t each = sizeof(
		const struct lab_test *); /* NOLINT(bugprone-sizeof-expression) */
	const struct lab_test **sorted = calloc(test_count() + 1, each);

	if (!sorted)
		exit(3);

	memcpy(sorted, __start_lab_tests, test_count() * each);
	qsort(sorted, test_count(), each, by_id);
	printf("id\tgate\tpoints\tdetector\tbuilds\tquiet\thidden\tabout\ttitle\n");
	for (size_t i = 0; i < test_count(); i++) {
		const struct lab_test *t = sorted[i];
		printf("%s\t%d\t%g\t%s\t%s\t%d\t%d\t%s\t%s\n", t->id, t->gate, t->points,
		       t->detector, t->builds, t->quiet, t->hidden, t->about, t->title);
	}
	free(sorted);
}

static const struct lab_test *find_test(const char *id)
{
	for (size_t i = 0; i < test_count(); i++)
		if (strcmp(__start_lab_tests[i]->id, id) == 0)
			return __start_lab_tests[i];
	return strcmp(id, control_test.id) == 0 ? &control_test : NULL;
}

/* The test, then the planted error, under one roof: a broken law ends both. */
static void whole_body(int unused)
{
	lab_run()->test->body->fn(unused);
	plant_last();
}

/* In this process, without fork: the examiner is disposable, and its children would share fd 3. */
static void run_test(const struct lab_test *test, const char *seed)
{
	Suite *suite = suite_create("lab");
	TCase *tcase = tcase_create(test->id);
	SRunner *runner = srunner_create(suite);

	const TTest whole = { test->body->name, whole_body, test->body->file, test->body->line };

	lab_run()->test = test;
	evidence_begin(test->id, lab_build(), seed);
	tcase_add_test(tcase, &whole);
	suite_add_tcase(suite, tcase);
	srunner_set_fork_status(runner, CK_NOFORK);
	srunner_run_all(runner, CK_SILENT);
	if (srunner_ntests_failed(runner) && !evidence_broken()) {
		TestResult **failures = srunner_failures(runner);
		evidence_assert(test->id, tr_msg(failures[0]));
		free(failures);
	}
	evidence_end();
	srunner_free(runner);
}

static int usage(void)
{
	(void)fprintf(stderr, "usage: examiner --list | --test ID --build NAME --seed HEX "
			      "[--factor N] [--replay]\n");
	return 2;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "list", no_argument, NULL, 'l' },
		{ "test", required_argument, NULL, 't' },
		{ "build", required_argument, NULL, 'b' },
		{ "seed", required_argument, NULL, 's' },
		{ "replay", no_argument, NULL, 'r' },
		{ "factor", required_argument, NULL, 'f' },
		{ 0 },
	};
	const char *id = NULL, *seed = NULL;
	char *end = NULL;

	for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (c == 'l') {
			list_tests();
			return fflush(stdout) ? 1 : 0;
		}
		if (c == 't')
			id = optarg;
		else if (c == 'b')
			lab_run()->build = optarg;
		else if (c == 's')
			seed = optarg;
		else if (c == 'f')
			lab_run()->factor = (unsigned)strtoul(optarg, NULL, 10);
		else if (c == 'r')
			lab_run()->replay = true;
		else
			return usage();
	}
	if (!id || !lab_build() || !seed || optind != argc)
		return usage();
	lab_run()->seed = strtoull(seed, &end, 16);
	const struct lab_test *test = find_test(id);
	if (!test || *end)
		return usage();
	(void)signal(SIGPIPE, SIG_IGN); /* a subject that has gone is seen by EPIPE */
	run_test(test, seed);
	return 0;
}
