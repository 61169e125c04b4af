/* libFuzzer target: what our readers print in their boxes, and what compiler and linker print
 * there, is the submission's to steer. Whatever it is, the intake makes a finding of it or none,
 * and lives.
 *
 * The first byte chooses who reads the rest. */
#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/json.h"
#include "intake/audit.h"
#include "intake/collect.h"
#include "intake/compile.h"
#include "intake/link.h"
#include "intake/preprocess.h"
#include "judge/finding.h"
#include "run/runner.h"
#include "tests/fuzz.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	json_object_seed(1);
	return 0;
}

/* What the readers print, in pieces: a byte from 0x80 on stands for one. */
static const char *const pieces[] = {
	"{\"objects\":{\"net.c\":{\"refused\":[",
	"{\"id\":\"constructor\",\"what\":\"x\",\"symbol\":\"f\"}",
	"],\"globals\":[\"net_listen\"]}",
	"{\"net.c\":[{\"rule\":",
	",\"line\":3,\"token\":\"t\"}",
	"{\"text\":[1,2],\"functions\":{\"f\":3,\"g\":",
	"}}",
	"]}",
	"/src/net.c:3:1: error: ",
	"undefined reference to `",
	"multiple definition of `",
	"{\"objects\":{\"/etc/passwd\":{\"refused\":[{\"id\":\"x\",\"what\":\"y\"}]}}}",
	",\"",
	"\":",
};

enum { TEXT_BYTES = 8192 };

static size_t spell(char *text, const uint8_t *data, size_t size)
{
	return fuzz_spell(pieces, sizeof pieces / sizeof *pieces, data, size, text, TEXT_BYTES);
}

/* A finding has an id, and the report names no file but the student's. */
static void check(json_t *finding, const struct lab *lab)
{
	json_t *test = json_make("{s:s,s:s}", "id", "T", "about", "f"), *none = json_object();
	json_t *files = json_array();
	size_t i;
	json_t *place;
	if (finding == NULL)
		finding = json_make("{s:s}", "id", "none");
	for (i = 0; i < lab->files.count; i++)
		(void)json_array_append_new(files, json_string(lab->files.item[i]));
	const struct finding_context context = {
		.lab_number = "1", .files = files, .functions = none, .places = none
	};
	DEMAND(*json_text_of(finding, "id", "") != '\0');
	json_t *whole = finding_finish(test, finding, &context);
	json_array_foreach(json_object_get(whole, "where"), i, place)
	{
		const char *file = json_text_of(place, "file", "net.c");
		DEMAND(strcmp(file, "net.c") == 0 || strcmp(file, "conn.c") == 0);
	}
	json_decref(whole);
	json_decref(finding);
	json_decref(files);
	json_decref(none);
	json_decref(test);
}

static void load_map(const char *text, size_t length)
{
	char path[64];
	struct trace_map map;
	int fd = memfd_create("map", MFD_CLOEXEC);
	DEMAND(fd >= 0 && write(fd, text, length) == (ssize_t)length);
	(void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	map_load(&map, path);
	for (size_t i = 0; i < map.function_count; i++) {
		DEMAND(i == 0 || map.functions[i - 1].address <= map.functions[i].address);
		char *name = NULL;
		memcpy(&name, &map.functions[i].name, sizeof name); /* ours, const for others */
		free(name);
	}
	free(map.functions);
	(void)close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char name[] = "1-fork-server", header[] = "fork_server.h";
	struct lab lab = { .name = name, .header = header };
	char spelled[TEXT_BYTES];
	if (size == 0)
		return 0;
	const size_t length = spell(spelled, data + 1, size - 1);
	char *text = malloc(length > 0 ? length : 1); /* ends where its heap block ends */
	DEMAND(text != NULL);
	memcpy(text, spelled, length);
	words_split(&lab.files, "net.c conn.c");
	words_split(&lab.exports, "net_listen conn_serve");
	json_t *value = json_read_bytes(text, length, NULL);
	switch (data[0] % 5) {
	case 0:
		check(audit_finding(&lab, value), &lab);
		break;
	case 1:
		check(preprocess_finding(&lab, "net.c", value), &lab);
		break;
	case 2:
		check(link_finding(&lab, text, length), &lab);
		break;
	case 3: {
		struct submission submission = { 0 };
		char *tidy = compile_tidy(text, length);
		check(compile_finding(&submission, "net.c", tidy), &lab);
		free(tidy);
		break;
	}
	case 4:
		load_map(text, length);
		break;
	}
	json_decref(value);
	free(text);
	words_fini(&lab.files);
	words_fini(&lab.exports);
	return 0;
}
