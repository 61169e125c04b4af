/* The object audit: an allow-list of sections, and no symbol that could run by itself or stand in
 * for one of ours. */
#include "intake/elf_audit.h"

#include <gelf.h>
#include <libelf.h>
#include <stdio.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/json.h"
#include "intake/elf_code.h"
#include "intake/elf_imports.h"

enum { SYMBOLS_MAX = 100000, REFUSED_MAX = 20 };

struct audit {
	Elf *elf;
	size_t names; /* index of the section names' string table */
	bool instrumented;
	unsigned begins, ends; /* entries of the compiler's own */
	json_t *refused, *globals, *imports;
};

__attribute__((format(printf, 4, 5))) static void refuse(struct audit *audit, const char *id,
							 const char *symbol, const char *format,
							 ...)
{
	if (json_array_size(audit->refused) >= REFUSED_MAX)
		return;
	va_list arguments;
	va_start(arguments, format);
	char *what = NULL;
	if (vasprintf(&what, format, arguments) < 0)
		die("out of memory");
	va_end(arguments);
	json_t *entry = json_object();
	json_put_text(entry, "id", id);
	json_t *text = json_string(what);
	json_put(entry, "what", text != NULL ? text : json_string("a name that is not UTF-8"));
	json_t *name = symbol != NULL ? json_string(symbol) : NULL;
	if (name != NULL)
		json_put(entry, "symbol", name);
	(void)json_array_append_new(audit->refused, entry);
	free(what);
}

/* true: `name` is `base`, or `base` followed by a dot and more. */
static bool is_section(const char *name, const char *base)
{
	size_t length = strlen(base);
	return strncmp(name, base, length) == 0 && (name[length] == '\0' || name[length] == '.');
}

static bool is_any(const char *name, const char *const *list)
{
	for (; *list != NULL; list++)
		if (is_section(name, *list))
			return true;
	return false;
}

static bool runs_by_itself(const char *name, const GElf_Shdr *header)
{
	static const char *const starters[] = { ".init_array", ".fini_array", ".preinit_array",
						".ctors",      ".dtors",      ".init",
						".fini",       NULL };
	return is_any(name, starters) || header->sh_type == SHT_INIT_ARRAY ||
	       header->sh_type == SHT_FINI_ARRAY || header->sh_type == SHT_PREINIT_ARRAY;
}

/* The compilers set the run-time up by exactly one entry in one of these sections, and register the
 * globals of an address-sanitized object: gcc 12 in .00099, clang 14 in .0 (thread) or .1
 * (address). A second section in the same object is somebody else's. */
static bool is_compilers_own(struct audit *audit, const char *name, const GElf_Shdr *header)
{
	static const char *const begins[] = { ".init_array.00099", ".init_array.0", ".init_array.1",
					      NULL };
	static const char *const ends[] = { ".fini_array.00099", ".fini_array.0", ".fini_array.1",
					    NULL };
	bool beginning = is_any(name, begins);
	if (!audit->instrumented || header->sh_size != sizeof(uint64_t) ||
	    (!beginning && !is_any(name, ends)))
		return false;
	unsigned *count = beginning ? &audit->begins : &audit->ends;
	return ++*count == 1;
}

