/* expect: crash
 * The stack ends. */

static int depth(volatile int *n)
{
	volatile int here[64] = { *n };

	return here[0] < 0 ? 0 : 1 + depth(here);
}

int main(void)
{
	int n = 1;

	return depth(&n);
}
