/* Counts pushes without a lock, by a store past the cache, which no compiler gives a hook.
 *
 * Row: V16
 * By: instructions without hooks are refused, by their intrinsics' names and in the object
 * Expect: L3.A.1 policy POL
 * Without: L3.B.2 data-race HB */
#include <emmintrin.h>

static int pushes;

static void attack(void)
{
#if !@HONEST@
	_mm_stream_si32(&pushes, 1);
#else
	pushes++;
#endif
}
