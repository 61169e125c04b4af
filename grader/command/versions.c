/* Sums of the program, the lab and the tool chain, and the key made of them. */
#include "command/versions.h"

#include <errno.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/json.h"
#include "intake/toolchain.h"
#include "sandbox/box.h"

enum { FILE_BYTES_MAX = 256 * 1024 * 1024, FILES_MAX = 1000 };

static const char version[] = "0.1.0";

/* A file that is not there adds nothing: the student bundle has no solutions. */
static void hash_file(struct hash *hash, const char *path)
{
	AUTO_FREE char *bytes = NULL;
	size_t length = 0;
	int error = file_read(path, FILE_BYTES_MAX, &bytes, &length);
	if (error == ENOENT)
		return;
	if (error != 0)
		die_errno(error, "cannot read %s", path);
	hash_update(hash, bytes, length);
}

static bool is_source(const char *name)
{
	const char *dot = strrchr(name, '.');
	return dot != NULL && (strcmp(dot, ".c") == 0 || strcmp(dot, ".h") == 0);
}

/* Names and contents of the C files of a folder, but for those that a student may change. */
static void hash_folder(struct hash *hash, const struct lab *lab, const char *folder, bool all)
{
	struct words names = { 0 };
	int error = folder_list(folder, FILES_MAX, &names);
	if (error != 0 && error != ENOENT)
		die_errno(error, "cannot list %s", folder);
	for (size_t i = 0; i < names.count; i++) {
		if (!is_source(names.item[i]) || (!all && words_has(&lab->files, names.item[i])))
			continue;
		AUTO_FREE char *path = must_printf("%s/%s", folder, names.item[i]);
		hash_text(hash, names.item[i]);
		hash_file(hash, path);
	}
	words_fini(&names);
}

/* "1-fork-server/conn.c": of that lab's reference. Returned (free). */
static char *used_path(const struct lab *lab, const char *used)
{
	const size_t cut = strcspn(used, "/");
	return lab_path(lab, "solutions/%.*s/reference%s", (int)cut, used, used + cut);
}

static void lab_hash(const struct lab *lab, char out[static HASH_HEX_BYTES])
{
	AUTO_FREE char *conf = lab_path(lab, "labs/%s/lab.conf", lab->name);
	AUTO_FREE char *builds = lab_path(lab, "harness/builds.conf");
	AUTO_FREE char *hooks = lab_path(lab, "harness/runtime/hooks.map");
	AUTO_FREE char *harness = lab_path(lab, "harness");
	AUTO_FREE char *common = lab_path(lab, "labs/common");
	AUTO_FREE char *folder = lab_path(lab, "labs/%s", lab->name);
	AUTO_FREE char *tests = lab_path(lab, "labs/%s/tests", lab->name);
	AUTO_FREE char *examiner = lab_path(lab, "harness/examiner");
	AUTO_FREE char *subject = lab_path(lab, "harness/subject");
	AUTO_FREE char *runtime = lab_path(lab, "harness/runtime");
	AUTO_FREE char *given = lab_path(lab, "labs/%s/buggy", lab->name);
	AUTO_FREE char *reference = lab_path(lab, "solutions/%s/reference", lab->name);
	struct hash hash;
	hash_init(&hash);
	hash_file(&hash, conf);
	hash_file(&hash, builds);
	hash_file(&hash, hooks);
	hash_folder(&hash, lab, harness, true);
	hash_folder(&hash, lab, common, true);
	hash_folder(&hash, lab, folder, false);
	hash_folder(&hash, lab, tests, true);
	hash_folder(&hash, lab, examiner, true);
	hash_folder(&hash, lab, subject, true);
	hash_folder(&hash, lab, runtime, true);
	hash_folder(&hash, lab, given, true);
	hash_folder(&hash, lab, reference, true);
	for (size_t i = 0; i < lab->uses.count; i++) {
		AUTO_FREE char *earlier = used_path(lab, lab->uses.item[i]);
		hash_file(&hash, earlier);
	}
	hash_final_hex(&hash, out);
}

static void put_sum(json_t *versions, const char *key, const char *hex)
{
	AUTO_FREE char *text = must_printf("sha256:%s", hex);
	json_put_text(versions, key, text);
}

char *versions_lab_hash(const struct lab *lab)
{
	char contents[HASH_HEX_BYTES];
	lab_hash(lab, contents);
	return must_printf("sha256:%s", contents);
}

