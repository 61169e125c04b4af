/* build/machine: runs what is not trusted in a machine of its own. The verdict is not made here:
 * what comes out is evidence, which `grade` judges outside. */
#include <argp.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/number.h"
#include "machine_deterministic.h"

enum {
	KEY_IMAGE = 256,
	KEY_INPUT,
	KEY_OUTPUT,
	KEY_SERIAL,
	KEY_LIMIT,
	KEY_CPUS,
	KEY_MEMORY,
	KEY_COLD,
	KEY_DRIVER,
	KEY_QEMU,
	KEY_SEED,
	KEY_TOKEN,
	LIMIT_DEFAULT_S = 1800,
	LIMIT_LARGEST_S = 24 * 3600,
	MEMORY_DEFAULT_MIB = 2048,
	MEMORY_DETERMINISTIC_MIB = 256,
	MEMORY_LARGEST_MIB = 16384,
	CPUS_DEFAULT = 2,
	CPUS_LARGEST = 8,
};

struct arguments {
	const char *command, *image, *qemu, *token;
	uint64_t seed;
	struct machine_job job;
};

static const struct argp_option options[] = {
	{ "image", KEY_IMAGE, "DIR", 0, "what make vm made (default: build/vm)", 0 },
	{ "input", KEY_INPUT, "TAR", 0, "the submission, with job.json in it", 0 },
	{ "output", KEY_OUTPUT, "FILE", 0, "the evidence goes there", 0 },
	{ "serial", KEY_SERIAL, "FILE", 0, "the serial line goes there, for people; at most 1 MiB",
	  0 },
	{ "limit", KEY_LIMIT, "SECONDS", 0, "wall clock; then it is killed (default: 1800)", 0 },
	{ "cpus", KEY_CPUS, "N", 0, "of the machine (default: 2)", 0 },
	{ "memory", KEY_MEMORY, "MIB", 0,
	  "of the machine; only what it touches is taken (default: 2048)", 0 },
	{ "cold", KEY_COLD, NULL, 0, "boot it instead of restoring a saved state", 0 },
	{ "driver", KEY_DRIVER, "NAME", 0,
	  "kvm, or qemu, which emulates (default: what vm/probe.sh found)", 0 },
	{ "qemu", KEY_QEMU, "PROGRAM", 0, "(default: qemu-system-x86_64)", 0 },
	{ "seed", KEY_SEED, "N", 0, "deterministic: what all follows from (default: 1)", 0 },
	{ "token", KEY_TOKEN, "VM-...", 0, "replay: what deterministic printed", 0 },
	{ 0 },
};

static error_t parse_number(int key, const char *value, struct machine_job *job)
{
	switch (key) {
	case KEY_LIMIT:
		job->limit_s = (unsigned)number_option("limit", value, LIMIT_LARGEST_S);
		return 0;
	case KEY_CPUS:
		job->cpus = (unsigned)number_option("cpus", value, CPUS_LARGEST);
		return 0;
	case KEY_MEMORY:
		job->memory_mib = (unsigned)number_option("memory", value, MEMORY_LARGEST_MIB);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct arguments *arguments = state->input;
	struct machine_job *job = &arguments->job;
	switch (key) {
	case KEY_IMAGE:
		arguments->image = value;
		return 0;
	case KEY_INPUT:
		job->input = value;
		return 0;
	case KEY_OUTPUT:
		job->output = value;
		return 0;
	case KEY_SERIAL:
		job->serial = value;
		return 0;
	case KEY_COLD:
		job->cold = true;
		return 0;
	case KEY_DRIVER:
		if (strcmp(value, "kvm") != 0 && strcmp(value, "qemu") != 0)
			die("--driver is kvm or qemu, not '%s'", value);
		job->driver = value;
		return 0;
	case KEY_QEMU:
		arguments->qemu = value;
		return 0;
	case KEY_SEED:
		arguments->seed = (uint64_t)number_option("seed", value, LONG_MAX);
		return 0;
	case KEY_TOKEN:
		arguments->token = value;
		return 0;
	case ARGP_KEY_ARG:
		if (arguments->command != NULL)
			argp_usage(state);
		arguments->command = value;
		return 0;
	case ARGP_KEY_END:
		if (arguments->command == NULL)
			argp_usage(state);
		return 0;
	default:
		return parse_number(key, value, job);
	}
}

static enum machine_status run_snapshot(struct arguments *arguments)
{
	int state = snapshot_open(&arguments->job, true);
	auto_close(&state);
	return MACHINE_DONE;
}

static enum machine_status run_grade(struct arguments *arguments)
{
	return machine_grade(&arguments->job);
}

static enum machine_status run_deterministic(struct arguments *arguments)
{
	return machine_deterministic(&arguments->job, arguments->seed);
}

static enum machine_status run_replay(struct arguments *arguments)
{
	if (arguments->token == NULL)
		die("machine replay needs --token=VM-...");
	return machine_deterministic(&arguments->job,
				     token_seed(&arguments->job, arguments->token));
}

static const struct command {
	const char *name;
	enum machine_status (*run)(struct arguments *arguments);
	bool takes_files, deterministic;
	unsigned memory_mib;
} commands[] = {
	{ "snapshot", run_snapshot, false, false, MEMORY_DEFAULT_MIB },
	{ "grade", run_grade, true, false, MEMORY_DEFAULT_MIB },
	{ "deterministic", run_deterministic, true, true, MEMORY_DETERMINISTIC_MIB },
	{ "replay", run_replay, true, true, MEMORY_DETERMINISTIC_MIB },
};

static const struct command *command_find(const char *name)
{
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	die("there is no 'machine %s'; see --help", name);
}

int main(int argc, char **argv)
{
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "snapshot|grade|deterministic|replay",
		.doc = "Runs a submission in a machine that exists for it alone.\v"
		       "snapshot saves the state of a machine that waits for a submission; grade "
		       "does so by "
		       "itself when there is none. deterministic runs the input in a machine whose "
		       "every "
		       "interleaving follows from --seed and prints a token; replay runs a token "
		       "again.\n"
		       "Exit status: 0 the result is written, 2 nothing could be run, 3 the "
		       "machine hung, "
		       "flooded us or ended without a result.",
	};
	struct arguments arguments = {
		.image = "build/vm",
		.qemu = "qemu-system-x86_64",
		.seed = 1,
		.job = { .limit_s = LIMIT_DEFAULT_S, .cpus = CPUS_DEFAULT },
	};
	(void)argp_parse(&argp, argc, argv, 0, NULL, &arguments);
	const struct command *command = command_find(arguments.command);
	struct machine_job *job = &arguments.job;
	if (command->takes_files && (job->input == NULL || job->output == NULL))
		die("machine %s needs --input=TAR and --output=FILE", command->name);
	if (job->driver == NULL)
		job->driver = image_driver(arguments.image);
	if (job->memory_mib == 0)
		job->memory_mib = command->memory_mib;
	struct image image;
	image_open(&image, arguments.image, arguments.qemu, command->deterministic);
	job->image = &image;
	enum machine_status status = command->run(&arguments);
	image_close(&image);
	return (int)status;
}
