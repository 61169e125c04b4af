/* The handler notes the signal and says so; the signal's own meaning is back then. */
#include "batch/stop.h"

#include <signal.h>
#include <stddef.h>
#include <unistd.h>

#include "base/die.h"
#include "base/file.h"

static volatile sig_atomic_t came; /* the one thing that a handler may tell */

static struct {
	const char *folder; /* half made; NULL: disarmed */
	struct sigaction interrupt, terminate;
} before;

static void note(int number)
{
	static const char text[] = "\ngrade: stopping; once more ends it at once\n";
	came = 1;
	(void)signal(number, SIG_DFL);
	if (write(STDERR_FILENO, text, sizeof text - 1) < 0)
		return; /* nobody listens */
}

void stop_arm(const char *folder)
{
	struct sigaction action = { .sa_handler = note, .sa_flags = SA_RESTART };
	(void)sigemptyset(&action.sa_mask);
	came = 0;
	before.folder = folder;
	(void)sigaction(SIGINT, &action, &before.interrupt);
	(void)sigaction(SIGTERM, &action, &before.terminate);
}

void stop_disarm(void)
{
	(void)sigaction(SIGINT, &before.interrupt, NULL);
	(void)sigaction(SIGTERM, &before.terminate, NULL);
	before.folder = NULL;
}

void stop_here(void)
{
	if (before.folder == NULL || came == 0)
		return;
	(void)folder_remove(before.folder); /* what stays is removed by the next start */
	die("stopped while the hand-ins were read: nothing was graded now, and nothing is lost. "
	    "Run the same command again");
}
