/* Ten thousand rings, huge queues, polling kernel threads, rings on rings.
 *
 * Row: R17
 * Base: box lab5
 * By: the broker's caps on rings, entries and flags; the task limit
 * Expect: contained */
#include "attack.h"
#include "uring.h"

int main(void)
{
	struct io_uring_params p;
	static const unsigned bad[] = { IORING_SETUP_SQPOLL,
					IORING_SETUP_IOPOLL,
					IORING_SETUP_SQPOLL | IORING_SETUP_SQ_AFF,
					IORING_SETUP_ATTACH_WQ,
					1u << 14,
					1u << 15,
					1u << 10,
					1u << 11 };
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		p = (struct io_uring_params){ .flags = bad[i] };
		if (syscall(SYS_io_uring_setup, 8, &p) >= 0)
			harm("a ring with flags %x", bad[i]);
	}
	p = (struct io_uring_params){ 0 };
	attempt("32768 entries", syscall(SYS_io_uring_setup, 32768, &p));
	p = (struct io_uring_params){ .flags = IORING_SETUP_CQSIZE, .cq_entries = 65536 };
	attempt("65536 completions", syscall(SYS_io_uring_setup, 8, &p));
	p = (struct io_uring_params){ .flags = IORING_SETUP_CLAMP | IORING_SETUP_CQSIZE,
				      .cq_entries = 1u << 30 };
	long clamped = syscall(SYS_io_uring_setup, 1u << 30, &p);
	if (clamped >= 0 && (p.sq_entries > 4096 || p.cq_entries > 8192))
		harm("%u entries by clamping", p.sq_entries);
	int rings = clamped >= 0;
	for (int i = 0; i < 10000; i++) {
		p = (struct io_uring_params){ 0 };
		long fd = syscall(SYS_io_uring_setup, 4096, &p);
		if (fd < 0)
			break;
		rings++;
	}
	if (rings > 8)
		harm("%d rings", rings);
	static const long addresses[] = { 0, 8, -8, 1l << 46, -4096 };
	for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++)
		attempt("parameters nowhere", syscall(SYS_io_uring_setup, 8, addresses[i]));
	return done("EINVAL, EMFILE");
}
