/* libFuzzer target: the readers of objects and programs on damaged ones. They run in a box, but
 * what ends one of them would tell a student nothing.
 *
 * The input is a list of repairs, three bytes of place and two of value, to one of two seeds: an
 * object and a linked program. ELF_OBJECT and ELF_PROGRAM are their paths. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/json.h"
#include "intake/elf_audit.h"
#include "intake/elf_code.h"
#include "intake/elf_map.h"
#include "tests/fuzz.h"

__asm__(".section .rodata\n"
	"seed_object: .incbin \"" ELF_OBJECT "\"\n"
	"seed_program: .incbin \"" ELF_PROGRAM "\"\n"
	"seed_end: .byte 0\n"
	".text\n");
extern const uint8_t seed_object[], seed_program[], seed_end[];

enum { REPAIR_BYTES = 5, COPY_MAX = 1 << 20 };

static int damaged(const uint8_t *seed, size_t length, const uint8_t *data, size_t size)
{
	static uint8_t copy[COPY_MAX];
	DEMAND(length > 0 && length <= sizeof copy);
	memcpy(copy, seed, length);
	for (; size >= REPAIR_BYTES; data += REPAIR_BYTES, size -= REPAIR_BYTES) {
		size_t place = (size_t)(data[0] | data[1] << 8 | data[2] << 16) % length;
		/* Headers decide more than contents: half of all repairs go to them. */
		if ((data[2] & 0x80) != 0)
			place = (data[2] & 0x40) != 0 ? place % 64 : length - 1 - place % 2400;
		copy[place] = data[3];
		if (place + 1 < length && (data[4] & 1) != 0)
			copy[place + 1] = data[4];
	}
	if (size == 1) /* cut short */
		length = length * data[0] / 256;
	int fd = memfd_create("elf", MFD_CLOEXEC);
	DEMAND(fd >= 0 && write(fd, copy, length) == (ssize_t)length);
	DEMAND(lseek(fd, 0, SEEK_SET) == 0);
	return fd;
}

static void check(json_t *value)
{
	if (value == NULL)
		return;
	char *text = json_dumps(value, JSON_COMPACT);
	DEMAND(text != NULL);
	free(text);
	json_decref(value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char address[][20] = { "0x1", "0x1140", "0x1151", "0xffffffffffffffff", "x" };
	char *const addresses[] = {
		address[0], address[1], address[2], address[3], address[4], NULL
	};
	if (size == 0)
		return 0;
	const bool object = (data[0] & 1) != 0;
	int fd = object ? damaged(seed_object, (size_t)(seed_program - seed_object), data + 1,
				  size - 1)
			: damaged(seed_program, (size_t)(seed_end - seed_program), data + 1,
				  size - 1);
	if (object) {
		check(elf_audit(fd, (data[0] & 2) != 0));
		check(elf_returns(fd));
	} else {
		check(elf_map(fd));
		check(elf_needed(fd));
		check(elf_lines(fd, addresses));
	}
	(void)close(fd);
	return 0;
}
