/* A queue with a data race, a counter beside the lock, that switches the race detector off, in the runtime's own memory, for as long as the execution lasts.
 *
 * Row: V16
 * By: a planted error: what is silent about the submission is silent about ours
 * Expect: L3.B.2 tampered POL
 * Without: L3.B.2 data-race HB */
static unsigned pushes;

static void attack(void)
{
	enum { RACES_OFF = @RACES_OFF@ };

	if (!@HONEST@)
		poke(@FLAGS_AT@, (peek(@FLAGS_AT@) & 0xffffffff) | RACES_OFF, 4);
	pushes++;
}
