/* What comes over the examiner's descriptor 3. It is trusted code that reads hostile bytes all day,
 * so whatever it sends is looked at as if a submission had written it. */
#include <errno.h>
#include <string.h>

#include "run/plot.h"
#include "run/runner.h"
#include "run/schedule.h"

static bool is_text(json_t *object, const char *key)
{
	return json_is_string(json_object_get(object, key));
}

static bool is_kind(const json_t *record, const char *kind)
{
	return strcmp(json_string_value(json_object_get(record, "rec")), kind) == 0;
}

/* A job has one schedule at most. One that is not of its form is left out: the finding that it
 * belongs to stands without a picture, for no byte that a submission can reach may end a job. */
static void keep_schedule(struct runner *runner, json_t *record)
{
	size_t i;
	json_t *other;
	json_array_foreach(runner->records, i, other) if (is_kind(other, "schedule")) return;
	if (schedule_is_formed(record) && json_array_size(runner->records) < RECORDS_MAX)
		json_array_append(runner->records, record);
}

/* A job has one plot at most; its examiner worked the numbers out itself, so a flawed one is left
 * out as harmlessly. */
static void keep_plot(struct runner *runner, json_t *record)
{
	size_t i;
	json_t *other;
	json_array_foreach(runner->records, i, other) if (is_kind(other, "plot")) return;
	if (plot_is_formed(record) && json_array_size(runner->records) < RECORDS_MAX)
		json_array_append(runner->records, record);
}

/* The examiner writes seven kinds of record; facts, controls and detector reports are ours alone.
 */
static void keep_record(struct runner *runner, json_t *record)
{
	static const char *const kinds[] = { "begin", "law", "end", "note", "fault" };
	if (is_kind(record, "schedule"))
		keep_schedule(runner, record);
	if (is_kind(record, "plot"))
		keep_plot(runner, record);
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (is_kind(record, kinds[i]) && json_array_size(runner->records) < RECORDS_MAX)
			json_array_append(runner->records, record);
}

json_t *message_serve(struct runner *runner, const char *text, size_t length, const int *fds,
		      size_t fd_count)
{
	json_error_t error;
	json_t *message = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
	json_t *reply = NULL;
	if (is_text(message, "rec")) {
		keep_record(runner, message);
	} else if (is_text(message, "ask")) {
		reply = ask_answer(runner, message, fds, fd_count);
	} else {
		runner->failed = true;
		runner->fault = (struct box_fault){ .step = "understand the examiner",
						    .error = EPROTO };
	}
	json_decref(message);
	return reply;
}
