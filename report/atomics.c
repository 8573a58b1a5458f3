/* --atomics: which variables of a program are atomic, and what of its code is an atomic operation that was inlined, as its debug
 * information tells. The library asks when it rewrites a program: in machine code an atomic load is a move like any other. */
#include <dwarf.h>
#include <stdio.h>
#include <string.h>

#include "atomics.h"
#include "commands.h"
#include "image_private.h"
#include "model.h"
#include "utf8.h"

/* A variable in debug information: those at fixed addresses, of a whole unit, of functions, too. */
static bool find_address(Dwarf_Die *die, Dwarf_Addr *address)
{
	Dwarf_Attribute attribute, indexed;
	Dwarf_Op *ops;
	size_t count;
	if (!dwarf_attr(die, DW_AT_location, &attribute) || dwarf_getlocation(&attribute, &ops, &count) ||
		!count || count > 2)
		return false;
	if (ops[0].atom == DW_OP_addr)
		*address = ops[0].number;
	else if ((ops[0].atom != DW_OP_addrx && ops[0].atom != DW_OP_GNU_addr_index) ||
		 dwarf_getlocation_attr(&attribute, ops, &indexed) || dwarf_formaddr(&indexed, address))
		return false;
	if (count == 2 && ops[1].atom != DW_OP_plus_uconst)
		return false;
	*address += count == 2 ? ops[1].number : 0;
	return true;
}

struct search {
	unsigned number; /* of the file */
	Dwarf_Addr bias;
	struct report_atomic_types *types;
	struct inlined *inlined; /* those that were met, by their origins */
};

static void print_variable(const struct search *search, Dwarf_Die *die)
{
	struct report_atomic_run runs[REPORT_ATOMIC_RUNS];
	Dwarf_Addr address;
	const char *name = dwarf_diename(die);
	if (!find_address(die, &address))
		return;
	size_t count = report_atomics_of(search->types, die, runs);
	for (size_t i = 0; i < count; i++)
		printf("%x %llx %x %llx %llx %s\n", search->number,
			(unsigned long long)(address + search->bias + runs[i].offset), runs[i].bytes,
			(unsigned long long)runs[i].stride, (unsigned long long)runs[i].count,
			name ? report_text_clean(name) : "?");
}

/* A function that was inlined, and may be an atomic operation by its name. */
struct inlined {
	Dwarf_Off origin;
	const char *name; /* as the linker has it; NULL: it is none */
	UT_hash_handle hh;
};

/* Who asks looks more closely. */
static bool may_be_operation(const char *name)
{
	static const char *const moves[] = {"load", "store", "test", "clear", "read", "get", "set"};
	if (strstr(name, "_S_do_spin"))
		return true;
	for (size_t i = 0; strstr(name, "atomic") && i < sizeof(moves) / sizeof(moves[0]); i++)
		if (strstr(name, moves[i]))
			return true;
	return false;
}

static const char *name_of_operation(Dwarf_Die *die)
{
	Dwarf_Attribute attribute;
	const char *name = dwarf_attr_integrate(die, DW_AT_linkage_name, &attribute)
				   ? dwarf_formstring(&attribute)
				   : dwarf_diename(die);
	return name && may_be_operation(name) ? name : NULL;
}

static const struct inlined *find_inlined(struct search *search, Dwarf_Die *die)
{
	Dwarf_Attribute attribute;
	Dwarf_Die origin;
	struct inlined *found;
	if (!dwarf_attr(die, DW_AT_abstract_origin, &attribute) || !dwarf_formref_die(&attribute, &origin))
		return NULL;
	Dwarf_Off offset = dwarf_dieoffset(&origin);
	HASH_FIND(hh, search->inlined, &offset, sizeof(offset), found);
	if (found)
		return found;
	found = report_arena_take(1, sizeof(*found));
	found->origin = offset;
	found->name = name_of_operation(&origin);
	HASH_ADD(hh, search->inlined, origin, sizeof(found->origin), found);
	return found;
}

/* Each piece of its code. */
static void print_pieces(const struct search *search, Dwarf_Die *die, const char *name)
{
	Dwarf_Addr base = 0, low, high;
	for (ptrdiff_t at = 0; (at = dwarf_ranges(die, at, &base, &low, &high)) > 0;)
		if (high > low)
			printf("%x %llx 0 %llx 1 %s\n", search->number,
				(unsigned long long)(low + search->bias), (unsigned long long)(high - low),
				report_text_clean(name));
}

static void print_operation(struct search *search, Dwarf_Die *die)
{
	const struct inlined *inlined = find_inlined(search, die);
	if (inlined && inlined->name)
		print_pieces(search, die, inlined->name);
}

