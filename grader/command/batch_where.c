/* This host is asked what it can; an image is what it is. */
#include "command/batch_where.h"

#include <stdlib.h>

#include "base/auto.h"
#include "base/die.h"
#include "command/versions.h"
#include "sandbox/box.h"

const char *batch_isolation(bool vm, bool allow_reduced)
{
	if (vm)
		return box_mode_name(BOX_MODE_FULL);
	const struct box_host *host = box_host_probe();
	if (host->mode == BOX_MODE_NONE)
		die("this machine cannot run a submission safely. %s", host->missing);
	if (host->mode == BOX_MODE_REDUCED && !allow_reduced)
		die("the sandbox has not all of its layers here: %s. --allow-reduced grades all "
		    "the "
		    "same, and says so in each result",
		    host->missing);
	return box_mode_name(host->mode);
}

json_t *batch_versions(const struct lab *lab, const char *seed, const char *isolation,
		       const struct vm_options *machine)
{
	if (machine == NULL)
		return versions_make(lab, seed, isolation);
	AUTO_FREE char *image = vm_image(lab, machine);
	return versions_vm(lab, seed, image);
}
