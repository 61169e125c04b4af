/* grade verify: grades everything whose outcome is known, and says where the outcome is another. */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/die.h"
#include "base/file.h"
#include "base/json.h"
#include "base/number.h"
#include "base/text.h"
#include "command/commands.h"
#include "command/corpus.h"
#include "command/grading.h"
#include "command/house.h"
#include "command/seed.h"
#include "report/grade.h"

enum { RUNS_MAX = 1000 };

struct arguments {
	const char *lab, *only, *grade;
	long runs;
	unsigned slots;
};

struct tally {
	size_t expected, deviations;
	struct words killed; /* tests that a mutant failed as it should */
};

static const struct argp_option options[] = {
	{ "lab", 'l', "N", 0, "one lab (default: all)", 0 },
	{ "runs", 'r', "N", 0, "grade each N times and compare grade.json byte by byte", 0 },
	{ "only", 'o', "ID", 0, "one entry, as M1-03 or reference", 0 },
	{ "grade", 'g', "FILE", 0,
	  "grade nothing: is this grade.json what the entry of --only demands?", 0 },
	{ "jobs", 'J', "N", 0, "tests at once (default: two for each core)", 0 },
	{ 0 },
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct arguments *arguments = state->input;
	switch (key) {
	case 'l':
		arguments->lab = value;
		break;
	case 'o':
		arguments->only = value;
		break;
	case 'g':
		arguments->grade = value;
		break;
	case 'r':
		arguments->runs = number_option("runs", value, RUNS_MAX);
		break;
	case 'J':
		arguments->slots = (unsigned)number_option("jobs", value, 64);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static char *join(const struct words *left, const struct words *right)
{
	char *text = must_strdup("");
	for (size_t i = 0; i < left->count; i++) {
		char *longer = must_printf("%s%s%s %s", text, i > 0 ? ", " : "", left->item[i],
					   right->item[i]);
		free(text);
		text = longer;
	}
	return text;
}

static char *expectation(const struct corpus_entry *entry)
{
	switch (entry->kind) {
	case CORPUS_REFERENCE:
		return must_strdup("full marks");
	case CORPUS_SKELETON:
		return must_strdup("0 points");
	case CORPUS_VARIANT: {
		long loss = 0;
		char points[TEXT_POINTS_BYTES];
		for (size_t i = 0; i < entry->losers.count; i++)
			loss += entry->losses[i];
		text_points(points, loss);
		return must_printf("all but %s", points);
	}
	case CORPUS_MUTANT:
		return join(&entry->tests, &entry->detectors);
	}
	return must_strdup("?");
}

/* "94 of 100; L1.C.3 RES zombie" */
static char *outcome(const json_t *grade)
{
	char *text = json_is_number(json_object_get(grade, "score"))
			     ? must_printf("%g of %g",
					   json_number_value(json_object_get(grade, "score")),
					   json_number_value(json_object_get(grade, "max")))
			     : must_strdup("no grade");
	enum { SHOWN_MAX = 4 };
	size_t shown = 0;
	size_t i;
	json_t *test;
	json_array_foreach(json_object_get(grade, "tests"), i, test)
	{
		const json_t *finding = json_object_get(test, "finding");
		if (finding == NULL || shown++ >= SHOWN_MAX)
			continue;
		char *longer = must_printf("%s%s %s %s %s", text, shown == 1 ? ";" : ",",
					   json_text_of(test, "id", "?"),
					   json_text_of(test, "detector", "?"),
					   json_text_of(finding, "id", "?"));
		free(text);
		text = longer;
	}
	return text;
}

/* Grades once; *bytes is the grade.json as written, the outcome's text goes to *got. Returns the
 * deviation. */
static char *grade_once(const struct lab *lab, const struct corpus_entry *entry, const char *folder,
			const struct arguments *arguments, char **bytes, char **got)
{
	char seed[SEED_BYTES];
	seed_read(SEED_DEFAULT, seed);
	const struct grading_options grading_options = { .seed = seed,
							 .slots = arguments->slots,
							 .detectors = "none" };
	struct grading grading;
	grading_run(lab, folder, &grading_options, &grading);
	char *deviation = corpus_deviation(entry, grading.grade);
	free(*got);
	*got = outcome(grading.grade);
	*bytes = json_text(grading.grade);
	grading_fini(&grading);
	return deviation;
}

/* A grade that somebody else has had made. */
static char *grade_given(const struct corpus_entry *entry, const char *path, char **got)
{
	enum { GRADE_BYTES_MAX = 4 << 20 };
	AUTO_FREE char *why = NULL;
	json_t *grade = json_read_file(path, GRADE_BYTES_MAX, &why);
	if (grade == NULL)
		die("cannot read %s: %s", path, why);
	const char *flaw = grade_flaw(grade);
	char *deviation = flaw != NULL ? must_printf("%s holds %s", path, flaw)
				       : corpus_deviation(entry, grade);
	free(*got);
	*got = outcome(grade);
	json_decref(grade);
	return deviation;
}

static char *grade_repeatedly(const struct lab *lab, const struct corpus_entry *entry,
			      const char *folder, const struct arguments *arguments, char **got)
{
	char *first = NULL;
	char *deviation = NULL;
	for (long run = 1; run <= arguments->runs && deviation == NULL; run++) {
		char *bytes = NULL;
		deviation = grade_once(lab, entry, folder, arguments, &bytes, got);
		if (deviation == NULL && first != NULL && strcmp(first, bytes) != 0)
			deviation = must_printf("grade.json of run %ld differs from the first",
						run);
		if (first == NULL)
			first = bytes;
		else
			free(bytes);
	}
	free(first);
	return deviation;
}

static char *grade_entry(const struct lab *lab, const struct corpus_entry *entry,
			 const struct arguments *arguments, char **got)
{
	AUTO_FREE char *folder = corpus_folder(lab, entry);
	return folder == NULL ? must_strdup("the patch does not apply")
			      : grade_repeatedly(lab, entry, folder, arguments, got);
}

static void verify_entry(const struct lab *lab, const struct corpus_entry *entry,
			 const struct arguments *arguments, struct tally *tally)
{
	long long begin = clock_ms();
	AUTO_FREE char *got = must_strdup("not graded");
	AUTO_FREE char *deviation = arguments->grade != NULL
					    ? grade_given(entry, arguments->grade, &got)
					    : grade_entry(lab, entry, arguments, &got);
	AUTO_FREE char *wanted = expectation(entry);
	(void)printf("%-10s %-24s %-44s %6.1f s  %s%s\n", entry->id, wanted, got,
		     (double)(clock_ms() - begin) / 1000,
		     deviation == NULL ? "ok" : "DEVIATION: ", deviation == NULL ? "" : deviation);
	(void)fflush(stdout);
	if (deviation != NULL) {
		tally->deviations++;
		return;
	}
	tally->expected++;
	words_add_all(&tally->killed, &entry->tests);
}

static void report_unkilled(const struct lab *lab, const struct tally *tally)
{
	AUTO_FREE char *line = must_strdup("No mutant fails:");
	size_t count = 0;
	for (size_t i = 0; i < lab->test_count; i++) {
		if (words_has(&tally->killed, lab->tests[i].id))
			continue;
		char *longer = must_printf("%s %s", line, lab->tests[i].id);
		free(line);
		line = longer;
		count++;
	}
	if (count > 0)
		text_wrap(stdout, line, 0, 80);
}

/* True: something of this lab was graded. */
static bool verify_lab(const char *root, const char *name, const struct arguments *arguments,
		       struct tally *tally)
{
	struct lab *lab = lab_load(root, name);
	struct corpus corpus = corpus_load(lab);
	size_t graded = 0;
	for (size_t i = 0; i < corpus.count; i++) {
		if (arguments->only != NULL && strcmp(arguments->only, corpus.item[i].id) != 0)
			continue;
		if (graded++ == 0)
			(void)printf("lab %s\n", name);
		verify_entry(lab, &corpus.item[i], arguments, tally);
	}
	if (arguments->only == NULL)
		report_unkilled(lab, tally);
	corpus_fini(&corpus);
	lab_destroy(lab);
	return graded > 0;
}

int command_verify(int argc, char **argv)
{
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.doc = "Grades reference, skeleton, variants and mutants of each lab and compares "
		       "the "
		       "outcome with what is known.",
	};
	struct arguments arguments = { .runs = 1, .slots = grading_slots() };
	(void)argp_parse(&argp, argc, argv, 0, NULL, &arguments);
	if (arguments.grade != NULL && (arguments.only == NULL || arguments.lab == NULL))
		die("--grade needs the entry that it is held against: --lab=3 --only=M3-06");
	AUTO_FREE char *root = house_root();
	struct words labs = { 0 };
	if (arguments.lab != NULL) {
		AUTO_FREE char *name = lab_resolve(root, arguments.lab);
		if (name == NULL)
			die("there is no lab '%s'; see the folders of labs/", arguments.lab);
		words_add(&labs, name);
	} else {
		lab_names(root, &labs);
	}
	struct tally tally = { 0 };
	bool any = false;
	for (size_t i = 0; i < labs.count; i++)
		any = verify_lab(root, labs.item[i], &arguments, &tally) || any;
	if (!any && arguments.only != NULL)
		die("there is no entry '%s' in %s; see the folders of solutions/", arguments.only,
		    labs.count == 1 ? labs.item[0] : "any lab");
	words_fini(&labs);
	words_fini(&tally.killed);
	(void)printf("%zu as expected, %zu deviations\n", tally.expected, tally.deviations);
	return tally.deviations == 0 ? 0 : 1;
}
