/* Takes a function out of the detectors' sight, by a name that is glued together.
 *
 * Row: V8
 * Base: skeleton
 * By: an allow-list of attributes
 * Expect: policy POL */
#define GLUE(a, b)  a##b
#define QUIET(what) __attribute__((GLUE(no_sani, tize)(what)))
QUIET("address,thread,undefined") int read_any(const int *where);
int read_any(const int *where)
{
	return *where;
}
