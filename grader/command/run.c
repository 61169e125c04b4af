/* grade run: grades what it is given and prints the report. */
#include <argp.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/json.h"
#include "base/number.h"
#include "command/commands.h"
#include "command/grading.h"
#include "command/house.h"
#include "command/seed.h"

enum { KEY_NO_CACHE = 256, KEY_DETECTORS, KEY_COMPILER, JOBS_MAX = 64 };

struct arguments {
	const char *lab, *submission, *json, *detectors, *compiler;
	char seed[SEED_BYTES];
	unsigned jobs;
	bool fresh;
};

static const struct argp_option options[] = {
	{ "lab", 'l', "N", 0, "the lab, by number or name (default: every lab that is there)", 0 },
	{ "submission", 's', "DIR", 0,
	  "the folder with the lab's files or with folders named like the labs; 'solutions' takes "
	  "the "
	  "reference (default: the files in labs/)",
	  0 },
	{ "seed", 'S', "HEX", 0, "at most 16 hex digits (default: a fixed number)", 0 },
	{ "json", 'j', "FILE", 0, "write grade.json there too", 0 },
	{ "jobs", 'J', "N", 0, "tests at once (default: two for each core)", 0 },
	{ "detectors", KEY_DETECTORS, "LIST", 0,
	  "ask helgrind,drd too for a second opinion, beside TSan; 'none' asks nobody. They give "
	  "and cost no points",
	  0 },
	{ "no-cache", KEY_NO_CACHE, NULL, 0, "compile and link even if nothing has changed", 0 },
	{ "compiler", KEY_COMPILER, "NAME", 0,
	  "gcc or clang compiles the submission (default: what harness/builds.conf says)", 0 },
	{ 0 },
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct arguments *arguments = state->input;
	switch (key) {
	case 'l':
		arguments->lab = value;
		break;
	case 's':
		arguments->submission = value;
		break;
	case 'j':
		arguments->json = value;
		break;
	case 'S':
		seed_read(value, arguments->seed);
		break;
	case 'J':
		arguments->jobs = (unsigned)number_option("jobs", value, JOBS_MAX);
		break;
	case KEY_DETECTORS:
		arguments->detectors = value;
		break;
	case KEY_COMPILER:
		arguments->compiler = value;
		break;
	case KEY_NO_CACHE:
		arguments->fresh = true;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static int grade_one(const char *root, const struct house_target *target,
		     const struct arguments *arguments)
{
	struct lab *lab = lab_load(root, target->lab);
	lab_choose_compiler(lab, arguments->compiler);
	const struct grading_options grading_options = {
		.seed = arguments->seed,
		.slots = arguments->jobs,
		.fresh = arguments->fresh,
		.detectors = arguments->detectors,
		.progress = isatty(STDERR_FILENO) == 1,
	};
	struct grading grading;
	grading_run(lab, target->path, &grading_options, &grading);
	grading_print(stdout, lab, &grading);
	(void)fflush(stdout);
	grading_print_times(stderr, &grading);
	int error = arguments->json != NULL ? json_write_file(arguments->json, grading.grade) : 0;
	if (error != 0)
		die_errno(error, "cannot write %s", arguments->json);
	int status = grading_exit_status(&grading);
	grading_fini(&grading);
	lab_destroy(lab);
	return status;
}

int command_run(int argc, char **argv)
{
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.doc = "Grades a submission.\vExit status: 0 full marks, 1 less, 2 no grade (the "
		       "grader's own fault, or wrong use).",
	};
	struct arguments arguments = { .jobs = grading_slots() };
	seed_read(SEED_DEFAULT, arguments.seed);
	(void)argp_parse(&argp, argc, argv, 0, NULL, &arguments);
	AUTO_FREE char *root = house_root();
	struct house_targets targets = house_find(root, arguments.lab, arguments.submission);
	if (targets.count > 1 && arguments.json != NULL)
		die("--json takes the grade of one lab; choose one: --lab=%s", targets.item[0].lab);
	int worst = 0;
	for (size_t i = 0; i < targets.count; i++) {
		if (i > 0)
			(void)putchar('\n');
		int status = grade_one(root, &targets.item[i], &arguments);
		worst = status > worst ? status : worst;
	}
	house_targets_fini(&targets);
	return worst;
}
