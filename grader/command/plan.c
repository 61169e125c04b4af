/* One job per test and build. A job that gave no result by our fault runs again, the last time
 * alone; a verdict once given is never asked for again. */
#include "command/plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/json.h"
#include "base/machine.h"
#include "command/control.h"
#include "judge/score.h"
#include "judge/verdict.h"
#include "run/run.h"

enum { ATTEMPTS_MAX = 3 };

struct job {
	const json_t *test;  /* of the lab's JSON */
	char *given, *lines; /* a program of ours that is played instead; NULL: the student's */
	const struct program_build *product;
	json_t *verdict; /* NULL until it ended */
};

struct phase {
	const struct lab *lab;
	const struct plan_options *options;
	struct plan_result *result;
	struct job *jobs;
	size_t count;
	const size_t *chosen;   /* of this attempt: the jobs' numbers */
	size_t tests_done;      /* over all phases, for people        */
	struct run_text *texts; /* of the submission */
};

static const char *id_of(const struct job *job)
{
	return json_text_of(job->test, "id", "?");
}

static char *key_of(const struct job *job)
{
	return must_printf("%s %s", id_of(job), job->product->build->name);
}

static enum box_policy policy_of(const struct lab *lab)
{
	int policy = box_policy_find(lab->policy);
	if (policy < BOX_POLICY_LAB1)
		die("labs/%s/lab.conf: policy '%s' is not one of lab1 to lab6", lab->name,
		    lab->policy);
	return (enum box_policy)policy;
}

static enum box_profile profile_of(const struct lab_build *build)
{
	int profile = box_profile_find(build->profile);
	if (profile < 0)
		die("harness/builds.conf: [%s] has the unknown profile '%s'", build->name,
		    build->profile);
	return (enum box_profile)profile;
}

static char *examiner_of(const struct lab *lab)
{
	return lab_path(lab, "build/labs/%s/examiner", lab->name);
}

static struct run_job describe(const struct phase *phase, const struct job *job,
			       const char *examiner)
{
	const struct lab_limits *limits = &phase->lab->limits;
	return (struct run_job){
		.test = id_of(job),
		.build = job->product->build->name,
		.seed = phase->options->seed,
		.examiner = examiner,
		.srv = job->product->srv,
		.player = job->given != NULL ? job->given : job->product->player,
		.srv_map = job->product->srv_map,
		.player_map = job->given != NULL ? NULL : job->product->player_map,
		.lines = job->lines,
		.texts = phase->texts,
		.text_count = phase->options->submission->text_count,
		.environment = words_vector(&job->product->build->environment),
		.plant = job->product->build->plant,
		.libraries = job->product->libraries.files,
		.policy = policy_of(phase->lab),
		.profile = profile_of(job->product->build),
		.limits = { .memory_bytes = (uint64_t)limits->memory_mib << 20,
			    .tasks = limits->tasks,
			    .cpu_s = limits->cpu_s,
			    .wall_ms = limits->wall_s * 1000 },
	};
}

/* All verdicts of the test that this job belongs to are there: the test is done. */
static void finish_test(struct phase *phase, const struct job *job)
{
	json_t *verdicts[16];
	size_t count = 0;
	for (size_t i = 0; i < phase->count; i++) {
		if (phase->jobs[i].test != job->test)
			continue;
		if (phase->jobs[i].verdict == NULL || count == sizeof verdicts / sizeof verdicts[0])
			return;
		verdicts[count++] = phase->jobs[i].verdict;
	}
	bool again = json_object_get(phase->result->verdicts, id_of(job)) != NULL;
	json_put(phase->result->verdicts, id_of(job), verdict_of_test(job->test, verdicts, count));
	phase->tests_done += !again;
	if (phase->options->progress != NULL)
		phase->options->progress(phase->tests_done, phase->lab->test_count, id_of(job),
					 phase->result->verdicts, phase->options->context);
}

static void job_done(size_t index, json_t *records, void *context)
{
	struct phase *phase = context;
	struct job *job = &phase->jobs[phase->chosen[index]];
	const struct verdict_job expected = {
		.build = job->product->build->name,
		.seed = phase->options->seed,
		.cpu_ms_bound = (long)phase->lab->limits.cpu_s * 1000 * (long)machine_factor(),
		.planted = job->product->build->plant != NULL,
	};
	AUTO_FREE char *key = key_of(job);
	json_decref(job->verdict);
	job->verdict = verdict_of_job(job->test, &expected, records);
	json_put_text(job->verdict, "build", expected.build);
	json_put(phase->result->evidence, key, json_incref(records));
	json_int_t before = json_integer_value(json_object_get(phase->result->attempts, key));
	json_put(phase->result->attempts, key, json_integer(before + 1));
	finish_test(phase, job);
}

static bool needs_run(const struct job *job)
{
	return job->verdict == NULL ||
	       strcmp(json_text_of(job->verdict, "status", ""), "infra") == 0;
}

static void run_attempt(struct phase *phase, unsigned slots)
{
	AUTO_FREE char *examiner = examiner_of(phase->lab);
	size_t *chosen = must_alloc(phase->count * sizeof *chosen);
	struct run_job *jobs = must_alloc(phase->count * sizeof *jobs);
	size_t count = 0;
	for (size_t i = 0; i < phase->count; i++) {
		if (!needs_run(&phase->jobs[i]))
			continue;
		chosen[count] = i;
		jobs[count++] = describe(phase, &phase->jobs[i], examiner);
	}
	phase->chosen = chosen;
	if (count > 0)
		run_jobs(jobs, count, slots, job_done, phase);
	phase->chosen = NULL;
	free(jobs);
	free(chosen);
}

