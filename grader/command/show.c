/* grade show: draws the schedule of a token, on the terminal and into files. */
#include <argp.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/file.h"
#include "base/json.h"
#include "command/commands.h"
#include "command/house.h"
#include "command/schedules.h"
#include "command/schedules_batch.h"
#include "report/lanes.h"
#include "run/schedule.h"

struct arguments {
	const char *token, *from, *entry; /* of the command line */
};

enum { KEY_FROM = 256, KEY_ENTRY };

static const struct argp_option options[] = {
	{ "token", 't', "TOKEN", 0, "the schedule, as a report names it: TOKEN=L3.B.2-7f1c9e", 0 },
	{ "from", KEY_FROM, "OUT", 0, "of a batch: the folder with its store", 0 },
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
		break;
	case KEY_FROM:
		arguments->from = value;
		break;
	case KEY_ENTRY:
		arguments->entry = value;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static void write_file(const char *path, const char *text, size_t length)
{
	int error = file_write(path, text, length, 0644);
	if (error != 0)
		die_errno(error, "cannot write %s", path);
}

/* The two files beside each other; says where they are as seen from the root. */
static void write_pictures(const char *root, const char *token, const struct lanes *lanes)
{
	AUTO_FREE char *folder = must_printf("%s/build/show", root);
	AUTO_FREE char *svg = must_printf("%s/%s.svg", folder, token);
	AUTO_FREE char *trace = must_printf("%s/%s.trace.json", folder, token);
	AUTO_FREE char *picture = NULL;
	size_t length = 0;
	int error = folder_make(folder);
	if (error != 0)
		die_errno(error, "cannot make %s", folder);
	FILE *out = open_memstream(&picture, &length);
	if (out == NULL)
		die("out of memory");
	lanes_svg(out, lanes);
	if (fclose(out) != 0 || picture == NULL)
		die("out of memory");
	write_file(svg, picture, length);
	json_t *events = lanes_trace(lanes);
	AUTO_FREE char *text = json_text(events);
	write_file(trace, text, strlen(text));
	json_decref(events);
	(void)printf("\n   Picture: %s (any browser)\n   Trace: %s (ui.perfetto.dev, "
		     "chrome://tracing)\n",
		     svg + strlen(root) + 1, trace + strlen(root) + 1);
}

/* Tokens begin with the test's id: "L3.B.2-7f1c9e" is of lab 3. */
static _Noreturn void unknown(const char *token)
{
	if (token[0] == 'L' && isdigit((unsigned char)token[1]))
		die("no grading here has the token %s: it belongs to files that are gone or have "
		    "changed. Run make grade LAB=%c; its report names the tokens of what fails",
		    token, token[1]);
	die("no grading here has the token %s; a report of make grade names the tokens of what "
	    "fails, as in TOKEN=L3.B.2-7f1c9e",
	    token);
}

static void draw(const char *root, const char *token, const json_t *schedule)
{
	struct lanes lanes;
	lanes_make(schedule, &lanes);
	lanes_text(stdout, &lanes);
	write_pictures(root, token, &lanes);
	lanes_fini(&lanes);
}

static int show(const char *token)
{
	AUTO_FREE char *root = house_root();
	json_t *schedule = schedules_find(root, token);
	if (schedule == NULL)
		unknown(token);
	draw(root, token, schedule);
	json_decref(schedule);
	return 0;
}

static int show_batch(const struct arguments *arguments)
{
	AUTO_FREE char *root = house_root();
	struct batch_schedule found;
	schedules_of_batch(arguments->from, arguments->token, arguments->entry, &found);
	draw(root, arguments->token, found.file);
	(void)printf("\n   Of %s.", found.entry);
	if (found.others > 0 && arguments->entry == NULL)
		(void)printf(" %zu more submission%s a schedule of this name: --entry=NAME.",
			     found.others, found.others == 1 ? " has" : "s have");
	(void)printf("\n   To play it again: %s\n   and then: make replay TOKEN=%s\n",
		     found.grading, arguments->token);
	batch_schedule_fini(&found);
	return 0;
}

int command_show(int argc, char **argv)
{
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.doc = "Draws a schedule: what each thread did, step by step, until it went wrong.",
	};
	struct arguments arguments = { 0 };
	(void)argp_parse(&argp, argc, argv, 0, NULL, &arguments);
	if (arguments.token == NULL || *arguments.token == '\0')
		die("which schedule? make show TOKEN=L3.B.2-7f1c9e; the report of make grade names "
		    "the tokens of what fails");
	if (!schedule_is_token(arguments.token))
		die("that is no token: one looks like L3.B.2-7f1c9e, and the report of make grade "
		    "names those of what fails");
	if (arguments.from == NULL && arguments.entry != NULL)
		die("--entry is for a batch: --from=OUT says which");
	return arguments.from != NULL ? show_batch(&arguments) : show(arguments.token);
}
