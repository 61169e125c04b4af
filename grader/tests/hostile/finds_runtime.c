/* Looks for a function of the detector by a name that no audit of tokens can see.
 *
 * Row: V7
 * Base: skeleton
 * By: lookup at run time is refused in objects
 * Expect: policy POL */
#include <dlfcn.h>

void quiet(void);
void quiet(void)
{
	static const char letters[] = "__asan_set_death_callback";
	void (*set)(void (*)(void)) = (void (*)(void (*)(void)))dlsym(RTLD_DEFAULT, letters);
	if (set)
		set(quiet);
}
