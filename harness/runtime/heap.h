/* heap.h - the submission's heap, for functions of libc that hand out blocks. */
#ifndef RUNTIME_HEAP_H
#define RUNTIME_HEAP_H
#include <stddef.h>
#include <stdint.h>

/* A block as malloc at pc gives one: the submission frees it. NULL and errno ENOMEM. */
void *heap_allocate(size_t bytes, uint32_t pc);
#endif
