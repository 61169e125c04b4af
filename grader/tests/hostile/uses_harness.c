/* Reaches for a variable of the player that it is linked with.
 *
 * Row: V2
 * Base: skeleton
 * By: names that the harness defines are refused in objects
 * Expect: policy POL */
extern int player_flow;
int peek(void);
int peek(void)
{
	return player_flow;
}
