/* Reads a linked program with libelf and libdw. Whatever names it finds are data. */
#include "intake/elf_map.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <gelf.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

enum { SYMBOLS_MAX = 200000 };

struct range {
	uint64_t start, end;
};

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash != NULL ? slash + 1 : path;
}

/* Names come from the object: one that is no UTF-8 is left out. */
static void put_if_text(json_t *object, const char *key, json_t *value)
{
	if (json_object_get(object, key) != NULL || json_object_set(object, key, value) != 0)
		(void)0; /* the first of a name stands; a name that JSON cannot hold is left out */
	json_decref(value);
}

static json_t *place_of(const char *file, int line)
{
	json_t *name = json_string(base_name(file));
	return json_make("[o, i]", name != NULL ? name : json_string("?"), line);
}

static struct range find_text(Elf *elf)
{
	size_t names = 0;
	if (elf_getshdrstrndx(elf, &names) != 0)
		return (struct range){ 0 };
	for (Elf_Scn *section = elf_nextscn(elf, NULL); section != NULL;
	     section = elf_nextscn(elf, section)) {
		GElf_Shdr header;
		if (gelf_getshdr(section, &header) == NULL)
			continue;
		const char *name = elf_strptr(elf, names, header.sh_name);
		if (name != NULL && strcmp(name, "student_text") == 0)
			return (struct range){ header.sh_addr, header.sh_addr + header.sh_size };
	}
	return (struct range){ 0 };
}

static void add_symbols(Elf_Scn *section, Elf *elf, const GElf_Shdr *header, bool local,
			json_t *functions)
{
	Elf_Data *data = elf_getdata(section, NULL);
	size_t count = data != NULL && header->sh_entsize > 0 ? data->d_size / header->sh_entsize
							      : 0;
	for (size_t i = 0; i < count && i < SYMBOLS_MAX; i++) {
		GElf_Sym symbol;
		if (gelf_getsym(data, (int)i, &symbol) == NULL)
			return;
		const char *name = elf_strptr(elf, header->sh_link, symbol.st_name);
		unsigned char type = GELF_ST_TYPE(symbol.st_info);
		bool is_local = GELF_ST_BIND(symbol.st_info) == STB_LOCAL;
		if (name != NULL && symbol.st_shndx != SHN_UNDEF && is_local == local &&
		    (type == STT_FUNC || type == STT_GNU_IFUNC))
			put_if_text(functions, name, json_integer((json_int_t)symbol.st_value));
	}
}

/* Global names first, and the first of a name stands: a static function that carries the name of an
 * export is a decoy for the stepper. */
static json_t *functions_of(Elf *elf)
{
	json_t *functions = json_object();
	for (int local = 0; local <= 1; local++) {
		for (Elf_Scn *section = elf_nextscn(elf, NULL); section != NULL;
		     section = elf_nextscn(elf, section)) {
			GElf_Shdr header;
			if (gelf_getshdr(section, &header) != NULL && header.sh_type == SHT_SYMTAB)
				add_symbols(section, elf, &header, local == 1, functions);
		}
	}
	return functions;
}

struct line_search {
	struct range text;
	const json_t *functions;
	json_t *lines;
};

static int add_line(Dwarf_Die *function, void *context)
{
	struct line_search *search = context;
	Dwarf_Addr start = 0;
	int line = 0;
	const char *name = dwarf_diename(function);
	const char *file = dwarf_decl_file(function);
	if (name == NULL || file == NULL || dwarf_lowpc(function, &start) != 0 ||
	    start < search->text.start || start >= search->text.end ||
	    dwarf_decl_line(function, &line) != 0)
		return DWARF_CB_OK;
	const json_t *address = json_object_get(search->functions, name);
	if (address == NULL || (Dwarf_Addr)json_integer_value(address) == start)
		put_if_text(search->lines, name, place_of(file, line));
	return DWARF_CB_OK;
}

static json_t *lines_of(Elf *elf, struct range text, const json_t *functions)
{
	struct line_search search = { .text = text,
				      .functions = functions,
				      .lines = json_object() };
	Dwarf *dwarf = dwarf_begin_elf(elf, DWARF_C_READ, NULL);
	Dwarf_CU *unit = NULL;
	Dwarf_Die die;
	while (dwarf != NULL && dwarf_get_units(dwarf, unit, &unit, NULL, NULL, &die, NULL) == 0)
		(void)dwarf_getfuncs(&die, add_line, &search, 0); /* what it finds, it finds */
	(void)dwarf_end(dwarf);
	return search.lines;
}

