/* Ranges that libc reads and writes for the submission, told to the race detector. */
#include "runtime/libc.h"

#include <string.h>

#include "runtime/events.h"
#include "runtime/race.h"

void libc_reads(const void *from, size_t bytes, uint32_t pc)
{
	if (!self || !bytes)
		return;
	if (events_on())
		event_access((uintptr_t)from, 0, pc);
	access_check((uintptr_t)from, bytes, 0, pc);
}

void libc_reads_format(const char *format, uint32_t pc)
{
	if (self)
		access_check((uintptr_t)format, strlen(format) + 1, 0, pc);
}

void libc_writes(const void *to, size_t bytes, uint32_t pc)
{
	if (!self || !bytes)
		return;
	if (events_on())
		event_access((uintptr_t)to, RECORD_WRITE, pc);
	access_check((uintptr_t)to, bytes, RECORD_WRITE, pc);
}
