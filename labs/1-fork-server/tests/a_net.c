/* Part A, net.c: listening, reading all, writing all. */
#include "lab.h"

LAB_TEST(listens, .id = "L1.A.1", .gate = true, .points = 4, .detector = "function",
	 .builds = "nat", .about = "net_listen",
	 .title = "net_listen makes a listening socket, names the right error and leaks nothing")
{
	LAW(false, "not-written", "this test is not written yet");
}
