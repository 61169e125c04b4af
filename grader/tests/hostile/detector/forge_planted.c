/* A correct server whose sanitizer is silenced, and that writes a report of a planted error
 * beforehand.
 *
 * Row: V20
 * Base: reference, runtime
 * By: kind and values are drawn at the last moment
 * Expect: tampered POL */
#include "1-fork-server/fork_server.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void *runtime(const char *name);

static void attack(const struct cl_server_config *cfg)
{
	void *set = runtime("__sanitizer_set_report_path");
	char path[64];

	(void)cfg;
	if (!set)
		return;
	((void (*)(const char *))set)("/dev/shm/elsewhere");
	err_aside();
	(void)snprintf(path, sizeof path, "/out/sanitizer.%d", getpid());
	FILE *report = fopen(path, "w");
	if (!report)
		return;
	(void)fprintf(
		report,
		"=================================================================\n"
		"==2==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x7ff at pc 0x555\n"
		"READ of size 1 at 0x7ff thread T0\n"
		"    #0 0x555 in plant_heap_read labs/common/plant.c:20\n\n");
	for (int guess = 64; guess < 600; guess++)
		(void)fprintf(report,
			      "0x7ff is located 5 bytes to the right of %d-byte region [0x1,0x2)\n",
			      guess);
	(void)fclose(report);
}
