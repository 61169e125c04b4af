/* Reads lab.conf and builds.conf. tests.tsv is read next door, in lab_tests.c. */
#include "intake/lab.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/file.h"
#include "base/ini.h"
#include "intake/lab_check.h"
#include "intake/lab_tests.h"

enum { LABS_MAX = 1000, FILE_NAME_MAX = 64 };

void lab_names(const char *root, struct words *names)
{
	AUTO_FREE char *folder = must_printf("%s/labs", root);
	struct words all = { 0 };
	int error = folder_list(folder, LABS_MAX, &all);
	if (error != 0)
		die_errno(error, "cannot read %s", folder);
	for (size_t i = 0; i < all.count; i++) {
		AUTO_FREE char *conf = must_printf("%s/%s/lab.conf", folder, all.item[i]);
		if (file_exists(conf))
			words_add(names, all.item[i]);
	}
	words_fini(&all);
}

char *lab_resolve(const char *root, const char *text)
{
	struct words names = { 0 };
	lab_names(root, &names);
	char *found = NULL;
	size_t length = strlen(text);
	for (size_t i = 0; i < names.count && found == NULL; i++) {
		const char *name = names.item[i];
		bool by_number = strncmp(name, text, length) == 0 && name[length] == '-';
		if (strcmp(name, text) == 0 || (length > 0 && by_number))
			found = must_strdup(name);
	}
	words_fini(&names);
	return found;
}

void lab_files(const char *root, const char *name, struct words *files)
{
	AUTO_FREE char *path = must_printf("%s/labs/%s/lab.conf", root, name);
	struct ini *ini = ini_load(path);
	words_split(files, ini_require(ini, "lab", "files"));
	ini_destroy(ini);
}

char *lab_path(const struct lab *lab, const char *format, ...)
{
	char *tail = NULL;
	va_list arguments;
	va_start(arguments, format);
	int length = vasprintf(&tail, format, arguments);
	va_end(arguments);
	if (length < 0)
		die("out of memory");
	char *path = must_printf("%s/%s", lab->root, tail);
	free(tail);
	return path;
}

static bool is_name(const char *name, size_t length)
{
	bool good = isalnum((unsigned char)name[0]) && length <= FILE_NAME_MAX;
	for (size_t i = 0; i < length; i++)
		good = good && (isalnum((unsigned char)name[i]) || strchr("_.-", name[i]) != NULL);
	return good;
}

/* One name, or a folder's and one below it. */
static bool is_text_name(const char *name)
{
	const char *slash = strchr(name, '/');
	const size_t folder = slash != NULL ? (size_t)(slash - name) : 0;
	const char *last = slash != NULL ? slash + 1 : name;
	return is_name(last, strlen(last)) && (slash == NULL || is_name(name, folder));
}

/* Names of files come from us, but they end up in argument vectors and paths: the rule is checked,
 * not trusted. */
static void check_file_names(const struct lab *lab, const char *conf)
{
	for (size_t i = 0; i < lab->files.count; i++) {
		const char *name = lab->files.item[i];
		if (!is_name(name, strlen(name)))
			die("%s: '%s' is no file name that a lab may list", conf, name);
	}
	for (size_t i = 0; i < lab->assembler.count; i++)
		if (!words_has(&lab->files, lab->assembler.item[i]))
			die("%s: '%s' may hold assembly, but is none of the files", conf,
			    lab->assembler.item[i]);
	for (size_t i = 0; i < lab->texts.count; i++)
		if (!is_text_name(lab->texts.item[i]))
			die("%s: '%s' is no text that a lab may list", conf, lab->texts.item[i]);
	if (lab->files.count == 0 || lab->exports.count == 0)
		die("%s: a lab needs files and exports", conf);
}

static void load_build(const struct ini *ini, const char *name, struct lab_build *build)
{
	ini_only(ini, name, "cc cflags ldflags env profile plant hooks allowed second");
	*build = (struct lab_build){ .name = must_strdup(name),
				     .cc = must_strdup(ini_require(ini, name, "cc")),
				     .linker = must_strdup(ini_require(ini, name, "cc")) };
	words_split(&build->cflags, ini_require(ini, name, "cflags"));
	words_split(&build->second, ini_text(ini, name, "second"));
	build->profile = build->second.count == 0 ? must_strdup(ini_require(ini, name, "profile"))
						  : NULL;
	words_split(&build->ldflags, ini_text(ini, name, "ldflags"));
	words_split(&build->environment, ini_text(ini, name, "env"));
	const char *plant = ini_text(ini, name, "plant");
	build->plant = plant != NULL && *plant != '\0' ? must_strdup(plant) : NULL;
	const char *hooks = ini_text(ini, name, "hooks");
	build->hooks = hooks != NULL && *hooks != '\0' ? must_strdup(hooks) : NULL;
	if (build->hooks != NULL)
		build->allowed = must_strdup(ini_require(ini, name, "allowed"));
}