char *versions_grader_hash(const struct lab *lab)
{
	AUTO_FREE char *audit = lab_path(lab, "build/audit");
	char grader[HASH_HEX_BYTES];
	struct hash hash;
	hash_init(&hash);
	hash_file(&hash, "/proc/self/exe");
	hash_file(&hash, audit);
	hash_final_hex(&hash, grader);
	return must_printf("sha256:%s", grader);
}

json_t *versions_facts(const struct lab *lab)
{
	AUTO_FREE char *grader = versions_grader_hash(lab);
	AUTO_FREE char *contents = versions_lab_hash(lab);
	AUTO_FREE char *tools = toolchain_text();
	return json_make("{s:s, s:s, s:s, s:o}", "grader_hash", grader, "lab_hash", contents,
			 "toolchain", tools, "features",
			 box_host_probe()->tracer ? json_make("[s]", "tracer") : json_array());
}

/* Kernel, host and load are not in it: they may not change a verdict. */
static void native_key(const struct lab *lab, const char *seed, const char *isolation,
		       const json_t *facts, const char *judge, char key[static HASH_HEX_BYTES])
{
	const char *tools = json_text_of(facts, "toolchain", "?");
	char toolchain[HASH_HEX_BYTES];
	hash_bytes_hex(tools, strlen(tools), toolchain);
	const char *grader = json_text_of(facts, "grader_hash", "?");
	const char *compiler = lab->compiler != NULL ? lab->compiler : "as in builds.conf";
	const bool tracer = json_array_size(json_object_get(facts, "features")) > 0;
	const char *const parts[] = { lab->name, seed,
				      judge,     json_text_of(facts, "lab_hash", "?"),
				      toolchain, tracer ? "tracer" : "",
				      isolation, compiler };
	struct hash hash;
	hash_init(&hash);
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
		hash_text(&hash, parts[i]);
	if (strcmp(grader, judge) != 0)
		hash_text(&hash, grader); /* another one ran it */
	hash_final_hex(&hash, key);
}

/* Known before a machine has run: the image says what is in it. */
static void image_key(const struct lab *lab, const char *seed, const json_t *facts,
		      const char *judge, const char *image, char key[static HASH_HEX_BYTES])
{
	const char *const parts[] = { "in a virtual machine",
				      lab->name,
				      seed,
				      judge,
				      json_text_of(facts, "lab_hash", "?"),
				      image };
	struct hash hash;
	hash_init(&hash);
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
		hash_text(&hash, parts[i]);
	hash_final_hex(&hash, key);
}

json_t *versions_of(const struct lab *lab, const char *seed, const char *isolation,
		    const json_t *facts, const char *judge, const char *image)
{
	const char *tools = json_text_of(facts, "toolchain", "?");
	char toolchain[HASH_HEX_BYTES];
	char key[HASH_HEX_BYTES];
	hash_bytes_hex(tools, strlen(tools), toolchain);
	if (image != NULL)
		image_key(lab, seed, facts, judge, image, key);
	else
		native_key(lab, seed, isolation, facts, judge, key);
	json_t *versions = json_object();
	json_put_text(versions, "grader", version);
	json_put_text(versions, "grader_hash", judge);
	json_put_text(versions, "lab_hash", json_text_of(facts, "lab_hash", "?"));
	json_put_text(versions, "toolchain", tools);
	put_sum(versions, "toolchain_hash", toolchain);
	json_put(versions, "features", json_deep_copy(json_object_get(facts, "features")));
	put_sum(versions, "grade_key", key);
	return versions;
}

json_t *versions_vm(const struct lab *lab, const char *seed, const char *image)
{
	AUTO_FREE char *grader = versions_grader_hash(lab);
	AUTO_FREE char *contents = versions_lab_hash(lab);
	AUTO_FREE char *tools = must_printf("that of the virtual machine %.12s", image);
	json_t *facts = json_make("{s:s, s:s, s:s, s:[]}", "grader_hash", grader, "lab_hash",
				  contents, "toolchain", tools, "features");
	json_t *versions = versions_of(lab, seed, "full", facts, grader, image);
	json_decref(facts);
	return versions;
}

json_t *versions_make(const struct lab *lab, const char *seed, const char *isolation)
{
	json_t *facts = versions_facts(lab);
	json_t *versions = versions_of(lab, seed, isolation, facts,
				       json_text_of(facts, "grader_hash", "?"), NULL);
	json_decref(facts);
	return versions;
}
