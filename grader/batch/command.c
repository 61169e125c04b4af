/* One grading as a process. */
#include "batch/command.h"

#include <string.h>
#include <sys/wait.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/text.h"
#include "batch/objects.h"

void command_make(const struct store *store, const struct pipeline_options *options,
		  const char *hash, const char *folder, struct words *argv)
{
	AUTO_FREE char *object = object_path(store->out, hash);
	/* This very program, even if make has put another in its place meanwhile: the key is its.
	 */
	words_add(argv, options->program != NULL ? options->program : "/proc/self/exe");
	words_add(argv, "run");
	words_addf(argv, "--lab=%s", options->lab);
	words_addf(argv, "--submission=%s", object);
	words_addf(argv, "--seed=%s", options->seed);
	if (options->vm)
		words_add(argv, "--vm");
	else
		words_addf(argv, "--detectors=%s", options->detectors);
	if (options->machine != NULL)
		words_addf(argv, "--machine=%s", options->machine);
	words_addf(argv, "--work=%s", folder);
	words_add(argv, "--jobs=2");
}

/* The status of a child that is no grade. Returned (free), or NULL. */
static char *status_fault(int status)
{
	if (WIFSIGNALED(status))
		return must_printf("the grader was ended by signal %d", WTERMSIG(status));
	if (!WIFEXITED(status) || WEXITSTATUS(status) > 1)
		return must_printf("the grader gave up with status %d", WEXITSTATUS(status));
	return NULL;
}

/* The last line of what it printed, as a hint. Returned (free). */
static char *with_last_line(const struct slot *slot, const char *why)
{
	size_t end = slot->log_bytes;
	while (end > 0 && (slot->log[end - 1] == '\n' || slot->log[end - 1] == ' '))
		end--;
	size_t begin = end;
	while (begin > 0 && slot->log[begin - 1] != '\n' && slot->log[begin - 1] != '\r')
		begin--;
	if (begin == end)
		return must_strdup(why);
	AUTO_FREE char *line = text_clean_line(slot->log + begin, end - begin);
	return must_printf("%s: %s", why, line);
}

char *command_result(const struct store *store, const struct pipeline_options *options,
		     const char *hash, const struct slot *slot, const struct slot_end *ended,
		     struct result *result)
{
	AUTO_FREE char *left = must_printf("%s/%s/%s%s", slot->folder, options->lab, hash,
					   options->vm ? "-judged" : "");
	const struct result_wanted wanted = {
		.lab = options->lab,
		.seed = options->seed,
		.hash = hash,
		.isolation = options->isolation,
		.key = options->program == NULL ? store->key : NULL,
	};
	result->cpu_ms = -1; /* unknown, without a run.json */
	AUTO_FREE char *fault = status_fault(ended->status);
	char *why = fault != NULL ? with_last_line(slot, fault)
				  : result_read(left, &wanted, result);
	result->wall_ms = ended->wall_ms;
	result->peak_kib = ended->peak_kib;
	return why;
}
