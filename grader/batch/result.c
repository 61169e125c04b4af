/* Reading back what `grade run` left. */
#include "batch/result.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/file.h"
#include "base/json.h"
#include "base/words.h"
#include "report/grade.h"

enum {
	GRADE_BYTES_MAX = 8 << 20,
	RUN_BYTES_MAX = 32 << 20,
	PICTURE_BYTES_MAX = 4 << 20,
	PICTURES_MAX = 200,
};

long result_points(const json_t *object, const char *key)
{
	return lround(json_number_value(json_object_get(object, key)) * 100);
}

static const char *first_reason(const json_t *grade)
{
	size_t i;
	json_t *test;
	json_array_foreach(json_object_get(grade, "tests"), i, test)
	{
		if (strcmp(json_text_of(test, "status", ""), "infra") == 0)
			return json_text_of(test, "reason", "no reason given");
	}
	return "no test says why";
}

/* NULL if `value` is a grade of what was asked. Returned. */
static char *refusal(const json_t *value, const struct result_wanted *wanted)
{
	const json_t *versions = json_object_get(value, "versions");
	AUTO_FREE char *hash = must_printf("sha256:%s", wanted->hash);
	AUTO_FREE char *key = must_printf("sha256:%s", wanted->key != NULL ? wanted->key : "");
	const char *flaw = grade_flaw(value);
	if (flaw != NULL)
		return must_printf("grade.json has %s", flaw);
	if (strcmp(json_text_of(value, "submission", ""), hash) != 0)
		return must_strdup("the files in objects/ are not those that were handed in");
	if (strcmp(json_text_of(value, "lab", ""), wanted->lab) != 0 ||
	    strcmp(json_text_of(value, "seed", ""), wanted->seed) != 0)
		return must_strdup("the grade is of another lab or another seed");
	if (wanted->key != NULL && strcmp(json_text_of(versions, "grade_key", ""), key) != 0)
		return must_strdup("the grader, the lab or the tool chain has changed meanwhile");
	if (wanted->key != NULL &&
	    strcmp(json_text_of(value, "isolation", ""), wanted->isolation) != 0)
		return must_strdup("the isolation is not that of the others");
	if (!json_is_number(json_object_get(value, "score")))
		return must_printf("the grader got no result: %s", first_reason(value));
	return NULL;
}

static void read_pictures(const char *folder, const char *below, struct result *result)
{
	AUTO_FREE char *path = must_printf("%s/%s", folder, below);
	struct words names = { 0 };
	(void)folder_list(path, PICTURES_MAX, &names); /* mostly there are none */
	for (size_t i = 0; i < names.count; i++) {
		AUTO_FREE char *file = must_printf("%s/%s", path, names.item[i]);
		struct result_picture picture = { 0 };
		if (file_read(file, PICTURE_BYTES_MAX, &picture.bytes, &picture.length) != 0)
			continue; /* a picture that is too large to show */
		picture.name = must_printf("%s/%s", below, names.item[i]);
		result->pictures = must_realloc(result->pictures, (result->picture_count + 1) *
									  sizeof *result->pictures);
		result->pictures[result->picture_count++] = picture;
	}
	words_fini(&names);
}

/* What its processes used in all jobs, as their control groups counted: that is not in the usage of
 * the child, which has not waited for them. Returned: NULL, or the flaw. */
static char *add_cpu(struct result *result)
{
	AUTO_FREE char *why = NULL;
	json_t *run = json_read_bytes(result->run, result->run_bytes, &why);
	if (run == NULL)
		return must_printf("run.json is damaged: %s", why);
	size_t i;
	json_t *job;
	result->cpu_ms = 0;
	json_array_foreach(json_object_get(run, "jobs"), i, job)
		result->cpu_ms += json_integer_value(json_object_get(job, "cpu_ms"));
	json_decref(run);
	return NULL;
}

char *result_read(const char *folder, const struct result_wanted *wanted, struct result *result)
{
	AUTO_FREE char *grade = must_printf("%s/grade.json", folder);
	AUTO_FREE char *run = must_printf("%s/run.json", folder);
	AUTO_FREE char *why = NULL;
	int error = file_read(grade, GRADE_BYTES_MAX, &result->grade, &result->grade_bytes);
	if (error != 0)
		return must_printf("no grade.json (%s)", strerror(error));
	result->value = json_read_bytes(result->grade, result->grade_bytes, &why);
	if (result->value == NULL)
		return must_printf("grade.json is damaged: %s", why);
	char *refused = refusal(result->value, wanted);
	if (refused != NULL)
		return refused;
	error = file_read(run, RUN_BYTES_MAX, &result->run, &result->run_bytes);
	if (error != 0)
		return must_printf("no run.json (%s)", strerror(error));
	char *flaw = add_cpu(result);
	if (flaw != NULL)
		return flaw;
	read_pictures(folder, "schedules", result);
	read_pictures(folder, "plots", result);
	return NULL;
}

void result_fini(struct result *result)
{
	for (size_t i = 0; i < result->picture_count; i++) {
		free(result->pictures[i].name);
		free(result->pictures[i].bytes);
	}
	free(result->pictures);
	free(result->grade);
	free(result->run);
	json_decref(result->value);
	*result = (struct result){ 0 };
}
