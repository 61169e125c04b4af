/* Describes the boxes of a job: the examiner's and one for each program of the submission. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

#include "base/die.h"
#include "base/machine.h"
#include "run/runner.h"

enum { EXAMINER_MEMORY_MIB = 512 };

static void add_program(struct runner *runner, enum program program, const char *path,
			const char *inside, const struct box_file *libraries)
{
	struct box_file *files = runner->files[program];
	size_t count = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		die_errno(errno, "cannot open %s", path);
	files[count++] = (struct box_file){ .path = inside, .fd = fd, .mode = 0555 };
	for (; libraries != NULL && libraries->path != NULL; libraries++) {
		if (count + 1 == sizeof runner->files[program] / sizeof *files)
			die("too many shared libraries");
		files[count++] = *libraries;
	}
}

void programs_describe(struct runner *runner)
{
	const struct run_job *spec = runner->spec;
	static const char *argv[] = {
		"/bin/examiner", "--test", NULL, "--build", NULL, "--seed", NULL,
		"--factor",      NULL,     NULL, NULL
	};
	static char factor[16];
	static const char *const srv_argv[] = { "/bin/srv", NULL }, *const player_argv[] = {
		"/bin/player", NULL
	};
	argv[2] = spec->test;
	argv[4] = spec->build;
	argv[6] = spec->seed;
	(void)snprintf(factor, sizeof factor, "%u", machine_factor());
	argv[8] = factor;
	argv[9] = spec->replay ? "--replay" : NULL;
	add_program(runner, PROGRAM_EXAMINER, spec->examiner, argv[0], NULL);
	runner->boxes[PROGRAM_EXAMINER] = (struct box_spec){
		.policy = BOX_POLICY_EXAMINER,
		.argv = argv,
		.files = runner->files[PROGRAM_EXAMINER],
		.input = -1,
		.tmp = true, /* Check keeps its messages in a temporary file */
		.limits = { .memory_bytes = (uint64_t)EXAMINER_MEMORY_MIB << 20,
			    .cpu_s = 600,
			    .descriptors = 900,
			    .file_bytes = 64u << 20 },
	};
	const struct {
		enum program program;
		const char *path;
		const char *const *argv;
	} subjects[] = { { PROGRAM_SRV, spec->srv, srv_argv },
			 { PROGRAM_PLAYER, spec->player, player_argv } };
	for (size_t i = 0; i < 2; i++) {
		if (subjects[i].path == NULL)
			continue;
		enum program program = subjects[i].program;
		add_program(runner, program, subjects[i].path, subjects[i].argv[0],
			    spec->libraries);
		runner->boxes[program] = (struct box_spec){
			.policy = spec->policy,
			.profile = spec->profile,
			.argv = subjects[i].argv,
			.environment = spec->environment,
			.files = runner->files[program],
			.input = -1,
			.out = spec->environment != NULL,
			.limits = spec->limits,
		};
	}
	map_load(&runner->maps[PROGRAM_SRV], spec->srv_map);
	map_load(&runner->maps[PROGRAM_PLAYER], spec->player_map);
}
