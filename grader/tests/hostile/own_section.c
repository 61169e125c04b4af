/* Code in a section that carries the name of ours.
 * Expect: policy POL */
__attribute__((section("student_text"), used)) static int hidden(void)
{
	return 1;
}
