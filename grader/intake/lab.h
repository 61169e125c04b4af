/* intake/lab.h - what a lab says about itself: lab.conf, builds.conf and tests.tsv as structs.
 * Source: labs/README.md (lab.conf), harness/builds.conf, the header line of tests.tsv.
 * These files are ours: a mistake ends the program with file, line and status 2. [MT-Confined] to
 * one struct lab. */
#ifndef GRADER_LAB_H
#define GRADER_LAB_H
#include <stdbool.h>
#include <stddef.h>

#include "base/words.h"

struct lab_part {
	char *id, *title; /* "A", "listen, read all, write all" */
};

struct lab_build {
	char *name, *cc, *profile; /* "asan", "gcc", "asan" (box.h) */
	char *linker; /* who links, and compiles our side: cc, but for lab_choose_compiler */
	char *plant;  /* the detectors that must report a planted error, "address"; NULL: none */
	char *hooks;  /* map of the library calls that go to the runtime, below harness/; or NULL */
	char *allowed; /* with hooks: list of those that may be called as they are */
	struct words cflags, ldflags, environment;
	struct words second; /* tools that look at its stress; empty for a build that decides */
};

struct lab_test {
	char *id, *part, *detector, *about, *title;
	bool gate, quiet, hidden;
	long points; /* hundredths */
	struct words builds;
};

struct lab_limits {
	unsigned tasks, memory_mib, cpu_s, wall_s;
};

struct lab {
	char *root;   /* of the repository                                */
	char *name;   /* "1-fork-server"                                  */
	char *number; /* "1"                                              */
	char *title, *header, *server, *policy; /* server: NULL in labs without one */
	struct words files, exports;
	struct words assembler; /* those of the files that may hold assembly */
	struct words first;     /* the ids of the longest tests, which begin first */
	struct words
		texts; /* files that the examiner reads and nobody runs, "schedules/bug1.sched" */
	/* Sources of the references of other labs that are linked with the submission, as
	 * build/labs/NAME/BUILD/uses.o: "1-fork-server/conn.c". The labs they are from, and the
	 * functions of those. */
	struct words uses, used_labs, used_exports;
	/* Tests that run a program of ours instead of the submission's player: test and name of the
	 * program, build/labs/NAME/BUILD/PROGRAM, with its lines beside it (PROGRAM.lines). */
	struct words given_tests, given_programs;
	/* Tests that are judged only if others pass, and the ids of those, between blanks. */
	struct words after_tests, after_lists;
	const char *compiler; /* as chosen, borrowed; NULL: those of builds.conf */
	const char *work;     /* folder for what gradings leave, borrowed; NULL: build/run */
	struct lab_limits limits;
	struct lab_part *parts;
	size_t part_count;
	struct lab_build *builds; /* those of lab.conf, in its order  */
	size_t build_count;
	/* Second opinions: the parts that labs/NAME/stress.c tries, for each the function that it
	 * is about, and the builds that they take. None: the lab has no stress. */
	struct words second_parts, second_abouts;
	struct lab_build *seconds;
	size_t second_count;
	struct lab_test *tests; /* in the order of tests.tsv          */
	size_t test_count;
};

/* The names of all labs of the repository, by number. */
void lab_names(const char *root, struct words *names);

/* The folder name for "1" or "1-fork-server", NULL if there is no such lab. Returned (free). */
char *lab_resolve(const char *root, const char *text);

/* The program that is given for a test. Borrowed; NULL: the submission's own. */
const char *lab_given(const struct lab *lab, const char *test);
/* The tests that must pass, lest this one says nothing: ids between blanks, "" if none. Borrowed.
 */
const char *lab_after(const struct lab *lab, const char *test);

/* Only the list of files of one lab. */
void lab_files(const char *root, const char *name, struct words *files);

/* Loads everything; the tests from build/labs/NAME/tests.tsv. Returned. */
struct lab *lab_load(const char *root, const char *name);
void lab_destroy(struct lab *lab);

/* The submission is compiled by this one, "gcc" or "clang", in all builds; our side of the programs
 * and the linker stay, so that a run-time is met by name only. NULL changes nothing. Dies (wrong
 * use) if it is another, or not installed. */
void lab_choose_compiler(struct lab *lab, const char *compiler);

/* NULL if the lab has none of this name. Borrowed. */
const struct lab_build *lab_build_find(const struct lab *lab, const char *name);
/* true: a sanitizer is compiled into it. */
bool lab_build_instrumented(const struct lab_build *build);
const struct lab_test *lab_test_find(const struct lab *lab, const char *id);

/* A path below the repository, made as by printf. Returned (free). */
char *lab_path(const struct lab *lab, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
