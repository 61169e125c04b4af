/* The readers that run in a box: hostile bytes in, JSON out, nothing else. Any mistake ends them
 * with status 1. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/json.h"
#include "command/commands.h"
#include "intake/elf_audit.h"
#include "intake/elf_map.h"

static int open_input(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		die_errno(errno, "cannot open %s", path);
	return fd;
}

static int print(json_t *value)
{
	if (value == NULL)
		return 1;
	int failed = json_dumpf(value, stdout, JSON_COMPACT) != 0 || fflush(stdout) != 0;
	json_decref(value);
	return failed;
}

/* tool-audit plain|instrumented OBJECT... */
int command_tool_audit(int argc, char **argv)
{
	if (argc < 3)
		die("tool-audit is started by the grader itself");
	bool instrumented = strcmp(argv[1], "instrumented") == 0;
	json_t *objects = json_object();
	for (int i = 2; i < argc; i++) {
		AUTO_FD int fd = open_input(argv[i]);
		json_t *report = elf_audit(fd, instrumented);
		if (report == NULL)
			return 1;
		const char *slash = strrchr(argv[i], '/');
		json_put(objects, slash != NULL ? slash + 1 : argv[i], report);
	}
	return print(json_make("{s:o}", "objects", objects));
}

/* tool-map PROGRAM */
int command_tool_map(int argc, char **argv)
{
	if (argc != 2)
		die("tool-map is started by the grader itself");
	AUTO_FD int fd = open_input(argv[1]);
	return print(elf_map(fd));
}

/* tool-lines PROGRAM ADDRESS... */
int command_tool_lines(int argc, char **argv)
{
	if (argc < 2)
		die("tool-lines is started by the grader itself");
	AUTO_FD int fd = open_input(argv[1]);
	return print(elf_lines(fd, argv + 2));
}
