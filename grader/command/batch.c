/* grade batch: a class. */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/die.h"
#include "base/file.h"
#include "base/json.h"
#include "base/number.h"
#include "batch/audit.h"
#include "batch/outputs.h"
#include "batch/pipeline.h"
#include "batch/similar.h"
#include "command/batch_end.h"
#include "command/batch_take.h"
#include "command/batch_where.h"
#include "command/commands.h"
#include "command/house.h"
#include "command/seed.h"

enum {
	KEY_ROSTER = 256,
	KEY_CONF,
	KEY_GRADEBOOK,
	KEY_REDUCED,
	KEY_REGRADE,
	KEY_FORMATS,
	KEY_DETECTORS,
	KEY_GRADER,
	KEY_VM,
	KEY_MACHINE,
	KEY_FREE,
	KEY_BOUND,
	SLOTS_MAX = 1024,
	FREE_MIB_MAX = 1 << 20,
	BOUND_S_MAX = 7 * 86400,
	INPUT_BYTES_MAX = 64 << 20,
};

struct arguments {
	const char *submissions, *out, *lab, *seed, *layout, *roster, *conf, *gradebook, *only,
		*formats, *detectors, *grader, *machine;
	long slots, free_mib, bound_s;
	bool reduced, regrade, vm;
};

static const struct argp_option options[] = {
	{ "lab", 'l', "N", 0, "the lab, by number or name", 0 },
	{ "slots", 'j', "N", 0,
	  "submissions at once (default: one for each core, and for each GiB of memory but the "
	  "first)",
	  0 },
	{ "seed", 'S', "HEX", 0, "at most 16 hex digits (default: drawn when OUT is new)", 0 },
	{ "layout", 'L', "NAME", 0, "what SUBMISSIONS comes from (default: auto)", 0 },
	{ "roster", KEY_ROSTER, "FILE", 0, "CSV that joins names and ids", 0 },
	{ "conf", KEY_CONF, "FILE", 0,
	  "settings, see grader/batch/README.md (default: batch.conf beside the submissions)", 0 },
	{ "only", 'o', "ENTRY,...", 0, "grade these entries only", 0 },
	{ "regrade", KEY_REGRADE, NULL, 0,
	  "grade again what a change of grader, lab or tool chain touches; nothing is deleted", 0 },
	{ "formats", KEY_FORMATS, "LIST", 0,
	  "forms to write (default: csv,jsonl,html and the gradebook of the layout)", 0 },
	{ "gradebook", KEY_GRADEBOOK, "FILE", 0,
	  "the course system's own file, to be filled in (Canvas, Moodle, Brightspace)", 0 },
	{ "allow-reduced", KEY_REDUCED, NULL, 0,
	  "grade although the sandbox has not all of its layers here", 0 },
	{ "detectors", KEY_DETECTORS, "LIST", 0,
	  "second opinions, as in grade run (default: none; they give and cost no points)", 0 },
	{ "min-free", KEY_FREE, "MIB", 0, "wait below so much room in OUT (default: 512; 0: never)",
	  0 },
	{ "bound", KEY_BOUND, "SECONDS", 0,
	  "end a grading that takes longer, by our fault (default: 7200)", 0 },
	{ "vm", KEY_VM, NULL, 0,
	  "grade each in a virtual machine that is thrown away (make vm makes one). Its results "
	  "have a key of their own",
	  0 },
	{ "machine", KEY_MACHINE, "PROGRAM", 0,
	  "with --vm: another program in its place, for tests", 0 },
	{ "grader", KEY_GRADER, "PROGRAM", 0,
	  "grade by another program: for tests of batches. Its results have a key of their own",
	  0 },
	{ 0 },
};

static error_t parse_text(int key, const char *value, struct arguments *arguments)
{
	const char **const texts[] = {
		['l'] = &arguments->lab,
		['S'] = &arguments->seed,
		['L'] = &arguments->layout,
		['o'] = &arguments->only,
		[KEY_ROSTER] = &arguments->roster,
		[KEY_CONF] = &arguments->conf,
		[KEY_GRADEBOOK] = &arguments->gradebook,
		[KEY_FORMATS] = &arguments->formats,
		[KEY_DETECTORS] = &arguments->detectors,
		[KEY_GRADER] = &arguments->grader,
		[KEY_MACHINE] = &arguments->machine,
	};
	if (key <= 0 || (size_t)key >= sizeof texts / sizeof texts[0] || texts[key] == NULL)
		return ARGP_ERR_UNKNOWN;
	*texts[key] = value;
	return 0;
}

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct arguments *arguments = state->input;
	switch (key) {
	case 'j':
		arguments->slots = number_option("slots", value, SLOTS_MAX);
		return 0;
	case KEY_FREE:
		arguments->free_mib = strcmp(value, "0") == 0
					      ? 0
					      : number_option("min-free", value, FREE_MIB_MAX);
		return 0;
	case KEY_BOUND:
		arguments->bound_s = number_option("bound", value, BOUND_S_MAX);
		return 0;
	case KEY_REDUCED:
		arguments->reduced = true;
		return 0;
	case KEY_VM:
		arguments->vm = true;
		return 0;
	case KEY_REGRADE:
		arguments->regrade = true;
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num > 1)
			argp_usage(state);
		*(state->arg_num == 0 ? &arguments->submissions : &arguments->out) = value;
		return 0;
	case ARGP_KEY_END:
		if (state->arg_num != 2)
			argp_usage(state);
		return 0;
	default:
		return parse_text(key, value, arguments);
	}
}

