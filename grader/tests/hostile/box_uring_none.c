/* Asks for a ring in a lab that has none.
 *
 * Row: R16
 * Base: box lab1
 * By: no ring where the lab needs none
 * Expect: contained */
#include "attack.h"
#include "uring.h"

int main(void)
{
	struct ring r;
	attempt("a ring", ring_open(&r, 8, 0));
	return done("no ring");
}
