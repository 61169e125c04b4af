/* A correct server that writes past its memory and brings options by which the sanitizer would
 * keep silent.
 *
 * Row: V7
 * Base: reference, conn
 * By: names of the run-time are refused; options come from the environment
 * Expect: policy POL */
#include "1-fork-server/fork_server.h"

#include <stdlib.h>

const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "halt_on_error=0:exitcode=0:log_path=/dev/null:replace_intrin=0";
}
const char *__asan_default_suppressions(void);
const char *__asan_default_suppressions(void)
{
	return "interceptor_via_fun:*";
}
void __asan_on_error(void);
void __asan_on_error(void)
{
	_Exit(0);
}

static void attack(const struct cl_server_config *cfg)
{
	volatile char *byte = malloc(8);
	(void)cfg;
	byte[8] = 1;
	free((void *)byte);
}