static void load_builds(struct lab *lab, const struct words *names)
{
	AUTO_FREE char *path = lab_path(lab, "harness/builds.conf");
	struct ini *ini = ini_load(path);
	lab->builds = must_alloc(names->count * sizeof *lab->builds);
	for (size_t i = 0; i < names->count; i++)
		load_build(ini, names->item[i], &lab->builds[lab->build_count++]);
	ini_destroy(ini);
}

static void load_second(struct lab *lab, const struct ini *conf)
{
	ini_keys(conf, "second", &lab->second_parts);
	for (size_t i = 0; i < lab->second_parts.count; i++)
		words_add(&lab->second_abouts,
			  ini_require(conf, "second", lab->second_parts.item[i]));
	if (lab->second_parts.count == 0)
		return;
	AUTO_FREE char *path = lab_path(lab, "harness/builds.conf");
	struct ini *ini = ini_load(path);
	struct words names = { 0 };
	ini_sections(ini, &names);
	lab->seconds = must_alloc((names.count + 1) * sizeof *lab->seconds);
	for (size_t i = 0; i < names.count; i++)
		if (ini_text(ini, names.item[i], "second") != NULL)
			load_build(ini, names.item[i], &lab->seconds[lab->second_count++]);
	words_fini(&names);
	ini_destroy(ini);
}

static void load_parts(struct lab *lab, const struct ini *ini)
{
	struct words ids = { 0 };
	ini_keys(ini, "parts", &ids);
	lab->parts = must_alloc(ids.count * sizeof *lab->parts);
	for (size_t i = 0; i < ids.count; i++)
		lab->parts[lab->part_count++] = (struct lab_part){
			.id = must_strdup(ids.item[i]),
			.title = must_strdup(ini_require(ini, "parts", ids.item[i])),
		};
	words_fini(&ids);
}

static void load_given(struct lab *lab, const struct ini *ini)
{
	ini_keys(ini, "given", &lab->given_tests);
	for (size_t i = 0; i < lab->given_tests.count; i++)
		words_add(&lab->given_programs,
			  ini_require(ini, "given", lab->given_tests.item[i]));
}

static void load_after(struct lab *lab, const struct ini *ini)
{
	ini_keys(ini, "after", &lab->after_tests);
	for (size_t i = 0; i < lab->after_tests.count; i++)
		words_add(&lab->after_lists, ini_require(ini, "after", lab->after_tests.item[i]));
}

static void load_uses(struct lab *lab, const char *list, const char *conf)
{
	words_split(&lab->uses, list);
	for (size_t i = 0; i < lab->uses.count; i++) {
		const char *slash = strchr(lab->uses.item[i], '/');
		if (slash == NULL)
			die("%s: uses is a list of LAB/FILE, and '%s' is none", conf,
			    lab->uses.item[i]);
		AUTO_FREE char *name = must_printf("%.*s", (int)(slash - lab->uses.item[i]),
						   lab->uses.item[i]);
		if (words_has(&lab->used_labs, name))
			continue;
		words_add(&lab->used_labs, name);
		AUTO_FREE char *path = lab_path(lab, "labs/%s/lab.conf", name);
		struct ini *ini = ini_load(path);
		words_split(&lab->used_exports, ini_require(ini, "lab", "exports"));
		ini_destroy(ini);
	}
}

static char *copy_or_null(const char *text)
{
	return text != NULL && *text != '\0' ? must_strdup(text) : NULL;
}

static void load_conf(struct lab *lab)
{
	AUTO_FREE char *path = lab_path(lab, "labs/%s/lab.conf", lab->name);
	struct ini *ini = ini_load(path);
	ini_only(ini, "lab",
		 "title files header exports server uses builds policy assembler first "
		 "texts");
	ini_only(ini, "limits", "tasks memory_mib cpu_s wall_s");
	lab->title = must_strdup(ini_require(ini, "lab", "title"));
	lab->header = must_strdup(ini_require(ini, "lab", "header"));
	lab->policy = must_strdup(ini_require(ini, "lab", "policy"));
	lab->server = copy_or_null(ini_text(ini, "lab", "server"));
	words_split(&lab->files, ini_require(ini, "lab", "files"));
	words_split(&lab->exports, ini_require(ini, "lab", "exports"));
	words_split(&lab->assembler, ini_text(ini, "lab", "assembler"));
	words_split(&lab->first, ini_text(ini, "lab", "first"));
	words_split(&lab->texts, ini_text(ini, "lab", "texts"));
	load_uses(lab, ini_text(ini, "lab", "uses"), path);
	check_file_names(lab, path);
	lab->limits = (struct lab_limits){
		.tasks = (unsigned)ini_number(ini, "limits", "tasks", 1, 32768, 64),
		.memory_mib = (unsigned)ini_number(ini, "limits", "memory_mib", 16, 65536, 256),
		.cpu_s = (unsigned)ini_number(ini, "limits", "cpu_s", 1, 3600, 10),
		.wall_s = (unsigned)ini_number(ini, "limits", "wall_s", 1, 3600, 60),
	};
	struct words builds = { 0 };
	words_split(&builds, ini_require(ini, "lab", "builds"));
	load_builds(lab, &builds);
	words_fini(&builds);
	load_parts(lab, ini);
	load_given(lab, ini);
	load_after(lab, ini);
	load_second(lab, ini);
	ini_destroy(ini);
}

