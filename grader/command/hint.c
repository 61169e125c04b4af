/* grade hint: one more level of help with each call, remembered in build/hints/. */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/file.h"
#include "base/text.h"
#include "command/commands.h"
#include "command/house.h"
#include "intake/lab.h"

enum { HINT_BYTES_MAX = 64 * 1024, LEVELS_MAX = 9 };

struct arguments {
	const char *lab, *test;
};

static const struct argp_option options[] = {
	{ "lab", 'l', "N", 0, "the lab, by number or name", 0 },
	{ "test", 't', "ID", 0, "the test, as L1.A.2", 0 },
	{ 0 },
};

/* NOLINTNEXTLINE(readability-non-const-parameter): the type is argp's */
static error_t parse(int key, char *value, struct argp_state *state)
{
	struct arguments *arguments = state->input;
	switch (key) {
	case 'l':
		arguments->lab = value;
		break;
	case 't':
		arguments->test = value;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

/* The text behind the n-th line that begins with "## ", up to the next one. *length is 0 if there
 * is none. */
static const char *find_level(const char *text, long level, size_t *length)
{
	*length = 0;
	const char *begin = NULL;
	long seen = 0;
	for (const char *line = text; *line != '\0';) {
		const char *next = line + strcspn(line, "\n");
		next += *next == '\n';
		if (strncmp(line, "## ", 3) == 0) {
			if (begin != NULL)
				break;
			if (++seen == level)
				begin = next;
		} else if (begin != NULL) {
			*length = (size_t)(next - begin);
		}
		line = next;
	}
	return begin;
}

static long read_level(const char *path)
{
	AUTO_FREE char *text = NULL;
	size_t length = 0;
	if (file_read(path, HINT_BYTES_MAX, &text, &length) != 0)
		return 0;
	long level = strtol(text, NULL, 10);
	return level < 0 || level > LEVELS_MAX ? 0 : level;
}

static void remember(const char *folder, const char *path, long level)
{
	AUTO_FREE char *text = must_printf("%ld\n", level);
	int error = folder_make(folder);
	if (error == 0)
		error = file_write(path, text, strlen(text), 0644);
	if (error != 0)
		die_errno(error, "cannot write %s", path);
}

/* Sentences are laid out for the terminal, what stands between ``` lines is kept as it is. */
static void print_text(const char *text, size_t length)
{
	bool code = false;
	AUTO_FREE char *copy = must_printf("%.*s", (int)length, text);
	char *rest = copy;
	for (const char *line = strsep(&rest, "\n"); line != NULL; line = strsep(&rest, "\n")) {
		bool fence = strncmp(line, "```", 3) == 0;
		if (fence)
			code = !code;
		else if (code || *line == '\0')
			(void)printf("%s%s\n", *line != '\0' ? "    " : "", line);
		else
			text_wrap(stdout, line, 0, 80);
	}
}

static void print_level(const char *text, size_t length, const char *test, long level, long last)
{
	while (length > 0 && text[length - 1] == '\n')
		length--;
	while (length > 0 && *text == '\n') {
		text++;
		length--;
	}
	(void)printf("%s, hint %ld of %ld\n\n", test, level, last);
	print_text(text, length);
	if (level < last)
		(void)printf("\nThe next call of this command says more.\n");
}

static int give_hint(const char *root, const char *name, const char *test)
{
	struct lab *lab = lab_load(root, name);
	if (lab_test_find(lab, test) == NULL)
		die("lab %s has no test '%s'; `make grade LAB=%s` lists them", name, test,
		    lab->number);
	AUTO_FREE char *path = lab_path(lab, "labs/%s/hints/%s.md", name, test);
	AUTO_FREE char *folder = lab_path(lab, "build/hints/%s", name);
	AUTO_FREE char *memory = must_printf("%s/%s", folder, test);
	AUTO_FREE char *text = NULL;
	size_t length = 0;
	int error = file_read(path, HINT_BYTES_MAX, &text, &length);
	if (error != 0)
		die_errno(error, "cannot read %s", path);
	long last = 0;
	while (last < LEVELS_MAX && find_level(text, last + 1, &length) != NULL)
		last++;
	if (last == 0)
		die("%s holds no level (a line that begins with '## ')", path);
	long level = read_level(memory) + 1;
	level = level > last ? last : level;
	const char *hint = find_level(text, level, &length);
	print_level(hint, length, test, level, last);
	remember(folder, memory, level);
	lab_destroy(lab);
	return 0;
}

int command_hint(int argc, char **argv)
{
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.doc = "Prints the next hint for a test.",
	};
	struct arguments arguments = { 0 };
	(void)argp_parse(&argp, argc, argv, 0, NULL, &arguments);
	if (arguments.lab == NULL || arguments.test == NULL)
		die("a hint needs a lab and a test: make hint LAB=1 TEST=L1.A.2");
	AUTO_FREE char *root = house_root();
	AUTO_FREE char *name = lab_resolve(root, arguments.lab);
	if (name == NULL)
		die("there is no lab '%s'; see the folders of labs/", arguments.lab);
	return give_hint(root, name, arguments.test);
}
