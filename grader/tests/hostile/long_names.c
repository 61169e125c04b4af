/* A name of 128 KiB, four thousand functions and as many lines of debug data.
 *
 * Row: C15
 * Base: skeleton
 * By: objects are read in a box, with bounds on symbols, sections and text
 * Expect: policy POL */
#define J(a, b) a##b
#define D(a, b) J(a, b)
#define N0      abcdefghijklmnopqrstuvwxyz_abcdefghijklmnopqrstuvwxyz_abcdefghij
#define N1      D(N0, N0)
#define N2      D(N1, N1)
#define N3      D(N2, N2)
#define N4      D(N3, N3)
#define N5      D(N4, N4)
#define N6      D(N5, N5)
#define N7      D(N6, N6)
#define N8      D(N7, N7)
#define N9      D(N8, N8)
#define N10     D(N9, N9)
#define N11     D(N10, N10)
extern int N11(void);
int N11(void)
{
	return 1;
}
#define F1(n)                    \
	int f##n(void);          \
	int f##n(void)           \
	{                        \
		return __LINE__; \
	}
#define F8(n)   F1(n##0) F1(n##1) F1(n##2) F1(n##3) F1(n##4) F1(n##5) F1(n##6) F1(n##7)
#define F64(n)  F8(n##0) F8(n##1) F8(n##2) F8(n##3) F8(n##4) F8(n##5) F8(n##6) F8(n##7)
#define F512(n) F64(n##0) F64(n##1) F64(n##2) F64(n##3) F64(n##4) F64(n##5) F64(n##6) F64(n##7)
#define F4096(n) \
	F512(n##0) F512(n##1) F512(n##2) F512(n##3) F512(n##4) F512(n##5) F512(n##6) F512(n##7)
#line 2000000000 "../../../etc/shadow"
F4096(1)
#line 1 "net.c"
