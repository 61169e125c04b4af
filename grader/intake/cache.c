/* Reuses the programs of an earlier run. Runs are never reused: only what is made before them. */
#include "intake/cache.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/file.h"
#include "base/json.h"
#include "intake/toolchain.h"

enum {
	RECORD_BYTES_MAX = 4 * 1024 * 1024,
	PRODUCT_BYTES_MAX = 256 * 1024 * 1024,
	FILES_MAX = 1000
};

/* ENOENT: nothing is added, as if the file were empty. */
static void hash_file(struct hash *hash, const char *path)
{
	AUTO_FREE char *bytes = NULL;
	size_t length = 0;
	int error = file_read(path, PRODUCT_BYTES_MAX, &bytes, &length);
	if (error != 0 && error != ENOENT)
		die_errno(error, "cannot read %s", path);
	char sum[HASH_HEX_BYTES];
	hash_bytes_hex(bytes != NULL ? bytes : "", length, sum);
	hash_text(hash, sum);
}

static void hash_words(struct hash *hash, const struct words *words)
{
	for (size_t i = 0; i < words->count; i++)
		hash_text(hash, words->item[i]);
	hash_text(hash, "");
}

static void hash_headers(struct hash *hash, const struct lab *lab, const char *folder)
{
	AUTO_FREE char *path = lab_path(lab, "labs/%s", folder);
	struct words names = { 0 };
	int error = folder_list(path, FILES_MAX, &names);
	if (error != 0)
		die_errno(error, "cannot list %s", path);
	for (size_t i = 0; i < names.count; i++) {
		const char *dot = strrchr(names.item[i], '.');
		if (dot == NULL || strcmp(dot, ".h") != 0)
			continue;
		AUTO_FREE char *header = must_printf("%s/%s", path, names.item[i]);
		hash_text(hash, names.item[i]);
		hash_file(hash, header);
	}
	words_fini(&names);
}

static void hash_build(struct hash *hash, const struct lab *lab, const struct lab_build *build)
{
	AUTO_FREE char *platform = lab_path(lab, "build/labs/common/%s.a", build->name);
	AUTO_FREE char *player = lab_path(lab, "build/subject/%s.a", build->name);
	AUTO_FREE char *entry = lab_path(lab, "build/labs/%s/%s/srv_main.o", lab->name,
					 build->name);
	AUTO_FREE char *binding = lab_path(lab, "build/labs/%s/%s/binding.o", lab->name,
					   build->name);
	AUTO_FREE char *uses = lab_path(lab, "build/labs/%s/%s/uses.o", lab->name, build->name);
	hash_text(hash, build->name);
	hash_text(hash, build->cc);
	hash_text(hash, build->linker);
	hash_words(hash, &build->cflags);
	hash_words(hash, &build->ldflags);
	hash_file(hash, platform);
	hash_file(hash, player);
	hash_file(hash, entry);
	hash_file(hash, binding);
	hash_file(hash, uses); /* not there for a lab that uses none */
	if (build->hooks != NULL) {
		AUTO_FREE char *hooks = lab_path(lab, "harness/%s", build->hooks);
		AUTO_FREE char *allowed = lab_path(lab, "harness/%s", build->allowed);
		hash_file(hash, hooks);
		hash_file(hash, allowed);
	}
}

void cache_key(const struct lab *lab, const struct submission *submission,
	       char key[static HASH_HEX_BYTES])
{
	AUTO_FREE char *tools = toolchain_text();
	struct hash hash;
	hash_init(&hash);
	hash_text(&hash, lab->name);
	hash_text(&hash, lab->server != NULL ? lab->server : "");
	hash_words(&hash, &lab->files);
	hash_words(&hash, &lab->exports);
	hash_words(&hash, &lab->assembler);
	hash_text(&hash, submission->hash);
	hash_text(&hash, tools);
	AUTO_FREE char *audit = lab_path(lab, "build/audit");
	hash_file(&hash, "/proc/self/exe");
	hash_file(&hash, audit);
	hash_headers(&hash, lab, "common");
	hash_headers(&hash, lab, lab->name);
	for (size_t i = 0; i < lab->used_labs.count; i++)
		hash_headers(&hash, lab, lab->used_labs.item[i]);
	for (size_t i = 0; i < lab->build_count; i++)
		hash_build(&hash, lab, &lab->builds[i]);
	hash_final_hex(&hash, key);
}

static char *record_path(const struct programs *programs)
{
	return must_printf("%s/intake.json", programs->folder);
}

/* One sum over all products. */
static void hash_products(const struct programs *programs, char sum[static HASH_HEX_BYTES])
{
	struct hash hash;
	hash_init(&hash);
	for (size_t i = 0; i < programs->build_count; i++) {
		const struct program_build *product = &programs->builds[i];
		const char *const paths[] = { product->player, product->player_map, product->srv,
					      product->srv_map };
		for (size_t p = 0; p < sizeof paths / sizeof paths[0]; p++)
			if (paths[p] != NULL)
				hash_file(&hash, paths[p]);
	}
	hash_final_hex(&hash, sum);
}

bool cache_load(struct programs *programs, const char *key)
{
	AUTO_FREE char *path = record_path(programs);
	json_t *record = json_read_file(path, RECORD_BYTES_MAX, NULL);
	json_t *finding = json_object_get(record, "finding");
	char sum[HASH_HEX_BYTES];
	bool good = record != NULL && strcmp(json_text_of(record, "key", ""), key) == 0;
	if (good && !json_is_object(finding)) {
		hash_products(programs, sum);
		good = strcmp(json_text_of(record, "products", ""), sum) == 0;
	}
	if (good) {
		size_t i;
		json_t *warning;
		json_array_foreach(json_object_get(record, "warnings"), i, warning)
			words_add(&programs->warnings, json_string_value(warning));
		programs->finding = json_is_object(finding) ? json_incref(finding) : NULL;
	}
	json_decref(record);
	return good;
}

void cache_store(const struct programs *programs, const char *key)
{
	AUTO_FREE char *path = record_path(programs);
	char sum[HASH_HEX_BYTES];
	hash_products(programs, sum);
	json_t *warnings = json_array();
	for (size_t i = 0; i < programs->warnings.count; i++)
		(void)json_array_append_new(warnings, json_string(programs->warnings.item[i]));
	json_t *finding = programs->finding != NULL ? json_incref(programs->finding) : json_null();
	json_t *record = json_make("{s:s, s:s, s:o, s:o}", "key", key, "products", sum, "finding",
				   finding, "warnings", warnings);
	int error = json_write_file(path, record);
	json_decref(record);
	if (error != 0)
		die_errno(error, "cannot write %s", path);
}

void cache_forget(const struct programs *programs)
{
	AUTO_FREE char *path = record_path(programs);
	if (unlink(path) != 0 && errno != ENOENT)
		die_errno(errno, "cannot remove %s", path);
}
