/* base/number.h - numbers of the command line. [MT-Safe] */
#ifndef GRADER_NUMBER_H
#define GRADER_NUMBER_H

/* The value of --name, from 1 to largest; anything else is wrong use and ends the program. */
long number_option(const char *name, const char *text, long largest);

#endif
