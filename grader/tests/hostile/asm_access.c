/* Stores through assembly, where no detector looks.
 *
 * Row: V9
 * Base: skeleton
 * By: no assembly in this lab
 * Expect: policy POL */
static int shared;
int store(int value);
int store(int value)
{
	__asm__ volatile("movl %1, %0" : "=m"(shared) : "r"(value));
	return shared;
}
