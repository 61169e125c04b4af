/* Makes a ring, restricts it, hands it over. */
#include "sandbox/ring.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/auto.h"
#include "sandbox/ring_calls.h"

/* Kernel threads that serve one ring: bounded work, and unbounded. They count as tasks of the box.
 */
static const uint32_t workers[2] = { 4, 4 };

static int ring_register(int ring, unsigned operation, const void *argument, unsigned count)
{
	return syscall(SYS_io_uring_register, ring, operation, argument, count) < 0 ? errno : 0;
}

static int restrict_ring(int ring)
{
	struct io_uring_restriction list[RING_OPERATIONS + RING_REGISTRATIONS + 1];
	size_t count = 0;
	memset(list, 0, sizeof list);
	for (size_t i = 0; i < RING_OPERATIONS; i++, count++) {
		list[count].opcode = IORING_RESTRICTION_SQE_OP;
		list[count].sqe_op = ring_operations[i];
	}
	for (size_t i = 0; i < RING_REGISTRATIONS; i++, count++) {
		list[count].opcode = IORING_RESTRICTION_REGISTER_OP;
		list[count].register_op = ring_registrations[i];
	}
	list[count].opcode = IORING_RESTRICTION_SQE_FLAGS_ALLOWED;
	list[count].sqe_flags = ring_entry_flags;
	count++;
	return ring_register(ring, IORING_REGISTER_RESTRICTIONS, list, (unsigned)count);
}

/* *parameters is our copy: what the program changes in its own meanwhile affects only itself. */
static int make_ring(unsigned entries, struct io_uring_params *parameters, int *ring)
{
	const uint32_t asked = parameters->flags;
	if (entries > RING_ENTRIES_MAX || (asked & ~ring_flags) != 0 ||
	    ((asked & IORING_SETUP_CQSIZE) != 0 && parameters->cq_entries > RING_ENTRIES_MAX * 2))
		return EINVAL;
	parameters->flags = asked | IORING_SETUP_R_DISABLED;
	*ring = (int)syscall(SYS_io_uring_setup, entries, parameters);
	if (*ring < 0)
		return errno;
	int error = restrict_ring(*ring);
	if (error == 0)
		error = ring_register(*ring, IORING_REGISTER_IOWQ_MAX_WORKERS,
				      &(uint32_t[2]){ workers[0], workers[1] }, 2);
	if (error == 0 && (asked & IORING_SETUP_SINGLE_ISSUER) == 0)
		error = ring_register(*ring, IORING_REGISTER_ENABLE_RINGS, NULL, 0);
	parameters->flags = asked;
	return error;
}

/* In two steps, although SECCOMP_ADDFD_FLAG_SEND would be one: the kernel interrupts us whenever a
 * ring that we once made is torn down (its clean-up runs in our task), and an interrupted ADDFD
 * with SEND has answered already, with nothing: the program would take 0 for its ring. Without SEND
 * it is simply made again. The caller cannot be gone in between but by its death. */
static int give(int listener, uint64_t id, int ring)
{
	struct seccomp_notif_addfd addition = {
		.id = id,
		.srcfd = (unsigned)ring,
		.newfd_flags = O_CLOEXEC,
	};
	int number = ioctl(listener, SECCOMP_IOCTL_NOTIF_ADDFD, &addition);
	if (number < 0)
		return errno;
	struct seccomp_notif_resp reply = { .id = id, .val = number };
	(void)ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &reply); /* ENOENT: killed meanwhile */
	return 0;
}

int ring_hand_over(int listener, const struct seccomp_notif *call, uint32_t *flags)
{
	struct io_uring_params parameters;
	const struct iovec ours = { &parameters, sizeof parameters };
	/* NOLINTNEXTLINE(performance-no-int-to-ptr): an address in the other process */
	const struct iovec theirs = { (void *)(uintptr_t)call->data.args[1], sizeof parameters };
	if (process_vm_readv((pid_t)call->pid, &ours, 1, &theirs, 1, 0) !=
	    (ssize_t)sizeof parameters)
		return EFAULT;
	/* Only now is it certain that this was still the same process. */
	if (ioctl(listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &call->id) < 0)
		return ESRCH;
	*flags = parameters.flags;
	AUTO_FD int ring = -1;
	int error = make_ring((unsigned)call->data.args[0], &parameters, &ring);
	if (error != 0)
		return error;
	if (process_vm_writev((pid_t)call->pid, &ours, 1, &theirs, 1, 0) !=
	    (ssize_t)sizeof parameters)
		return EFAULT;
	return give(listener, call->id, ring);
}

unsigned ring_count(pid_t process)
{
	static const char name[] = "anon_inode:[io_uring]";
	char folder[64], target[sizeof name];
	unsigned count = 0;
	(void)snprintf(folder, sizeof folder, "/proc/%d/fd", process);
	DIR *descriptors = opendir(folder);
	/* cppcheck-suppress readdirCalled; the stream is ours alone */
	for (struct dirent *entry; descriptors != NULL && (entry = readdir(descriptors)) != NULL;)
		count += readlinkat(dirfd(descriptors), entry->d_name, target, sizeof target) ==
				 (ssize_t)sizeof name - 1 &&
			 memcmp(target, name, sizeof name - 1) == 0;
	if (descriptors != NULL)
		(void)closedir(descriptors);
	return count;
}