/* One slot for each core, and a GiB for each slot besides the first. */
static unsigned slots_of(const struct arguments *arguments)
{
	size_t cores = 0;
	free(slot_cores(&cores));
	if (arguments->slots > 0 && (size_t)arguments->slots > cores)
		die("--slots=%ld, but there are %zu cores here: gradings would disturb each other. "
		    "Leave --slots out (JOBS of make batch), or ask for %zu at most",
		    arguments->slots, cores, cores);
	if (arguments->slots > 0)
		return (unsigned)arguments->slots;
	struct sysinfo info;
	const uint64_t gib = sysinfo(&info) == 0 ? ((uint64_t)info.totalram * info.mem_unit) >> 30
						 : 2;
	const size_t fit = gib > 2 ? (size_t)gib - 1 : 1;
	return (unsigned)(fit < cores ? fit : cores);
}

static void find_seed(struct store *store, const struct arguments *arguments,
		      char seed[static SEED_BYTES])
{
	if (arguments->seed != NULL) {
		seed_read(arguments->seed, seed);
	} else if (!store_seed(store, seed)) {
		uint64_t drawn = 0;
		if (getrandom(&drawn, sizeof drawn, 0) != (ssize_t)sizeof drawn)
			die("cannot draw a seed");
		(void)snprintf(seed, SEED_BYTES, "%016llx", (unsigned long long)drawn);
	}
	AUTO_FREE char *path = must_printf("%s/seed", store->out);
	AUTO_FREE char *line = must_printf("%s\n", seed);
	int error = file_write(path, line, strlen(line), 0644);
	if (error != 0)
		die_errno(error, "cannot write %s", path);
}

static void keep_input(struct store *store, const char *kind, const char *path)
{
	AUTO_FREE char *bytes = NULL;
	size_t length = 0;
	int error = path != NULL ? file_read(path, INPUT_BYTES_MAX, &bytes, &length) : 0;
	if (error != 0)
		die_errno(error, "cannot read %s", path);
	store_input(store, kind, bytes, length);
}

static char *commas_to_blanks(const char *text)
{
	char *copy = must_strdup(text != NULL ? text : "");
	for (char *at = copy; *at != '\0'; at++)
		if (*at == ',')
			*at = ' ';
	return copy;
}

/* A few, under the conditions there are; grade audit tries others. The number of differences. */
static size_t audit_some(struct store *store, const struct pipeline_options *run, long percent)
{
	struct words sample = { 0 };
	const struct audit_condition condition = { .slots = run->slots };
	struct audit_end end;
	audit_draw_few(store, run->seed, percent, &sample);
	audit_run(store, run, &sample, &condition, 1, &end);
	audit_print(stdout, store, &end);
	words_fini(&sample);
	return end.differences;
}

/* Grades what is queued, audits, compares, writes the files, and says how it went. */
static int work(struct store *store, const struct lab *lab, const struct arguments *arguments,
		const struct batch_conf *conf, struct pipeline_options *run,
		struct pipeline_costs *costs)
{
	AUTO_FREE char *only = commas_to_blanks(arguments->only);
	words_split(&run->only, only);
	batch_check_only(store, &run->only);
	struct store_counts counts;
	store_count(store, &counts);
	const bool any = counts.queued > 0;
	if (any)
		store_finish(store, false);
	struct pipeline_end end;
	pipeline_run(store, run, costs, &end);
	store_count(store, &counts);
	const bool done = any && counts.queued == 0;
	size_t differences = 0;
	/* Gradings that are played are audited only if a conf is given, which asks for it. */
	const bool audited = arguments->grader == NULL || arguments->conf != NULL;
	if (done && end.graded > 0 && conf->audit_percent > 0 && audited)
		differences = audit_some(store, run, conf->audit_percent);
	if (done)
		store_finish(store, true);
	if (!end.full && !end.stopped)
		similar_update(store, lab, conf);
	const uint64_t reports = clock_us();
	if (!end.full) /* the next command makes them */
		outputs_all(store);
	costs->report_us += clock_us() - reports;
	batch_end_print(&counts, costs, &end, clock_us() - costs->begin_us);
	const int status = batch_end_advice(store, &counts, &end, differences);
	free(end.last_reason);
	words_fini(&run->only);
	return status;
}

