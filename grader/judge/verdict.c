/* What one job's records prove. Every way of not passing has its own line here; passing is what is
 * left. */
#include "judge/verdict.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/json.h"
#include "judge/layers.h"
#include "judge/records.h"

static json_t *verdict_make(const json_t *test, const char *status)
{
	json_t *verdict = json_object();
	json_put_text(verdict, "status", status);
	json_put_text(verdict, "detector", json_text_of(test, "detector", "BUILD"));
	return verdict;
}

json_t *verdict_infra(const json_t *test, const char *reason)
{
	json_t *verdict = verdict_make(test, "infra");
	json_put_text(verdict, "reason", reason);
	return verdict;
}

json_t *verdict_fail(const json_t *test, json_t *finding)
{
	json_t *verdict = verdict_make(test, "fail");
	const char *detector = json_text_of(finding, "detector", NULL);
	if (detector != NULL)
		json_put_text(verdict, "detector", detector);
	json_put(verdict, "evidence", json_object());
	json_put(verdict, "finding", json_incref(finding));
	return verdict;
}

static json_t *fail_by(const json_t *test, const char *id, const char *detector, const char *what,
		       const char *why)
{
	json_t *finding = json_make("{s:s, s:s, s:s, s:[], s:s}", "id", id, "detector", detector,
				    "what", what, "where", "why", why);
	json_t *verdict = verdict_fail(test, finding);
	json_decref(finding);
	return verdict;
}

/* Limits that only the subject can have hit. NULL if it hit none. */
static json_t *fail_by_limit(const json_t *test, const struct verdict_job *job, const json_t *fact)
{
	if (json_is_true(json_object_get(fact, "oom")))
		return fail_by(
			test, "memory-limit", "RES",
			"The program asked for more memory than the lab allows and was ended.",
			"Memory must not grow with what a client sends or with time.");
	if (json_is_true(json_object_get(fact, "output_limit")))
		return fail_by(test, "output-limit", "RES",
			       "The program printed without end and was ended.",
			       "Output of a program has a bound.");
	json_int_t cpu_ms = json_integer_value(json_object_get(fact, "cpu_ms"));
	bool wall = json_is_true(json_object_get(fact, "wall"));
	if (json_is_true(json_object_get(fact, "cpu_limit")) ||
	    (wall && cpu_ms >= job->cpu_ms_bound))
		return fail_by(test, "cpu-limit", "RES",
			       "The program computed until its CPU time was used up and was ended.",
			       "A program that waits must sleep, and every loop must end.");
	return NULL;
}

static json_t *fail_by_call(const json_t *test, const json_t *fact)
{
	size_t i;
	json_t *entry;
	json_array_foreach(json_object_get(fact, "denied"), i, entry)
	{
		if (!json_is_true(json_object_get(entry, "killed")))
			continue;
		AUTO_FREE char *what = must_printf("The program was ended at the system call %s.",
						   json_text_of(entry, "syscall", "?"));
		return fail_by(test, "sandbox-violation", "POL", what,
			       "No lab needs this call, and the sandbox does not allow it.");
	}
	return NULL;
}

/* "SUMMARY: AddressSanitizer: heap-buffer-overflow ..." without what everybody knows. */
static const char *plain_summary(const json_t *report)
{
	static const char *const heads[] = { "SUMMARY: ", "AddressSanitizer: ",
					     "UndefinedBehaviorSanitizer: ", "runtime error: " };
	const char *summary = json_text_of(report, "summary", "");
	for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
		if (strncmp(summary, heads[i], strlen(heads[i])) == 0)
			summary += strlen(heads[i]);
	return *summary != '\0' ? summary : "it gave no summary";
}

static json_t *fail_by_sanitizer(const json_t *test, const json_t *report)
{
	AUTO_FREE char *what = must_printf("A sanitizer stopped the program: %s.",
					   plain_summary(report));
	json_t *verdict = fail_by(test, "memory-error", "SAN", what,
				  "Memory is used only within its bounds and its life, and "
				  "arithmetic only where it is defined.");
	json_t *finding = json_object_get(verdict, "finding");
	json_put_text(finding, "summary", plain_summary(report));
	json_put_text(finding, "text", json_text_of(report, "text", ""));
	return verdict;
}

