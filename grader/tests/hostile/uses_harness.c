/* Reaches for a variable of the player that it is linked with (V2).
 * Expect: policy POL */
extern int player_flow;
int peek(void);
int peek(void)
{
	return player_flow;
}
