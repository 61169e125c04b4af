/* Silences ThreadSanitizer for the whole program (V7).
 * Expect: policy POL */
const char *__tsan_default_suppressions(void);
const char *__tsan_default_suppressions(void)
{
	return "race:*";
}
