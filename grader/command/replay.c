/* grade replay: plays the schedule of a token again, exactly it, in the box that it failed in. */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/file.h"
#include "base/json.h"
#include "command/commands.h"
#include "command/house.h"
#include "command/replay_gdb.h"
#include "command/schedules.h"
#include "command/schedules_batch.h"
#include "report/lanes.h"
#include "run/run.h"
#include "run/schedule.h"

struct arguments {
	const char *token, *from, *entry;
	bool gdb;
};

enum { KEY_GDB = 256, KEY_FROM, KEY_ENTRY };

/* What the examiner noted. */
struct notes {
	json_t *outcome; /* or the fault that kept it from one */
	json_t *script;  /* what was played, in numbers */
};

static const struct argp_option options[] = {
	{ "token", 't', "TOKEN", 0, "the schedule, as a report names it: TOKEN=L3.B.2-7f1c9e", 0 },
	{ "gdb", KEY_GDB, NULL, 0,
	  "then once more under gdb, step by step. There is no sandbox around it: only for files "
	  "that you trust",
	  0 },
	{ "from", KEY_FROM, "OUT", 0, "of a batch: says how to get the programs for it", 0 },
	{ "entry", KEY_ENTRY, "NAME", 0,
	  "of a batch: whose it is (default: the first that has such a one)", 0 },
	{ 0 },
};

