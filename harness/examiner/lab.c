/* Which test runs, of which build, with which seed: set once by main.c. */
#include "lab.h"

struct lab_run *lab_run(void)
{
	static struct lab_run run;

	return &run;
}

uint64_t lab_seed(void)
{
	return lab_run()->seed;
}

unsigned lab_factor(void)
{
	return lab_run()->factor ? lab_run()->factor : 1;
}

const char *lab_build(void)
{
	return lab_run()->build;
}

const char *lab_test_id(void)
{
	const struct lab_test *test = lab_run()->test;

	return test ? test->id : "none";
}
