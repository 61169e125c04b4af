/* Fibers: one for each thread of the submission, with a stack and a full thread-local block of its
 * own, so that errno, stdio and _Thread_local are what they are in a thread.
 *
 * Source: the System V ABI for x86-64 (callee-saved registers, fs:0 holds its own address);
 * _dl_allocate_tls and __ctype_init are what glibc's own pthread_create calls. A libc where this
 * no longer holds is found by fiber_start, not by a student. */
#include "runtime/fiber.h"

#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <asm/prctl.h>

#define HWCAP2_FSGSBASE 2u
#define STACK_PATTERN   0xA5
#define LOW_SLACK       2048 /* below the lowest frame seen: hooks and libc                       */
#define PAGE            4096u

void *_dl_allocate_tls(void *);
void __ctype_init(void);
void fiber_switch_fast(void **save, void *sp, void *tp);
void fiber_switch_slow(void **save, void *sp);

static bool fs_by_instruction;
static size_t tls_bytes;
static _Thread_local int probe = 42;

__asm__(".text\n"
	".globl fiber_switch_fast\n"
	"fiber_switch_fast:\n"
	"	push %rbp\n	push %rbx\n	push %r12\n	push %r13\n	push %r14\n	"
	"push %r15\n"
	"	mov %rsp, (%rdi)\n"
	"	mov %rsi, %rsp\n"
	"	wrfsbase %rdx\n"
	"	pop %r15\n	pop %r14\n	pop %r13\n	pop %r12\n	pop %rbx\n	"
	"pop %rbp\n"
	"	ret\n"
	".globl fiber_switch_slow\n"
	"fiber_switch_slow:\n"
	"	push %rbp\n	push %rbx\n	push %r12\n	push %r13\n	push %r14\n	"
	"push %r15\n"
	"	mov %rsp, (%rdi)\n"
	"	mov %rsi, %rsp\n"
	"	pop %r15\n	pop %r14\n	pop %r13\n	pop %r12\n	pop %rbx\n	"
	"pop %rbp\n"
	"	ret\n");

void fiber_switch(void **save, void *sp, void *tp)
{
	if (fs_by_instruction) {
		fiber_switch_fast(save, sp, tp);
		return;
	}
	long ignored;
	__asm__ volatile("syscall"
			 : "=a"(ignored)
			 : "a"(SYS_arch_prctl), "D"(ARCH_SET_FS), "S"(tp)
			 : "rcx", "r11", "memory");
	fiber_switch_slow(save, sp);
}

void fiber_prepare(struct thread *t, void (*entry)(void))
{
	uintptr_t *top = (uintptr_t *)(void *)(t->stack_top - 64);

	*--top = 0; /* no return address: the stack ends here, 8 below a multiple of 16 */
	*--top = (uintptr_t)entry;
	for (unsigned i = 0; i < 6; i++)
		*--top = 0;
	t->sp = top;
}

void fiber_reset(struct thread *t)
{
	char *low = t->low_mark - LOW_SLACK;

	if (low < t->stack_low)
		low = t->stack_low;
	memset(low, STACK_PATTERN, (size_t)(t->stack_top - low));
	t->low_mark = t->stack_top - LOW_SLACK;
	memcpy(t->tls, t->tls_image, tls_bytes);
}

/* What libc makes at the first use in a thread is made now, to be part of the image. */
static void warm_up(void)
{
	struct thread *t = self;

	__ctype_init();
	free(malloc(1));
	errno = 100 + t->id;
	t->arg = &probe;
	t->result = &errno;
	probe++;
	fiber_switch(&t->sp, rt->driver_sp, rt->driver_tp);
}

static size_t tls_size(void)
{
	const Elf64_Ehdr *head = (const void *)__ehdr_start;
	const Elf64_Phdr *part = (const void *)(__ehdr_start + head->e_phoff);

	for (unsigned i = 0; i < head->e_phnum; i++)
		if (part[i].p_type == PT_TLS)
			return (part[i].p_memsz + part[i].p_align - 1) & -part[i].p_align;
	return 0;
}

static int fiber_make(struct thread *t)
{
	char *base = (char *)STACKS_AT + t->id * (size_t)STACK_STRIDE;
	char *own = __builtin_thread_pointer();
	char *tp = _dl_allocate_tls(NULL);

	if (!tp || mprotect(base, PAGE, PROT_NONE))
		return ENOMEM;
	*(char **)(void *)tp = tp; /* fs:0, and the descriptor's own address */
	*(char **)(void *)(tp + 0x10) = tp;
	memcpy(tp + 0x28, own + 0x28, 16); /* stack and pointer guard */
	t->tp = tp;
	t->tls = tp - tls_bytes;
	t->stack_low = base + PAGE;
	t->stack_top = base + STACK_STRIDE;
	t->tls_image = rt->tls_image[t->id];
	fiber_prepare(t, warm_up);
	self = t;
	fiber_switch(&rt->driver_sp, t->sp, t->tp);
	self = NULL;
	if (*(int *)t->result != 100 + t->id || *(int *)t->arg != 43 || (char *)t->arg < t->tls ||
	    (char *)t->arg >= tp || (char *)t->result < t->tls || (char *)t->result >= tp)
		return ENOTSUP;
	*(int *)t->arg = 42;
	*(int *)t->result = 0;
	memcpy(t->tls_image, t->tls, tls_bytes);
	t->low_mark = t->stack_low + LOW_SLACK; /* the first time all of the stack is filled */
	fiber_reset(t);
	return 0;
}

int fiber_start(void)
{
	fs_by_instruction = getauxval(AT_HWCAP2) & HWCAP2_FSGSBASE;
	tls_bytes = tls_size();
	rt->driver_tp = __builtin_thread_pointer();
	if (tls_bytes > TLS_MAX)
		return ENOTSUP;
	const void *at = mmap(
		(void *)STACKS_AT, PLACES * (size_t)STACK_STRIDE, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);

	if (at == MAP_FAILED)
		return errno;
	for (unsigned i = 0; i < PLACES; i++) {
		rt->thread[i].id = (uint8_t)i;
		int err = fiber_make(&rt->thread[i]);
		if (err)
			return err;
	}
	return probe == 42 ? 0 : ENOTSUP;
}
