/* Command lines of QEMU. No network, no USB, no display, no sound; nothing is probed, nothing is
 * opened by a name that a guest could have a say in. */
#include <inttypes.h>
#include <string.h>

#include "machine_guest.h"

/* resourcecontrol and spawn: no other process, no change of priorities; obsolete and
 * elevateprivileges: what no machine needs. */
#define SANDBOX     "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny"
#define KERNEL_LINE "console=ttyS0 panic=-1 quiet tsc=reliable transparent_hugepage=never"

static void add_common(struct words *arguments)
{
	words_split(arguments,
		    "-nodefaults -no-user-config -display none -no-reboot -sandbox " SANDBOX);
	words_add(arguments, "-kernel");
	words_addf(arguments, "/proc/self/fd/%d", GUEST_KERNEL);
	words_add(arguments, "-initrd");
	words_addf(arguments, "/proc/self/fd/%d", GUEST_INITRD);
}

static void add_disk(struct words *arguments, int fd, bool readonly)
{
	words_add(arguments, "-add-fd");
	words_addf(arguments, "fd=%d,set=%d", fd, fd);
	words_add(arguments, "-drive");
	words_addf(arguments, "file=/dev/fdset/%d,format=raw,if=virtio%s", fd,
		   readonly ? ",readonly=on" : ",auto-read-only=off");
}

void guest_throw_away(struct words *arguments, const char *driver, unsigned cpus,
		      unsigned memory_mib)
{
	bool kvm = strcmp(driver, "kvm") == 0;
	words_add(arguments, "-M");
	words_add(arguments, "pc,vmport=off,smbus=off,usb=off,hpet=off");
	/* Translated code is memory of ours, too: MiB. One thread translates for all processors:
	   with one for each, QEMU 7.2 may keep a translation of code that another processor is
	   patching, as Linux does with its jump labels. Then the guest meets a breakpoint that is
	   not there any more, for ever: one boot in some 500, on a loaded host. */
	words_add(arguments, "-accel");
	words_add(arguments, kvm ? "kvm" : "tcg,thread=single,tb-size=512");
	words_add(arguments, "-cpu");
	words_add(arguments, kvm ? "host" : "max");
	words_add(arguments, "-smp");
	words_addf(arguments, "%u", cpus);
	words_add(arguments, "-m");
	words_addf(arguments, "%u", memory_mib);
	add_common(arguments);
	words_add(arguments, "-append");
	words_add(arguments, KERNEL_LINE);
	for (int fd = GUEST_ROOT; fd <= GUEST_RESULT; fd++)
		add_disk(arguments, fd, fd != GUEST_RESULT);
	words_add(arguments, "-chardev");
	words_addf(arguments, "socket,id=console,fd=%d", GUEST_CONSOLE);
	words_split(arguments, "-serial chardev:console -chardev");
	words_addf(arguments, "socket,id=monitor,fd=%d", GUEST_MONITOR);
	words_split(arguments, "-mon chardev=monitor,mode=control");
}

/* One CPU, whose count of instructions is the only clock; nothing whose completion the host
 * decides: no disk, no network, and the serial line is a file, because a socket that is full makes
 * the guest's port wait for us. */
void guest_deterministic(struct words *arguments, uint64_t seed, unsigned memory_mib)
{
	words_split(arguments,
		    "-M pc,accel=tcg,vmport=off,smbus=off,usb=off,hpet=off -cpu max -smp 1 -m");
	words_addf(arguments, "%u", memory_mib);
	words_split(arguments,
		    "-icount shift=0,sleep=off -rtc base=2025-01-01T00:00:00,clock=vm -seed");
	words_addf(arguments, "%" PRIu64, seed);
	add_common(arguments);
	words_add(arguments, "-append");
	words_add(arguments, KERNEL_LINE " reboot=t");
	words_add(arguments, "-fw_cfg");
	words_addf(arguments, "name=opt/interleave/input,file=/proc/self/fd/%d", GUEST_INPUT);
	words_add(arguments, "-fw_cfg");
	words_addf(arguments, "name=opt/interleave/seed,string=%" PRIu64, seed);
	words_add(arguments, "-add-fd");
	words_addf(arguments, "fd=%d,set=%d", GUEST_RESULT, GUEST_RESULT);
	words_add(arguments, "-chardev");
	words_addf(arguments, "file,id=console,path=/dev/fdset/%d", GUEST_RESULT);
	words_split(arguments, "-serial chardev:console");
}
