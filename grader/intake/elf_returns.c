/* Debug data of a relocatable object has to be relocated first: libdwfl does it. */
#include "intake/elf_code.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>
#include <unistd.h>

static int add_function(Dwarf_Die *function, void *context)
{
	json_t *names = context;
	Dwarf_Attribute attribute;
	Dwarf_Die type;
	const char *name = dwarf_diename(function);
	if (name == NULL || dwarf_attr_integrate(function, DW_AT_type, &attribute) == NULL ||
	    dwarf_formref_die(&attribute, &type) == NULL || dwarf_peel_type(&type, &type) != 0)
		return DWARF_CB_OK;
	int tag = dwarf_tag(&type);
	if (tag == DW_TAG_structure_type || tag == DW_TAG_union_type || tag == DW_TAG_array_type ||
	    tag == DW_TAG_class_type)
		(void)json_object_set_new(names, name,
					  json_true()); /* a name that is no UTF-8 is left out */
	return DWARF_CB_OK;
}

/* There is no second file with debug data. */
/* NOLINTNEXTLINE(readability-function-size): the library wants these parameters */
static int find_none(Dwfl_Module *module, void **user, const char *name, Dwarf_Addr base,
		     const char *file, const char *link, GElf_Word sum, char **found)
{
	(void)module, (void)user, (void)name, (void)base, (void)file, (void)link, (void)sum,
		(void)found;
	return -1;
}

json_t *elf_returns(int fd)
{
	static const Dwfl_Callbacks callbacks = { .section_address = dwfl_offline_section_address,
						  .find_debuginfo = find_none };
	json_t *names = NULL;
	Dwfl *session = dwfl_begin(&callbacks);
	int own = dup(fd);
	Dwfl_Module *module = NULL;
	if (session != NULL && own >= 0)
		module = dwfl_report_offline(session, "", "object", own);
	if (module == NULL && own >= 0)
		(void)close(own);
	Dwarf_Addr bias = 0;
	Dwarf *dwarf = module != NULL ? dwfl_module_getdwarf(module, &bias) : NULL;
	Dwarf_CU *unit = NULL;
	Dwarf_Die die;
	if (dwarf != NULL)
		names = json_object();
	while (dwarf != NULL && dwarf_get_units(dwarf, unit, &unit, NULL, NULL, &die, NULL) == 0)
		(void)dwarf_getfuncs(&die, add_function, names, 0); /* what it finds, it finds */
	dwfl_end(session);
	return names;
}
