/* uring.h - rings by system calls alone, for the attacks on them. */
#ifndef HOSTILE_URING_H
#define HOSTILE_URING_H
#include <linux/io_uring.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

struct ring {
	int fd;
	struct io_uring_params p;
	unsigned *sq_tail, *sq_mask, *sq_array, *cq_head, *cq_tail, *cq_mask;
	struct io_uring_sqe *sqes;
	struct io_uring_cqe *cqes;
};

static inline int ring_open(struct ring *r, unsigned entries, unsigned flags)
{
	*r = (struct ring){ .p = { .flags = flags } };
	r->fd = (int)syscall(SYS_io_uring_setup, entries, &r->p);
	if (r->fd < 0)
		return -1;
	size_t sq_bytes = r->p.sq_off.array + r->p.sq_entries * sizeof(unsigned);
	size_t cq_bytes = r->p.cq_off.cqes + r->p.cq_entries * sizeof(struct io_uring_cqe);
	char *sq = mmap(NULL, sq_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, r->fd,
			IORING_OFF_SQ_RING);
	char *cq = mmap(NULL, cq_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, r->fd,
			IORING_OFF_CQ_RING);
	r->sqes = mmap(NULL, r->p.sq_entries * sizeof *r->sqes, PROT_READ | PROT_WRITE, MAP_SHARED,
		       r->fd, IORING_OFF_SQES);
	if (sq == MAP_FAILED || cq == MAP_FAILED || r->sqes == MAP_FAILED)
		return -1;
	r->sq_tail = (unsigned *)(void *)(sq + r->p.sq_off.tail);
	r->sq_mask = (unsigned *)(void *)(sq + r->p.sq_off.ring_mask);
	r->sq_array = (unsigned *)(void *)(sq + r->p.sq_off.array);
	r->cq_head = (unsigned *)(void *)(cq + r->p.cq_off.head);
	r->cq_tail = (unsigned *)(void *)(cq + r->p.cq_off.tail);
	r->cq_mask = (unsigned *)(void *)(cq + r->p.cq_off.ring_mask);
	r->cqes = (struct io_uring_cqe *)(void *)(cq + r->p.cq_off.cqes);
	return 0;
}

/* Submits one entry and waits for its end. Returns the result, or -1000 if it could not be
 * submitted. */
static inline int ring_do(struct ring *r, const struct io_uring_sqe *entry)
{
	unsigned tail = *r->sq_tail;
	r->sqes[tail & *r->sq_mask] = *entry;
	r->sq_array[tail & *r->sq_mask] = tail & *r->sq_mask;
	__atomic_store_n(r->sq_tail, tail + 1, __ATOMIC_RELEASE);
	if (syscall(SYS_io_uring_enter, r->fd, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) < 0)
		return -1000;
	unsigned head = *r->cq_head;
	if (head == __atomic_load_n(r->cq_tail, __ATOMIC_ACQUIRE))
		return -1000;
	int result = r->cqes[head & *r->cq_mask].res;
	__atomic_store_n(r->cq_head, head + 1, __ATOMIC_RELEASE);
	return result;
}
#endif
