/* The box holds sim_c, /usr for its library, and the texts as files called by their numbers, whose
 * names it reads from its standard input. */
#include "batch/similar_box.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/file.h"
#include "base/words.h"
#include "sandbox/box.h"

#define PROGRAM "/usr/bin/sim_c"

enum {
	MEMORY_MIB = 512,
	OUTPUT_MIB = 32,
	TASKS = 4,
	WALL_FACTOR_MS = 30 * 1000, /* for each second of CPU time */
	SPARE_DESCRIPTORS = 128,
};

bool similar_is_here(void)
{
	return access(PROGRAM, X_OK) == 0;
}

/* A file of the box is a descriptor of ours until it has been copied. */
static void allow_descriptors(size_t count)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= count + SPARE_DESCRIPTORS)
		return;
	limit.rlim_cur = count + SPARE_DESCRIPTORS;
	if (limit.rlim_cur > limit.rlim_max)
		limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit); /* if it is too few, a file cannot be made */
}

static void files_fini(struct box_file *files, size_t count)
{
	for (size_t i = 0; i < count; i++)
		(void)close(files[i].fd); /* nothing was written through it */
}

/* The texts as files, and their names, one a line. False: no descriptors are left. */
static bool files_make(const struct similar_job *job, const struct words *paths,
		       struct box_file *files, int *names)
{
	AUTO_FREE char *list = must_alloc(job->count * 16 + 16);
	char *end = list;
	size_t i = 0;
	for (; i < job->count; i++) {
		const int fd = file_memory("text", job->texts[i], strlen(job->texts[i]));
		if (fd < 0)
			break;
		files[i] = (struct box_file){ .path = paths->item[i], .fd = fd, .mode = 0444 };
		end = stpcpy(end, job->olds > 0 && i == job->count - job->olds ? "/\n" : "");
		end = stpcpy(stpcpy(end, paths->item[i]), "\n");
	}
	*names = i == job->count ? file_memory("names", list, (size_t)(end - list)) : -1;
	if (*names < 0)
		files_fini(files, i);
	return *names >= 0;
}

static const char *run_box(const struct similar_job *job, struct box_result *result)
{
	static const char *const environment[] = { "PATH=/usr/bin", "LC_ALL=C.UTF-8", NULL };
	static const struct box_bind binds[] = { { .host = "/usr", .path = "/usr" }, { 0 } };
	allow_descriptors(job->count);
	struct words paths = { 0 };
	for (size_t i = 0; i < job->count; i++)
		words_addf(&paths, "/in/%zu", i);
	AUTO_FREE struct box_file *files = must_alloc((job->count + 1) * sizeof *files);
	AUTO_FD int names = -1;
	if (!files_make(job, &paths, files, &names)) {
		words_fini(&paths);
		return "this machine does not allow so many open files";
	}
	struct words command = { 0 };
	words_addf(&command, PROGRAM);
	words_split(&command, job->olds > 0 ? "-n -i -e -S" : "-n -i -a -s");
	words_addf(&command, "-r");
	words_addf(&command, "%ld", job->min_tokens);
	const struct box_spec spec = {
		.policy = BOX_POLICY_TOOL,
		.argv = words_vector(&command),
		.environment = environment,
		.files = files,
		.binds = binds,
		.input = names,
		.limits = { .memory_bytes = (uint64_t)MEMORY_MIB << 20,
			    .tasks = TASKS,
			    .cpu_s = job->cpu_s,
			    .wall_ms = job->cpu_s * WALL_FACTOR_MS,
			    .output_bytes = (size_t)OUTPUT_MIB << 20 },
	};
	box_run(&spec, result);
	files_fini(files, job->count);
	words_fini(&command);
	words_fini(&paths);
	return NULL;
}

