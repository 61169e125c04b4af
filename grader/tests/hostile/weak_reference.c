/* Asks, by a weak reference, whether the harness is linked.
 *
 * Row: V2
 * Base: skeleton
 * By: weak references are refused
 * Expect: policy POL */
extern int play_forever(void) __attribute__((weak));

int is_graded(void);
int is_graded(void)
{
	return play_forever != 0;
}
