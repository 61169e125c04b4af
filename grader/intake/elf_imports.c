/* A short list of refusals: an allow-list of libc would be wrong about the next correct program,
 * and what a program may do is decided by its box. syscall(), atexit(), dladdr() and their like
 * stay allowed: the box, the tracer and the outside view see what they lead to. */
#include "intake/elf_imports.h"

#include <gelf.h>
#include <libelf.h>
#include <string.h>

enum { SYMBOLS_MAX = 100000, MEMBERS_MAX = 10000 };

static bool begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

static bool is_any(const char *name, const char *const *list)
{
	for (; *list != NULL; list++)
		if (strcmp(name, *list) == 0)
			return true;
	return false;
}

static bool is_any_prefix(const char *name, const char *const *list)
{
	for (; *list != NULL; list++)
		if (begins(name, *list))
			return true;
	return false;
}

/* What gcc 12 and clang 14 emit for -fsanitize=address, undefined and thread. Left out are the
 * functions that tell the run-times what not to watch: __asan_poison_memory_region, __tsan_acquire,
 * __tsan_ignore... */
static bool is_compilers(const char *name)
{
	static const char *const names[] = { "__asan_init",
					     "__asan_option_detect_stack_use_after_return",
					     "__asan_handle_no_return",
					     "__asan_memcpy",
					     "__asan_memmove",
					     "__asan_memset",
					     "__asan_alloca_poison",
					     "__asan_allocas_unpoison",
					     "__asan_poison_stack_memory",
					     "__asan_unpoison_stack_memory",
					     "__asan_register_globals",
					     "__asan_unregister_globals",
					     "__asan_register_elf_globals",
					     "__asan_unregister_elf_globals",
					     "__asan_before_dynamic_init",
					     "__asan_after_dynamic_init",
					     "__asan_shadow_memory_dynamic_address",
					     "__tsan_init",
					     "__tsan_func_entry",
					     "__tsan_func_exit",
					     "__tsan_vptr_update",
					     "__tsan_vptr_read",
					     "__tsan_memcpy",
					     "__tsan_memmove",
					     "__tsan_memset",
					     "__sanitizer_cov_trace_pc",
					     NULL };
	static const char *const prefixes[] = {
		"__asan_report_",       "__asan_load",
		"__asan_store",         "__asan_version_mismatch_check_",
		"__asan_stack_malloc_", "__asan_stack_free_",
		"__asan_set_shadow_",   "__ubsan_handle_",
		"__tsan_read",          "__tsan_write",
		"__tsan_unaligned_",    "__tsan_atomic",
		"__tsan_volatile_",     NULL
	};
	return is_any(name, names) || is_any_prefix(name, prefixes);
}

const char *elf_import_reason(const char *name, bool instrumented)
{
	static const char *const detectors[] = {
		"__asan_",   "__tsan_",      "__ubsan_",       "__lsan_",  "__msan_",
		"__hwasan_", "__sanitizer_", "__interceptor_", "Annotate", NULL
	};
	static const char *const wrappers[] = { "__wrap_", "__real_", NULL };
	static const char *const check[] = { "srunner_", "suite_add_tcase", "_ck_assert",
					     "ck_assert", NULL };
	static const char *const loaders[] = { "_dl_",          "_rtld_",       "__libc_start_",
					       "__libc_dlopen", "__libc_dlsym", NULL };
	static const char *const loading[] = { "dlopen", "dlmopen", "dlsym",
					       "dlvsym", "dlinfo",  NULL };
	static const char *const starts[] = { "main",  "_start",          "_init",
					      "_fini", "__libc_csu_init", NULL };
	if (is_any_prefix(name, detectors))
		return instrumented && is_compilers(name) ? NULL : "it belongs to a detector";
	if (is_any_prefix(name, wrappers))
		return "it belongs to the linker";
	if (is_any_prefix(name, check))
		return "it belongs to the tests";
	if (is_any_prefix(name, loaders))
		return "it is internal to libc";
	if (is_any(name, loading))
		return "it looks for functions by name while the program runs";
	if (is_any(name, starts))
		return "it starts or ends the program";
	return NULL;
}

static void add_definitions(Elf *elf, json_t *names)
{
	for (Elf_Scn *section = elf_nextscn(elf, NULL); section != NULL;
	     section = elf_nextscn(elf, section)) {
		GElf_Shdr header;
		if (gelf_getshdr(section, &header) == NULL || header.sh_type != SHT_SYMTAB ||
		    header.sh_entsize == 0)
			continue;
		Elf_Data *data = elf_getdata(section, NULL);
		size_t count = data != NULL ? data->d_size / header.sh_entsize : 0;
		for (size_t i = 0; i < count && i < SYMBOLS_MAX; i++) {
			GElf_Sym symbol;
			if (gelf_getsym(data, (int)i, &symbol) == NULL)
				break;
			const char *name = elf_strptr(elf, header.sh_link, symbol.st_name);
			if (name != NULL && symbol.st_shndx != SHN_UNDEF &&
			    GELF_ST_BIND(symbol.st_info) != STB_LOCAL)
				(void)json_object_set_new(names, name, json_true());
		}
	}
}

bool elf_definitions(int fd, json_t *names)
{
	(void)elf_version(EV_CURRENT); /* fails only for an unknown version */
	Elf *file = elf_begin(fd, ELF_C_READ, NULL);
	Elf_Kind kind = elf_kind(file);
	if (kind == ELF_K_ELF)
		add_definitions(file, names);
	Elf_Cmd command = ELF_C_READ;
	for (int i = 0; kind == ELF_K_AR && i < MEMBERS_MAX && command != ELF_C_NULL; i++) {
		Elf *member = elf_begin(fd, command, file);
		if (member == NULL)
			break;
		if (elf_kind(member) == ELF_K_ELF)
			add_definitions(member, names);
		command = elf_next(member);
		(void)elf_end(member);
	}
	(void)elf_end(file);
	return kind == ELF_K_ELF || kind == ELF_K_AR;
}
