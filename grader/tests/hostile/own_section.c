/* Code in a section that carries the name of ours.
 *
 * Row: V2
 * Base: skeleton
 * By: an allow-list of sections
 * Expect: policy POL */
__attribute__((section("student_text"), used)) static int hidden(void)
{
	return 1;
}
