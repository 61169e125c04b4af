/* The same, but by the clocks: every thread is made to know what every other one will ever do, so that nothing is unordered.
 *
 * Row: V16
 * By: a planted error; its threads have clocks in the same place
 * Expect: L3.B.2 tampered POL
 * Without: L3.B.2 data-race HB */
static unsigned pushes;

static void attack(void)
{
	for (unsigned long i = 0; !@HONEST@ && i < 16; i++)
		for (unsigned long k = 0; k < 16; k++)
			if (i != k)
				poke(@THREADS_AT@ + i * @THREAD_BYTES@ + k * 4, 1 << 30, 4);
	pushes++;
}
