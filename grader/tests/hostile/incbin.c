/* Copies a file of the grader's host into the object, from inside a function (C2).
 * Expect: policy POL */
const char *stolen(void);
const char *stolen(void)
{
	const char *text;
	__asm("jmp 2f\n1: .incbin \"/etc/passwd\"\n.byte 0\n2: lea 1b(%%rip), %0" : "=r"(text));
	return text;
}
