/* Forgets everything where paths meet, but for saved registers that the entry has set once and for
 * all. What is forgotten is not counted: it is better to count nothing than to accuse wrongly. */
#include "intake/elf_flow.h"

#include <stdlib.h>
#include <string.h>

#include "base/die.h"

enum family { RAX, RBX, RCX, RDX, RSI, RDI, RBP, RSP, R8, R9, R10, R11, R12, R13, R14, R15, NONE };

static enum family family_of(unsigned reg)
{
	static const struct {
		unsigned names[5];
		enum family family;
	} table[] = {
		{ { X86_REG_RAX, X86_REG_EAX, X86_REG_AX, X86_REG_AL, X86_REG_AH }, RAX },
		{ { X86_REG_RBX, X86_REG_EBX, X86_REG_BX, X86_REG_BL, X86_REG_BH }, RBX },
		{ { X86_REG_RCX, X86_REG_ECX, X86_REG_CX, X86_REG_CL, X86_REG_CH }, RCX },
		{ { X86_REG_RDX, X86_REG_EDX, X86_REG_DX, X86_REG_DL, X86_REG_DH }, RDX },
		{ { X86_REG_RSI, X86_REG_ESI, X86_REG_SI, X86_REG_SIL }, RSI },
		{ { X86_REG_RDI, X86_REG_EDI, X86_REG_DI, X86_REG_DIL }, RDI },
		{ { X86_REG_RBP, X86_REG_EBP, X86_REG_BP, X86_REG_BPL }, RBP },
		{ { X86_REG_RSP, X86_REG_ESP, X86_REG_SP, X86_REG_SPL }, RSP },
		{ { X86_REG_R8, X86_REG_R8D, X86_REG_R8W, X86_REG_R8B }, R8 },
		{ { X86_REG_R9, X86_REG_R9D, X86_REG_R9W, X86_REG_R9B }, R9 },
		{ { X86_REG_R10, X86_REG_R10D, X86_REG_R10W, X86_REG_R10B }, R10 },
		{ { X86_REG_R11, X86_REG_R11D, X86_REG_R11W, X86_REG_R11B }, R11 },
		{ { X86_REG_R12, X86_REG_R12D, X86_REG_R12W, X86_REG_R12B }, R12 },
		{ { X86_REG_R13, X86_REG_R13D, X86_REG_R13W, X86_REG_R13B }, R13 },
		{ { X86_REG_R14, X86_REG_R14D, X86_REG_R14W, X86_REG_R14B }, R14 },
		{ { X86_REG_R15, X86_REG_R15D, X86_REG_R15W, X86_REG_R15B }, R15 },
	};
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
		for (size_t n = 0; n < 5; n++)
			if (reg != X86_REG_INVALID && table[i].names[n] == reg)
				return table[i].family;
	return NONE;
}

static bool is_saved(enum family family)
{
	return family == RBX || (family >= R12 && family <= R15);
}

static int by_value(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left;
	uint64_t b = *(const uint64_t *)right;
	return (a > b) - (a < b);
}

/* Marks every family that the instruction writes, by name or in passing. */
static void written(const struct flow *flow, const cs_insn *instruction,
		    bool families[static FLOW_REGISTERS])
{
	cs_regs read;
	cs_regs write;
	uint8_t read_count = 0;
	uint8_t write_count = 0;
	if (cs_regs_access(flow->engine, instruction, read, &read_count, write, &write_count) !=
	    CS_ERR_OK) {
		memset(families, true, FLOW_REGISTERS * sizeof *families);
		return;
	}
	for (uint8_t i = 0; i < write_count; i++) {
		enum family family = family_of(write[i]);
		if (family != NONE)
			families[family] = true;
	}
}

static bool is_jump(const struct flow *flow, const cs_insn *instruction)
{
	return cs_insn_group(flow->engine, instruction, CS_GRP_JUMP);
}

static void survey(struct flow *flow, const cs_insn *instruction,
		   unsigned sets[static FLOW_REGISTERS])
{
	const cs_x86 *x86 = &instruction->detail->x86;
	if (is_jump(flow, instruction) && x86->op_count == 1 &&
	    x86->operands[0].type == X86_OP_IMM) {
		uint64_t *targets = reallocarray(flow->targets, flow->count + 1, sizeof *targets);
		if (targets == NULL)
			die("out of memory");
		targets[flow->count++] = (uint64_t)x86->operands[0].imm;
		flow->targets = targets;
	}
	if (instruction->id == X86_INS_POP)
		return; /* gives the caller's value back */
	bool families[FLOW_REGISTERS] = { false };
	written(flow, instruction, families);
	for (int i = 0; i < FLOW_REGISTERS; i++)
		sets[i] += families[i];
}

