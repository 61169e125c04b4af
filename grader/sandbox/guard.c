/* Receives notifications, counts, denies; what io_uring_setup gets is ring.c's. */
#include "sandbox/guard.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/die.h"
#include "sandbox/policy.h"
#include "sandbox/ring.h"

enum {
	AT_ONCE = 64, /* notifications a turn, so that the clocks are looked at in between */
	NO_CALL = -1, /* what a tracer of ours puts in the place of a call that shall fail */
};

void guard_init(struct guard *guard, bool rings)
{
	*guard = (struct guard){ .listener = -1, .rings = rings, .violation = -1 };
}

static void count_call(struct guard *guard, int call)
{
	guard->total++;
	for (size_t i = 0; i < guard->distinct; i++)
		if (guard->denied[i].call == call) {
			guard->denied[i].count++;
			return;
		}
	if (guard->distinct == GUARD_CALLS)
		return; /* in `total` only */
	size_t at = guard->distinct++;
	for (; at > 0 && guard->denied[at - 1].call > call; at--)
		guard->denied[at] = guard->denied[at - 1];
	guard->denied[at].call = call;
	guard->denied[at].count = 1;
}

static void note_ring(struct guard *guard, const struct guard_ring *ring)
{
	if (guard->ring_count < sizeof guard->ring / sizeof *guard->ring)
		guard->ring[guard->ring_count] = *ring;
	guard->ring_count++;
}

static void answer(const struct guard *guard, uint64_t id, int error)
{
	struct seccomp_notif_resp reply = { .id = id, .error = -error };
	/* ENOENT: the caller is gone, and with it the question. */
	(void)ioctl(guard->listener, SECCOMP_IOCTL_NOTIF_SEND, &reply);
}

static enum guard_event serve_one(struct guard *guard, const struct seccomp_notif *call)
{
	if (call->data.nr ==
	    NO_CALL) { /* no count: either nobody asked, or nothing can come of it */
		answer(guard, call->id, ENOSYS);
		return GUARD_FINE;
	}
	if (guard->rings && call->data.nr == SYS_io_uring_setup) {
		struct guard_ring ring = { .entries = (uint32_t)call->data.args[0] };
		const bool enough = guard->rings_made >= GUARD_RINGS_EVER ||
				    (guard->rings_made >= GUARD_RINGS &&
				     ring_count((pid_t)call->pid) >= GUARD_RINGS);
		ring.error = enough ? EMFILE : ring_hand_over(guard->listener, call, &ring.flags);
		if (ring.error == 0)
			guard->rings_made++;
		else
			answer(guard, call->id, ring.error);
		note_ring(guard, &ring);
		return guard->ring_count >= GUARD_DENIED_LIMIT ? GUARD_FLOOD : GUARD_FINE;
	}
	count_call(guard, call->data.nr);
	if (policy_is_never(call->data.nr)) {
		guard->violation = call->data.nr;
		return GUARD_VIOLATION;
	}
	answer(guard, call->id, EPERM);
	return guard->total >= GUARD_DENIED_LIMIT ? GUARD_FLOOD : GUARD_FINE;
}

bool guard_pending(const struct guard *guard)
{
	struct pollfd waiting = { .fd = guard->listener, .events = POLLIN };
	return guard->listener >= 0 && poll(&waiting, 1, 0) > 0 && (waiting.revents & POLLIN) != 0;
}

enum guard_event guard_serve(struct guard *guard)
{
	for (unsigned i = 0; i < AT_ONCE && guard->listener >= 0; i++) {
		struct pollfd waiting = { .fd = guard->listener, .events = POLLIN };
		if (poll(&waiting, 1, 0) <= 0)
			return GUARD_FINE;
		if ((waiting.revents & POLLIN) == 0) { /* nobody is left who could call */
			guard_close(guard);
			return GUARD_FINE;
		}
		struct seccomp_notif call = { 0 };
		if (ioctl(guard->listener, SECCOMP_IOCTL_NOTIF_RECV, &call) < 0)
			continue; /* the caller was killed meanwhile */
		enum guard_event event = serve_one(guard, &call);
		if (event != GUARD_FINE)
			return event;
	}
	return GUARD_FINE;
}

static json_t *entry(int call, uint64_t count, bool killed)
{
	AUTO_FREE char *name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, call);
	AUTO_FREE char *number = must_printf("call %d", call);
	return json_pack("{s:s, s:I, s:b}", "syscall", name != NULL ? name : number, "count",
			 (json_int_t)count, "killed", killed);
}

json_t *guard_denied(const struct guard *guard)
{
	json_t *list = json_array();
	uint64_t named = 0;
	for (size_t i = 0; i < guard->distinct; i++) {
		named += guard->denied[i].count;
		json_array_append_new(list, entry(guard->denied[i].call, guard->denied[i].count,
						  guard->denied[i].call == guard->violation));
	}
	if (guard->total > named)
		json_array_append_new(list, json_pack("{s:s, s:I, s:b}", "syscall", "others",
						      "count", (json_int_t)(guard->total - named),
						      "killed", false));
	return list;
}

json_t *guard_rings(const struct guard *guard)
{
	json_t *list = json_array();
	const size_t most = sizeof guard->ring / sizeof *guard->ring;
	for (size_t i = 0; i < guard->ring_count && i < most; i++) {
		const struct guard_ring *ring = &guard->ring[i];
		json_array_append_new(
			list, json_pack("{s:I, s:I, s:s?}", "entries", (json_int_t)ring->entries,
					"flags", (json_int_t)ring->flags, "refused",
					ring->error != 0 ? strerrorname_np(ring->error) : NULL));
	}
	return list;
}

void guard_close(struct guard *guard)
{
	if (guard->listener >= 0)
		(void)close(take_fd(&guard->listener));
}
