/* SQLite can load extensions; this program never does, and being static it could not. The link puts
 * this in place of dlopen (--wrap). */
#include <stddef.h>

void *__wrap_dlopen(const char *file, int mode);

void *__wrap_dlopen(const char *file, int mode)
{
	(void)file;
	(void)mode;
	return NULL;
}
