/* vm/machine_monitor.h - what we say to QEMU's monitor, and what we take from it: one answer at a
 * time, bounded. Source: the QEMU Machine Protocol (qemu-qmp-ref(7)). [MT-Confined] to one guest.
 */
#ifndef VM_MACHINE_MONITOR_H
#define VM_MACHINE_MONITOR_H
#include <jansson.h>

#include "machine_guest.h"

struct monitor {
	struct guest *guest; /* borrowed */
	char *bytes;
	size_t length;
	size_t total;    /* bytes ever read */
	const char *why; /* what went wrong, for people; NULL: nothing */
};

/* Reads the greeting. False here and below: QEMU is gone, slow beyond its limit, or talks nonsense:
 * see why. */
bool monitor_open(struct monitor *monitor, struct guest *guest);
void monitor_close(struct monitor *monitor);

/* A command with its arguments as json_pack takes them (NULL: none). *answer, the value of
 * "return", is returned (json_decref); answer may be NULL. */
bool monitor_ask(struct monitor *monitor, json_t **answer, const char *command, const char *format,
		 ...);

/* Resumes a restored machine, or saves a stopped one's state into `fd` and ends it. */
bool monitor_resume(struct monitor *monitor);
bool monitor_save(struct monitor *monitor, int fd);

#endif