static int batch(const struct arguments *arguments)
{
	struct pipeline_costs costs = { .begin_us = clock_us() };
	batch_check_places(arguments->submissions, arguments->out);
	AUTO_FREE char *root = house_root();
	AUTO_FREE char *name = lab_resolve(root, arguments->lab);
	if (name == NULL)
		die("there is no lab '%s'", arguments->lab);
	AUTO_FREE char *formats = commas_to_blanks(arguments->formats);
	struct words asked = { 0 };
	words_split(&asked, formats);
	outputs_check(&asked);
	const unsigned slots = slots_of(arguments);
	struct lab *lab = lab_load(root, name);
	const struct vm_options machine = { .program = arguments->machine };
	const char *isolation = batch_isolation(arguments->vm, arguments->reduced);
	struct batch_conf conf;
	batch_conf_load(arguments->conf, arguments->submissions, &conf);
	struct store store;
	store_open(&store, arguments->out);
	char seed[SEED_BYTES];
	find_seed(&store, arguments, seed);
	json_t *versions = batch_versions(lab, seed, isolation, arguments->vm ? &machine : NULL);
	const struct store_key key = { .lab = lab,
				       .seed = seed,
				       .isolation = isolation,
				       .versions = versions,
				       .program = arguments->grader };
	store_run(&store, &key, arguments->regrade);
	store_settings(&store, &conf, formats);
	keep_input(&store, "conf", conf.path);
	keep_input(&store, "roster", arguments->roster != NULL ? arguments->roster : conf.roster);
	keep_input(&store, "gradebook", arguments->gradebook);
	(void)printf("settings: %s\n", conf.path != NULL ? conf.path
							 : "none (there is no batch.conf beside "
							   "the submissions)");
	const struct scan_options scan = { .submissions = arguments->submissions,
					   .out = store.out,
					   .layout = arguments->layout,
					   .roster = arguments->roster,
					   .conf = &conf };
	batch_take_class(&store, lab, &scan);
	costs.scan_us = clock_us() - costs.begin_us;
	struct pipeline_options run = {
		.root = root,
		.program = arguments->grader,
		.detectors = arguments->detectors != NULL ? arguments->detectors : "none",
		.vm = arguments->vm,
		.machine = arguments->machine,
		.lab = lab->name,
		.seed = seed,
		.isolation = isolation,
		.slots = slots,
		.max_attempts = conf.max_attempts,
		.free_mib = arguments->free_mib,
		.bound_s = arguments->bound_s,
	};
	const int status = work(&store, lab, arguments, &conf, &run, &costs);
	store_close(&store);
	json_decref(versions);
	batch_conf_fini(&conf);
	words_fini(&asked);
	lab_destroy(lab);
	return status;
}

int command_batch(int argc, char **argv)
{
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "SUBMISSIONS OUT",
		.doc = "Grades a class: SUBMISSIONS is a folder or an archive as it was "
		       "downloaded, OUT "
		       "holds all results. The same command again goes on after any interruption."
		       "\vExit status: 0 every entry has a grade, 1 some cannot be read, 2 some "
		       "have no "
		       "grade by the grader's own fault, it did not finish, or wrong use.",
	};
	struct arguments arguments = { .free_mib = PIPELINE_FREE_MIB, .bound_s = PIPELINE_BOUND_S };
	(void)argp_parse(&argp, argc, argv, 0, NULL, &arguments);
	AUTO_FREE char *grader = NULL;
	if (arguments.grader != NULL) {
		grader = realpath(arguments.grader, NULL);
		if (grader == NULL)
			die("there is no program %s", arguments.grader);
		arguments.grader = grader;
	}
	if (arguments.vm && arguments.detectors != NULL)
		die("--vm does not go with --detectors: the virtual machine is told lab and seed "
		    "only");
	if (arguments.machine != NULL && !arguments.vm)
		die("--machine is for --vm only");
	AUTO_FREE char *machine = NULL;
	if (arguments.machine != NULL) {
		machine = realpath(arguments.machine, NULL);
		if (machine == NULL)
			die("there is no program %s", arguments.machine);
		arguments.machine = machine;
	}
	if (arguments.lab == NULL || *arguments.lab == '\0')
		die("which lab? make batch SUBMISSIONS=dir LAB=3 OUT=dir");
	return batch(&arguments);
}