static void check_section(struct audit *audit, const char *name, const GElf_Shdr *header)
{
	static const char *const code[] = { ".text", NULL };
	static const char *const data[] = {
		".data",         ".bss",          ".rodata",
		".tdata",        ".tbss",         ".note",
		".comment",      ".eh_frame",     ".gcc_except_table",
		".symtab",       ".strtab",       ".shstrtab",
		".symtab_shndx", ".llvm_addrsig", NULL,
	};
	if (runs_by_itself(name, header)) {
		if (!is_compilers_own(audit, name, header))
			refuse(audit, "constructor", NULL,
			       "a constructor or destructor (section %s): code that runs by "
			       "itself before or after main",
			       name);
		return;
	}
	bool relocations = header->sh_type == SHT_RELA;
	bool known = is_any(name, code) || is_any(name, data) || relocations ||
		     strncmp(name, ".debug_", strlen(".debug_")) == 0;
	if (!known || header->sh_type == SHT_GROUP)
		refuse(audit, "policy", NULL, "a section of its own (%s)", name);
	if (strcmp(name, ".note.GNU-stack") == 0 && (header->sh_flags & SHF_EXECINSTR) != 0) {
		refuse(audit, "policy", NULL,
		       "code on the stack (a function inside a function whose address is taken)");
		return;
	}
	bool executable = (header->sh_flags & SHF_EXECINSTR) != 0;
	bool writable = (header->sh_flags & SHF_WRITE) != 0;
	if (executable && (writable || !is_any(name, code)))
		refuse(audit, "policy", NULL, "code in the section %s", name);
	if (strncmp(name, ".gnu.lto", strlen(".gnu.lto")) == 0)
		refuse(audit, "policy", NULL, "bytecode instead of machine code (%s)", name);
}

static const char *section_name(const struct audit *audit, const GElf_Shdr *header)
{
	const char *name = elf_strptr(audit->elf, audit->names, header->sh_name);
	return name != NULL ? name : "?";
}

/* A defined function that others can see, in a section of code. A hidden one would become local at
 * the link, and the tracer would look for it among the static ones. */
static bool is_function(const struct audit *audit, const GElf_Sym *symbol)
{
	if (GELF_ST_TYPE(symbol->st_info) != STT_FUNC || symbol->st_shndx >= SHN_LORESERVE ||
	    GELF_ST_VISIBILITY(symbol->st_other) != STV_DEFAULT)
		return false;
	GElf_Shdr header;
	Elf_Scn *section = elf_getscn(audit->elf, symbol->st_shndx);
	return section != NULL && gelf_getshdr(section, &header) != NULL &&
	       (header.sh_flags & SHF_EXECINSTR) != 0;
}

static void add_text(json_t *list, const char *name)
{
	json_t *text = json_string(name);
	if (text != NULL)
		(void)json_array_append_new(list, text);
}

static void check_import(struct audit *audit, const char *name)
{
	const char *reason = elf_import_reason(name, audit->instrumented);
	if (reason != NULL)
		refuse(audit, "policy", name, "a use of '%s': %s", name, reason);
	add_text(audit->imports, name);
}

static void check_symbol(struct audit *audit, const char *name, const GElf_Sym *symbol)
{
	unsigned char bind = GELF_ST_BIND(symbol->st_info);
	bool defined = symbol->st_shndx != SHN_UNDEF;
	if (GELF_ST_TYPE(symbol->st_info) == STT_GNU_IFUNC)
		refuse(audit, "policy", name,
		       "an indirect function (%s): its resolver would run before main", name);
	else if (bind != STB_LOCAL && bind != STB_GLOBAL && bind != STB_WEAK)
		refuse(audit, "policy", name, "a symbol of an unusual binding (%s)", name);
	else if (bind == STB_WEAK && !defined)
		refuse(audit, "policy", name,
		       "a weak reference (%s): it asks what it is linked with", name);
	else if (bind != STB_LOCAL && strchr(name, '@') != NULL)
		refuse(audit, "policy", name, "a versioned symbol (%s)", name);
	else if (bind != STB_LOCAL && !defined && *name != '\0')
		check_import(audit, name);
	else if (bind != STB_LOCAL && defined && is_function(audit, symbol) && *name != '\0')
		add_text(audit->globals, name);
}

static void check_symbols(struct audit *audit, Elf_Scn *section, const GElf_Shdr *header)
{
	Elf_Data *data = elf_getdata(section, NULL);
	size_t count = data != NULL && header->sh_entsize > 0 ? data->d_size / header->sh_entsize
							      : 0;
	if (count > SYMBOLS_MAX)
		refuse(audit, "policy", NULL, "%zu symbols", count);
	for (size_t i = 0; i < count && i <= SYMBOLS_MAX; i++) {
		GElf_Sym symbol;
		if (gelf_getsym(data, (int)i, &symbol) == NULL)
			break;
		const char *name = elf_strptr(audit->elf, header->sh_link, symbol.st_name);
		check_symbol(audit, name != NULL ? name : "?", &symbol);
	}
}

