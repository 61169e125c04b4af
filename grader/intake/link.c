/* Joins the student's objects first (ld -r), takes every global name but the exports from them
 * (objcopy), and only then lets them meet ours: a main, a printf or a cl_now_us of theirs stays
 * theirs. */
#include "intake/link.h"

#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/text.h"
#include "intake/finding.h"
#include "intake/hooks.h"
#include "intake/tool.h"

/* objcopy renames no sections by pattern; the relocatable link can merge them. */
static const char script[] = "SECTIONS { student_text 0 : { *(.text .text.*) } }\n";

/* "/src/net.c:12: undefined reference to `foo'": the place, if it is one of ours to name. */
static void add_place(const struct lab *lab, json_t *finding, const char *line, const char *end)
{
	for (size_t i = 0; i < lab->files.count; i++) {
		const char *name = lab->files.item[i];
		const char *at = memmem(line, (size_t)(end - line), name, strlen(name));
		if (at == NULL)
			continue;
		long number = at[strlen(name)] == ':' ? strtol(at + strlen(name) + 1, NULL, 10) : 0;
		finding_add_place(finding, name, number, NULL);
		return;
	}
	finding_add_place(finding, lab->files.item[0], 0, NULL);
}

json_t *link_finding(const struct lab *lab, const char *output, size_t length)
{
	static const char *const marks[] = { "undefined reference to ", "multiple definition of " };
	static const char *const nexts[] = {
		"write the function, or correct its name where it is called.",
		"keep one definition; make helpers of one file static.",
	};
	AUTO_FREE char *text = text_clean(output, length);
	for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
		const char *mark = strstr(text, marks[i]);
		if (mark == NULL)
			continue;
		const char *line = mark;
		while (line > text && line[-1] != '\n')
			line--;
		AUTO_FREE char *what = must_printf("The program does not link: %.*s.",
						   (int)strcspn(mark, ";\n"), mark);
		json_t *finding = finding_make("link-error", "BUILD", what,
					       "Every function that is called must exist once.",
					       nexts[i]);
		add_place(lab, finding, line, mark);
		return finding;
	}
	AUTO_FREE char *what = must_printf("The program does not link: %.300s",
					   *text != '\0' ? text : "the linker was stopped.");
	json_t *finding = finding_make("link-error", "BUILD", what,
				       "Only a program that links can be tested.",
				       "remove what is not plain C, then grade again.");
	finding_add_place(finding, lab->files.item[0], 0, NULL);
	return finding;
}

json_t *link_step(const struct lab *lab, struct words *command, const struct tool_input *input,
		  const char *path, mode_t mode)
{
	struct box_result result;
	tool_run(BOX_POLICY_COMPILE, command, input, &result);
	words_fini(command);
	bool good = result.status == BOX_EXITED && result.code == 0 &&
		    tool_take(&result, "program", path, mode) == 0;
	json_t *finding = good ? NULL : link_finding(lab, result.err, result.err_bytes);
	box_result_fini(&result);
	return finding;
}

/* valgrind takes names and lines of .text alone; there, nobody asks for the code by its section. */
static bool keeps_sections(const struct lab_build *build)
{
	return build->second.count > 0 && !words_has(&build->second, "tsan");
}

static json_t *join(const struct lab *lab, const struct lab_build *build,
		    const struct words *objects, const char *path)
{
	struct tool_input input = { 0 };
	struct words command = { 0 };
	tool_input_bytes(&input, script, strlen(script), "/link/student.ld");
	words_split(&command, "/usr/bin/ld -r -d -o /out/program");
	if (!keeps_sections(build))
		words_split(&command, "-T /link/student.ld");
	for (size_t i = 0; i < objects->count; i++) {
		AUTO_FREE char *to = must_printf("/link/%s", strrchr(objects->item[i], '/') + 1);
		tool_input_file(&input, objects->item[i], to, 0444);
		words_add(&command, to);
	}
	json_t *finding = link_step(lab, &command, &input, path, 0444);
	tool_input_fini(&input);
	return finding;
}

static json_t *localise(const struct lab *lab, const char *joined, const char *path)
{
	struct tool_input input = { 0 };
	struct words command = { 0 };
	tool_input_file(&input, joined, "/link/joined.o", 0444);
	words_add(&command, "/usr/bin/objcopy");
	for (size_t i = 0; i < lab->exports.count; i++)
		words_addf(&command, "--keep-global-symbol=%s", lab->exports.item[i]);
	words_split(&command, "/link/joined.o /out/program");
	json_t *finding = link_step(lab, &command, &input, path, 0444);
	tool_input_fini(&input);
	return finding;
}

static void begin_command(const struct lab_build *build, struct words *command)
{
	words_addf(command, "/usr/bin/%s", build->linker);
	words_add_all(command, &build->ldflags);
	words_split(command, "-Wl,-z,relro,-z,now -Wl,-z,noexecstack -Wl,--build-id=none "
			     "-o /out/program");
}

