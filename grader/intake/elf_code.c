/* A linear sweep: gcc and clang keep tables out of code, and each function begins at a symbol.
 * Bytes that are no instruction are stepped over one by one. Not every offset is tried: constants
 * hold such bytes by chance. */
#include "intake/elf_code.h"

#include <capstone/capstone.h>
#include <gelf.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/json.h"
#include "intake/elf_flow.h"

enum { FUNCTIONS_MAX = 20000, REFUSED_MAX = 20, NAME_MAX_BYTES = 200 };

struct function {
	uint64_t start, end;
	const char *name;
};

struct code {
	Elf *elf;
	csh engine;
	json_t *refused, *functions;
	size_t section; /* the one that is read */
	const uint8_t *bytes;
	uint64_t size;
	Elf_Data *symbols; /* of the object */
	size_t symbol_count, symbol_names;
	Elf_Data *relocations; /* of the section, or NULL */
	size_t relocation_count;
	struct function *list; /* by address */
	size_t count;
};

static void refuse(struct code *code, const struct function *function, const char *mnemonic)
{
	if (json_array_size(code->refused) >= REFUSED_MAX)
		return;
	AUTO_FREE char *what = must_printf(
		"the instruction '%s', which no C needs: it reaches past libc to the kernel, "
		"the machine or a detector",
		mnemonic);
	json_t *entry = json_make("{s:s, s:s}", "id", "policy", "what", what);
	json_t *name = function != NULL ? json_string(function->name) : NULL;
	if (name != NULL)
		json_put(entry, "symbol", name);
	(void)json_array_append_new(code->refused, entry);
}

static bool is_refused(const cs_insn *instruction)
{
	switch (instruction->id) {
	case X86_INS_SYSCALL:
	case X86_INS_SYSENTER:
	case X86_INS_SYSEXIT:
	case X86_INS_SYSRET:
	case X86_INS_INT:
	case X86_INS_INT1:
	case X86_INS_INT3:
	case X86_INS_INTO:
	case X86_INS_IRET:
	case X86_INS_IRETD:
	case X86_INS_IRETQ:
	case X86_INS_LJMP:
	case X86_INS_LCALL:
	case X86_INS_RETF:
	case X86_INS_RETFQ:
	case X86_INS_WRFSBASE:
	case X86_INS_WRGSBASE:
	case X86_INS_IN:
	case X86_INS_INSB:
	case X86_INS_INSD:
	case X86_INS_INSW:
	case X86_INS_OUT:
	case X86_INS_OUTSB:
	case X86_INS_OUTSD:
	case X86_INS_OUTSW:
	case X86_INS_RDPMC:
	case X86_INS_RDMSR:
	case X86_INS_WRMSR:
	case X86_INS_HLT:
	case X86_INS_CLI:
	case X86_INS_STI:
	case X86_INS_VMCALL:
	/* Stores past the cache, and masked ones: only an intrinsic asks for them, and no compiler
	 * puts a detector's hook beside it. */
	case X86_INS_MOVNTI:
	case X86_INS_MOVNTQ:
	case X86_INS_MOVNTDQ:
	case X86_INS_MOVNTPD:
	case X86_INS_MOVNTPS:
	case X86_INS_MASKMOVQ:
	case X86_INS_MASKMOVDQU:
		return true;
	default:
		break;
	}
	/* xchg %rbx,%rbx ends the sequence that valgrind takes for a request. */
	const cs_x86 *x86 = &instruction->detail->x86;
	return instruction->id == X86_INS_XCHG && x86->op_count == 2 &&
	       x86->operands[0].type == X86_OP_REG && x86->operands[1].type == X86_OP_REG &&
	       x86->operands[0].reg == X86_REG_RBX && x86->operands[1].reg == X86_REG_RBX;
}

static const char *symbol_name(const struct code *code, const GElf_Sym *symbol)
{
	const char *name = elf_strptr(code->elf, code->symbol_names, symbol->st_name);
	return name != NULL ? name : "";
}

/* The function that holds an address of a section, NULL if it is another section's. */
static const char *function_at(const struct code *code, size_t section, uint64_t address)
{
	for (size_t i = 0; i < code->symbol_count; i++) {
		GElf_Sym symbol;
		if (gelf_getsym(code->symbols, (int)i, &symbol) != NULL &&
		    symbol.st_shndx == section && GELF_ST_TYPE(symbol.st_info) == STT_FUNC &&
		    address >= symbol.st_value &&
		    (address < symbol.st_value + symbol.st_size || address == symbol.st_value))
			return symbol_name(code, &symbol);
	}
	return NULL;
}

