/* Each step takes the value of the one before; only the last ones write files that others read. */
#include "command/grading.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/die.h"
#include "base/file.h"
#include "base/json.h"
#include "base/machine.h"
#include "command/evidence.h"
#include "command/gather.h"
#include "command/judge.h"
#include "command/lab_json.h"
#include "command/plots.h"
#include "command/refused.h"
#include "command/run_record.h"
#include "command/schedules.h"
#include "command/second.h"
#include "command/versions.h"
#include "intake/collect.h"
#include "intake/programs.h"
#include "judge/layers.h"
#include "judge/score.h"
#include "report/grade.h"
#include "report/second.h"
#include "report/terminal.h"

static void write_json(const struct grading *grading, const char *name, const json_t *value)
{
	AUTO_FREE char *path = must_printf("%s/%s", grading->folder, name);
	int error = json_write_file(path, value);
	if (error != 0)
		die_errno(error, "cannot write %s", path);
}

/* What is judged, by whom. */
struct trial {
	const struct lab *lab;
	const struct submission *submission;
	const json_t *evidence;
	const char *judge, *image; /* as of versions_of */
	long long begin_ms;
};

static void make_grade(const struct trial *trial, const json_t *rows, struct grading *grading)
{
	const json_t *evidence = trial->evidence;
	struct words notes = { 0 };
	words_add_all(&notes, &trial->submission->notes);
	const char *isolation = json_text_of(evidence, "isolation", "?");
	const char *seed = json_text_of(evidence, "seed", "?");
	if (strcmp(isolation, "reduced") == 0)
		words_addf(&notes, "isolation is reduced: %s",
			   json_text_of(evidence, "missing", "?"));
	refused_note(trial->lab, json_object_get(evidence, "records"), &notes);
	struct grade_head head = { .lab = trial->lab->name,
				   .isolation = isolation,
				   .seed = seed,
				   .submission = trial->submission->hash,
				   .notes = &notes };
	score_total(rows, &head.score, &head.max);
	json_t *versions = versions_of(trial->lab, seed, isolation,
				       json_object_get(evidence, "versions"), trial->judge,
				       trial->image);
	head.versions = versions;
	grading->grade = grade_make(&head, rows);
	json_decref(versions);
	words_fini(&notes);
	const char *flaw = grade_flaw(grading->grade);
	if (flaw != NULL)
		die("No grade: the grader made a grade with %s. This is not your fault", flaw);
}

static void take_warnings(struct grading *grading, const json_t *evidence)
{
	size_t i;
	json_t *warning;
	json_array_foreach(json_object_get(evidence, "warnings"), i, warning)
		words_add(&grading->warnings, json_string_value(warning));
}

/* Everything behind the evidence: judges it, and leaves all files in the folder. */
static void judge(const struct trial *trial, struct grading *grading)
{
	const struct lab *lab = trial->lab;
	const json_t *evidence = trial->evidence;
	const long long gathered = clock_ms();
	json_t *lab_json = lab_to_json(lab);
	json_t *verdicts = NULL, *rows = NULL;
	judge_evidence(lab, lab_json, evidence, &verdicts, &rows);
	schedules_write(lab, grading->folder, evidence, verdicts, rows);
	grading->second = layers_compare(rows, json_object_get(evidence, "second"));
	make_grade(trial, rows, grading);
	take_warnings(grading, evidence);
	grading->judge_ms = clock_ms() - gathered;
	grading->total_ms = clock_ms() - trial->begin_ms;
	write_json(grading, "grade.json", grading->grade);
	grading->run = run_record_make(grading, evidence);
	write_json(grading, "run.json", grading->run);
	run_record_write_evidence(grading->folder, evidence);
	plots_write(grading->folder, json_object_get(evidence, "records"), &grading->plots);
	json_decref(rows);
	json_decref(verdicts);
	json_decref(lab_json);
}

unsigned grading_slots(void)
{
	const long cores = sysconf(_SC_NPROCESSORS_ONLN);
	return cores > 0 ? (unsigned)cores * 2 : 2;
}