static void add_object(struct tool_input *input, struct words *command, const char *host,
		       const char *name)
{
	AUTO_FREE char *to = must_printf("/link/%s", name);
	tool_input_file(input, host, to, 0444);
	words_add(command, to);
}

/* What the lab uses of other labs' references. */
static void add_uses(const struct lab *lab, const struct lab_build *build, struct tool_input *input,
		     struct words *command)
{
	if (lab->uses.count == 0)
		return;
	AUTO_FREE char *uses = lab_path(lab, "build/labs/%s/%s/uses.o", lab->name, build->name);
	add_object(input, command, uses, "uses.o");
}

static json_t *link_server(const struct lab *lab, const struct lab_build *build,
			   const char *student, const char *path)
{
	AUTO_FREE char *entry = lab_path(lab, "build/labs/%s/%s/srv_main.o", lab->name,
					 build->name);
	AUTO_FREE char *platform = lab_path(lab, "build/labs/common/%s.a", build->name);
	struct tool_input input = { 0 };
	struct words command = { 0 };
	begin_command(build, &command);
	add_object(&input, &command, entry, "srv_main.o");
	add_object(&input, &command, student, "student.o");
	add_uses(lab, build, &input, &command);
	add_object(&input, &command, platform, "platform.a");
	json_t *finding = link_step(lab, &command, &input, path, 0555);
	tool_input_fini(&input);
	return finding;
}

/* The calls that fault.c of the player can make fail. */
static void add_faults(struct words *command)
{
	static const char *const names[] = {
		"malloc",
		"calloc",
		"realloc",
		"reallocarray",
		"aligned_alloc",
		"posix_memalign",
		"free",
		"pthread_mutex_init",
		"pthread_cond_init",
		"pthread_rwlock_init",
		"pthread_mutexattr_init",
		"pthread_condattr_init",
	};
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		words_addf(command, "-Wl,--wrap=%s", names[i]);
}

static json_t *link_player(const struct lab *lab, const struct lab_build *build,
			   const char *student, const char *path)
{
	AUTO_FREE char *binding = lab_path(lab, "build/labs/%s/%s/binding.o", lab->name,
					   build->name);
	AUTO_FREE char *player = lab_path(lab, "build/subject/%s.a", build->name);
	AUTO_FREE char *platform = lab_path(lab, "build/labs/common/%s.a", build->name);
	struct tool_input input = { 0 };
	struct words command = { 0 };
	begin_command(build, &command);
	words_split(&command, "-Wl,--wrap=clock_gettime -Wl,--wrap=cl_now_us");
	add_faults(&command);
	add_object(&input, &command, binding, "binding.o");
	add_object(&input, &command, student, "student.o");
	add_uses(lab, build, &input, &command);
	words_add(&command, "-Wl,--start-group");
	add_object(&input, &command, player, "player.a");
	add_object(&input, &command, platform, "platform.a");
	words_add(&command, "-Wl,--end-group");
	json_t *finding = link_step(lab, &command, &input, path, 0555);
	tool_input_fini(&input);
	return finding;
}

json_t *link_stress(const struct lab *lab, const struct lab_build *build, const char *folder,
		    const char *path)
{
	AUTO_FREE char *stress = lab_path(lab, "build/labs/%s/%s/stress.o", lab->name, build->name);
	AUTO_FREE char *platform = lab_path(lab, "build/labs/common/%s.a", build->name);
	AUTO_FREE char *student = must_printf("%s/obj/%s/student.o", folder, build->name);
	struct tool_input input = { 0 };
	struct words command = { 0 };
	begin_command(build, &command);
	add_object(&input, &command, stress, "stress.o");
	add_object(&input, &command, student, "student.o");
	add_uses(lab, build, &input, &command);
	add_object(&input, &command, platform, "platform.a");
	json_t *finding = link_step(lab, &command, &input, path, 0555);
	tool_input_fini(&input);
	return finding;
}

json_t *link_student(const struct lab *lab, const struct lab_build *build,
		     const struct words *objects, const char *folder)
{
	AUTO_FREE char *joined = must_printf("%s/obj/%s/joined.o", folder, build->name);
	AUTO_FREE char *student = must_printf("%s/obj/%s/student.o", folder, build->name);
	json_t *finding = join(lab, build, objects, joined);
	if (finding == NULL)
		finding = localise(lab, joined, student);
	if (finding == NULL && build->hooks != NULL)
		finding = hooks_apply(lab, build, student);
	return finding;
}

json_t *link_program(const struct lab *lab, const struct lab_build *build, bool server,
		     const char *folder)
{
	AUTO_FREE char *student = must_printf("%s/obj/%s/student.o", folder, build->name);
	AUTO_FREE char *program = must_printf("%s/%s.%s", folder, server ? "srv" : "player",
					      build->name);
	return server ? link_server(lab, build, student, program)
		      : link_player(lab, build, student, program);
}
