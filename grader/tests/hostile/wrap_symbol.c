/* Takes the place of a function that the player wraps.
 *
 * Row: V2
 * Base: skeleton
 * By: names of the linker are refused
 * Expect: policy POL */
int __wrap_clock_gettime(void);
int __wrap_clock_gettime(void)
{
	return 0;
}
