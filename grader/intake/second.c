/* The text that the audits have read, compiled once more. Its object is not audited again: no audit
 * depends on flags but that of the hooks, and what this program says costs and gives nothing. */
#include "intake/second.h"

#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/file.h"
#include "base/json.h"
#include "intake/compile.h"
#include "intake/libraries.h"
#include "intake/link.h"
#include "intake/preprocess.h"

enum { COMPILERS_AT_ONCE = 2 };

const char *second_lacks(const struct lab_build *build)
{
	AUTO_FREE char *compiler = must_printf("/usr/bin/%s", build->cc);
	return file_exists(compiler) ? NULL
				     : "its compiler is not installed: make deps installs it";
}

static bool has_text(const struct lab *lab, const struct lab_build *build)
{
	for (size_t i = 0; i < lab->build_count; i++)
		if (strcmp(lab->builds[i].cc, build->cc) == 0)
			return true;
	return false;
}

static json_t *make(const struct lab *lab, const struct lab_build *build,
		    const struct submission *submission, const char *folder, const char *path)
{
	struct words objects = { 0 };
	struct words warnings = { 0 };
	json_t *finding = has_text(lab, build) ? NULL
					       : preprocess_build(lab, build, submission, folder);
	if (finding == NULL)
		finding = compile_sources(build, submission, folder, COMPILERS_AT_ONCE, &objects,
					  &warnings);
	if (finding == NULL)
		finding = link_student(lab, build, &objects, folder);
	if (finding == NULL)
		finding = link_stress(lab, build, folder, path);
	words_fini(&objects);
	words_fini(&warnings);
	return finding;
}

static void add_libraries(struct second_program *program)
{
	struct tool_input input = { 0 };
	struct words command = { 0 };
	tool_input_file(&input, program->path, "/program", 0444);
	words_split(&command, "tool-map /program");
	json_t *map = tool_read(&command, &input);
	libraries_find(json_object_get(map, "needed"), &program->libraries);
	json_decref(map);
	words_fini(&command);
	tool_input_fini(&input);
}

bool second_make(const struct lab *lab, const struct lab_build *build,
		 const struct submission *submission, const char *folder,
		 struct second_program *program)
{
	*program = (struct second_program){ .path = must_printf("%s/stress.%s", folder,
								build->name) };
	AUTO_FREE char *own = must_printf("%s/obj/%s", folder, build->name);
	int error = folder_make(own);
	if (error != 0)
		die_errno(error, "cannot make %s", own);
	json_t *finding = make(lab, build, submission, folder, program->path);
	const bool made = finding == NULL;
	json_decref(finding);
	if (made)
		add_libraries(program);
	return made;
}

void second_program_fini(struct second_program *program)
{
	free(program->path);
	tool_input_fini(&program->libraries);
	*program = (struct second_program){ 0 };
}
