/* Starts the machine, bounds it once more, and takes what it left. Its words are shown clean: the
 * end of a guest's serial line is among them. */
#include "command/vm.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/die.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/text.h"
#include "base/words.h"
#include "command/evidence.h"

enum {
	SUMS_BYTES_MAX = 64 << 10,
	SAID_BYTES_MAX = 64 << 10,
	GRACE_S = 120, /* for the machine to end what it limits itself */
	TICK_MS = 1000,
	STATUS_DONE = 0,
	STATUS_NOTHING = 3,
};

static const char image_folder[] = "build/vm";

char *vm_image(const struct lab *lab, const struct vm_options *options)
{
	AUTO_FREE char *path = lab_path(lab, "%s/SHA256SUMS", image_folder);
	AUTO_FREE char *sums = NULL;
	size_t length = 0;
	char sum[HASH_HEX_BYTES];
	int error = file_read(path, SUMS_BYTES_MAX, &sums, &length);
	if (error != 0 && options->program == NULL && error != ENOENT)
		die_errno(error, "cannot read %s", path);
	if (error != 0 && options->program == NULL)
		die("No grade: there is no virtual machine (%s). Make it: make vm", path);
	hash_bytes_hex(sums != NULL ? sums : "", length, sum);
	return options->program != NULL ? must_printf("%s %s", sum, options->program)
					: must_strdup(sum);
}

/* What the machine says to people. */
struct said {
	char text[SAID_BYTES_MAX];
	size_t length;
};

_Noreturn static void become(const struct words *argv, int words, pid_t parent)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent ||
	    dup2(words, STDOUT_FILENO) < 0 || dup2(words, STDERR_FILENO) < 0)
		_exit(2);
	(void)execv(argv->item[0], argv->item);
	(void)fprintf(stderr, "%s cannot be started (%s): make vm\n", argv->item[0],
		      strerror(errno));
	_exit(2);
}

/* False at the end. What is beyond the bound is read and left out. */
static bool listen_to(int fd, struct said *said)
{
	char rest[4096];
	const size_t room = SAID_BYTES_MAX - said->length;
	const ssize_t count = read(fd, room > 0 ? said->text + said->length : rest,
				   room > 0 ? room : sizeof rest);
	if (count > 0 && room > 0)
		said->length += (size_t)count;
	return count > 0 || (count < 0 && errno == EINTR);
}

/* The wait status; SIGKILL if it did not end in time. */
static int run(const struct words *argv, long limit_s, struct said *said)
{
	int ends[2];
	int status = 0;
	if (pipe2(ends, O_CLOEXEC) != 0)
		die_errno(errno, "cannot make a pipe");
	(void)fflush(NULL);
	const pid_t parent = getpid();
	const pid_t pid = fork();
	if (pid < 0)
		die_errno(errno, "cannot start a virtual machine");
	if (pid == 0)
		become(argv, ends[1], parent);
	(void)close(ends[1]);
	const uint64_t end_us = clock_us() + (uint64_t)(limit_s + GRACE_S) * 1000000;
	struct pollfd words = { .fd = ends[0], .events = POLLIN };
	for (bool more = true; more && clock_us() < end_us;)
		if (poll(&words, 1, TICK_MS) > 0)
			more = listen_to(ends[0], said);
	if (clock_us() >= end_us)
		(void)kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	(void)close(ends[0]);
	return status;
}

/* Why there is no evidence. Returned (free); NULL: there is. */
static char *fault_of(int status, const struct said *said)
{
	const char *line = memchr(said->text, '\n', said->length);
	const size_t first = line != NULL ? (size_t)(line - said->text) : said->length;
	AUTO_FREE char *clean = text_clean_line(said->text, first);
	const char *reason = first > 0 ? clean : "it did not say why";
	if (WIFEXITED(status) && WEXITSTATUS(status) == STATUS_DONE)
		return NULL;
	if (WIFEXITED(status) && WEXITSTATUS(status) == STATUS_NOTHING)
		return must_printf("the virtual machine gave no result (%s)", reason);
	if (WIFEXITED(status))
		return must_printf("no virtual machine could be started (%s)", reason);
	return must_printf("the virtual machine's program was ended by signal %d",
			   WTERMSIG(status));
}

static void show(const struct said *said)
{
	AUTO_FREE char *clean = text_clean(said->text, said->length);
	if (said->length > 0)
		(void)fprintf(stderr, "%s\n", clean);
}

/* What there is to run, in a folder that exists for it. */
struct stay {
	const struct lab *lab;
	const struct vm_options *options;
	const char *folder, *tar;
	size_t tar_bytes;
};

/* What it left: returned (free), or NULL with *fault (returned, free). */
static char *take(const struct stay *stay, size_t *length, char **fault)
{
	static struct said said; /* large */
	const struct vm_options *options = stay->options;
	const long limit_s = options->limit_s > 0 ? options->limit_s : VM_LIMIT_S;
	AUTO_FREE char *input = must_printf("%s/input.tar", stay->folder);
	AUTO_FREE char *output = must_printf("%s/evidence.json", stay->folder);
	AUTO_FREE char *image = lab_path(stay->lab, "%s", image_folder);
	AUTO_FREE char *machine = options->program != NULL ? must_strdup(options->program)
							   : lab_path(stay->lab, "build/machine");
	struct words argv = { 0 };
	char *evidence = NULL;
	int error = file_write(input, stay->tar, stay->tar_bytes, 0600);
	if (error != 0)
		die_errno(error, "cannot write %s", input);
	words_add(&argv, machine);
	words_add(&argv, "grade");
	words_addf(&argv, "--image=%s", image);
	words_addf(&argv, "--input=%s", input);
	words_addf(&argv, "--output=%s", output);
	words_addf(&argv, "--limit=%ld", limit_s);
	said.length = 0;
	*fault = fault_of(run(&argv, limit_s, &said), &said);
	words_fini(&argv);
	if (*fault != NULL) {
		show(&said);
		return NULL;
	}
	error = file_read(output, EVIDENCE_BYTES_MAX, &evidence, length);
	if (error == EFBIG)
		*fault = must_printf("the virtual machine left more than %d bytes",
				     EVIDENCE_BYTES_MAX);
	else if (error != 0)
		*fault = must_strdup("the virtual machine left nothing");
	return evidence;
}

char *vm_run(const struct lab *lab, const struct submission *submission, const char *seed,
	     const struct vm_options *options, const char *folder, size_t *length)
{
	size_t tar_bytes = 0;
	AUTO_FREE char *tar = vm_input(lab, submission, seed, &tar_bytes);
	AUTO_FREE char *own = must_printf("%s/vm.XXXXXX", folder);
	AUTO_FREE char *fault = NULL;
	if (mkdtemp(own) == NULL)
		die_errno(errno, "cannot make a folder in %s", folder);
	const struct stay stay = { lab, options, own, tar, tar_bytes };
	char *evidence = take(&stay, length, &fault);
	(void)folder_remove(own);
	if (fault != NULL)
		die("No grade: %s. This costs nothing: grade again, or without a virtual machine",
		    fault);
	return evidence;
}
