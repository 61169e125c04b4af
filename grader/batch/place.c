/* A list of numbers: what is not in it is taken for a disk of this machine. */
#include "batch/place.h"

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/vfs.h>

#include "base/die.h"

const char *place_unsafe_kind(unsigned long magic)
{
	static const struct {
		uint32_t magic;
		const char *name;
	} unsafe[] = {
		{ 0x00006969, "NFS" },
		{ 0x0000517b, "SMB" },
		{ 0xff534d42, "CIFS" },
		{ 0xfe534d42, "SMB" },
		{ 0x01021997, "9p" },
		{ 0x65735546, "FUSE (sshfs, virtiofs, ...)" },
		{ 0x786f4256, "a shared folder of VirtualBox" },
		{ 0xbacbacbc, "a shared folder of VMware" },
		{ 0x5346414f, "AFS" },
		{ 0x6b414653, "AFS" },
		{ 0x73757245, "Coda" },
		{ 0x0000564c, "NCP" },
		{ 0x00c36400, "Ceph" },
		{ 0x0bd00bd0, "Lustre" },
		{ 0x47504653, "GPFS" },
		{ 0x19830326, "BeeGFS" },
		{ 0x01161970, "GFS2" },
		{ 0x7461636f, "OCFS2" },
	};
	/* The field is signed, and of 64 bits: numbers with the highest bit come either way. */
	for (size_t i = 0; i < sizeof unsafe / sizeof unsafe[0]; i++)
		if ((uint32_t)magic == unsafe[i].magic)
			return unsafe[i].name;
	return NULL;
}

const char *place_unsafe(const char *path)
{
	struct statfs info;
	if (statfs(path, &info) != 0)
		die_errno(errno, "cannot look at %s", path);
	return place_unsafe_kind((unsigned long)info.f_type);
}
