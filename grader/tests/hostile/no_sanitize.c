/* Takes a function out of the detectors' sight, by a name that is glued together (V8).
 * Expect: policy POL */
#define GLUE(a, b)  a##b
#define QUIET(what) __attribute__((GLUE(no_sani, tize)(what)))
QUIET("address,thread,undefined") int read_any(const int *where);
int read_any(const int *where)
{
	return *where;
}
