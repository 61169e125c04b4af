/* build/audit: reads the objects of a submission in a box. A program of its own, since only it
 * needs the disassembler, which is large: build/grade stays small, and goes into many boxes. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/json.h"
#include "intake/elf_audit.h"
#include "intake/elf_code.h"
#include "intake/elf_imports.h"

/* audit plain|instrumented FILE...: those below /ours/ are the harness's, the others objects. */
int main(int argc, char **argv)
{
	if (argc < 3)
		die("build/audit is started by the grader itself");
	bool instrumented = strcmp(argv[1], "instrumented") == 0;
	json_t *objects = json_object();
	json_t *ours = json_object();
	for (int i = 2; i < argc; i++) {
		AUTO_FD int fd = open(argv[i], O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			die_errno(errno, "cannot open %s", argv[i]);
		if (strncmp(argv[i], "/ours/", strlen("/ours/")) == 0) {
			if (!elf_definitions(fd, ours))
				die("%s is no object", argv[i]);
			continue;
		}
		json_t *report = elf_audit(fd, instrumented);
		if (report == NULL)
			return 1;
		json_t *returns = instrumented ? NULL : elf_returns(fd);
		if (returns != NULL)
			json_put(report, "returns", returns);
		const char *slash = strrchr(argv[i], '/');
		json_put(objects, slash != NULL ? slash + 1 : argv[i], report);
	}
	json_t *all = json_make("{s:o, s:o}", "objects", objects, "ours", ours);
	int failed = json_dumpf(all, stdout, JSON_COMPACT) != 0 || fflush(stdout) != 0;
	json_decref(all);
	return failed;
}
