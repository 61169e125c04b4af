/* A hundred megabytes of warnings: the file includes itself twice, twenty deep.
 *
 * Row: C6
 * Base: skeleton
 * By: diagnostics end at 64 KiB; CPU and wall limit of the compiler's box
 * Expect: compile-error BUILD */
#if __INCLUDE_LEVEL__ < 20
#pragma message \
	"a line that nobody wants to read, and that is repeated until the disk or the reader is full"
#include __FILE__
#include __FILE__
#endif
