/* A manager that says yes to a scope for `true` says yes to ours: tried first, since there is no
 * way back from exec. */
#include "sandbox/scope.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/words.h"
#include "sandbox/cgroup.h"

/* Set for the second start: whatever the manager has made, there is no third. */
static const char mark[] = "INTERLEAVE_SCOPE";

static const char *const in_scope[] = { "systemd-run", "--user",       "--scope", "--quiet",
					"-p",          "Delegate=yes", "--" };

static bool has_manager(void)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	if (runtime == NULL)
		return false;
	AUTO_FREE char *socket = must_printf("%s/systemd/private", runtime);
	return access(socket, W_OK) == 0;
}

static void begin(struct words *command)
{
	for (size_t i = 0; i < sizeof in_scope / sizeof in_scope[0]; i++)
		words_add(command, in_scope[i]);
}

/* Silent: what it would say, the list of missing layers says with a remedy. */
static bool manager_agrees(void)
{
	struct words command = { 0 };
	begin(&command);
	words_add(&command, "/bin/true");
	posix_spawn_file_actions_t actions;
	pid_t pid;
	int status = -1;
	if (posix_spawn_file_actions_init(&actions) != 0)
		return false;
	bool started = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0) ==
			       0 &&
		       posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0) ==
			       0 &&
		       posix_spawn_file_actions_adddup2(&actions, 1, 2) == 0 &&
		       posix_spawnp(&pid, command.item[0], &actions, NULL, command.item, environ) ==
			       0;
	(void)posix_spawn_file_actions_destroy(&actions);
	words_fini(&command);
	return started && waitpid(pid, &status, 0) == pid && status == 0;
}

void scope_enter(char **argv)
{
	char self[4096];
	if (geteuid() == 0 || getenv(mark) != NULL || !has_manager() ||
	    cgroup_host() != CGROUP_NONE)
		return;
	const ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
	if (length <= 0 || !manager_agrees() || setenv(mark, "1", 1) != 0)
		return;
	self[length] = '\0';
	struct words command = { 0 };
	begin(&command);
	words_add(&command, self);
	for (size_t i = 1; argv[i] != NULL; i++)
		words_add(&command, argv[i]);
	(void)execvp(command.item[0], command.item);
	words_fini(&command);
}