/* gcc's <stdatomic.h> makes each atomic operation a block with a variable of its own for the operand's address. */
static void print_operand(const struct search *search, Dwarf_Die *block, Dwarf_Die *variable)
{
	const char *name = dwarf_tag(block) == DW_TAG_lexical_block ? dwarf_diename(variable) : NULL;
	if (name && (!strcmp(name, "__atomic_load_ptr") || !strcmp(name, "__atomic_store_ptr")))
		print_pieces(search, block, name);
}

enum { MOST_NESTED = 64 };

static void search_children(struct search *search, Dwarf_Die *die, unsigned depth)
{
	Dwarf_Die child;
	if (depth == MOST_NESTED || dwarf_child(die, &child))
		return;
	do {
		switch (dwarf_tag(&child)) {
		case DW_TAG_variable:
			print_variable(search, &child);
			print_operand(search, die, &child);
			break;
		case DW_TAG_class_type:
		case DW_TAG_structure_type: /* of a function's own: without optimisation its functions are there */
			if (dwarf_tag(die) == DW_TAG_subprogram || dwarf_tag(die) == DW_TAG_lexical_block)
				search_children(search, &child, depth + 1);
			break;
		case DW_TAG_inlined_subroutine:
			print_operation(search, &child);
			search_children(search, &child, depth + 1);
			break;
		case DW_TAG_namespace:
		case DW_TAG_module:
		case DW_TAG_subprogram:
		case DW_TAG_lexical_block:
			search_children(search, &child, depth + 1);
		}
	} while (!dwarf_siblingof(&child, &child));
}

/* It is an atomic type, or has one in a unit of its own. */
static bool leads_to_atomics(Dwarf_Abbrev *abbreviation)
{
	unsigned name, form;
	if (dwarf_getabbrevtag(abbreviation) == DW_TAG_atomic_type)
		return true;
	for (size_t i = 0; !dwarf_getabbrevattr(abbreviation, i, &name, &form, NULL); i++)
		if (form == DW_FORM_ref_sig8)
			return true;
	return false;
}

static bool is_in_c(Dwarf_Die *unit)
{
	switch (dwarf_srclang(unit)) {
	case DW_LANG_C:
	case DW_LANG_C89:
	case DW_LANG_C99:
	case DW_LANG_C11:
		return true;
	default:
		return false;
	}
}

/* Among all strings of the file. */
static bool names_operations(Dwarf *dwarf)
{
	size_t bytes;
	const char *name;
	for (Dwarf_Off at = 0; (name = dwarf_getstring(dwarf, at, &bytes)); at += bytes + 1)
		if (may_be_operation(name))
			return true;
	return false;
}

/* A unit in C whose abbreviations have no atomic type has none, nor operations if no function is called so; others know it by a
 * class's name. */
static bool may_have_atomics(Dwarf_Die *unit, bool names_operations)
{
	size_t bytes = 0;
	Dwarf_Abbrev *abbreviation;
	if (!is_in_c(unit) || names_operations)
		return true;
	for (Dwarf_Off at = 0; (abbreviation = dwarf_getabbrev(unit, at, &bytes)) != NULL &&
			       abbreviation != DWARF_END_ABBREV;
		at += bytes)
		if (leads_to_atomics(abbreviation))
			return true;
	return false;
}

enum { HAS_ATOMIC = 5 /* the version of DWARF */ };

/* Behind the variables a line of zeros: the file tells all that are atomic. */
static void search_file(unsigned number, const char *path, const char *build_id)
{
	struct report_image *image = report_image_get(path, build_id);
	Dwarf_Addr bias = 0;
	Dwarf *dwarf = image->module ? dwfl_module_getdwarf(image->module, &bias) : NULL;
	Dwarf_CU *unit = NULL;
	Dwarf_Die die, split;
	struct search search = {number, bias - image->elf_bias, report_atomic_types_create(), NULL};
	Dwarf_Half version;
	bool some = false, tells = true, operations = dwarf && names_operations(dwarf);
	while (dwarf && dwarf_get_units(dwarf, unit, &unit, &version, NULL, &die, &split) == 0) {
		Dwarf_Die *whole = split.addr ? &split : &die;
		some = true;
		tells &= !is_in_c(whole) || version >= HAS_ATOMIC;
		if (may_have_atomics(whole, operations))
			search_children(&search, whole, 0);
	}
	if (some && tells)
		printf("%x 0 0 0 0 -\n", number);
}

int report_atomics_run(char **argv, size_t count)
{
	if (!count || count % 2) {
		fputs("racetrack-report: --atomics takes files, each with its build id behind it, or ''\n",
			stderr);
		return REPORT_EXIT_BAD_INPUT;
	}
	for (size_t i = 0; i < count; i += 2)
		search_file((unsigned)(i / 2), argv[i], argv[i + 1]);
	return fflush(stdout) ? REPORT_EXIT_BAD_INPUT : REPORT_EXIT_CLEAN;
}
