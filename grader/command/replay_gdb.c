/* Writes the schedule as numbers, and becomes harness/runtime/gdb/under_gdb, which plays it. */
#include "command/replay_gdb.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/file.h"
#include "base/json.h"
#include "base/words.h"
#include "command/schedules.h"

static const char debugger[] = "/usr/bin/gdb";

void replay_need_gdb(void)
{
	if (!file_exists(debugger))
		die("gdb is not installed: apt-get install gdb. Without it: make show and make "
		    "replay TOKEN=... without GDB=1");
}

/* All numbers of a list, each behind a blank, and the end of the line. */
static void put_numbers(FILE *out, const char *word, const json_t *list)
{
	size_t i;
	json_t *number;
	(void)fputs(word, out);
	json_array_foreach(list, i, number)(void)
		fprintf(out, " %lld", (long long)json_integer_value(number));
	(void)fputc('\n', out);
}

/* "0421*12 0c41" */
static void put_choices(FILE *out, const char *text)
{
	while (*text != '\0') {
		char *end = NULL;
		const unsigned long choice = strtoul(text, &end, 16);
		unsigned long times = 1;
		if (end == text)
			return;
		if (*end == '*')
			times = strtoul(end + 1, &end, 10);
		(void)fprintf(out, "choice %lx %lu\n", choice, times);
		text = end + strspn(end, " ");
	}
}

static void write_play(const char *path, const json_t *file, const json_t *script)
{
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);
	if (out == NULL)
		die("out of memory");
	put_numbers(out, "plan", json_object_get(script, "plan"));
	size_t i;
	json_t *op;
	json_array_foreach(json_object_get(script, "ops"), i, op) put_numbers(out, "op", op);
	put_choices(out, json_text_of(json_object_get(file, "schedule"), "choices", ""));
	if (fclose(out) != 0 || text == NULL)
		die("out of memory");
	int error = file_write(path, text, length, 0644);
	if (error != 0)
		die_errno(error, "cannot write %s", path);
	free(text);
}

_Noreturn void replay_under_gdb(const char *root, const char *token, const json_t *file,
				const json_t *script)
{
	AUTO_FREE char *folder = schedules_folder(root, token);
	AUTO_FREE char *path = must_printf("%s/build/replay/%s.play", root, token);
	if (!json_is_array(json_object_get(script, "ops")))
		die("%s was played, but its script was not told. This is not your fault", token);
	write_play(path, file, script);
	struct words command = { 0 };
	words_addf(&command, "%s/build/subject/under_gdb", root);
	words_addf(&command, "%s/player.%s", folder, json_text_of(file, "build", "?"));
	words_add(&command, path);
	words_add(&command, debugger);
	words_split(&command, "-q -nx");
	words_addf(&command, "--eval-command=directory %s/sources", folder);
	words_add(&command, "-x");
	words_addf(&command, "%s/harness/runtime/gdb/interleave.gdb", root);
	(void)printf("\n   Under gdb, without a sandbox: the files of %s run as you.\n\n", token);
	(void)fflush(stdout);
	(void)execv(command.item[0], command.item);
	die_errno(errno, "cannot start %s", command.item[0]);
}
