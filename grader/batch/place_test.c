/* Where a store may lie. */
#include "batch/place.h"

#include <check.h>
#include <linux/magic.h>

START_TEST(file_systems_of_others_are_refused)
{
	static const unsigned long refused[] = {
		NFS_SUPER_MAGIC,  SMB_SUPER_MAGIC,  0xff534d42,      0xfe534d42,
		V9FS_MAGIC,       FUSE_SUPER_MAGIC, AFS_SUPER_MAGIC, AFS_FS_MAGIC,
		CEPH_SUPER_MAGIC, CODA_SUPER_MAGIC, NCP_SUPER_MAGIC, OCFS2_SUPER_MAGIC,
		0x786f4256,       0x0bd00bd0
	};
	ck_assert_ptr_nonnull(place_unsafe_kind(refused[_i]));
}
END_TEST

START_TEST(a_number_with_the_highest_bit_may_come_signed)
{
	ck_assert_str_eq(place_unsafe_kind((unsigned long)(long)(int)0xff534d42), "CIFS");
	ck_assert_str_eq(place_unsafe_kind(0xff534d42UL), "CIFS");
}
END_TEST

START_TEST(disks_of_this_machine_are_not)
{
	static const unsigned long fine[] = {
		EXT4_SUPER_MAGIC, XFS_SUPER_MAGIC,       BTRFS_SUPER_MAGIC, TMPFS_MAGIC,
		F2FS_SUPER_MAGIC, OVERLAYFS_SUPER_MAGIC, 0x2fc12fc1 /* ZFS */
	};
	ck_assert_ptr_null(place_unsafe_kind(fine[_i]));
}
END_TEST

START_TEST(a_folder_is_asked_for_its_own)
{
	ck_assert_ptr_null(place_unsafe("/proc"));
}
END_TEST

TCase *place_test(void);
TCase *place_test(void)
{
	TCase *tests = tcase_create("place");
	tcase_add_loop_test(tests, file_systems_of_others_are_refused, 0, 14);
	tcase_add_test(tests, a_number_with_the_highest_bit_may_come_signed);
	tcase_add_loop_test(tests, disks_of_this_machine_are_not, 0, 7);
	tcase_add_test(tests, a_folder_is_asked_for_its_own);
	return tests;
}