/* NULL: it came to its end. */
static const char *stopped_by(const struct box_result *result)
{
	switch (result->status) {
	case BOX_EXITED:
		return result->code != 0 ? "sim_c failed"
		       : result->out_cut ? "there is too much that is alike"
					 : NULL;
	case BOX_CPU_LIMIT:
		return "comparing takes too long";
	case BOX_MEMORY_LIMIT:
		return "comparing takes too much memory";
	case BOX_WALL_LIMIT:
		return "this machine did not give the time to compare";
	case BOX_SETUP_FAILED:
		return "the sandbox could not be set up";
	case BOX_SIGNALLED:
	case BOX_VIOLATION:
	case BOX_OUTPUT_LIMIT:
	case BOX_STATUS_COUNT:
		break;
	}
	return "sim_c failed";
}

static bool is_run(const struct similar_run *run, size_t count)
{
	return run->a < count && run->b < count && run->a != run->b && run->a_first > 0 &&
	       run->a_last >= run->a_first && run->b_first > 0 && run->b_last >= run->b_first &&
	       run->tokens > 0 && run->tokens <= SIMILAR_TOKENS_MAX;
}

/* What stands next, blanks aside. */
static bool word(const char **at, const char *text)
{
	*at += strspn(*at, " ");
	if (strncmp(*at, text, strlen(text)) != 0)
		return false;
	*at += strlen(text);
	return true;
}

static bool number(const char **at, long *value)
{
	char *end = NULL;
	*at += strspn(*at, " ");
	if (**at < '0' || **at > '9')
		return false;
	*value = strtol(*at, &end, 10); /* too much is LONG_MAX, which nobody takes */
	*at = end;
	return true;
}

static bool place(const char **at, size_t *text, long *first, long *last)
{
	long which = 0;
	const bool is = word(at, "/in/") && number(at, &which) && word(at, ": line") &&
			number(at, first) && word(at, "-") && number(at, last);
	*text = (size_t)which;
	return is;
}

/* "File /in/3: 1295 tokens, 284 lines" or "/in/0: line 14-284  |/in/1: line 14-284  [1295]"; all
 * else is nothing to us. */
static void take_line(const char *line, size_t count, struct similar_answer *answer)
{
	struct similar_run run = { 0 };
	const char *at = line;
	long which = 0, tokens = 0;
	if (word(&at, "File /in/") && number(&at, &which) && word(&at, ":") &&
	    number(&at, &tokens)) {
		if ((size_t)which < count && tokens <= SIMILAR_TOKENS_MAX)
			answer->tokens[which] = tokens;
		return;
	}
	at = line;
	if (!place(&at, &run.a, &run.a_first, &run.a_last) || !word(&at, "|") ||
	    !place(&at, &run.b, &run.b_first, &run.b_last) || !word(&at, "[") ||
	    !number(&at, &run.tokens) || !is_run(&run, count))
		return;
	/* Room for a power of two, doubled when it is full. */
	if ((answer->count & (answer->count - 1)) == 0)
		answer->runs = must_realloc(answer->runs, (answer->count > 0 ? answer->count : 1) *
								  2 * sizeof run);
	answer->runs[answer->count++] = run;
}

const char *similar_run_box(const struct similar_job *job, struct similar_answer *answer)
{
	*answer = (struct similar_answer){ 0 };
	if (job->count > SIMILAR_TEXTS_MAX)
		return "there are too many hand-ins";
	struct box_result result;
	const char *why = run_box(job, &result);
	if (why != NULL)
		return why;
	why = stopped_by(&result);
	if (why == NULL) {
		answer->tokens = must_alloc((job->count + 1) * sizeof *answer->tokens);
		char *rest = result.out;
		for (char *line = strsep(&rest, "\n"); line != NULL; line = strsep(&rest, "\n"))
			take_line(line, job->count, answer);
	}
	box_result_fini(&result);
	return why;
}

void similar_answer_fini(struct similar_answer *answer)
{
	free(answer->tokens);
	free(answer->runs);
	*answer = (struct similar_answer){ 0 };
}
