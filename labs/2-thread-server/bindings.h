/* bindings.h - the functions that the table in binding.c names, part by part. */
#ifndef LAB2_BINDINGS_H
#define LAB2_BINDINGS_H
#include "subject/binding.h"

binding_fn run_clinic; /* all operations of ops_clinic.h, told apart by their numbers          */
#endif
