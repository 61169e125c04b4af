/* build/grade: one program, one subcommand per task. */
#include <argp.h>
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/die.h"
#include "command/commands.h"
#include "sandbox/scope.h"

struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *help; /* NULL: internal */
	bool runs;        /* submissions, in boxes with limits */
};

static const struct command commands[] = {
	{ "run", command_run, "grade a submission", true },
	{ "batch", command_batch, "grade a whole class, with a store to go on from", true },
	{ "report", command_report, "make the files of a batch again from its store", false },
	{ "audit", command_audit, "grade a sample of a batch again and compare the bytes", true },
	{ "verify", command_verify, "prove that the grader is right, with the solutions", true },
	{ "hint", command_hint, "print the next hint for a test", false },
	{ "show", command_show, "draw the schedule that a finding names", false },
	{ "replay", command_replay, "play the schedule that a finding names again", true },
	{ "tool-tokens", command_tool_tokens, NULL, false },
	{ "tool-map", command_tool_map, NULL, false },
	{ "tool-lines", command_tool_lines, NULL, false },
	{ "tool-scan", command_tool_scan, NULL, false },
	{ "tool-page", command_tool_page, NULL, false },
};

static void print_help(FILE *out)
{
	(void)fputs("Usage: grade COMMAND [OPTION...]\n\n", out);
	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
		if (commands[i].help != NULL)
			(void)fprintf(out, "  %-8s %s\n", commands[i].name, commands[i].help);
	(void)fputs("\n`grade COMMAND --help` tells the options of each.\n", out);
}

int main(int argc, char **argv)
{
	argp_err_exit_status = 2; /* wrong use is no grade, never "graded with less" */
	if (argc < 2) {
		print_help(stderr);
		return 2;
	}
	if (strcmp(argv[1], "--help") == 0) {
		print_help(stdout);
		return 0;
	}
	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
		if (strcmp(argv[1], commands[i].name) != 0)
			continue;
		if (commands[i].runs)
			scope_enter(argv);
		argv[1] = must_printf("grade %s", commands[i].name); /* what --help calls it */
		return commands[i].run(argc - 1, argv + 1);
	}
	die("unknown command '%s'; see grade --help", argv[1]);
}
