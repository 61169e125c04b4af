/* lab.h - all that a test of a lab includes: how it is declared, how it states laws, and its tools.
 *
 *   LAB_TEST(reads_all, .id = "L1.A.2", .points = 4, .detector = "FI", .builds = "nat",
 *            .about = "net_read_full", .title = "net_read_full returns all bytes")
 *   {
 *           LAW(got == 64, "short-read", "wanted 64 bytes, got %zd", got);
 *   }
 *
 * A test is a Check test in an ELF section that main.c walks: there is no list to extend. A broken
 * law ends the test; so does a failed ck_assert, a broken law whose diagnosis is the test's id.
 * Counts and texts must be the same in every run: planned numbers, no pids, ports or times.
 * [MT-Confined]: an examiner has one thread and runs one test. */
#ifndef LAB_H
#define LAB_H
#include <check.h>
#include <stdbool.h>
#include <stdint.h>

#include "backend.h"
#include "client.h"
#include "evidence.h"
#include "model.h"
#include "player.h"
#include "runner.h"
#include "script.h"
#include "server.h"
#include "stage.h"

struct lab_test {
	const char *id;       /* "L1.A.2"                                                    */
	double points;        /* multiple of a half                                          */
	const char *detector; /* as in the lab's table of tests                              */
	const char *builds;   /* blank-separated names of builds.conf                        */
	const char *about;    /* the submission's function to point at if nothing else is known */
	const char *title;    /* the behaviour, a sentence a student understands             */
	bool gate;            /* without it its part earns nothing                           */
	bool quiet, hidden;   /* runs alone on the machine; is not shown to students         */
	const TTest *body;
};

#define LAB_TEST(name, ...)                                                               \
	static void name(int);                                                            \
	static const TTest name##_body = { #name, name, __FILE__, __LINE__ };             \
	static const struct lab_test name##_test = { .body = &name##_body, __VA_ARGS__ }; \
	static const struct lab_test *const name##_entry                                  \
		__attribute__((used, section("lab_tests"))) = &name##_test;               \
	static void name(int lab_unused __attribute__((unused)))

/* For main.c: what the functions below answer. */
struct lab_run {
	uint64_t seed;
	const char *build;
	unsigned factor; /* how slow this machine is, from 1 on */
	bool replay;     /* see replay.h */
	const struct lab_test *test;
};
struct lab_run *lab_run(void);

/* The seed of this run, given by --seed. */
uint64_t lab_seed(void);
/* So many times longer than on common hardware a wait must last that only ends hangs, given by
 * --factor. No law is stated by it. */
unsigned lab_factor(void);
/* The id of the test that runs. */
const char *lab_test_id(void);
/* The build under test, given by --build. */
const char *lab_build(void);
#endif
