/* What the runtime does not schedule is refused by name, where it is called: the grader gives each
 * such function a stub of a few instructions that comes here (grader/intake/hooks.c). */
#include "runtime/finding.h"
#include "runtime/state.h"

void rt_uncontrolled(const char *name);

void rt_uncontrolled(const char *name)
{
	finding_uncontrolled(name, PC());
}