void flow_init(struct flow *flow, csh engine, const uint8_t *bytes, size_t length, uint64_t address)
{
	static const enum family arguments[] = { RDI, RSI, RDX, RCX, R8, R9 };
	unsigned sets[FLOW_REGISTERS] = { 0 };
	*flow = (struct flow){ .engine = engine, .entry = true };
	cs_insn *instruction = cs_malloc(engine);
	if (instruction == NULL)
		die("out of memory");
	while (length > 0) {
		if (cs_disasm_iter(engine, &bytes, &length, &address, instruction)) {
			survey(flow, instruction, sets);
		} else {
			bytes++;
			length--;
			address++;
		}
	}
	cs_free(instruction, 1);
	if (flow->count > 0)
		qsort(flow->targets, flow->count, sizeof *flow->targets, by_value);
	for (size_t i = 0; i < sizeof arguments / sizeof arguments[0]; i++)
		flow->derived[arguments[i]] = true;
	for (int i = 0; i < FLOW_REGISTERS; i++)
		flow->once[i] = is_saved((enum family)i) && sets[i] == 1;
}

void flow_fini(struct flow *flow)
{
	free(flow->targets);
	flow->targets = NULL;
}

static void forget(struct flow *flow)
{
	memcpy(flow->derived, flow->kept, sizeof flow->derived);
	flow->entry = false;
}

static bool is_derived(const struct flow *flow, unsigned reg)
{
	enum family family = family_of(reg);
	return family != NONE && flow->derived[family];
}

/* Through a base that is such a pointer; thread-local storage is none. */
static bool is_certain(const struct flow *flow, const cs_x86_op *operand)
{
	return operand->type == X86_OP_MEM && operand->mem.segment == X86_REG_INVALID &&
	       is_derived(flow, operand->mem.base);
}

/* lea, nop and prefetches name memory and touch none. */
static bool touches_memory(const cs_insn *instruction)
{
	static const char *const names[] = { "lea", "nop", "prefetch", "clflush", "endbr" };
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strncmp(instruction->mnemonic, names[i], strlen(names[i])) == 0)
			return false;
	return true;
}

/* A whole register set from another, or from memory. */
static bool sets_pointer(const struct flow *flow, const cs_insn *instruction)
{
	const cs_x86 *x86 = &instruction->detail->x86;
	if (instruction->id != X86_INS_MOV || x86->op_count != 2 ||
	    x86->operands[0].type != X86_OP_REG || x86->operands[0].size != sizeof(uint64_t))
		return false;
	if (x86->operands[1].type == X86_OP_REG)
		return is_derived(flow, x86->operands[1].reg);
	return is_certain(flow, &x86->operands[1]);
}

/* After a call only the saved registers are what they were. */
static void after_call(struct flow *flow)
{
	for (int i = 0; i < FLOW_REGISTERS; i++)
		flow->derived[i] = flow->derived[i] && is_saved((enum family)i);
}

static void move(struct flow *flow, const cs_insn *instruction)
{
	bool pointer = sets_pointer(flow, instruction);
	bool families[FLOW_REGISTERS] = { false };
	written(flow, instruction, families);
	for (int i = 0; i < FLOW_REGISTERS; i++)
		if (families[i])
			flow->derived[i] = false;
	if (!pointer)
		return;
	enum family to = family_of(instruction->detail->x86.operands[0].reg);
	if (to == NONE)
		return;
	flow->derived[to] = true;
	if (flow->entry && flow->once[to])
		flow->kept[to] = true;
}

int flow_step(struct flow *flow, const cs_insn *instruction)
{
	const cs_x86 *x86 = &instruction->detail->x86;
	if (flow->count > 0 && bsearch(&instruction->address, flow->targets, flow->count,
				       sizeof *flow->targets, by_value))
		forget(flow);
	int accesses = 0;
	for (uint8_t i = 0; i < x86->op_count; i++)
		if (is_certain(flow, &x86->operands[i]) && touches_memory(instruction))
			accesses = 1;
	if (cs_insn_group(flow->engine, instruction, CS_GRP_CALL))
		after_call(flow);
	else if (instruction->id == X86_INS_JMP ||
		 cs_insn_group(flow->engine, instruction, CS_GRP_RET))
		forget(flow);
	else if (!is_jump(flow, instruction))
		move(flow, instruction);
	return accesses;
}
