/* build/box: one command in a box, by hand; and what this host allows. */
#include <argp.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/number.h"
#include "base/text.h"
#include "sandbox/box.h"
#include "sandbox/scope.h"

enum {
	KEY_POLICY = 256,
	KEY_PROFILE,
	KEY_USR,
	KEY_OUT,
	KEY_TMP,
	KEY_FILE,
	KEY_MEMORY,
	KEY_TASKS,
	KEY_CPU,
	KEY_WALL,
	KEY_OUTPUT,
	KEY_DISK,
	KEY_INPUT,
	KEY_ENV,
	KEY_JSON,
	KEY_HOST,
	FILES_MAX = 64,
	STOPPED = 124, /* by a limit, or by a call of the never list; as timeout(1) has it */
	NOT_STARTED = 125,
	SIGNALLED = 128, /* + the signal, as a shell has it */
};

struct arguments {
	struct box_spec spec;
	struct box_file files[FILES_MAX + 2]; /* the program, and the end */
	size_t file_count;
	const char *environment[FILES_MAX + 1];
	size_t environment_count;
	bool usr, json, host;
	char **command;
};

static const struct argp_option options[] = {
	{ "policy", KEY_POLICY, "NAME", 0,
	  "system calls: compile, tool, examiner, lab1 ... lab6 (default: lab1)", 0 },
	{ "profile", KEY_PROFILE, "NAME", 0,
	  "and those of: plain, tsan, asan, valgrind, check (default: plain)", 0 },
	{ "usr", KEY_USR, NULL, 0, "show /usr read-only; PROGRAM is then a path inside", 0 },
	{ "out", KEY_OUT, NULL, 0, "make a writable /out", 0 },
	{ "tmp", KEY_TMP, NULL, 0, "make a writable /tmp", 0 },
	{ "file", KEY_FILE, "HOST:INSIDE", 0, "copy a file into the box (again for more)", 0 },
	{ "env", KEY_ENV, "NAME=VALUE", 0, "a variable of its environment (again for more)", 0 },
	{ "memory", KEY_MEMORY, "MIB", 0, "memory of all processes (default: 256)", 0 },
	{ "tasks", KEY_TASKS, "N", 0, "processes and threads (default: 64)", 0 },
	{ "cpu", KEY_CPU, "S", 0, "CPU seconds (default: 10)", 0 },
	{ "wall", KEY_WALL, "MS", 0, "milliseconds (default: 60000)", 0 },
	{ "output", KEY_OUTPUT, "BYTES", 0, "kept of stdout and of stderr (default: 65536)", 0 },
	{ "disk", KEY_DISK, "MIB", 0, "each writable folder (default: 64)", 0 },
	{ "input", KEY_INPUT, NULL, 0, "give it this command's own stdin (default: /dev/null)", 0 },
	{ "json", KEY_JSON, NULL, 0, "end with the report as one line of JSON on stderr", 0 },
	{ "host", KEY_HOST, NULL, 0, "say what this host allows, and run nothing", 0 },
	{ 0 },
};

static int found(int number, const char *what, const char *name)
{
	if (number < 0)
		die("there is no %s '%s'; see --help", what, name);
	return number;
}

