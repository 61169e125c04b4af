/* grade audit: is the same submission always given the same bytes? */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/file.h"
#include "base/json.h"
#include "base/number.h"
#include "batch/audit.h"
#include "batch/outputs.h"
#include "batch/sql.h"
#include "command/commands.h"
#include "command/house.h"
#include "command/versions.h"
#include "command/vm.h"
#include "sandbox/box.h"

enum { KEY_LOAD = 256, PERCENT = 100, LEAST = 10, CONDITIONS_MAX = 4 };

struct arguments {
	const char *out, *slots;
	long percent;
	bool load;
};

static const struct argp_option options[] = {
	{ "sample", 's', "PERCENT", 0,
	  "of the submissions that are graded (default: 5); never fewer than ten", 0 },
	{ "slots", 'j', "LIST", 0, "conditions: so many at once (default: 1 and one for each core)",
	  0 },
	{ "load", KEY_LOAD, NULL, 0, "one more condition: every core busy with something else", 0 },
	{ 0 },
};

/* NOLINTNEXTLINE(readability-non-const-parameter): as argp calls it */
static error_t parse(int key, char *value, struct argp_state *state)
{
	struct arguments *arguments = state->input;
	switch (key) {
	case 's':
		arguments->percent = strtol(value, NULL, 10);
		if (arguments->percent < 1 || arguments->percent > PERCENT)
			die("--sample is a number from 1 to %d, not '%s'", PERCENT, value);
		return 0;
	case 'j':
		arguments->slots = value;
		return 0;
	case KEY_LOAD:
		arguments->load = true;
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num > 0)
			argp_usage(state);
		arguments->out = value;
		return 0;
	case ARGP_KEY_END:
		if (state->arg_num != 1)
			argp_usage(state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static size_t conditions_of(const struct arguments *arguments,
			    struct audit_condition conditions[static CONDITIONS_MAX])
{
	size_t cores = 0;
	size_t count = 0;
	free(slot_cores(&cores));
	if (arguments->slots == NULL) {
		conditions[count++] = (struct audit_condition){ .slots = 1 };
		conditions[count++] = (struct audit_condition){ .slots = (unsigned)cores };
	}
	AUTO_FREE char *copy = must_strdup(arguments->slots != NULL ? arguments->slots : "");
	char *rest = copy;
	for (char *part = strsep(&rest, ","); part != NULL && *part != '\0';
	     part = strsep(&rest, ",")) {
		if (count == CONDITIONS_MAX - 1)
			die("--slots takes at most %d numbers", CONDITIONS_MAX - 1);
		const bool all = strcmp(part, "N") == 0;
		conditions[count++] = (struct audit_condition){
			.slots = all ? (unsigned)cores
				     : (unsigned)number_option("slots", part, (long)cores)
		};
	}
	if (arguments->load)
		conditions[count++] = (struct audit_condition){ .slots = (unsigned)cores,
								.load = true };
	return count;
}

static bool is_key(const struct store *store, json_t *versions)
{
	const char *key = json_text_of(versions, "grade_key", "");
	const bool same = strncmp(key, "sha256:", 7) == 0 && strcmp(key + 7, store->key) == 0;
	json_decref(versions);
	return same;
}

/* This program's key for the run's lab, seed and isolation must be the run's. true: it is that of
 * the virtual machine. */
static bool check_key(const struct store *store, const char *root, const char *name,
		      const char *seed, const char *isolation)
{
	static const struct vm_options usual = { 0 };
	struct lab *lab = lab_load(root, name);
	AUTO_FREE char *sums = lab_path(lab, "build/vm/SHA256SUMS");
	const bool native = is_key(store, versions_make(lab, seed, isolation));
	AUTO_FREE char *image = !native && file_exists(sums) ? vm_image(lab, &usual) : NULL;
	if (!native && (image == NULL || !is_key(store, versions_vm(lab, seed, image))))
		die("%s was made with another grader, lab or tool chain: only the same can be "
		    "compared. "
		    "grade batch --regrade grades it with this one",
		    store->out);
	lab_destroy(lab);
	return !native;
}

static int audit(const struct arguments *arguments)
{
	AUTO_FREE char *root = house_root();
	AUTO_FREE char *file = must_printf("%s/store.sqlite", arguments->out);
	if (!file_exists(file))
		die("%s holds no batch: there is no store.sqlite in it", arguments->out);
	struct store store;
	store_open(&store, arguments->out);
	store_last_run(&store);
	sqlite3_stmt *row = sql_query(
		store.db, "SELECT lab, seed, isolation FROM runs WHERE id = ?", "i", store.run);
	(void)sql_step(row);
	const char *isolation = box_mode_name(box_host_probe()->mode);
	struct pipeline_options run = { .detectors = "none",
					.lab = sql_text(row, 0),
					.seed = sql_text(row, 1),
					.isolation = sql_text(row, 2),
					.bound_s = PIPELINE_BOUND_S };
	run.vm = check_key(&store, root, run.lab, run.seed, isolation);
	struct words sample = { 0 };
	struct audit_condition conditions[CONDITIONS_MAX];
	const size_t count = conditions_of(arguments, conditions);
	struct audit_end end;
	audit_draw(&store, run.seed, arguments->percent, LEAST, &sample);
	audit_run(&store, &run, &sample, conditions, count, &end);
	outputs_all(&store);
	audit_print(stdout, &store, &end);
	words_fini(&sample);
	sql_end(row);
	store_close(&store);
	return end.differences > 0 || end.lost > 0 ? 2 : 0;
}

int command_audit(int argc, char **argv)
{
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "OUT",
		.doc = "Grades a sample of a batch again from nothing, under other conditions, and "
		       "compares the bytes of grade.json. No grade is changed.\vExit status: 0 all "
		       "are "
		       "equal, 2 a difference (a defect of the grader: OUT/audit), or wrong use.",
	};
	struct arguments arguments = { .percent = 5 };
	(void)argp_parse(&argp, argc, argv, 0, NULL, &arguments);
	return audit(&arguments);
}
