/* Takes the place of a function that the player wraps (V2).
 * Expect: policy POL */
int __wrap_clock_gettime(void);
int __wrap_clock_gettime(void)
{
	return 0;
}
