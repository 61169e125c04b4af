/* The readers that run in a box: hostile bytes in, JSON out, nothing else. Any mistake ends them
 * with status 1. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/file.h"
#include "base/json.h"
#include "command/commands.h"
#include "intake/directive_audit.h"
#include "intake/elf_map.h"
#include "intake/token_audit.h"

enum { TEXT_MAX = 64 * 1024 * 1024 };

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

static char *read_text(const char *path, size_t *length)
{
	char *bytes = NULL;
	int error = file_read(path, TEXT_MAX, &bytes, length);
	if (error != 0)
		die_errno(error, "cannot read %s", path);
	return bytes;
}

/* tool-tokens plain|assembler /raw/NAME [PREPROCESSED] */
int command_tool_tokens(int argc, char **argv)
{
	if (argc < 3)
		die("tool-tokens is started by the grader itself");
	const char *name = strrchr(argv[2], '/') + 1;
	size_t length = 0;
	json_t *files = json_object();
	json_t *refused = json_array();
	json_put(files, name, refused);
	AUTO_FREE char *raw = read_text(argv[2], &length);
	directive_audit(raw, length, refused);
	if (argc > 3) {
		AUTO_FREE char *text = read_text(argv[3], &length);
		token_audit(text, length, name, strcmp(argv[1], "assembler") == 0, files);
	}
	return print(json_make("{s:o}", "files", files));
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
