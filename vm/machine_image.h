/* vm/machine_image.h - the folder that small.sh made, and what a saved state of a machine depends
 * on. Functions die when the image is not usable; the message names the command that helps.
 * [MT-Confined] */
#ifndef VM_MACHINE_IMAGE_H
#define VM_MACHINE_IMAGE_H
#include "base/hash.h"
#include "base/words.h"

/* What a machine is made of: names below the image's folder. */
enum image_file { IMAGE_KERNEL, IMAGE_INITRD, IMAGE_ROOT, IMAGE_PROJECT, IMAGE_FILES };

struct image {
	const char *folder;    /* borrowed */
	int file[IMAGE_FILES]; /* open for reading; -1: this kind of machine has none */
	char *sums;            /* the text of SHA256SUMS */
	char *qemu;            /* the program's path */
	char *qemu_version;    /* the first line of --version */
};

/* Opens the files of a throw-away machine, or those of the deterministic one: a kernel and an
 * initramfs, nothing else. `qemu` is the program's name or path. */
void image_open(struct image *image, const char *folder, const char *qemu, bool deterministic);
void image_close(struct image *image);

/* "kvm" or "qemu": what INTERLEAVE_VM_DRIVER says, else what vm/probe.sh found since this host was
 * started and left in the folder, else "qemu". */
const char *image_driver(const char *folder);

/* The sum over all that a saved state depends on: files, QEMU, argument vector. */
void image_state_key(const struct image *image, const struct words *arguments,
		     char key[static HASH_HEX_BYTES]);

/* The sum of all bytes of an open file. */
void image_file_sum(int fd, char sum[static HASH_HEX_BYTES]);

#endif