/* The token of the schedule that shows a broken law: both name the same finding, and tokens begin
 * with the test's id. NULL: there is none. */
static const char *token_of(const json_t *test, const json_t *law, const json_t *schedule)
{
	const char *id = json_text_of(test, "id", "?");
	const char *token = json_text_of(schedule, "token", "");
	const char *finding = json_text_of(schedule, "finding", "?");
	return strcmp(finding, json_text_of(law, "finding", "")) == 0 &&
			       strncmp(token, id, strlen(id)) == 0
		       ? token
		       : NULL;
}

/* A law may name the detector that saw it broken; else the test's own has. One without a reason is
 * backed by the title of its test, which is a sentence. */
static json_t *fail_by_law(const json_t *test, const json_t *law, const json_t *schedule)
{
	const char *token = token_of(test, law, schedule);
	const char *name = json_text_of(law, "name", "?");
	const char *why = json_text_of(law, "why", NULL);
	const char *detector = json_text_of(law, "detector", NULL);
	AUTO_FREE char *demand = must_printf("%s demands: %s.", json_text_of(test, "id", "?"),
					     json_text_of(test, "title", name));
	json_t *where = json_object_get(law, "where");
	json_t *finding = json_object();
	json_put_text(finding, "id", json_text_of(law, "finding", json_text_of(test, "id", "?")));
	if (detector != NULL)
		json_put_text(finding, "detector", detector);
	json_put_text(finding, "what", json_text_of(law, "what", name));
	json_put(finding, "where", json_is_array(where) ? json_incref(where) : json_array());
	json_put_text(finding, "why", why != NULL ? why : demand);
	if (token != NULL)
		json_put_text(finding, "token", token);
	json_t *verdict = verdict_fail(test, finding);
	json_decref(finding);
	return verdict;
}

/* No report of any error counts, present or absent, from a detector that is silent about ours. */
static json_t *fail_by_silence(const json_t *test, const json_t *control)
{
	const char *what = "The sanitizer did not report errors that the grader had planted in the "
			   "program at the end of the test.";
	const char *next = "remove what switches the sanitizer off, or closes, redirects or writes "
			   "its reports.";
	if (json_is_true(json_object_get(control, "removed"))) {
		what = "The program removed files from the folder of its sanitizer's reports.";
		next = "leave /out alone, and repair what the sanitizer reports.";
	} else if (!json_is_true(json_object_get(control, "alone"))) {
		what = "Threads or processes of the program still ran after its last function had "
		       "returned, so nobody could tell who reports its errors.";
		next = "end and wait for what you start before the function returns.";
	}
	json_t *verdict = fail_by(
		test, "tampered", "POL", what,
		"That a detector is silent is worth something only while it can speak.");
	json_put_text(json_object_get(verdict, "finding"), "next", next);
	return verdict;
}

/* What we owe and lack. NULL: nothing. */
static const char *lack_of(const json_t *test, const struct verdict_job *job,
			   const struct records *records)
{
	if (records->unknown)
		return "the evidence holds a record that is not of the format";
	if (records->fault != NULL)
		return json_text_of(records->fault, "why", "the examiner failed");
	if (json_is_true(json_object_get(records->fact, "wall")))
		return "the test did not end in time, and the program was not the cause";
	if (records->begins != 1)
		return "the examiner did not begin";
	if (strcmp(json_text_of(records->begin, "test", ""), json_text_of(test, "id", "?")) != 0 ||
	    strcmp(json_text_of(records->begin, "build", ""), job->build) != 0 ||
	    strcmp(json_text_of(records->begin, "seed", ""), job->seed) != 0)
		return "the evidence is that of another job";
	if (records->ends != 1)
		return "the examiner did not end";
	if (json_integer_value(json_object_get(records->fact, "examiner_exit")) != 0)
		return "the examiner broke";
	if (records->laws == 0)
		return "the test stated no law";
	return NULL;
}

