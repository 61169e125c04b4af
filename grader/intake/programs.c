/* Runs the steps of the intake in order, or finds that it has done so before. */
#include "intake/programs.h"

#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/die.h"
#include "base/file.h"
#include "base/json.h"
#include "intake/build.h"
#include "intake/cache.h"
#include "intake/libraries.h"
#include "intake/preprocess.h"

enum { MAP_BYTES_MAX = 16 * 1024 * 1024 };

static long long longer(long long left, long long right)
{
	return left > right ? left : right;
}

static void make_folder(const char *path)
{
	int error = folder_make(path);
	if (error != 0)
		die_errno(error, "cannot make %s", path);
}

static void name_products(const struct lab *lab, struct programs *programs)
{
	programs->builds = must_alloc(lab->build_count * sizeof *programs->builds);
	programs->build_count = lab->build_count;
	for (size_t i = 0; i < lab->build_count; i++) {
		struct program_build *product = &programs->builds[i];
		const char *name = lab->builds[i].name;
		product->build = &lab->builds[i];
		product->player = must_printf("%s/player.%s", programs->folder, name);
		product->player_map = must_printf("%s.map", product->player);
		/* Under the explorer a server is a call of the player like any other. */
		if (lab->server == NULL || lab->builds[i].hooks != NULL)
			continue;
		product->srv = must_printf("%s/srv.%s", programs->folder, name);
		product->srv_map = must_printf("%s.map", product->srv);
	}
}

void programs_write_sources(const struct submission *submission, const char *folder)
{
	AUTO_FREE char *sources = must_printf("%s/sources", folder);
	make_folder(sources);
	for (size_t i = 0; i < submission->count; i++) {
		const struct source *source = &submission->sources[i];
		AUTO_FREE char *path = must_printf("%s/%s", sources, source->name);
		int error = file_write(path, source->bytes, source->length, 0444);
		if (error != 0)
			die_errno(error, "cannot write %s", path);
	}
}

static void make_all(const struct lab *lab, const struct submission *submission,
		     struct programs *programs)
{
	programs_write_sources(submission, programs->folder);
	long long begin = clock_ms();
	programs->finding = preprocess_sources(lab, submission, programs->folder,
					       &programs->warnings);
	long long preprocess_ms = clock_ms() - begin;
	if (programs->finding != NULL)
		return;
	struct build_result *results = must_alloc(programs->build_count * sizeof *results);
	build_all(lab, submission, programs->builds, programs->build_count, programs->folder,
		  results);
	for (size_t i = 0; i < programs->build_count; i++) {
		struct build_result *result = &results[i];
		if (programs->finding == NULL && result->finding != NULL)
			programs->finding = json_incref(result->finding);
		words_add_all(&programs->warnings, &result->warnings);
		programs->compile_ms = longer(programs->compile_ms, result->compile_ms);
		programs->audit_ms = longer(programs->audit_ms, result->audit_ms);
		programs->link_ms = longer(programs->link_ms, result->link_ms);
		json_decref(result->finding);
		words_fini(&result->warnings);
	}
	programs->compile_ms += preprocess_ms;
	free(results);
}

static void add_libraries(struct programs *programs)
{
	for (size_t i = 0; i < programs->build_count; i++) {
		struct program_build *product = &programs->builds[i];
		char *why = NULL;
		json_t *map = json_read_file(product->player_map, MAP_BYTES_MAX, &why);
		if (map == NULL)
			die("cannot read %s: %s", product->player_map, why);
		libraries_find(json_object_get(map, "needed"), &product->libraries);
		json_decref(map);
	}
}

char *programs_folder(const struct lab *lab, const struct submission *submission,
		      const char *suffix)
{
	AUTO_FREE char *work = lab->work != NULL ? must_strdup(lab->work)
						 : lab_path(lab, "build/run");
	char *folder = must_printf("%s/%s/%s%s%s%s%s", work, lab->name, submission->hash,
				   lab->compiler != NULL ? "-" : "",
				   lab->compiler != NULL ? lab->compiler : "",
				   suffix != NULL ? "-" : "", suffix != NULL ? suffix : "");
	make_folder(folder);
	return folder;
}

void programs_make(const struct lab *lab, const struct submission *submission, bool fresh,
		   struct programs *programs)
{
	*programs = (struct programs){ .folder = programs_folder(lab, submission, NULL) };
	name_products(lab, programs);
	if (submission->finding != NULL) {
		programs->finding = json_incref(submission->finding);
		return;
	}
	char key[HASH_HEX_BYTES];
	cache_key(lab, submission, key);
	programs->cached = !fresh && cache_load(programs, key);
	if (!programs->cached) {
		cache_forget(programs);
		make_all(lab, submission, programs);
		cache_store(programs, key);
	}
	if (programs->finding == NULL)
		add_libraries(programs);
}

void programs_fini(struct programs *programs)
{
	for (size_t i = 0; i < programs->build_count; i++) {
		struct program_build *product = &programs->builds[i];
		free(product->srv);
		free(product->player);
		free(product->srv_map);
		free(product->player_map);
		tool_input_fini(&product->libraries);
	}
	free(programs->builds);
	free(programs->folder);
	json_decref(programs->finding);
	words_fini(&programs->warnings);
	*programs = (struct programs){ 0 };
}

const struct program_build *programs_build(const struct programs *programs, const char *name)
{
	for (size_t i = 0; i < programs->build_count; i++)
		if (strcmp(programs->builds[i].build->name, name) == 0)
			return &programs->builds[i];
	return NULL;
}

json_t *programs_lines(const char *program, const struct words *addresses)
{
	struct tool_input input = { 0 };
	struct words command = { 0 };
	tool_input_file(&input, program, "/program", 0444);
	words_split(&command, "tool-lines /program");
	words_add_all(&command, addresses);
	json_t *lines = tool_read(&command, &input);
	words_fini(&command);
	tool_input_fini(&input);
	return lines != NULL ? lines : json_object();
}
