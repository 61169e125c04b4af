/* Programs, runs, second opinions, then everything that is known only where those are. */
#include "command/gather.h"

#include <string.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/die.h"
#include "base/json.h"
#include "base/machine.h"
#include "command/evidence.h"
#include "command/lookup.h"
#include "command/partial.h"
#include "command/plan.h"
#include "command/run_record.h"
#include "command/second.h"
#include "command/versions.h"
#include "intake/programs.h"
#include "judge/score.h"
#include "report/grade.h"
#include "sandbox/box.h"

const char *gather_isolation(void)
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

static void run_tests(const struct lab *lab, struct watch *watch,
		      const struct submission *submission, const struct programs *programs,
		      struct plan_result *result)
{
	const struct grading_options *options = watch->options;
	if (programs->finding != NULL) {
		*result = (struct plan_result){ .verdicts = json_object(),
						.evidence = json_object(),
						.attempts = json_object(),
						.detectors = json_object() };
		return;
	}
	const struct plan_options plan = {
		.seed = options->seed,
		.slots = options->slots,
		.submission = submission,
		.progress = show_progress,
		.context = watch,
	};
	plan_run(lab, watch->lab_json, programs, &plan, result);
	if (options->progress)
		(void)fputs("\r\033[K", stderr);
}

static json_t *list_of(const struct words *words)
{
	json_t *list = json_array();
	for (size_t i = 0; i < words->count; i++)
		(void)json_array_append_new(list, json_string(words->item[i]));
	return list;
}

static json_t *make(const struct lab *lab, const struct submission *submission, const char *seed,
		    const struct programs *programs, const struct plan_result *plan)
{
	const char *missing = box_host_probe()->missing;
	json_t *evidence = json_make("{s:s, s:s, s:s, s:s}", "format", evidence_format, "lab",
				     lab->name, "seed", seed, "submission", submission->hash);
	if (lab->compiler != NULL)
		json_put_text(evidence, "compiler", lab->compiler);
	json_put_text(evidence, "isolation", gather_isolation());
	if (missing != NULL)
		json_put_text(evidence, "missing", missing);
	json_put(evidence, "machine", json_integer(machine_factor()));
	json_put(evidence, "versions", versions_facts(lab));
	if (programs->finding != NULL)
		json_put(evidence, "finding", json_deep_copy(programs->finding));
	json_put(evidence, "warnings", list_of(&programs->warnings));
	json_put(evidence, "records", json_incref(plan->evidence));
	json_put(evidence, "attempts", json_incref(plan->attempts));
	json_put(evidence, "detectors", json_incref(plan->detectors));
	json_put(evidence, "functions", lookup_functions(programs));
	json_put(evidence, "lines", lookup_lines(lab, programs, plan->evidence));
	json_put(evidence, "host", run_record_host());
	return evidence;
}

json_t *gather(const struct lab *lab, const json_t *lab_json, const struct submission *submission,
	       const struct grading_options *options, struct grading *grading)
{
	const struct words none = { 0 };
	const struct grade_head head = { .lab = lab->name,
					 .isolation = gather_isolation(),
					 .seed = options->seed,
					 .submission = submission->hash,
					 .notes = &none };
	struct watch watch = { .options = options, .lab_json = lab_json, .head = &head };
	struct programs programs;
	struct plan_result plan;
	show_partial(&watch, NULL);
	programs_make(lab, submission, options->fresh, &programs);
	const long long made = clock_ms();
	struct second *second = programs.finding == NULL
					? second_start(lab, submission, programs.folder,
						       options->detectors)
					: NULL;
	run_tests(lab, &watch, submission, &programs, &plan);
	const long long ran = clock_ms();
	json_t *seen = second_finish(second);
	grading->second_ms = clock_ms() - ran;
	grading->run_ms = ran - made;
	grading->folder = must_strdup(programs.folder);
	grading->cached = programs.cached;
	grading->compile_ms = programs.compile_ms;
	grading->audit_ms = programs.audit_ms;
	grading->link_ms = programs.link_ms;
	json_t *evidence = make(lab, submission, options->seed, &programs, &plan);
	json_put(evidence, "second", seen);
	json_put(evidence, "stages", run_record_stages(grading));
	evidence_clean(evidence);
	plan_result_fini(&plan);
	programs_fini(&programs);
	return evidence;
}

char *gather_unbuilt(const struct lab *lab, const struct submission *submission, const char *seed)
{
	const struct grading none = { 0 };
	const struct words no_words = { 0 };
	json_t *evidence = json_make("{s:s, s:s, s:s, s:s}", "format", evidence_format, "lab",
				     lab->name, "seed", seed, "submission", submission->hash);
	static const char *const empty[] = { "records", "attempts", "detectors", "functions",
					     "lines" };
	if (lab->compiler != NULL)
		json_put_text(evidence, "compiler", lab->compiler);
	json_put_text(evidence, "isolation", "full"); /* of nobody */
	json_put(evidence, "machine", json_integer(1));
	json_put(evidence, "versions", versions_facts(lab));
	json_put(evidence, "finding", json_deep_copy(submission->finding));
	json_put(evidence, "warnings", list_of(&no_words));
	for (size_t i = 0; i < sizeof empty / sizeof *empty; i++)
		json_put(evidence, empty[i], json_object());
	json_put(evidence, "second", json_array());
	json_put(evidence, "host", json_make("{s:[]}", "layers"));
	json_put(evidence, "stages", run_record_stages(&none));
	char *text = json_text(evidence);
	json_decref(evidence);
	return text;
}