/* NOLINTNEXTLINE(readability-non-const-parameter): as argp calls it */
static error_t parse(int key, char *value, struct argp_state *state)
{
	struct arguments *arguments = state->input;
	switch (key) {
	case 't':
		arguments->token = value;
		return 0;
	case KEY_GDB:
		arguments->gdb = true;
		return 0;
	case KEY_FROM:
		arguments->from = value;
		return 0;
	case KEY_ENTRY:
		arguments->entry = value;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* What the examiner needs of a kept schedule. Returned (free). */
static char *request_of(const json_t *file)
{
	static const char *const keys[] = { "configuration", "flags", "spurious",
					    "timeouts",      "token", "choices" };
	const json_t *record = json_object_get(file, "schedule");
	json_t *request = json_object();
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		json_put(request, keys[i], json_incref(json_object_get(record, keys[i])));
	json_put_text(request, "finding", json_text_of(record, "finding", "?"));
	char *text = json_text(request);
	json_decref(request);
	return text;
}

/* The places that were looked up when it was kept, as the runner reads them. Returned (free). */
static char *write_lines(const char *root, const char *token, json_t *file)
{
	AUTO_FREE char *folder = must_printf("%s/build/replay", root);
	char *path = must_printf("%s/%s.lines", folder, token);
	json_t *lines = json_object(), *place;
	const char *pc;
	json_object_foreach(json_object_get(file, "places"), pc, place)
	{
		AUTO_FREE char *address = must_printf("0x%llx", strtoull(pc, NULL, 10));
		json_put(lines, address, json_incref(place));
	}
	int error = folder_make(folder);
	if (error == 0)
		error = json_write_file(path, lines);
	if (error != 0)
		die_errno(error, "cannot write %s", path);
	json_decref(lines);
	return path;
}

static void keep_note(size_t job, json_t *records, void *context)
{
	struct notes *notes = context;
	size_t i;
	json_t *record;
	(void)job;
	json_array_foreach(records, i, record)
	{
		const char *text = json_text_of(record, "text", "");
		const bool fault = strcmp(json_text_of(record, "rec", ""), "fault") == 0;
		if (strcmp(text, "script") == 0 && notes->script == NULL)
			notes->script = json_incref(record);
		if ((strcmp(text, "replay") == 0 || fault) && notes->outcome == NULL)
			notes->outcome = json_incref(record);
	}
}

/* Runs the job. The notes are returned. */
static struct notes play(const char *root, const char *token, json_t *file)
{
	struct lab *lab = lab_load(root, json_text_of(file, "lab", "?"));
	const char *name = json_text_of(file, "build", "?");
	const struct lab_build *build = lab_build_find(lab, name);
	AUTO_FREE char *folder = schedules_folder(root, token);
	const char *given = lab_given(lab, json_text_of(file, "test", "?"));
	AUTO_FREE char *player = given != NULL ? lab_path(lab, "build/labs/%s/%s/%s", lab->name,
							  name, given)
					       : must_printf("%s/player.%s", folder, name);
	AUTO_FREE char *examiner = lab_path(lab, "build/labs/%s/examiner", lab->name);
	AUTO_FREE char *lines = write_lines(root, token, file);
	AUTO_FREE char *request = request_of(file);
	if (build == NULL || !file_exists(player))
		die("the program that %s was seen in is gone: grade again", token);
	if (box_host_probe()->mode == BOX_MODE_NONE)
		die("this machine cannot run a submission safely. %s", box_host_probe()->missing);
	const struct run_text text = { "replay", request, strlen(request), NULL };
	const struct run_job job = {
		.test = json_text_of(file, "test", "?"),
		.build = name,
		.seed = json_text_of(file, "seed", "0"),
		.replay = true,
		.examiner = examiner,
		.player = player,
		.lines = lines,
		.texts = &text,
		.text_count = 1,
		.environment = words_vector(&build->environment),
		.policy = (enum box_policy)box_policy_find(lab->policy),
		.profile = (enum box_profile)box_profile_find(build->profile),
		.limits = { .memory_bytes = (uint64_t)lab->limits.memory_mib << 20,
			    .tasks = lab->limits.tasks,
			    .cpu_s = lab->limits.cpu_s,
			    .wall_ms = lab->limits.wall_s * 1000 },
	};
	struct notes notes = { 0 };
	run_jobs(&job, 1, 1, keep_note, &notes);
	lab_destroy(lab);
	return notes;
}

/* The steps, each line set in. */
static void print_steps(const char *steps)
{
	(void)puts("\n   The same as steps, to be shortened and played by hand:\n");
	for (const char *at = steps; *at != '\0';) {
		const int length = (int)strcspn(at, "\n");
		(void)printf("      %.*s\n", length, at);
		at += length + (at[length] == '\n');
	}
}

/* The exit status: 0 if it repeats. */
static int print_outcome(const char *token, const json_t *file, const json_t *note)
{
	const char *kept = json_text_of(json_object_get(file, "finding"), "id", "?");
	const char *how = json_text_of(note, "how", "");
	const char *finding = json_text_of(note, "finding", "");
	const char *steps = json_text_of(note, "steps", "");
	if (*how == '\0')
		die("%s could not be played again (%s). This is not your fault", token,
		    json_text_of(note, "why", "the examiner did not come to it"));
	if (strcmp(how, "again") == 0)
		(void)printf("\n   Played again: the same choices, the same finding, %s.\n", kept);
	else if (strcmp(how, "ended") == 0)
		(void)printf("\n   Played again: the program ended. The finding was %s.\n", kept);
	else
		(void)printf(
			"\n   Stale: %s, where %s was found. The token is of other files or of "
			"another version: grade again.\n",
			strcmp(how, "other") == 0   ? finding
			: strcmp(how, "clean") == 0 ? "nothing goes wrong"
						    : "the program has other choices to make",
			kept);
	const char *untold = json_text_of(note, "untold", "");
	if (*steps != '\0')
		print_steps(steps);
	else if (*untold != '\0')
		(void)printf("\n   It is not told as steps: %s.\n", untold);
	const bool repeats = strcmp(how, "again") == 0 ||
			     (strcmp(how, "ended") == 0 && strcmp(kept, "died") == 0);
	return repeats ? 0 : 1;
}

static int replay(const char *token, bool gdb)
{
	AUTO_FREE char *root = house_root();
	json_t *file = schedules_find(root, token);
	if (file == NULL)
		die("no grading here has the token %s; a report of make grade names the tokens of "
		    "what fails, as in TOKEN=L3.B.2-7f1c9e. For one of a batch --from=OUT says "
		    "what to do first",
		    token);
	struct lanes lanes;
	lanes_make(file, &lanes);
	lanes_text(stdout, &lanes);
	(void)fflush(stdout);
	const struct notes notes = play(root, token, file);
	const int status = print_outcome(token, file, notes.outcome);
	(void)fflush(stdout);
	lanes_fini(&lanes);
	if (gdb && status == 0)
		replay_under_gdb(root, token, file, notes.script);
	json_decref(notes.outcome);
	json_decref(notes.script);
	json_decref(file);
	return status;
}

/* A batch removes what it graded with. */
static _Noreturn void explain_batch(const struct arguments *arguments)
{
	struct batch_schedule found;
	schedules_of_batch(arguments->from, arguments->token, arguments->entry, &found);
	die("the programs of a batch are gone. Make those of %s again:\n  %s\nthen: make replay "
	    "TOKEN=%s. Only to look at it: build/grade show --from=%s --entry=%s --token=%s",
	    found.entry, found.grading, arguments->token, arguments->from, found.entry,
	    arguments->token);
}

int command_replay(int argc, char **argv)
{
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.doc = "Plays the schedule of a finding again, in the sandbox, and prints it as a "
		       "picture and as steps.\vExit status: 0 it repeats, 1 it does not (the token "
		       "is stale), 2 it could not be played.",
	};
	struct arguments arguments = { 0 };
	(void)argp_parse(&argp, argc, argv, 0, NULL, &arguments);
	if (arguments.token == NULL || *arguments.token == '\0')
		die("which schedule? make replay TOKEN=L3.B.2-7f1c9e; the report of make grade "
		    "names the tokens of what fails");
	if (!schedule_is_token(arguments.token))
		die("that is no token: one looks like L3.B.2-7f1c9e, and the report of make grade "
		    "names those of what fails");
	if (arguments.from != NULL)
		explain_batch(&arguments);
	if (arguments.gdb)
		replay_need_gdb();
	return replay(arguments.token, arguments.gdb);
}
