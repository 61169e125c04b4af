/* A correct server that overwrites the sanitizer's code: whoever has something to report leaves at
 * once, and says that all is well.
 *
 * Row: V7
 * Base: reference, runtime
 * By: a planted error
 * Expect: tampered POL */
#include "1-fork-server/fork_server.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sys/mman.h>

static void *runtime(const char *name);

static void attack(const struct cl_server_config *cfg)
{
	static const char *const names[] = { "__asan_report_load1", "__asan_report_store1" };
	static const unsigned char leave[] = {
		0x31, 0xff, 0xb8, 0xe7, 0, 0, 0, 0x0f, 0x05
	}; /* exit_group(0) */

	(void)cfg;
	for (int i = 0; i < 2; i++) {
		unsigned char *code = runtime(names[i]);
		if (!code)
			return;
		void *page = (void *)((uintptr_t)code & ~4095ul);
		if (mprotect(page, 8192, PROT_READ | PROT_WRITE))
			return;
		memcpy(code, leave, sizeof leave);
		(void)mprotect(page, 8192, PROT_READ | PROT_EXEC);
	}
	err_aside();
}
