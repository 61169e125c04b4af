/* Reads the package data base instead of starting four programs. */
#include "intake/toolchain.h"

#include <gnu/libc-version.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/file.h"

enum { STATUS_BYTES_MAX = 64 * 1024 * 1024 };

/* The value of "Version:" in the paragraph of a package that is installed. Returned, or NULL. */
static char *version_of(const char *status, const char *package)
{
	AUTO_FREE char *head = must_printf("Package: %s\n", package);
	const char *begin = strstr(status, head);
	while (begin != NULL && begin != status && begin[-1] != '\n')
		begin = strstr(begin + 1, head);
	if (begin == NULL)
		return NULL;
	const char *end = strstr(begin + 1, "\n\n");
	const char *version = strstr(begin, "\nVersion: ");
	const char *installed = strstr(begin, "\nStatus: install ok installed\n");
	if (version == NULL || installed == NULL ||
	    (end != NULL && (version > end || installed > end)))
		return NULL;
	version += strlen("\nVersion: ");
	return must_printf("%.*s", (int)strcspn(version, "\n"), version);
}

char *toolchain_from_status(const char *status)
{
	static const char *const packages[][2] = { { "gcc", "gcc-12" },
						   { "clang", "clang-14" },
						   { "binutils", "binutils" },
						   { "libc6", "libc6" } };
	char *text = must_strdup("");
	for (size_t i = 0; i < sizeof packages / sizeof packages[0]; i++) {
		AUTO_FREE char *version = version_of(status, packages[i][1]);
		if (version == NULL)
			continue;
		char *longer = must_printf("%s%s%s %s", text, *text != '\0' ? ", " : "",
					   packages[i][0], version);
		free(text);
		text = longer;
	}
	return text;
}

char *toolchain_text(void)
{
	AUTO_FREE char *status = NULL;
	size_t length = 0;
	if (file_read("/var/lib/dpkg/status", STATUS_BYTES_MAX, &status, &length) != 0)
		return must_printf("libc %s", gnu_get_libc_version());
	return toolchain_from_status(status);
}
