/* Silences ThreadSanitizer for the whole program.
 *
 * Row: V7
 * Base: skeleton
 * By: names of the run-time are refused
 * Expect: policy POL */
const char *__tsan_default_suppressions(void);
const char *__tsan_default_suppressions(void)
{
	return "race:*";
}