/* What comes before anything of the submission is touched. */
static void prepare(const struct lab *lab, const struct grading_options *options)
{
	second_check(lab, options->detectors);
	(void)machine_factor(); /* before there are children */
	(void)gather_isolation();
}

void grading_run(const struct lab *lab, const char *folder, const struct grading_options *options,
		 struct grading *grading)
{
	*grading = (struct grading){ 0 };
	prepare(lab, options);
	const long long begin = clock_ms();
	json_t *lab_json = lab_to_json(lab);
	struct submission submission;
	submission_collect(lab, folder, &submission);
	grading->collect_ms = clock_ms() - begin;
	json_t *evidence = gather(lab, lab_json, &submission, options, grading);
	const struct trial trial = {
		.lab = lab,
		.submission = &submission,
		.evidence = evidence,
		.judge = json_text_of(json_object_get(evidence, "versions"), "grader_hash", "?"),
		.begin_ms = begin,
	};
	judge(&trial, grading);
	json_decref(evidence);
	json_decref(lab_json);
	submission_fini(&submission);
}

void grading_gather(const struct lab *lab, const char *folder,
		    const struct grading_options *options, const char *path)
{
	struct grading grading = { 0 };
	prepare(lab, options);
	json_t *lab_json = lab_to_json(lab);
	struct submission submission;
	submission_collect(lab, folder, &submission);
	json_t *evidence = gather(lab, lab_json, &submission, options, &grading);
	evidence_write(path, evidence);
	json_decref(evidence);
	json_decref(lab_json);
	submission_fini(&submission);
	grading_fini(&grading);
}

static long long time_of(const json_t *evidence, const char *key)
{
	return json_integer_value(json_object_get(json_object_get(evidence, "stages"), key));
}

/* Those of whoever gathered it; what is ours follows. */
static void take_times(struct grading *grading, const json_t *evidence)
{
	grading->compile_ms = time_of(evidence, "compile_ms");
	grading->audit_ms = time_of(evidence, "audit_ms");
	grading->link_ms = time_of(evidence, "link_ms");
	grading->run_ms = time_of(evidence, "run_ms");
	grading->second_ms = time_of(evidence, "second_ms");
	grading->cached = json_is_true(
		json_object_get(json_object_get(evidence, "stages"), "cached"));
}

/* In a machine of ours nothing is missing; one in which something is has been tampered with. */
static char *less_than_full(const json_t *evidence)
{
	if (strcmp(json_text_of(evidence, "isolation", ""), "full") == 0)
		return NULL;
	return must_printf("the sandbox in the virtual machine had not all of its layers (%s)",
			   json_text_of(evidence, "missing", "?"));
}

/* Evidence of whatever origin becomes a grade, or ends the program. */
static void judge_bytes(struct trial *trial, const char *seed, const char *bytes, size_t length,
			struct grading *grading)
{
	const struct lab *lab = trial->lab;
	AUTO_FREE char *why = NULL;
	AUTO_FREE char *lab_hash = versions_lab_hash(lab);
	AUTO_FREE char *self = versions_grader_hash(lab);
	json_t *evidence = evidence_parse(bytes, length, lab, &why);
	if (evidence != NULL)
		why = evidence_mismatch(evidence, lab, seed, trial->submission, lab_hash);
	if (why == NULL && trial->image != NULL)
		why = less_than_full(evidence);
	if (why != NULL)
		die("No grade: the evidence cannot be judged: %s. This costs nothing: grade again; "
		    "if it stays so, %s",
		    why,
		    trial->image != NULL ? "the virtual machine is of another version: make vm"
					 : "it was made by another version: make it anew there");
	take_times(grading, evidence);
	programs_write_sources(trial->submission, grading->folder);
	trial->evidence = evidence;
	trial->judge = self;
	judge(trial, grading);
	json_decref(evidence);
}

