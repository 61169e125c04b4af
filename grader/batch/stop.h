/* batch/stop.h - Ctrl-C or SIGTERM while the hand-ins are read, where no loop waits for signals:
 * the first is heard at the next quiet place, a second one ends the program at once. Source:
 * signal-safety(7). [MT-Confined]; one per process. */
#ifndef GRADER_STOP_H
#define GRADER_STOP_H

/* From now on. `folder` is half made while it works, and removed if it is stopped; borrowed until
 * stop_disarm. */
void stop_arm(const char *folder);
void stop_disarm(void);

/* A quiet place: removes the folder and dies, with what to do next, if a signal has come. Without
 * stop_arm it does nothing. */
void stop_here(void);

#endif
