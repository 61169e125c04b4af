/* report/lanes_cases.h - schedules made by hand, as the examiner would send them and the grader
 * keeps them: for tests only. A return address is the number of its line. */
#ifndef GRADER_LANES_CASES_H
#define GRADER_LANES_CASES_H
#include <jansson.h>

/* Returned. */
json_t *lanes_case_race(void);     /* T2 tests a count that T1 writes under its lock           */
json_t *lanes_case_wakeup(void);   /* T1 signals between T2's test and its sleep               */
json_t *lanes_case_deadlock(void); /* two locks in two orders                                  */
json_t *lanes_case_three(void);    /* three threads, a wake-up without cause, a time-out       */
json_t *lanes_case_answer(void);   /* T2 gets what T1 got; T3 makes and closes the queue         */
json_t *lanes_case_loop(void);     /* T1 waits by looking, 50 times                              */
json_t *lanes_case_hostile(size_t events); /* every number out of range, texts that bite         */

#endif
