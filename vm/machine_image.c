/* What is in the folder of the image, and the key of a saved state. */
#include "machine_image.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/file.h"

enum { SUMS_BYTES_MAX = 64 * 1024, LINE_BYTES = 256, DRIVER_BYTES_MAX = 512 };

static const char *const throw_away_files[IMAGE_FILES] = {
	[IMAGE_KERNEL] = "vmlinux",
	[IMAGE_INITRD] = "initramfs.cpio.gz",
	[IMAGE_ROOT] = "root.sqfs",
	[IMAGE_PROJECT] = "project.sqfs",
};

static const char *const deterministic_files[IMAGE_FILES] = {
	[IMAGE_KERNEL] = "vmlinux",
	[IMAGE_INITRD] = "deterministic.cpio.gz",
};

/* A program's path, found as a shell finds it. Returned (free), or NULL. */
static char *program_find(const char *name)
{
	if (strchr(name, '/') != NULL)
		return access(name, X_OK) == 0 ? must_strdup(name) : NULL;
	const char *folders = getenv("PATH");
	while (folders != NULL && *folders != '\0') {
		size_t length = strcspn(folders, ":");
		AUTO_FREE char *path = must_printf("%.*s/%s", (int)length, folders, name);
		if (length > 0 && access(path, X_OK) == 0)
			return must_strdup(path);
		folders += length + (folders[length] == ':');
	}
	return NULL;
}

/* The first line of what `PATH --version` prints. Returned (free), or NULL. */
static char *program_version(const char *path)
{
	int out[2];
	if (pipe2(out, O_CLOEXEC) != 0)
		die_errno(errno, "cannot make a pipe");
	pid_t pid = fork();
	if (pid == 0) {
		if (dup2(out[1], STDOUT_FILENO) == STDOUT_FILENO)
			(void)execl(path, path, "--version", (char *)NULL);
		_exit(127);
	}
	(void)close(out[1]);
	AUTO_FILE FILE *answer = fdopen(out[0], "r");
	char line[LINE_BYTES] = "";
	bool said = answer != NULL && fgets(line, sizeof line, answer) != NULL;
	if (pid > 0)
		(void)waitpid(pid, NULL, 0);
	line[strcspn(line, "\n")] = '\0';
	return said ? must_strdup(line) : NULL;
}

static int open_file(const char *folder, const char *name)
{
	AUTO_FREE char *path = must_printf("%s/%s", folder, name);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		die_errno(errno, "cannot read %s of the machine's image; make it anew: make vm",
			  path);
	return fd;
}

void image_open(struct image *image, const char *folder, const char *qemu, bool deterministic)
{
	const char *const *names = deterministic ? deterministic_files : throw_away_files;
	*image = (struct image){ .folder = folder };
	AUTO_FREE char *sums = must_printf("%s/SHA256SUMS", folder);
	size_t length = 0;
	int error = file_read(sums, SUMS_BYTES_MAX, &image->sums, &length);
	if (error != 0)
		die_errno(error, "no image of a machine in %s; make it: make vm", folder);
	for (size_t i = 0; i < IMAGE_FILES; i++)
		image->file[i] = names[i] != NULL ? open_file(folder, names[i]) : -1;
	image->qemu = program_find(qemu);
	if (image->qemu == NULL)
		die("%s is not installed: sudo apt-get install qemu-system-x86", qemu);
	image->qemu_version = program_version(image->qemu);
	if (image->qemu_version == NULL)
		die("%s does not tell its version", image->qemu);
}

void image_close(struct image *image)
{
	for (size_t i = 0; i < IMAGE_FILES; i++)
		auto_close(&image->file[i]);
	free(image->sums);
	free(image->qemu);
	free(image->qemu_version);
}

const char *image_driver(const char *folder)
{
	const char *wanted = getenv("INTERLEAVE_VM_DRIVER");
	if (wanted != NULL && *wanted != '\0')
		return strcmp(wanted, "kvm") == 0 ? "kvm" : "qemu";
	AUTO_FREE char *path = must_printf("%s/driver", folder);
	AUTO_FREE char *found = NULL;
	AUTO_FREE char *boot = NULL;
	size_t length = 0;
	if (file_read(path, DRIVER_BYTES_MAX, &found, &length) != 0 ||
	    file_read("/proc/sys/kernel/random/boot_id", LINE_BYTES, &boot, &length) != 0)
		return "qemu";
	boot[strcspn(boot, "\n")] = '\0';
	AUTO_FREE char *kvm = must_printf("kvm\n%s ", boot);
	return strncmp(found, kvm, strlen(kvm)) == 0 ? "kvm" : "qemu";
}

/* Sizes and times as well as the recorded sums: a file that was changed by hand is another file,
 * and 700 MB need not be read for each submission. */
void image_state_key(const struct image *image, const struct words *arguments,
		     char key[static HASH_HEX_BYTES])
{
	struct hash hash;
	hash_init(&hash);
	hash_text(&hash, image->sums);
	hash_text(&hash, image->qemu_version);
	for (size_t i = 0; i < arguments->count; i++)
		hash_text(&hash, arguments->item[i]);
	for (size_t i = 0; i < IMAGE_FILES; i++) {
		struct stat file = { .st_size = -1 };
		if (image->file[i] >= 0 && fstat(image->file[i], &file) != 0)
			die_errno(errno, "cannot look at the image in %s", image->folder);
		AUTO_FREE char *line = must_printf("%lld %lld.%09ld", (long long)file.st_size,
						   (long long)file.st_mtim.tv_sec,
						   file.st_mtim.tv_nsec);
		hash_text(&hash, line);
	}
	hash_final_hex(&hash, key);
}

void image_file_sum(int fd, char sum[static HASH_HEX_BYTES])
{
	enum { PIECE = 1 << 18 };
	AUTO_FREE char *piece = must_alloc(PIECE);
	struct hash hash;
	hash_init(&hash);
	for (off_t offset = 0;;) {
		ssize_t got = pread(fd, piece, PIECE, offset);
		if (got < 0)
			die_errno(errno, "cannot read what a machine is made of");
		if (got == 0)
			break;
		hash_update(&hash, piece, (size_t)got);
		offset += got;
	}
	hash_final_hex(&hash, sum);
}
