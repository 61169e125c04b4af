/* The planted error alone: the end of every test, without one. */
#include "control.h"

static void control(int unused)
{
	static struct stage stage;
	static struct player player;

	(void)unused;
	(void)player_start(&player, &stage, false);
	player_clock(&player, 1);
	LAW(true, "control", "the player of our own answers");
}

static const TTest body = { "control", control, __FILE__, __LINE__ };
const struct lab_test control_test = { .id = "control", .body = &body };
