/* Tokens of the deterministic machine. A replay on another image, QEMU or command line would be
 * another run under the same name: it is refused, and the difference named. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/die.h"
#include "machine_deterministic.h"
#include "machine_guest.h"
#include "machine_memory.h"

enum { PART_DIGITS = 12, PARTS = 4 };

static const char *const part_names[PARTS] = { "the image", "the input", "QEMU", "the options" };

/* What a run depends on, a sum each. */
static void parts_make(const struct machine_job *job, char parts[PARTS][PART_DIGITS + 1])
{
	char sum[HASH_HEX_BYTES];
	char both[2 * HASH_HEX_BYTES];
	image_file_sum(job->image->file[IMAGE_KERNEL], both);
	image_file_sum(job->image->file[IMAGE_INITRD], both + HASH_HEX_BYTES);
	hash_bytes_hex(both, sizeof both, sum);
	(void)snprintf(parts[0], sizeof parts[0], "%.*s", PART_DIGITS, sum);
	int input = memory_copy(job->input, 0);
	image_file_sum(input, sum);
	(void)close(input);
	(void)snprintf(parts[1], sizeof parts[1], "%.*s", PART_DIGITS, sum);
	hash_bytes_hex(job->image->qemu_version, strlen(job->image->qemu_version), sum);
	(void)snprintf(parts[2], sizeof parts[2], "%.*s", PART_DIGITS, sum);
	struct words arguments = { 0 };
	guest_deterministic(&arguments, 0, job->memory_mib);
	struct hash hash;
	hash_init(&hash);
	for (size_t i = 0; i < arguments.count; i++)
		hash_text(&hash, arguments.item[i]);
	hash_final_hex(&hash, sum);
	words_fini(&arguments);
	(void)snprintf(parts[3], sizeof parts[3], "%.*s", PART_DIGITS, sum);
}

void token_make(const struct machine_job *job, uint64_t seed, char token[static TOKEN_BYTES])
{
	char parts[PARTS][PART_DIGITS + 1];
	parts_make(job, parts);
	(void)snprintf(token, TOKEN_BYTES, "VM-%" PRIu64 "-%s-%s-%s-%s", seed, parts[0], parts[1],
		       parts[2], parts[3]);
}

uint64_t token_seed(const struct machine_job *job, const char *token)
{
	char here[PARTS][PART_DIGITS + 1];
	char there[PARTS][PART_DIGITS + 1];
	char *rest = NULL;
	int end = 0;
	errno = 0;
	bool named = strncmp(token, "VM-", 3) == 0 && token[3] >= '0' && token[3] <= '9';
	uint64_t seed = named ? strtoull(token + 3, &rest, 10) : 0;
	if (!named || errno != 0 ||
	    sscanf(rest, "-%12[0-9a-f]-%12[0-9a-f]-%12[0-9a-f]-%12[0-9a-f]%n", there[0], there[1],
		   there[2], there[3], &end) != PARTS ||
	    rest[end] != '\0')
		die("'%s' is no token of a deterministic machine (VM-SEED-...)", token);
	parts_make(job, here);
	bool differs = false;
	for (size_t i = 0; i < PARTS; i++) {
		if (strcmp(here[i], there[i]) == 0)
			continue;
		(void)fprintf(stderr, "machine: %s of this token: %s; here: %s\n", part_names[i],
			      there[i], here[i]);
		differs = true;
	}
	if (differs)
		die("this token was made by another machine; it replays only on one like that");
	return seed;
}
