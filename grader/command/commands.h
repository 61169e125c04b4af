/* command/commands.h - the subcommands of build/grade. Each takes what is left of the command line,
 * its own name first, and returns the exit status. [MT-Confined] */
#ifndef GRADER_COMMANDS_H
#define GRADER_COMMANDS_H

int command_run(int argc, char **argv);
int command_batch(int argc, char **argv);
int command_report(int argc, char **argv);
int command_audit(int argc, char **argv);
int command_verify(int argc, char **argv);
int command_hint(int argc, char **argv);
int command_show(int argc, char **argv);
int command_replay(int argc, char **argv);

/* Internal: our readers of hostile bytes, started in a box by the grader itself. */
int command_tool_tokens(int argc, char **argv);
int command_tool_map(int argc, char **argv);
int command_tool_lines(int argc, char **argv);

/* Internal: a class download as the batch sees it. */
int command_tool_scan(int argc, char **argv);

/* Internal: a page of the HTML report from values in files. */
int command_tool_page(int argc, char **argv);

#endif
