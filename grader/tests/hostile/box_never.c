/* One call for each run that no program needs: mounts, namespaces, tracing, the kernel's inside.
 *
 * Row: R20
 * Base: box lab1
 * Args: calls
 * By: the filter's never list ends the box
 * Expect: killed */
#include "attack.h"

#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#define CALL(name)                \
	{                         \
#name, SYS_##name \
	}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		long number;
	} calls[] = {
		CALL(ptrace),
		CALL(process_vm_readv),
		CALL(process_vm_writev),
		CALL(mount),
		CALL(umount2),
		CALL(pivot_root),
		CALL(chroot),
		CALL(fsopen),
		CALL(fsmount),
		CALL(move_mount),
		CALL(open_tree),
		CALL(mount_setattr),
		CALL(unshare),
		CALL(setns),
		CALL(bpf),
		CALL(keyctl),
		CALL(add_key),
		CALL(request_key),
		CALL(userfaultfd),
		CALL(perf_event_open),
		CALL(open_by_handle_at),
		CALL(fanotify_init),
		CALL(quotactl),
		CALL(swapon),
		CALL(reboot),
		CALL(kexec_load),
		CALL(kexec_file_load),
		CALL(init_module),
		CALL(finit_module),
		CALL(delete_module),
		CALL(iopl),
		CALL(ioperm),
		CALL(process_madvise),
		CALL(pidfd_getfd),
		CALL(kcmp),
	};
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
		if (argc == 2 && strcmp(argv[1], calls[i].name) != 0 &&
		    strcmp(argv[1], "none") != 0)
			continue;
		/* unshare and userfaultfd do their harm with these arguments, the others say
		 * whether they were reached. */
		long result = calls[i].number == SYS_unshare
				      ? syscall(calls[i].number, CLONE_NEWUSER | CLONE_NEWNET)
				      : syscall(calls[i].number, 0, 0, 0, 0, 0, 0);
		if (result >= 0 || (errno != EPERM && errno != ENOSYS))
			harm("%s", calls[i].name);
	}
	return done("all refused");
}
