/* Runs the steps of the intake in order, or finds that it has done so before. */
#include "intake/programs.h"

#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/file.h"
#include "base/json.h"
#include "intake/audit.h"
#include "intake/cache.h"
#include "intake/compile.h"
#include "intake/finding.h"
#include "intake/libraries.h"
#include "intake/link.h"

enum { MAP_BYTES_MAX = 16 * 1024 * 1024 };

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
		if (lab->server == NULL)
			continue;
		product->srv = must_printf("%s/srv.%s", programs->folder, name);
		product->srv_map = must_printf("%s.map", product->srv);
	}
}

static void write_sources(const struct submission *submission, const char *folder)
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

static json_t *write_map(const char *program, const char *path)
{
	struct tool_input input = { 0 };
	struct words command = { 0 };
	tool_input_file(&input, program, "/program", 0444);
	words_split(&command, "tool-map /program");
	json_t *map = tool_read(&command, &input);
	words_fini(&command);
	tool_input_fini(&input);
	if (map == NULL)
		return finding_make("policy", "POL", "The linked program cannot be read.",
				    "What a compiler makes of plain C can be read.",
				    "write plain C without assembly.");
	int error = json_write_file(path, map);
	json_decref(map);
	if (error != 0)
		die_errno(error, "cannot write %s", path);
	return NULL;
}

static json_t *write_maps(const struct program_build *product)
{
	json_t *finding = NULL;
	if (product->srv != NULL)
		finding = write_map(product->srv, product->srv_map);
	return finding != NULL ? finding : write_map(product->player, product->player_map);
}

/* The plain build comes first in lab.conf; all others are instrumented by the compiler. */
static bool is_instrumented(const struct lab_build *build)
{
	for (size_t i = 0; i < build->cflags.count; i++)
		if (strncmp(build->cflags.item[i], "-fsanitize=", strlen("-fsanitize=")) == 0)
			return true;
	return false;
}

static json_t *make_build(const struct lab *lab, const struct submission *submission,
			  struct programs *programs, const struct program_build *product)
{
	AUTO_FREE char *folder = must_printf("%s/obj/%s", programs->folder, product->build->name);
	make_folder(folder);
	struct words objects = { 0 };
	long long begin = clock_ms();
	json_t *finding = compile_sources(lab, product->build, submission, folder, &objects,
					  &programs->warnings);
	long long compiled = clock_ms();
	if (finding == NULL)
		finding = audit_objects(lab, &objects, is_instrumented(product->build));
	long long audited = clock_ms();
	if (finding == NULL)
		finding = link_programs(lab, product->build, &objects, programs->folder);
	if (finding == NULL)
		finding = write_maps(product);
	programs->compile_ms += compiled - begin;
	programs->audit_ms += audited - compiled;
	programs->link_ms += clock_ms() - audited;
	words_fini(&objects);
	return finding;
}

static void make_all(const struct lab *lab, const struct submission *submission,
		     struct programs *programs)
{
	write_sources(submission, programs->folder);
	for (size_t i = 0; i < programs->build_count && programs->finding == NULL; i++)
		programs->finding = make_build(lab, submission, programs, &programs->builds[i]);
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

void programs_make(const struct lab *lab, const struct submission *submission, bool fresh,
		   struct programs *programs)
{
	*programs = (struct programs){ .folder = lab_path(lab, "build/run/%s/%s", lab->name,
							  submission->hash) };
	make_folder(programs->folder);
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