static bool detector_works(struct phase *phase, const struct job *job)
{
	const char *build = job->product->build->name;
	json_t *known = json_object_get(phase->result->detectors, build);
	if (known == NULL) {
		AUTO_FREE char *examiner = examiner_of(phase->lab);
		const struct run_job like = describe(phase, job, examiner);
		known = json_boolean(control_passes(phase->lab, &like));
		json_put(phase->result->detectors, build, known);
	}
	return json_is_true(known);
}

/* A detector that is silent about our own program, too, is no witness against anybody's. */
static void doubt_detectors(struct phase *phase)
{
	for (size_t i = 0; i < phase->count; i++) {
		struct job *job = &phase->jobs[i];
		const json_t *finding = json_object_get(job->verdict, "finding");
		if (strcmp(json_text_of(finding, "id", ""), "tampered") != 0 ||
		    job->product->build->plant == NULL || /* the explorer is no machine's own */
		    detector_works(phase, job))
			continue;
		AUTO_FREE char *reason = must_printf(
			"the sanitizers of the build %s do not report errors on this machine",
			job->product->build->name);
		json_decref(job->verdict);
		job->verdict = verdict_infra(job->test, reason);
		json_put_text(job->verdict, "build", job->product->build->name);
		finish_test(phase, job);
	}
}

/* The jobs of one test, if it belongs to this phase. */
static void choose_test(struct phase *phase, const json_t *lab_json,
			const struct programs *programs, bool gates, const struct lab_test *test)
{
	json_t *row = json_array_get(json_object_get(lab_json, "tests"),
				     (size_t)(test - phase->lab->tests));
	if (test->gate != gates ||
	    (!gates && !score_is_open(lab_json, row, phase->result->verdicts)))
		return;
	for (size_t b = 0; b < test->builds.count; b++) {
		const char *build = test->builds.item[b];
		const char *given = lab_given(phase->lab, test->id);
		struct job *job = &phase->jobs[phase->count++];
		*job = (struct job){ .test = row, .product = programs_build(programs, build) };
		if (given == NULL)
			continue;
		job->given = lab_path(phase->lab, "build/labs/%s/%s/%s", phase->lab->name, build,
				      given);
		job->lines = must_printf("%s.lines", job->given);
	}
}

/* The jobs of all tests that are gates, or of all that are none and open; the longest first, lest
 * the last one runs alone at the end. */
static void choose_jobs(struct phase *phase, const json_t *lab_json,
			const struct programs *programs, bool gates)
{
	const struct lab *lab = phase->lab;
	for (size_t i = 0; i < lab->first.count; i++)
		choose_test(phase, lab_json, programs, gates,
			    lab_test_find(lab, lab->first.item[i]));
	for (size_t i = 0; i < lab->test_count; i++)
		if (!words_has(&lab->first, lab->tests[i].id))
			choose_test(phase, lab_json, programs, gates, &lab->tests[i]);
}

static void run_phase(struct phase *phase, const json_t *lab_json, const struct programs *programs,
		      bool gates)
{
	size_t room = 0;
	for (size_t i = 0; i < phase->lab->test_count; i++)
		room += phase->lab->tests[i].builds.count;
	phase->jobs = must_alloc(room * sizeof *phase->jobs);
	phase->count = 0;
	choose_jobs(phase, lab_json, programs, gates);
	for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++)
		run_attempt(phase, attempt < ATTEMPTS_MAX ? phase->options->slots : 1);
	doubt_detectors(phase);
	for (size_t i = 0; i < phase->count; i++) {
		json_decref(phase->jobs[i].verdict);
		free(phase->jobs[i].given);
		free(phase->jobs[i].lines);
	}
	free(phase->jobs);
	phase->jobs = NULL;
}

/* The same texts in the runner's words. Returned (free). */
static struct run_text *texts_of(const struct submission *submission)
{
	struct run_text *texts = must_alloc((submission->text_count + 1) * sizeof *texts);
	for (size_t i = 0; i < submission->text_count; i++)
		texts[i] = (struct run_text){ .name = submission->texts[i].name,
					      .bytes = submission->texts[i].bytes,
					      .length = submission->texts[i].length,
					      .why = submission->texts[i].why };
	return texts;
}

void plan_run(const struct lab *lab, const json_t *lab_json, const struct programs *programs,
	      const struct plan_options *options, struct plan_result *result)
{
	*result = (struct plan_result){ .verdicts = json_object(),
					.evidence = json_object(),
					.attempts = json_object(),
					.detectors = json_object() };
	struct phase phase = { .lab = lab, .options = options, .result = result };
	phase.texts = texts_of(options->submission);
	run_phase(&phase, lab_json, programs, true);
	run_phase(&phase, lab_json, programs, false);
	free(phase.texts);
}

void plan_result_fini(struct plan_result *result)
{
	json_decref(result->verdicts);
	json_decref(result->evidence);
	json_decref(result->attempts);
	json_decref(result->detectors);
	*result = (struct plan_result){ 0 };
}
