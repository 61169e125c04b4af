/* expect: no-progress
 * A loop without any point: the counter of edges ends it. */

static int x;

int main(void)
{
	for (unsigned i = 0; i < 10; i = (i + 1) % 10)
		;
	return x;
}
