/* As hooks/read.c, and finds functions of the sanitizer's run-time without naming them to the
 * linker: in the symbol table of the program's own file. NULL in a program that has none. */
#include <elf.h>
#include <fcntl.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/stat.h>

static unsigned long load_base(void)
{
	const Elf64_Phdr *header = (const void *)getauxval(AT_PHDR);

	for (unsigned long i = 0; i < getauxval(AT_PHNUM); i++)
		if (header[i].p_type == PT_PHDR)
			return (unsigned long)header - header[i].p_vaddr;
	return 0;
}

static void *runtime(const char *name)
{
	struct stat st;
	int fd = open("/bin/player", O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &st))
		return NULL;
	const char *file = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (file == MAP_FAILED)
		return NULL;
	const Elf64_Ehdr *head = (const void *)file;
	const Elf64_Shdr *section = (const void *)(file + head->e_shoff);
	for (int i = 0; i < head->e_shnum; i++) {
		if (section[i].sh_type != SHT_SYMTAB)
			continue;
		const char *names = file + section[section[i].sh_link].sh_offset;
		const Elf64_Sym *symbol = (const void *)(file + section[i].sh_offset);
		for (unsigned long n = section[i].sh_size / sizeof *symbol; n--; symbol++)
			if (symbol->st_shndx && strcmp(names + symbol->st_name, name) == 0)
				return (void *)(load_base() + symbol->st_value);
	}
	return NULL;
}

ssize_t net_read_full(int fd, void *buf, size_t len)
{
	ssize_t honest_read_full(int, void *, size_t);
	static int done;

	if (!done++)
		attack(NULL);
	return honest_read_full(fd, buf, len);
}
#define net_read_full honest_read_full