static json_t *needed_of(Elf *elf)
{
	json_t *needed = json_array();
	for (Elf_Scn *section = elf_nextscn(elf, NULL); section != NULL;
	     section = elf_nextscn(elf, section)) {
		GElf_Shdr header;
		if (gelf_getshdr(section, &header) == NULL || header.sh_type != SHT_DYNAMIC)
			continue;
		Elf_Data *data = elf_getdata(section, NULL);
		GElf_Dyn entry;
		for (int i = 0; data != NULL && gelf_getdyn(data, i, &entry) != NULL; i++) {
			const char *name = entry.d_tag == DT_NEEDED
						   ? elf_strptr(elf, header.sh_link,
								entry.d_un.d_val)
						   : NULL;
			json_t *text = name != NULL ? json_string(name) : NULL;
			if (text != NULL)
				(void)json_array_append_new(needed, text);
		}
	}
	return needed;
}

json_t *elf_needed(int fd)
{
	(void)elf_version(EV_CURRENT); /* fails only for an unknown version */
	Elf *elf = elf_begin(fd, ELF_C_READ, NULL);
	json_t *needed = elf != NULL ? needed_of(elf) : json_array();
	(void)elf_end(elf);
	return needed;
}

json_t *elf_map(int fd)
{
	(void)elf_version(EV_CURRENT);
	Elf *elf = elf_begin(fd, ELF_C_READ, NULL);
	if (elf == NULL || elf_kind(elf) != ELF_K_ELF) {
		(void)elf_end(elf);
		return NULL;
	}
	json_t *map = NULL;
	struct range text = find_text(elf);
	if (text.end > text.start) {
		json_t *functions = functions_of(elf);
		map = json_make("{s:[I, I], s:o, s:o, s:o}", "text", (json_int_t)text.start,
				(json_int_t)text.end, "functions", functions, "lines",
				lines_of(elf, text, functions), "needed", needed_of(elf));
	}
	(void)elf_end(elf);
	return map;
}

struct function_search {
	Dwarf_Addr address;
	const char *name;
};

static int match_function(Dwarf_Die *function, void *context)
{
	struct function_search *search = context;
	if (dwarf_haspc(function, search->address) != 1)
		return DWARF_CB_OK;
	search->name = dwarf_diename(function);
	return DWARF_CB_ABORT;
}

static json_t *line_at(Dwarf *dwarf, Dwarf_Addr address)
{
	Dwarf_CU *unit = NULL;
	Dwarf_Die die;
	while (dwarf_get_units(dwarf, unit, &unit, NULL, NULL, &die, NULL) == 0) {
		if (dwarf_haspc(&die, address) != 1)
			continue;
		Dwarf_Line *line = dwarf_getsrc_die(&die, address);
		const char *file = line != NULL ? dwarf_linesrc(line, NULL, NULL) : NULL;
		int number = 0;
		if (file == NULL || dwarf_lineno(line, &number) != 0)
			return NULL;
		struct function_search search = { .address = address };
		(void)dwarf_getfuncs(&die, match_function, &search, 0);
		json_t *place = json_object();
		json_t *name = json_string(base_name(file));
		json_t *function = search.name != NULL ? json_string(search.name) : NULL;
		json_put(place, "file", name != NULL ? name : json_string("?"));
		json_put(place, "line", json_integer(number));
		if (function != NULL)
			json_put(place, "function", function);
		return place;
	}
	return NULL;
}

json_t *elf_lines(int fd, char *const *addresses)
{
	json_t *lines = json_object();
	Dwarf *dwarf = dwarf_begin(fd, DWARF_C_READ);
	for (; dwarf != NULL && *addresses != NULL; addresses++) {
		Dwarf_Addr address = strtoull(*addresses, NULL, 16);
		json_t *place = address > 0 ? line_at(dwarf, address - 1) : NULL;
		if (place != NULL)
			put_if_text(lines, *addresses, place);
	}
	(void)dwarf_end(dwarf);
	return lines;
}
