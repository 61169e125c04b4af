/* tests/fuzz_tables.h - the start of a target whose code uses jansson's tables; included once. */
#ifndef GRADER_FUZZ_TABLES_H
#define GRADER_FUZZ_TABLES_H
#include <jansson.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);

/* Equal tables in every run: coverage, and with it what is tried next, follows them. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	json_object_seed(1);
	return 0;
}

#endif
