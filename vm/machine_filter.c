/* System calls that QEMU has no use for and a guest that has taken it over would: reaching other
 * processes, new sockets and namespaces, kernel interfaces that are young or large. QEMU's own
 * -sandbox adds its list at its start. Source: seccomp(2), and libseccomp's order of a filter. */
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "machine_guest.h"

enum { X32_BIT = 0x40000000, HEAD = 4, TAIL = 3 };

static const uint16_t forbidden[] = {
	SYS_ptrace,
	SYS_process_vm_readv,
	SYS_process_vm_writev,
	SYS_pidfd_getfd,
	SYS_pidfd_open,
	SYS_kcmp,
	SYS_unshare,
	SYS_setns,
	SYS_mount,
	SYS_umount2,
	SYS_pivot_root,
	SYS_chroot,
	SYS_open_by_handle_at,
	SYS_name_to_handle_at,
	SYS_bpf,
	SYS_perf_event_open,
	SYS_userfaultfd,
	SYS_io_uring_setup,
	SYS_io_uring_enter,
	SYS_io_uring_register,
	SYS_keyctl,
	SYS_add_key,
	SYS_request_key,
	SYS_socket,
	SYS_connect,
	SYS_bind,
	SYS_listen,
	SYS_init_module,
	SYS_finit_module,
	SYS_kexec_load,
	SYS_personality,
	SYS_open_tree,
	SYS_move_mount,
	SYS_fsopen,
	SYS_fsmount,
	SYS_mount_setattr,
	SYS_fanotify_init,
	SYS_quotactl,
	SYS_acct,
	SYS_swapon,
	SYS_iopl,
	SYS_ioperm,
	SYS_vhangup,
	SYS_kill,
	SYS_tkill,
	SYS_execveat,
};

enum { CALLS = sizeof forbidden / sizeof *forbidden };

int filter_load(void)
{
	struct sock_filter code[HEAD + CALLS + TAIL];
	size_t n = 0;
	code[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
						 offsetof(struct seccomp_data, arch));
	code[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 0,
						 CALLS + 3);
	code[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
						 offsetof(struct seccomp_data, nr));
	code[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, X32_BIT, CALLS + 1, 0);
	for (size_t i = 0; i < CALLS; i++)
		code[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, forbidden[i],
							 (uint8_t)(CALLS - i + 1), 0);
	code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
	code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
	/* The tail: allowed; killed, CALLS + 1 from the end of the head; refused. */
	const struct sock_fprog program = { .len = (unsigned short)n, .filter = code };
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0 ? 0 : errno;
}