static void add_file(struct arguments *arguments, const char *host, const char *inside, mode_t mode)
{
	if (arguments->file_count > FILES_MAX)
		die("more than %d files", FILES_MAX);
	int fd = open(host, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		die_errno(errno, "cannot open %s", host);
	arguments->files[arguments->file_count++] = (struct box_file){ .path = inside,
								       .fd = fd,
								       .mode = mode };
}

static void add_pair(struct arguments *arguments, const char *pair)
{
	const char *colon = strrchr(pair, ':');
	if (colon == NULL || colon[1] != '/')
		die("--file is HOST:INSIDE, and INSIDE begins with /: '%s'", pair);
	AUTO_FREE char *host = must_printf("%.*s", (int)(colon - pair), pair);
	add_file(arguments, host, colon + 1, 0555);
}

static error_t parse_limit(int key, const char *value, struct box_limits *limits)
{
	enum { LARGEST = 1 << 30 };
	switch (key) {
	case KEY_MEMORY:
		limits->memory_bytes = (uint64_t)number_option("memory", value, 1 << 20) << 20;
		return 0;
	case KEY_TASKS:
		limits->tasks = (unsigned)number_option("tasks", value, 1 << 15);
		return 0;
	case KEY_CPU:
		limits->cpu_s = (unsigned)number_option("cpu", value, LARGEST);
		return 0;
	case KEY_WALL:
		limits->wall_ms = (unsigned)number_option("wall", value, LARGEST);
		return 0;
	case KEY_OUTPUT:
		limits->output_bytes = (size_t)number_option("output", value, LARGEST);
		return 0;
	case KEY_DISK:
		limits->disk_bytes = (uint64_t)number_option("disk", value, 1 << 20) << 20;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct arguments *arguments = state->input;
	struct box_spec *spec = &arguments->spec;
	switch (key) {
	case KEY_POLICY:
		spec->policy = (enum box_policy)found(box_policy_find(value), "policy", value);
		return 0;
	case KEY_PROFILE:
		spec->profile = (enum box_profile)found(box_profile_find(value), "profile", value);
		return 0;
	case KEY_USR:
		arguments->usr = true;
		return 0;
	case KEY_OUT:
		spec->out = true;
		return 0;
	case KEY_TMP:
		spec->tmp = true;
		return 0;
	case KEY_INPUT:
		spec->input = STDIN_FILENO;
		return 0;
	case KEY_JSON:
		arguments->json = true;
		return 0;
	case KEY_HOST:
		arguments->host = true;
		return 0;
	case KEY_FILE:
		add_pair(arguments, value);
		return 0;
	case KEY_ENV:
		if (arguments->environment_count == FILES_MAX)
			die("more than %d variables", FILES_MAX);
		arguments->environment[arguments->environment_count++] = value;
		return 0;
	case ARGP_KEY_ARGS:
		arguments->command = state->argv + state->next;
		return 0;
	case ARGP_KEY_END:
		if (arguments->command == NULL && !arguments->host)
			argp_error(state, "which PROGRAM?");
		return 0;
	default:
		return parse_limit(key, value, &spec->limits);
	}
}

static int show_host(void)
{
	const struct box_host *host = box_host_probe();
	(void)printf("isolation: %s\n", box_mode_name(host->mode));
	if (host->mode == BOX_MODE_NONE)
		(void)printf("  %s\n", host->missing);
	for (size_t i = 0; i < BOX_LAYERS; i++) {
		const struct box_layer *layer = &host->layers[i];
		(void)printf("  %-4s %s\n", layer->present ? "ok" : "no", layer->name);
		if (!layer->present)
			(void)printf("       without it: %s\n       to get it: %s\n", layer->costs,
				     layer->remedy);
	}
	return host->mode == BOX_MODE_NONE ? NOT_STARTED : 0;
}

/* A terminal gets nothing but text, a file or a pipe gets the bytes. */
static void copy_out(FILE *to, const char *bytes, size_t length)
{
	if (isatty(fileno(to)) != 1) {
		(void)fwrite(bytes, 1, length, to);
		return;
	}
	AUTO_FREE char *clean = text_clean(bytes, length);
	(void)fputs(clean, to);
}

static int exit_status(const struct box_result *result)
{
	switch (result->status) {
	case BOX_EXITED:
		return result->code;
	case BOX_SIGNALLED:
		return SIGNALLED + result->code;
	case BOX_SETUP_FAILED:
		(void)fprintf(stderr, "box: cannot %s: %s\n", result->step,
			      strerror(result->error));
		return NOT_STARTED;
	case BOX_WALL_LIMIT:
	case BOX_CPU_LIMIT:
	case BOX_MEMORY_LIMIT:
	case BOX_OUTPUT_LIMIT:
	case BOX_VIOLATION:
	case BOX_STATUS_COUNT:
		break;
	}
	return STOPPED;
}

int main(int argc, char **argv)
{
	static const char documentation[] =
		"Runs one command in a box and tells how it ended.\v"
		"PROGRAM is copied into the box: a static program, or any with --usr. Exit status: "
		"the program's; 128 + n if signal n ended it; 124 if a limit or a forbidden call "
		"did (--json says which); 125 if the box could not be set up.";
	static const struct argp argp = { .options = options,
					  .parser = parse,
					  .args_doc = "PROGRAM [ARGUMENT...]",
					  .doc = documentation };
	static const struct box_bind usr[] = { { .host = "/usr", .path = "/usr" },
					       { .path = NULL } };
	static struct arguments arguments = { .spec = { .policy = BOX_POLICY_LAB1, .input = -1 } };
	struct box_spec *spec = &arguments.spec;
	argp_err_exit_status = NOT_STARTED;
	scope_enter(argv);
	(void)argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, &arguments);
	if (arguments.host || arguments.command == NULL)
		return show_host();
	spec->argv = (const char *const *)arguments.command;
	AUTO_FREE char *inside = must_printf("/bin/%s", basename(arguments.command[0]));
	if (arguments.usr) {
		spec->binds = usr;
	} else {
		add_file(&arguments, arguments.command[0], inside, 0555);
		arguments.command[0] = inside;
	}
	spec->files = arguments.files;
	spec->environment = arguments.environment;
	struct box_result result;
	box_run(spec, &result);
	copy_out(stdout, result.out, result.out_bytes);
	copy_out(stderr, result.err, result.err_bytes);
	int status = exit_status(&result);
	if (arguments.json) {
		json_t *report = box_report(spec, &result);
		if (result.err_bytes > 0 && result.err[result.err_bytes - 1] != '\n')
			(void)fputc('\n',
				    stderr); /* a line of its own, whatever the program wrote */
		(void)json_dumpf(report, stderr, JSON_COMPACT);
		(void)fputc('\n', stderr);
		json_decref(report);
	}
	box_result_fini(&result);
	return status;
}