/* The kinds that compilers make for code that may lie anywhere: places, distances, thread-local
 * offsets. */
static bool is_usual(uint64_t type)
{
	return type == R_X86_64_64 || type == R_X86_64_PC32 || type == R_X86_64_PLT32 ||
	       type == R_X86_64_32 || type == R_X86_64_32S || type == R_X86_64_PC64 ||
	       type == R_X86_64_GOTPCREL || type == R_X86_64_GOTPCRELX ||
	       type == R_X86_64_REX_GOTPCRELX ||
	       (type >= R_X86_64_DTPMOD64 && type <= R_X86_64_TPOFF32) ||
	       type == R_X86_64_GOTPC32 || type == R_X86_64_GOTOFF64 ||
	       type == R_X86_64_GOTPC32_TLSDESC || type == R_X86_64_TLSDESC_CALL;
}

/* Each relocation is of a usual kind and lies within a section that has bytes of its own. */
static void check_relocations(struct audit *audit, Elf_Scn *section, const GElf_Shdr *header)
{
	GElf_Shdr target;
	Elf_Scn *into = elf_getscn(audit->elf, header->sh_info);
	Elf_Data *data = elf_getdata(section, NULL);
	if (into == NULL || gelf_getshdr(into, &target) == NULL || target.sh_type == SHT_SYMTAB ||
	    target.sh_type == SHT_STRTAB || target.sh_type == SHT_RELA ||
	    target.sh_type == SHT_NOBITS) {
		refuse(audit, "policy", NULL, "relocations of what has no bytes");
		return;
	}
	size_t count = data != NULL && header->sh_entsize > 0 ? data->d_size / header->sh_entsize
							      : 0;
	for (size_t i = 0; i < count; i++) {
		GElf_Rela entry;
		if (gelf_getrela(data, (int)i, &entry) == NULL)
			return;
		if (entry.r_offset >= target.sh_size || !is_usual(GELF_R_TYPE(entry.r_info))) {
			refuse(audit, "policy", NULL, "a strange relocation in the section %s",
			       section_name(audit, &target));
			return;
		}
	}
}

static bool is_object(Elf *elf)
{
	GElf_Ehdr header;
	return elf != NULL && elf_kind(elf) == ELF_K_ELF && gelf_getehdr(elf, &header) != NULL &&
	       gelf_getclass(elf) == ELFCLASS64 && header.e_type == ET_REL &&
	       header.e_machine == EM_X86_64;
}

json_t *elf_audit(int fd, bool instrumented)
{
	(void)elf_version(EV_CURRENT); /* fails only for an unknown version */
	struct audit audit = { .elf = elf_begin(fd, ELF_C_READ, NULL),
			       .instrumented = instrumented };
	if (!is_object(audit.elf) || elf_getshdrstrndx(audit.elf, &audit.names) != 0) {
		(void)elf_end(audit.elf);
		return NULL;
	}
	audit.refused = json_array();
	audit.globals = json_array();
	audit.imports = json_array();
	for (Elf_Scn *section = elf_nextscn(audit.elf, NULL); section != NULL;
	     section = elf_nextscn(audit.elf, section)) {
		GElf_Shdr header;
		if (gelf_getshdr(section, &header) == NULL)
			continue;
		check_section(&audit, section_name(&audit, &header), &header);
		if (header.sh_type == SHT_SYMTAB)
			check_symbols(&audit, section, &header);
		if (header.sh_type == SHT_RELA)
			check_relocations(&audit, section, &header);
		if (header.sh_type == SHT_REL)
			refuse(&audit, "policy", NULL,
			       "relocations of a kind that no compiler makes");
	}
	json_t *functions = elf_code(audit.elf, audit.refused);
	(void)elf_end(audit.elf);
	return json_make("{s:o, s:o, s:o, s:o}", "refused", audit.refused, "globals", audit.globals,
			 "imports", audit.imports, "functions", functions);
}
