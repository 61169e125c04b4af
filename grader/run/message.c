/* What comes over the examiner's descriptor 3. It is trusted code that reads hostile bytes all day,
 * so whatever it sends is looked at as if a submission had written it. */
#include <errno.h>
#include <string.h>

#include "run/runner.h"

static bool is_text(json_t *object, const char *key)
{
	return json_is_string(json_object_get(object, key));
}

/* The examiner writes five kinds of record; facts, controls and detector reports are ours alone. */
static void keep_record(struct runner *runner, json_t *record)
{
	static const char *const kinds[] = { "begin", "law", "end", "note", "fault" };
	const char *kind = json_string_value(json_object_get(record, "rec"));
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (strcmp(kind, kinds[i]) == 0 && json_array_size(runner->records) < RECORDS_MAX)
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