static json_t *without_limits(const json_t *test, const struct verdict_job *job,
			      const struct records *records)
{
	if (records->broken != NULL)
		return fail_by_law(test, records->broken, records->schedule);
	const char *lack = lack_of(test, job, records);
	if (lack != NULL)
		return verdict_infra(test, lack);
	if (records->silent != NULL)
		return fail_by_silence(test, records->silent);
	if (job->planted && records->controls == 0)
		return verdict_infra(test, "no error was planted to try the detector");
	if (records->skip != NULL) {
		json_t *verdict = verdict_make(test, "skipped");
		json_put_text(verdict, "reason",
			      json_text_of(records->skip, "why", "this machine lacks something"));
		return verdict;
	}
	return verdict_make(test, "pass");
}

static json_t *judge_records(const json_t *test, const struct verdict_job *job,
			     const struct records *records)
{
	/* Without a box that was set up as planned nothing that was seen counts. */
	if (records->facts != 1)
		return verdict_infra(test, "the runner left no fact");
	if (strcmp(json_text_of(records->fact, "setup", ""), "ok") != 0) {
		AUTO_FREE char *reason = must_printf("the sandbox could not be set up: %s",
						     json_text_of(records->fact, "step", "?"));
		return verdict_infra(test, reason);
	}
	/* Deepest cause first: a broken law is often the echo of what stands above it. */
	json_t *verdict = NULL;
	if (records->sanitizer != NULL)
		verdict = fail_by_sanitizer(test, records->sanitizer);
	if (verdict == NULL)
		verdict = fail_by_limit(test, job, records->fact);
	if (verdict == NULL)
		verdict = fail_by_call(test, records->fact);
	return verdict != NULL ? verdict : without_limits(test, job, records);
}

json_t *verdict_of_job(const json_t *test, const struct verdict_job *job, const json_t *array)
{
	struct records records = records_sort(array);
	json_t *verdict = judge_records(test, job, &records);
	json_t *counts = json_object_get(records.end, "evidence");
	const char *status = json_text_of(verdict, "status", "");
	if (strcmp(status, "pass") == 0 || strcmp(status, "fail") == 0)
		json_put(verdict, "evidence",
			 json_is_object(counts) ? json_incref(counts) : json_object());
	return verdict;
}

static bool has_status(const json_t *verdict, const char *status)
{
	return strcmp(json_text_of(verdict, "status", ""), status) == 0;
}

/* A sanitizer's report tells more than the wrong answer that followed from it in another build. */
static json_t *deepest_fail(json_t *const *jobs, size_t count)
{
	json_t *first = NULL;
	for (size_t i = 0; i < count; i++) {
		if (!has_status(jobs[i], "fail"))
			continue;
		if (strcmp(json_text_of(jobs[i], "detector", ""), "SAN") == 0)
			return jobs[i];
		if (first == NULL)
			first = jobs[i];
	}
	return first;
}

static json_t *verdict_of_deciding(const json_t *test, json_t *const *jobs, size_t count)
{
	json_t *fail = deepest_fail(jobs, count);
	if (fail != NULL)
		return json_incref(fail);
	for (size_t i = 0; i < count; i++)
		if (jobs[i] == NULL || has_status(jobs[i], "infra"))
			return jobs[i] != NULL ? json_incref(jobs[i])
					       : verdict_infra(test, "the test was not run");
	for (size_t i = 0; i < count; i++)
		if (!has_status(jobs[i], "pass"))
			return json_incref(jobs[i]);
	return count > 0 ? json_incref(jobs[0]) : verdict_infra(test, "the test has no build");
}

json_t *verdict_of_test(const json_t *test, json_t *const *jobs, size_t count)
{
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): a list of pointers */
	json_t **deciding = must_alloc((count + 1) * sizeof *deciding);
	size_t kept = 0;
	for (size_t i = 0; i < count; i++)
		if (jobs[i] == NULL || layer_decides(json_text_of(jobs[i], "detector", "")))
			deciding[kept++] = jobs[i];
	json_t *verdict = verdict_of_deciding(test, deciding, kept);
	free(deciding);
	return verdict;
}