/* What the instruction refers to by a relocation, NULL if by none. */
static const char *relocated(const struct code *code, uint64_t start, uint64_t end)
{
	for (size_t i = 0; i < code->relocation_count; i++) {
		GElf_Rela entry;
		GElf_Sym symbol;
		if (gelf_getrela(code->relocations, (int)i, &entry) == NULL ||
		    entry.r_offset < start || entry.r_offset >= end ||
		    gelf_getsym(code->symbols, (int)GELF_R_SYM(entry.r_info), &symbol) == NULL)
			continue;
		if (GELF_ST_TYPE(symbol.st_info) != STT_SECTION)
			return symbol_name(code, &symbol);
		/* a section and an offset, which counts from behind its own four bytes */
		return function_at(code, symbol.st_shndx, (uint64_t)(entry.r_addend + 4));
	}
	return NULL;
}

static bool begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

static bool is_hook(const char *name)
{
	static const char *const prefixes[] = {
		"__asan_report_load", "__asan_report_store", "__asan_load",  "__asan_store",
		"__asan_exp_",        "__tsan_read",         "__tsan_write", "__tsan_unaligned_",
		"__tsan_atomic",      "__tsan_volatile_",    "__asan_mem"
	};
	for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++)
		if (begins(name, prefixes[i]))
			return true;
	return false;
}

static bool is_runtime(const char *name)
{
	return begins(name, "__asan_") || begins(name, "__ubsan_") || begins(name, "__tsan_") ||
	       strcmp(name, "__stack_chk_fail") == 0;
}

static void add(json_t *object, const char *key, json_int_t count)
{
	json_int_t old = json_integer_value(json_object_get(object, key));
	(void)json_object_set_new(
		object, key,
		json_integer(old + count)); /* a name that is no UTF-8 counts nothing */
}

/* A call, or a jump out of the function. */
static void count_transfer(const struct code *code, const struct function *function,
			   const cs_insn *instruction, json_t *counts)
{
	bool call = cs_insn_group(code->engine, instruction, CS_GRP_CALL);
	if (!call && !cs_insn_group(code->engine, instruction, CS_GRP_JUMP))
		return;
	const char *name = relocated(code, instruction->address,
				     instruction->address + instruction->size);
	const cs_x86 *x86 = &instruction->detail->x86;
	if (name == NULL && x86->op_count == 1 && x86->operands[0].type == X86_OP_IMM) {
		uint64_t target = (uint64_t)x86->operands[0].imm;
		if (call || target < function->start || target >= function->end)
			name = function_at(code, code->section, target);
	}
	if (name == NULL || *name == '\0')
		return;
	if (is_hook(name))
		add(counts, "hooks", 1);
	else if (!is_runtime(name))
		add(json_object_get(counts, "calls"), name, 1);
}

/* The record of a function, which shares that of its cold part. */
static json_t *counts_of(struct code *code, const char *name)
{
	char whole[NAME_MAX_BYTES];
	size_t length = strlen(name);
	const char *cold = strstr(name, ".cold");
	if (cold != NULL)
		length = (size_t)(cold - name);
	if (length >= sizeof whole)
		return NULL;
	memcpy(whole, name, length);
	whole[length] = '\0';
	json_t *counts = json_object_get(code->functions, whole);
	if (counts == NULL) {
		counts = json_make("{s:i, s:i, s:{}}", "accesses", 0, "hooks", 0, "calls");
		if (json_object_set_new(code->functions, whole, counts) != 0)
			return NULL;
	}
	return counts;
}