struct lab *lab_load(const char *root, const char *name)
{
	struct lab *lab = must_alloc(sizeof *lab);
	lab->root = must_strdup(root);
	lab->name = must_strdup(name);
	lab->number = must_printf("%.*s", (int)strcspn(name, "-"), name);
	load_conf(lab);
	lab_tests_load(lab);
	lab_names_check(lab);
	return lab;
}

void lab_choose_compiler(struct lab *lab, const char *compiler)
{
	if (compiler == NULL)
		return;
	if (strcmp(compiler, "gcc") != 0 && strcmp(compiler, "clang") != 0)
		die("'%s' compiles no submission: choose gcc or clang", compiler);
	AUTO_FREE char *program = must_printf("/usr/bin/%s", compiler);
	if (!file_exists(program))
		die("%s is not installed: apt-get install %s", program, compiler);
	lab->compiler = compiler;
	for (size_t i = 0; i < lab->build_count; i++) {
		free(lab->builds[i].cc);
		lab->builds[i].cc = must_strdup(compiler);
	}
}

static void fini_build(struct lab_build *build)
{
	free(build->name);
	free(build->cc);
	free(build->linker);
	free(build->profile);
	free(build->plant);
	free(build->hooks);
	free(build->allowed);
	words_fini(&build->cflags);
	words_fini(&build->ldflags);
	words_fini(&build->environment);
	words_fini(&build->second);
}

void lab_destroy(struct lab *lab)
{
	if (lab == NULL)
		return;
	for (size_t i = 0; i < lab->build_count; i++)
		fini_build(&lab->builds[i]);
	for (size_t i = 0; i < lab->part_count; i++) {
		free(lab->parts[i].id);
		free(lab->parts[i].title);
	}
	for (size_t i = 0; i < lab->second_count; i++)
		fini_build(&lab->seconds[i]);
	lab_tests_fini(lab);
	free(lab->builds);
	free(lab->seconds);
	free(lab->parts);
	words_fini(&lab->files);
	words_fini(&lab->exports);
	words_fini(&lab->assembler);
	words_fini(&lab->first);
	words_fini(&lab->texts);
	words_fini(&lab->uses);
	words_fini(&lab->used_labs);
	words_fini(&lab->used_exports);
	words_fini(&lab->second_parts);
	words_fini(&lab->second_abouts);
	words_fini(&lab->given_tests);
	words_fini(&lab->given_programs);
	words_fini(&lab->after_tests);
	words_fini(&lab->after_lists);
	free(lab->root);
	free(lab->name);
	free(lab->number);
	free(lab->title);
	free(lab->header);
	free(lab->server);
	free(lab->policy);
	free(lab);
}

const struct lab_build *lab_build_find(const struct lab *lab, const char *name)
{
	for (size_t i = 0; i < lab->build_count; i++)
		if (strcmp(lab->builds[i].name, name) == 0)
			return &lab->builds[i];
	return NULL;
}

const char *lab_given(const struct lab *lab, const char *test)
{
	for (size_t i = 0; i < lab->given_tests.count; i++)
		if (strcmp(lab->given_tests.item[i], test) == 0)
			return lab->given_programs.item[i];
	return NULL;
}

const char *lab_after(const struct lab *lab, const char *test)
{
	for (size_t i = 0; i < lab->after_tests.count; i++)
		if (strcmp(lab->after_tests.item[i], test) == 0)
			return lab->after_lists.item[i];
	return "";
}

bool lab_build_instrumented(const struct lab_build *build)
{
	for (size_t i = 0; i < build->cflags.count; i++)
		if (strncmp(build->cflags.item[i], "-fsanitize=", strlen("-fsanitize=")) == 0)
			return true;
	return false;
}

const struct lab_test *lab_test_find(const struct lab *lab, const char *id)
{
	for (size_t i = 0; i < lab->test_count; i++)
		if (strcmp(lab->tests[i].id, id) == 0)
			return &lab->tests[i];
	return NULL;
}
