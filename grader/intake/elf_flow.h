/* intake/elf_flow.h - follows pointers that came in as arguments through the registers of one
 * function, as far as it is certain. [MT-Confined] to one struct flow. */
#ifndef GRADER_ELF_FLOW_H
#define GRADER_ELF_FLOW_H
#include <capstone/capstone.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FLOW_REGISTERS = 16 };

struct flow {
	csh engine;
	bool derived[FLOW_REGISTERS]; /* holds such a pointer here                        */
	bool kept[FLOW_REGISTERS];    /* a saved register that holds one wherever it is used */
	bool once[FLOW_REGISTERS];    /* a saved register that the function sets once     */
	bool entry;                   /* still in the code that every path runs first     */
	uint64_t *targets;            /* of jumps, ascending                              */
	size_t count;
};

/* Looks through the whole function for jumps and for registers that are set once. */
void flow_init(struct flow *flow, csh engine, const uint8_t *bytes, size_t length,
	       uint64_t address);
void flow_fini(struct flow *flow);

/* Takes the next instruction; returns how many accesses through such a pointer it makes: 0 or 1. */
int flow_step(struct flow *flow, const cs_insn *instruction);

#endif
