/* Copies a file of the grader's host into the object, from inside a function.
 *
 * Row: C2
 * Base: skeleton
 * By: no assembly in this lab
 * Expect: policy POL */
const char *stolen(void);
const char *stolen(void)
{
	const char *text;
	__asm("jmp 2f\n1: .incbin \"/etc/passwd\"\n.byte 0\n2: lea 1b(%%rip), %0" : "=r"(text));
	return text;
}
