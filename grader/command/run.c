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
#include "command/form_out.h"
#include "command/grading.h"
#include "command/house.h"
#include "command/page.h"
#include "command/seed.h"
#include "command/vm.h"

enum {
	KEY_NO_CACHE = 256,
	KEY_DETECTORS,
	KEY_COMPILER,
	KEY_WORK,
	KEY_NO_TIMES,
	KEY_TAP,
	KEY_AUTOLAB,
	KEY_EVIDENCE,
	KEY_JUDGE,
	KEY_VM,
	KEY_VM_LIMIT,
	KEY_MACHINE,
	JOBS_MAX = 64
};

struct arguments {
	const char *lab, *submission, *json, *detectors, *compiler, *work, *evidence, *judge;
	char seed[SEED_BYTES];
	unsigned jobs;
	bool fresh, vm;
	struct vm_options machine;
	struct form_out form;
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
	{ "format", 'f', "NAME", 0,
	  "write the grade in one more form: " FORM_OUT_NAMES
	  "; to standard output instead of the report, if no --out is given",
	  0 },
	{ "out", 'o', "FILE", 0, "the file of that form; no grade: see grader/report/README.md",
	  0 },
	{ "tap", KEY_TAP, "VERSION", 0, "13 (flat, the default) or 14 (parts are subtests)", 0 },
	{ "autolab", KEY_AUTOLAB, "parts", 0, "a problem for each part instead of one", 0 },
	{ "no-times", KEY_NO_TIMES, NULL, 0, "0 where that form has a time: same grade, same bytes",
	  0 },
	{ "no-cache", KEY_NO_CACHE, NULL, 0, "compile and link even if nothing has changed", 0 },
	{ "compiler", KEY_COMPILER, "NAME", 0,
	  "gcc or clang compiles the submission (default: what harness/builds.conf says)", 0 },
	{ "work", KEY_WORK, "DIR", 0,
	  "programs, evidence and pictures go to DIR/LAB/HASH (default: build/run)", 0 },
	{ "evidence", KEY_EVIDENCE, "FILE", 0,
	  "run all and judge nothing: FILE gets what judging needs, for --judge elsewhere", 0 },
	{ "judge", KEY_JUDGE, "FILE", 0,
	  "run nothing: judge the evidence in FILE, which was made of this submission and seed",
	  0 },
	{ "vm", KEY_VM, NULL, 0,
	  "run it in a virtual machine that is thrown away (make vm makes one), and judge here",
	  0 },
	{ "vm-limit", KEY_VM_LIMIT, "SECONDS", 0,
	  "end that machine after so long, by our fault (default: 3600)", 0 },
	{ "machine", KEY_MACHINE, "PROGRAM", 0,
	  "another program in place of build/machine: for tests. Its grades have a key of their "
	  "own",
	  0 },
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
	case 'f':
		arguments->form.format = value;
		break;
	case 'o':
		arguments->form.path = value;
		break;
	case KEY_TAP:
		if (strcmp(value, "13") != 0 && strcmp(value, "14") != 0)
			die("--tap is 13 or 14, not '%s'", value);
		arguments->form.tap = (unsigned)number_option("tap", value, 14);
		break;
	case KEY_AUTOLAB:
		if (strcmp(value, "parts") != 0)
			die("--autolab takes nothing but 'parts'");
		arguments->form.by_parts = true;
		break;
	case KEY_NO_TIMES:
		arguments->form.no_times = true;
		break;
	case KEY_WORK:
		arguments->work = value;
		break;
	case KEY_EVIDENCE:
		arguments->evidence = value;
		break;
	case KEY_JUDGE:
		arguments->judge = value;
		break;
	case KEY_VM:
		arguments->vm = true;
		break;
	case KEY_VM_LIMIT:
		arguments->machine.limit_s = number_option("vm-limit", value, VM_LIMIT_S_MAX);
		break;
	case KEY_MACHINE:
		arguments->machine.program = value;
		break;
	case KEY_NO_CACHE:
		arguments->fresh = true;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static void grade(const struct lab *lab, const char *folder, const struct grading_options *how,
		  const struct arguments *arguments, struct grading *grading)
{
	if (arguments->judge != NULL)
		grading_judge(lab, folder, how->seed, arguments->judge, grading);
	else if (arguments->vm)
		grading_vm(lab, folder, how->seed, &arguments->machine, grading);
	else
		grading_run(lab, folder, how, grading);
}

static int grade_one(const char *root, const struct house_target *target,
		     struct arguments *arguments)
{
	struct form_out *form = &arguments->form;
	bool to_file = form->format == NULL || form->path != NULL;
	struct lab *lab = lab_load(root, target->lab);
	lab_choose_compiler(lab, arguments->compiler);
	lab->work = arguments->work;
	const struct grading_options grading_options = {
		.seed = arguments->seed,
		.slots = arguments->jobs,
		.fresh = arguments->fresh,
		.detectors = arguments->detectors,
		.progress = isatty(STDERR_FILENO) == 1,
		.partial = form_out_is_gradual(form) ? form_out_partial : NULL,
		.partial_context = form,
	};
	if (arguments->evidence != NULL) {
		grading_gather(lab, target->path, &grading_options, arguments->evidence);
		lab_destroy(lab);
		return 0;
	}
	struct grading grading;
	grade(lab, target->path, &grading_options, arguments, &grading);
	if (to_file)
		grading_print(stdout, lab, &grading);
	(void)fflush(stdout);
	grading_print_times(stderr, &grading);
	(void)fflush(stderr); /* the last line of all may be a score */
	if (form->format != NULL && strcmp(form->format, "html") == 0)
		form->page = page_make(lab, &grading);
	form_out_finish(form, grading.grade, grading.run);
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
	struct arguments arguments = { .jobs = grading_slots(), .form = { .tap = 13 } };
	seed_read(SEED_DEFAULT, arguments.seed);
	(void)argp_parse(&argp, argc, argv, 0, NULL, &arguments);
	form_out_begin(&arguments.form);
	AUTO_FREE char *root = house_root();
	struct house_targets targets = house_find(root, arguments.lab, arguments.submission);
	if (targets.count > 1 && arguments.json != NULL)
		die("--json takes the grade of one lab; choose one: --lab=%s", targets.item[0].lab);
	if (targets.count > 1 && arguments.form.format != NULL)
		die("--format takes the grade of one lab; choose one: --lab=%s",
		    targets.item[0].lab);
	const bool apart = arguments.evidence != NULL || arguments.judge != NULL;
	if (targets.count > 1 && apart)
		die("evidence is of one lab; choose one: --lab=%s", targets.item[0].lab);
	if (arguments.evidence != NULL &&
	    (arguments.judge != NULL || arguments.json != NULL || arguments.form.format != NULL))
		die("--evidence judges nothing, so there is no grade for --judge, --json or "
		    "--format");
	if (arguments.vm && (apart || arguments.compiler != NULL || arguments.detectors != NULL))
		die("--vm goes with none of --evidence, --judge, --compiler and --detectors: the "
		    "virtual machine is told lab and seed only");
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
