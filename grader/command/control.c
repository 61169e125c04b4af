/* One job of the examiner's own test `control`, judged as all jobs are. */
#include "command/control.h"

#include <string.h>

#include "base/auto.h"
#include "base/json.h"
#include "judge/verdict.h"

struct control {
	const struct run_job *job;
	bool passed;
};

static void control_done(size_t index, json_t *records, void *context)
{
	struct control *control = context;
	const struct verdict_job expected = { .build = control->job->build,
					      .seed = control->job->seed,
					      .planted = true };
	json_t *test = json_make("{s:s, s:s, s:s}", "id", control->job->test, "title",
				 "a planted error is reported", "detector", "SAN");
	json_t *verdict = verdict_of_job(test, &expected, records);
	(void)index;
	control->passed = strcmp(json_text_of(verdict, "status", ""), "pass") == 0;
	json_decref(verdict);
	json_decref(test);
}

bool control_passes(const struct lab *lab, const struct run_job *like)
{
	AUTO_FREE char *player = lab_path(lab, "build/subject/control.%s", like->build);
	struct run_job job = *like;
	job.test = "control";
	job.player = player;
	job.srv = job.srv_map = job.player_map = NULL;
	struct control control = { .job = &job };
	run_jobs(&job, 1, 1, control_done, &control);
	return control.passed;
}
