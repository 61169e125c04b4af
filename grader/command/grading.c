/* Each step takes the value of the one before; only the last ones write files that others read. */
#include "command/grading.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/die.h"
#include "base/file.h"
#include "base/json.h"
#include "command/lab_json.h"
#include "command/partial.h"
#include "command/places.h"
#include "command/plan.h"
#include "command/plots.h"
#include "command/refused.h"
#include "command/run_record.h"
#include "command/schedules.h"
#include "command/second.h"
#include "command/versions.h"
#include "intake/collect.h"
#include "intake/programs.h"
#include "judge/score.h"
#include "report/grade.h"
#include "report/second.h"
#include "report/terminal.h"
#include "sandbox/box.h"

static const char *isolation_name(void)
{
	const struct box_host *host = box_host_probe();
	if (host->mode == BOX_MODE_NONE)
		die("No grade: this machine cannot run a submission safely. %s", host->missing);
	return box_mode_name(host->mode);
}

/* What the callback of the plan needs. */
struct watch {
	const struct grading_options *options;
	const json_t *lab_json;
	const struct grade_head *head;
};

static void show_partial(const struct watch *watch, const json_t *verdicts)
{
	if (watch->options->partial == NULL)
		return;
	json_t *grade = partial_grade(watch->head, watch->lab_json, verdicts);
	watch->options->partial(grade, watch->options->partial_context);
	json_decref(grade);
}

static void show_progress(size_t done, size_t tests, const char *test, const json_t *verdicts,
			  void *context)
{
	const struct watch *watch = context;
	if (watch->options->progress)
		(void)fprintf(stderr, "\r %zu of %zu tests  %-12s", done, tests, test);
	show_partial(watch, verdicts);
}

static json_t *run_tests(const struct lab *lab, struct watch *watch,
			 const struct submission *submission, const struct programs *programs,
			 struct plan_result *result)
{
	const struct grading_options *options = watch->options;
	const json_t *lab_json = watch->lab_json;
	if (programs->finding != NULL) {
		*result = (struct plan_result){ .evidence = json_object(),
						.attempts = json_object() };
		result->verdicts = score_unbuilt(lab_json, programs->finding);
	} else {
		const struct plan_options plan = {
			.seed = options->seed,
			.slots = options->slots,
			.submission = submission,
			.progress = show_progress,
			.context = watch,
		};
		plan_run(lab, lab_json, programs, &plan, result);
		if (options->progress)
			(void)fputs("\r\033[K", stderr);
	}
	json_t *rows = score_tests(lab_json, result->verdicts);
	places_finish(lab, lab_json, programs, result->verdicts, rows);
	schedules_write(lab, programs, result, rows, options->seed);
	return rows;
}

static void write_json(const struct grading *grading, const char *name, const json_t *value)
{
	AUTO_FREE char *path = must_printf("%s/%s", grading->folder, name);
	int error = json_write_file(path, value);
	if (error != 0)
		die_errno(error, "cannot write %s", path);
}

static json_t *make_grade(const struct lab *lab, const struct submission *submission,
			  const struct grading_options *options, const json_t *rows,
			  const struct plan_result *plan)
{
	struct words notes = { 0 };
	words_add_all(&notes, &submission->notes);
	const char *isolation = isolation_name();
	if (strcmp(isolation, "reduced") == 0)
		words_addf(&notes, "isolation is reduced: %s", box_host_probe()->missing);
	refused_note(lab, plan->evidence, &notes);
	struct grade_head head = { .lab = lab->name,
				   .isolation = isolation,
				   .seed = options->seed,
				   .submission = submission->hash,
				   .notes = &notes };
	score_total(rows, &head.score, &head.max);
	json_t *versions = versions_make(lab, options->seed, isolation);
	head.versions = versions;
	json_t *grade = grade_make(&head, rows);
	json_decref(versions);
	words_fini(&notes);
	const char *flaw = grade_flaw(grade);
	if (flaw != NULL)
		die("No grade: the grader made a grade with %s. This is not your fault", flaw);
	return grade;
}

unsigned grading_slots(void)
{
	const long cores = sysconf(_SC_NPROCESSORS_ONLN);
	return cores > 0 ? (unsigned)cores * 2 : 2;
}

void grading_run(const struct lab *lab, const char *folder, const struct grading_options *options,
		 struct grading *grading)
{
	*grading = (struct grading){ 0 };
	second_check(lab, options->detectors);
	(void)isolation_name(); /* before anything of the submission is touched */
	json_t *lab_json = lab_to_json(lab);
	struct submission submission;
	struct programs programs;
	struct plan_result plan;
	long long begin = clock_ms();
	submission_collect(lab, folder, &submission);
	long long collected = clock_ms();
	const struct words none = { 0 };
	const struct grade_head head = { .lab = lab->name,
					 .isolation = isolation_name(),
					 .seed = options->seed,
					 .submission = submission.hash,
					 .notes = &none };
	struct watch watch = { .options = options, .lab_json = lab_json, .head = &head };
	show_partial(&watch, NULL);
	programs_make(lab, &submission, options->fresh, &programs);
	long long made = clock_ms();
	struct second *second = programs.finding == NULL
					? second_start(lab, &submission, programs.folder,
						       options->detectors)
					: NULL;
	json_t *rows = run_tests(lab, &watch, &submission, &programs, &plan);
	long long ran = clock_ms();
	grading->second = second_finish(second, rows);
	grading->second_ms = clock_ms() - ran;
	grading->folder = must_strdup(programs.folder);
	grading->grade = make_grade(lab, &submission, options, rows, &plan);
	words_add_all(&grading->warnings, &programs.warnings);
	grading->cached = programs.cached;
	grading->collect_ms = collected - begin;
	grading->compile_ms = programs.compile_ms;
	grading->audit_ms = programs.audit_ms;
	grading->link_ms = programs.link_ms;
	grading->run_ms = ran - made;
	grading->judge_ms = clock_ms() - ran - grading->second_ms;
	grading->total_ms = clock_ms() - begin;
	write_json(grading, "grade.json", grading->grade);
	grading->run = run_record_make(grading, &plan);
	write_json(grading, "run.json", grading->run);
	run_record_write_evidence(grading->folder, &plan);
	plots_write(grading->folder, &plan, &grading->plots);
	json_decref(rows);
	json_decref(lab_json);
	plan_result_fini(&plan);
	programs_fini(&programs);
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
