/* The result of a box as JSON, for records and for people who try boxes by hand. */
#include <string.h>
#include <sys/utsname.h>

#include "base/die.h"
#include "sandbox/policy.h"

static const char *const statuses[BOX_STATUS_COUNT] = {
	[BOX_EXITED] = "exited",          [BOX_SIGNALLED] = "signalled",
	[BOX_WALL_LIMIT] = "wall_limit",  [BOX_CPU_LIMIT] = "cpu_limit",
	[BOX_MEMORY_LIMIT] = "mem_limit", [BOX_OUTPUT_LIMIT] = "output_limit",
	[BOX_VIOLATION] = "denied",       [BOX_SETUP_FAILED] = "setup_failed",
};

json_t *box_layers(void)
{
	const struct box_host *host = box_host_probe();
	json_t *list = json_array();
	for (size_t i = 0; i < BOX_LAYERS; i++)
		if (host->layers[i].present)
			json_array_append_new(list, json_string(host->layers[i].name));
	return list;
}

static void put(json_t *object, const char *key, uint64_t value)
{
	json_object_set_new(object, key, json_integer((json_int_t)value));
}

json_t *box_report(const struct box_spec *spec, const struct box_result *result)
{
	const struct box_host *host = box_host_probe();
	const bool exited = result->status == BOX_EXITED,
		   signalled = result->status == BOX_SIGNALLED;
	json_t *report = json_pack("{s:i, s:s, s:o, s:o, s:n}", "schema", 1, "status",
				   statuses[result->status], "exit",
				   exited ? json_integer(result->code) : json_null(), "signal",
				   signalled ? json_integer(result->code) : json_null(), "setup");
	if (report == NULL)
		die("out of memory");
	if (result->status == BOX_SETUP_FAILED)
		json_object_set_new(report, "setup",
				    json_pack("{s:s, s:i, s:s}", "step", result->step, "errno",
					      result->error, "text", strerror(result->error)));
	json_object_set(report, "denied", result->denied);
	json_object_set(report, "rings", result->rings);
	put(report, "wall_us", result->wall_us);
	put(report, "cpu_us", result->cpu_us);
	put(report, "cpu_user_us", result->cpu_user_us);
	put(report, "cpu_sys_us", result->cpu_system_us);
	put(report, "mem_peak", result->peak_kib * 1024);
	put(report, "pids_peak", result->tasks_peak);
	put(report, "pids_refused", result->tasks_refused);
	put(report, "orphans", result->orphans);
	put(report, "disk_bytes", result->disk_kib * 1024);
	put(report, "inodes", result->inodes);
	put(report, "out_bytes", result->out_bytes);
	put(report, "err_bytes", result->err_bytes);
	json_object_set_new(report, "truncated", json_boolean(result->out_cut || result->err_cut));
	json_object_set_new(report, "isolation", json_string(box_mode_name(host->mode)));
	json_object_set_new(report, "layers", box_layers());
	json_object_set_new(report, "policy",
			    json_sprintf("%s+%s", box_policy_name(spec->policy),
					 box_profile_name(spec->profile)));
	json_object_set_new(
		report, "policy_sha256",
		json_string(policy_filter((int)spec->policy, (int)spec->profile)->sha256));
	struct utsname kernel;
	json_object_set_new(report, "kernel",
			    json_string(uname(&kernel) == 0 ? kernel.release : "?"));
	return report;
}
