/* Looks for rights: capabilities, other uids, programs with the set-user-id bit.
 *
 * Row: R21
 * Base: box lab1 --usr
 * By: no_new_privs, no capability, one uid, nosuid mounts
 * Expect: contained */
#include "attack.h"

#include <grp.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
	static const char *const programs[] = { "/usr/bin/su", "/usr/bin/passwd",
						"/usr/bin/mount" };
	char *const none[] = { NULL };
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 0)
		harm("programs may still gain rights");
	for (int capability = 0; capability < 41; capability++)
		if (prctl(PR_CAPBSET_READ, capability, 0, 0, 0) > 0) {
			harm("capability %d and those above", capability);
			break;
		}
	attempt("uid 0", geteuid() == 0 ? 0 : setuid(0));
	attempt("other uids", setresuid(1, 1, 1));
	attempt("groups", setgroups(0, NULL));
	for (size_t i = 0; i < sizeof programs / sizeof *programs; i++)
		if (vfork() == 0) {
			(void)execve(programs[i], none, none);
			_exit(0);
		}
	return done("nothing to gain");
}
