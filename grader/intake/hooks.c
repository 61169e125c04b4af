/* Asks nm what the object imports, decides name by name, and has objcopy rename. */
#include "intake/hooks.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/file.h"
#include "base/json.h"
#include "intake/link.h"
#include "intake/tool.h"

enum { MAP_BYTES_MAX = 256 * 1024, NAME_MAX_BYTES = 200 };

static char *read_list(const struct lab *lab, const char *file)
{
	AUTO_FREE char *path = lab_path(lab, "harness/%s", file);
	char *text = NULL;
	size_t length = 0;
	int error = file_read(path, MAP_BYTES_MAX, &text, &length);
	if (error != 0)
		die_errno(error, "cannot read %s", path);
	return text;
}

/* {"pthread_mutex_lock": "rt_pthread_mutex_lock", "strlen": "strlen"} */
static json_t *read_map(const struct lab *lab, const struct lab_build *build)
{
	json_t *map = json_object();
	const char *const files[] = { build->hooks, build->allowed };
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		AUTO_FREE char *text = read_list(lab, files[i]);
		char *rest = text;
		for (char *line; (line = strsep(&rest, "\n")) != NULL;) {
			char *to = strchr(line, ' ');
			if (*line == '\0' || *line == '#')
				continue;
			if (to != NULL)
				*to++ = '\0';
			json_put_text(map, line, to != NULL ? to : line);
		}
	}
	return map;
}

/* What the compiler put there itself. */
static bool is_compilers(const char *name)
{
	static const char *const prefixes[] = { "__tsan_", "__sanitizer_cov_", "_GLOBAL_OFFSET_",
						"__stack_chk_", "__ubsan_" };
	for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++)
		if (strncmp(name, prefixes[i], strlen(prefixes[i])) == 0)
			return true;
	return false;
}

/* Names of an object are hostile: this one goes into a file that objcopy reads by lines. */
static bool is_plain(const char *name, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (!isalnum((unsigned char)name[i]) && strchr("_.$@", name[i]) == NULL)
			return false;
	return length > 0 && length < NAME_MAX_BYTES;
}

/* The functions of other labs' references, which are linked with it and hooked themselves. */
static void add_used(const struct lab *lab, json_t *map)
{
	for (size_t i = 0; i < lab->used_exports.count; i++)
		json_put_text(map, lab->used_exports.item[i], lab->used_exports.item[i]);
}

/* "                 U name" */
static json_t *decide(const json_t *map, char *listing, json_t *refused)
{
	json_t *renames = json_object();
	for (char *line; (line = strsep(&listing, "\n")) != NULL;) {
		char *name = strstr(line, " U ");
		if (name == NULL)
			continue;
		name += strlen(" U ");
		if (!is_plain(name, strlen(name)) || is_compilers(name))
			continue;
		const char *known = json_text_of(map, name, NULL);
		AUTO_FREE char *to = known != NULL ? must_strdup(known)
						   : must_printf("rt_refused_%s", name);
		if (known == NULL)
			json_put_text(refused, name, to);
		if (strcmp(to, name) != 0)
			json_put_text(renames, name, to);
	}
	return renames;
}

static json_t *list_imports(const struct lab *lab, const char *path, char **listing)
{
	struct tool_input input = { 0 };
	struct words command = { 0 };
	struct box_result result;
	tool_input_file(&input, path, "/link/student.o", 0444);
	words_split(&command, "/usr/bin/nm -u /link/student.o");
	tool_run(BOX_POLICY_COMPILE, &command, &input, &result);
	words_fini(&command);
	tool_input_fini(&input);
	json_t *finding = NULL;
	if (result.status == BOX_EXITED && result.code == 0 && !result.out_cut)
		*listing = must_printf("%.*s", (int)result.out_bytes, result.out);
	else
		finding = link_finding(lab, result.err, result.err_bytes);
	box_result_fini(&result);
	return finding;
}

static json_t *rename_all(const struct lab *lab, const char *path, json_t *renames)
{
	AUTO_FREE char *text = must_strdup("");
	const char *name;
	json_t *to;
	json_object_foreach(renames, name, to)
	{
		char *longer = must_printf("%s%s %s\n", text, name, json_string_value(to));
		free(text);
		text = longer;
	}
	struct tool_input input = { 0 };
	struct words command = { 0 };
	tool_input_file(&input, path, "/link/student.o", 0444);
	tool_input_bytes(&input, text, strlen(text), "/link/renames");
	/* The runtime puts the data back before each execution, and finds them by these names. */
	words_split(&command, "/usr/bin/objcopy --redefine-syms=/link/renames "
			      "--rename-section .data=explored_data "
			      "--rename-section .data.rel=explored_data "
			      "--rename-section .data.rel.local=explored_data "
			      "--rename-section .bss=explored_bss /link/student.o /out/program");
	json_t *finding = link_step(lab, &command, &input, path, 0444);
	tool_input_fini(&input);
	return finding;
}

/* A function for each refused name, which says the name to the runtime. */
static char *stubs_text(json_t *refused)
{
	char *text = must_strdup("\t.text\n");
	const char *name;
	json_t *stub;
	json_object_foreach(refused, name, stub)
	{
		const char *label = json_string_value(stub);
		char *longer = must_printf("%s\t.globl %s\n\t.type %s,@function\n%s:\n"
					   "\tleaq .Ln_%s(%%rip), %%rdi\n\tjmp rt_uncontrolled\n"
					   ".Ln_%s: .asciz \"%s\"\n",
					   text, label, label, label, name, name, name);
		free(text);
		text = longer;
	}
	char *whole = must_printf("%s\t.section .note.GNU-stack,\"\",@progbits\n", text);
	free(text);
	return whole;
}

static json_t *add_stubs(const struct lab *lab, const char *path, json_t *refused)
{
	AUTO_FREE char *text = stubs_text(refused);
	AUTO_FREE char *object = must_printf("%s.stubs", path);
	struct tool_input input = { 0 };
	struct words command = { 0 };
	tool_input_bytes(&input, text, strlen(text), "/link/stubs.s");
	words_split(&command, "/usr/bin/as -o /out/program /link/stubs.s");
	json_t *finding = link_step(lab, &command, &input, object, 0444);
	tool_input_fini(&input);
	if (finding != NULL)
		return finding;
	struct tool_input both = { 0 };
	tool_input_file(&both, path, "/link/student.o", 0444);
	tool_input_file(&both, object, "/link/stubs.o", 0444);
	words_split(&command, "/usr/bin/ld -r -o /out/program /link/student.o /link/stubs.o");
	finding = link_step(lab, &command, &both, path, 0444);
	tool_input_fini(&both);
	return finding;
}

json_t *hooks_apply(const struct lab *lab, const struct lab_build *build, const char *path)
{
	AUTO_FREE char *listing = NULL;
	json_t *finding = list_imports(lab, path, &listing);
	if (finding != NULL)
		return finding;
	json_t *map = read_map(lab, build);
	add_used(lab, map);
	json_t *refused = json_object();
	json_t *renames = decide(map, listing, refused);
	finding = rename_all(lab, path, renames);
	if (finding == NULL && json_object_size(refused) > 0)
		finding = add_stubs(lab, path, refused);
	json_decref(refused);
	json_decref(renames);
	json_decref(map);
	return finding;
}
