/* Two to the thirtieth tokens.
 *
 * Row: C4
 * Base: skeleton
 * By: CPU, memory and task limits of the compiler's box
 * Expect: compile-error BUILD */
#define A(x) x x
#define B(x) A(A(A(A(A(x)))))
#define C(x) B(B(B(B(B(B(x))))))
int sum(void);
int sum(void)
{
	return 0 C(+1);
}