void grading_judge(const struct lab *lab, const char *folder, const char *seed, const char *path,
		   struct grading *grading)
{
	*grading = (struct grading){ 0 };
	struct submission submission;
	AUTO_FREE char *bytes = NULL;
	size_t length = 0;
	struct trial trial = { .lab = lab, .submission = &submission, .begin_ms = clock_ms() };
	submission_collect(lab, folder, &submission);
	grading->collect_ms = clock_ms() - trial.begin_ms;
	int error = file_read(path, EVIDENCE_BYTES_MAX, &bytes, &length);
	if (error == EFBIG)
		die("No grade: the evidence in %s is larger than %d bytes", path,
		    EVIDENCE_BYTES_MAX);
	if (error != 0)
		die_errno(error, "No grade: the evidence in %s cannot be read", path);
	grading->folder = programs_folder(lab, &submission, "judged");
	judge_bytes(&trial, seed, bytes, length, grading);
	submission_fini(&submission);
}

void grading_vm(const struct lab *lab, const char *folder, const char *seed,
		const struct vm_options *options, struct grading *grading)
{
	*grading = (struct grading){ 0 };
	struct submission submission;
	AUTO_FREE char *image = vm_image(lab, options);
	struct trial trial = {
		.lab = lab, .submission = &submission, .image = image, .begin_ms = clock_ms()
	};
	size_t length = 0;
	submission_collect(lab, folder, &submission);
	grading->collect_ms = clock_ms() - trial.begin_ms;
	grading->folder = programs_folder(lab, &submission, "judged");
	/* What cannot be built is known here, and some of it cannot be put into a tar. */
	AUTO_FREE char *bytes = submission.finding != NULL ? gather_unbuilt(lab, &submission, seed)
							   : vm_run(lab, &submission, seed, options,
								    grading->folder, &length);
	judge_bytes(&trial, seed, bytes, submission.finding != NULL ? strlen(bytes) : length,
		    grading);
	submission_fini(&submission);
}

void grading_fini(struct grading *grading)
{
	json_decref(grading->grade);
	json_decref(grading->run);
	json_decref(grading->second);
	free(grading->folder);
	words_fini(&grading->warnings);
	words_fini(&grading->plots);
	*grading = (struct grading){ 0 };
}

int grading_exit_status(const struct grading *grading)
{
	const json_t *score = json_object_get(grading->grade, "score");
	const json_t *max = json_object_get(grading->grade, "max");
	if (!json_is_number(score))
		return 2;
	return lround(json_number_value(score) * 100) == lround(json_number_value(max) * 100) ? 0
											      : 1;
}

void grading_print(FILE *out, const struct lab *lab, const struct grading *grading)
{
	json_t *parts = json_object();
	for (size_t i = 0; i < lab->part_count; i++)
		json_put_text(parts, lab->parts[i].id, lab->parts[i].title);
	/* People know the folder from where they stand. */
	size_t root = strlen(lab->root);
	bool below = strncmp(grading->folder, lab->root, root) == 0;
	const struct terminal_context context = { .lab_number = lab->number,
						  .parts = parts,
						  .warnings = &grading->warnings,
						  .folder = grading->folder +
							    (below ? root + 1 : 0),
						  .colour = terminal_has_colour(out) };
	terminal_report(out, grading->grade, &context);
	for (size_t i = 0; i < grading->plots.count; i++)
		(void)fprintf(out, " A picture: %s/%s\n", context.folder, grading->plots.item[i]);
	second_report(out, grading->second);
	json_decref(parts);
}

void grading_print_times(FILE *out, const struct grading *grading)
{
	const struct {
		const char *name;
		long long ms;
	} stages[] = { { "collect", grading->collect_ms }, { "compile", grading->compile_ms },
		       { "audit", grading->audit_ms },     { "link", grading->link_ms },
		       { "run", grading->run_ms },         { "judge", grading->judge_ms } };
	(void)fprintf(out, " %.1f s:", (double)grading->total_ms / 1000);
	for (size_t i = 0; i < sizeof stages / sizeof stages[0]; i++)
		(void)fprintf(out, "%s %s %.1f", i > 0 ? "," : "", stages[i].name,
			      (double)stages[i].ms / 1000);
	(void)fprintf(out, "%s\n", grading->cached ? " (programs of an earlier run)" : "");
}