static void read_function(struct code *code, const struct function *function)
{
	static const uint8_t wrpkru[] = { 0x0f, 0x01, 0xef }; /* unknown to capstone 4 */
	json_t *counts = *function->name != '\0' ? counts_of(code, function->name) : NULL;
	struct flow flow;
	const uint8_t *bytes = code->bytes + function->start;
	size_t left = (size_t)(function->end - function->start);
	uint64_t address = function->start;
	cs_insn *instruction = cs_malloc(code->engine);
	if (instruction == NULL)
		die("out of memory");
	flow_init(&flow, code->engine, bytes, left, address);
	while (left > 0) {
		if (!cs_disasm_iter(code->engine, &bytes, &left, &address, instruction)) {
			if (left >= sizeof wrpkru && memcmp(bytes, wrpkru, sizeof wrpkru) == 0)
				refuse(code, function, "wrpkru");
			bytes++;
			left--;
			address++;
			continue;
		}
		if (is_refused(instruction))
			refuse(code, function, instruction->mnemonic);
		if (counts == NULL)
			continue;
		count_transfer(code, function, instruction, counts);
		add(counts, "accesses", flow_step(&flow, instruction));
	}
	cs_free(instruction, 1);
	flow_fini(&flow);
}

static int by_address(const void *left, const void *right)
{
	const struct function *a = left;
	const struct function *b = right;
	return (a->start > b->start) - (a->start < b->start);
}

/* The functions of the section, and what lies between them as functions without a name: all of its
 * bytes, each once. */
static void list_functions(struct code *code)
{
	size_t room = code->symbol_count + 1;
	code->list = must_alloc(room * sizeof *code->list);
	code->list[0] = (struct function){ .name = "" };
	code->count = 1;
	for (size_t i = 0; i < code->symbol_count && code->count < FUNCTIONS_MAX; i++) {
		GElf_Sym symbol;
		if (gelf_getsym(code->symbols, (int)i, &symbol) != NULL &&
		    symbol.st_shndx == code->section && GELF_ST_TYPE(symbol.st_info) == STT_FUNC &&
		    symbol.st_value < code->size)
			code->list[code->count++] = (struct function){
				.start = symbol.st_value, .name = symbol_name(code, &symbol)
			};
	}
	qsort(code->list, code->count, sizeof *code->list, by_address);
	for (size_t i = 0; i < code->count; i++)
		code->list[i].end = i + 1 < code->count ? code->list[i + 1].start : code->size;
}

static void find_relocations(struct code *code)
{
	code->relocations = NULL;
	code->relocation_count = 0;
	for (Elf_Scn *section = elf_nextscn(code->elf, NULL); section != NULL;
	     section = elf_nextscn(code->elf, section)) {
		GElf_Shdr header;
		if (gelf_getshdr(section, &header) == NULL || header.sh_type != SHT_RELA ||
		    header.sh_info != code->section)
			continue;
		code->relocations = elf_getdata(section, NULL);
		if (code->relocations != NULL && header.sh_entsize > 0)
			code->relocation_count = code->relocations->d_size / header.sh_entsize;
		return;
	}
}

static void find_symbols(struct code *code)
{
	for (Elf_Scn *section = elf_nextscn(code->elf, NULL); section != NULL;
	     section = elf_nextscn(code->elf, section)) {
		GElf_Shdr header;
		if (gelf_getshdr(section, &header) == NULL || header.sh_type != SHT_SYMTAB)
			continue;
		code->symbols = elf_getdata(section, NULL);
		code->symbol_names = header.sh_link;
		if (code->symbols != NULL && header.sh_entsize > 0)
			code->symbol_count = code->symbols->d_size / header.sh_entsize;
	}
}

json_t *elf_code(Elf *elf, json_t *refused)
{
	struct code code = { .elf = elf, .refused = refused, .functions = json_object() };
	if (cs_open(CS_ARCH_X86, CS_MODE_64, &code.engine) != CS_ERR_OK ||
	    cs_option(code.engine, CS_OPT_DETAIL, CS_OPT_ON) != CS_ERR_OK)
		die("the disassembler cannot be set up");
	find_symbols(&code);
	for (Elf_Scn *section = elf_nextscn(elf, NULL); section != NULL;
	     section = elf_nextscn(elf, section)) {
		GElf_Shdr header;
		if (gelf_getshdr(section, &header) == NULL ||
		    (header.sh_flags & SHF_EXECINSTR) == 0 || header.sh_type != SHT_PROGBITS)
			continue;
		Elf_Data *data = elf_getdata(section, NULL);
		if (data == NULL || data->d_buf == NULL)
			continue;
		code.section = elf_ndxscn(section);
		code.bytes = data->d_buf;
		code.size = data->d_size;
		find_relocations(&code);
		list_functions(&code);
		for (size_t i = 0; i < code.count; i++)
			read_function(&code, &code.list[i]);
		free(code.list);
	}
	(void)cs_close(&code.engine);
	return code.functions;
}
