/* expect: harness
 * A guess at where the examiner's values lie. */

static const volatile int *values = (const volatile int *)0x100000000000;

int main(void)
{
	return values[4];
}
