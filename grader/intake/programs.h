/* intake/programs.h - the whole way from collected sources to programs that the runner can seat.
 * Everything lies under build/run/LAB/HASH/ and is used again as long as nothing that was read has
 * changed. [MT-Confined] */
#ifndef GRADER_PROGRAMS_H
#define GRADER_PROGRAMS_H
#include <jansson.h>
#include <stdbool.h>

#include "base/words.h"
#include "intake/collect.h"
#include "intake/lab.h"
#include "intake/tool.h"

struct program_build {
	const struct lab_build *build; /* borrowed from the lab */
	char *srv, *player;            /* srv: NULL in labs without a server */
	char *srv_map, *player_map;
	struct tool_input libraries; /* of a dynamic program; empty for a static one */
};

struct programs {
	char *folder;
	struct program_build *builds;
	size_t build_count;
	json_t *finding;       /* NULL, or why nothing can run                         */
	struct words warnings; /* the compilers', clean; they cost no points           */
	bool cached;
	long long compile_ms, audit_ms, link_ms; /* of the slowest build */
};

/* With `fresh` nothing is taken from an earlier run. *programs is filled in, returned to the
 * caller. */
void programs_make(const struct lab *lab, const struct submission *submission, bool fresh,
		   struct programs *programs);
void programs_fini(struct programs *programs);

/* build/run/LAB/HASH, with the compiler if one was chosen and a suffix if there is one: where all
 * that a grading leaves lies. It is made. Returned (free). */
char *programs_folder(const struct lab *lab, const struct submission *submission,
		      const char *suffix);

/* The submission's sources into FOLDER/sources, which is made. Dies if that fails. */
void programs_write_sources(const struct submission *submission, const char *folder);

/* Borrowed; NULL if the lab has no such build. */
const struct program_build *programs_build(const struct programs *programs, const char *name);

/* Where return addresses of a program lie: see elf_lines. Returned, never NULL. */
json_t *programs_lines(const char *program, const struct words *addresses);

#endif
