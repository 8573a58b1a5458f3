/* See atomics.h. */
#include <dwarf.h>
#include <stdbool.h>
#include <string.h>

#include "atomics.h"
#include "model.h"

/* A type without any atomic. */
struct plain_type {
	Dwarf_Off die;
	UT_hash_handle hh;
};

struct report_atomic_types {
	struct plain_type *plain;
};

/* What is being gathered. */
struct gathering {
	struct report_atomic_types *types;
	struct report_atomic_run *runs;
	size_t count;
	bool cut; /* something was left out: what has no atomics so far may have some */
};

enum { MOST_DEPTH = 48, MOST_ATOMIC_BYTES = 8 };

struct report_atomic_types *report_atomic_types_create(void)
{
	return report_arena_take(1, sizeof(struct report_atomic_types));
}

static bool is_known_plain(const struct report_atomic_types *types, Dwarf_Off die)
{
	struct plain_type *found;
	HASH_FIND(hh, types->plain, &die, sizeof(die), found);
	return found;
}

static void remember_plain(struct report_atomic_types *types, Dwarf_Off die)
{
	struct plain_type *plain = report_arena_take(1, sizeof(*plain));
	plain->die = die;
	HASH_ADD(hh, types->plain, die, sizeof(plain->die), plain);
}

/* ---- which types are atomic ---- */

/* Classes whose objects are atomic, by the beginnings of their names, whatever the namespace. */
static const struct {
	const char *beginning;
	bool rust;
} classes[] = {
	{"atomic<", false},
	{"atomic_flag", false},
	{"__atomic_base<", false},
	{"__atomic_flag_base", false},
	{"AtomicBool", true},
	{"AtomicI", true},
	{"AtomicPtr<", true},
	{"AtomicU", true},
	{"Atomic<", true},
};

static bool is_atomic_class(Dwarf_Die *type)
{
	const char *name = dwarf_diename(type);
	Dwarf_Die unit;
	if (!name || !strpbrk(name, "aA"))
		return false;
	bool rust = dwarf_diecu(type, &unit, NULL, NULL) && dwarf_srclang(&unit) == DW_LANG_Rust;
	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
		if (classes[i].rust == rust &&
			!strncmp(name, classes[i].beginning, strlen(classes[i].beginning)))
			return true;
	return false;
}

/* What stands for a type of a unit of its own is only a name of that. */
static bool find_type(Dwarf_Die *die, Dwarf_Die *type)
{
	Dwarf_Attribute attribute;
	if (!dwarf_attr_integrate(die, DW_AT_type, &attribute) || !dwarf_formref_die(&attribute, type))
		return false;
	return !dwarf_attr(type, DW_AT_signature, &attribute) || dwarf_formref_die(&attribute, type);
}

static uint64_t size_of(Dwarf_Die *type)
{
	Dwarf_Word bytes = 0;
	return dwarf_aggregate_size(type, &bytes) ? 0 : bytes;
}

/* libdw's size of an array does not look into types' own units. 0: it has none, or is too large to be one. */
static uint64_t count_elements(Dwarf_Die *array)
{
	const uint64_t most = 1ull << 31;
	uint64_t count = 1;
	Dwarf_Attribute attribute;
	Dwarf_Word number;
	Dwarf_Die child;
	if (dwarf_child(array, &child))
		return 0;
	do {
		if (dwarf_tag(&child) != DW_TAG_subrange_type)
			continue;
		bool whole = dwarf_attr(&child, DW_AT_count, &attribute);
		if ((!whole && !dwarf_attr(&child, DW_AT_upper_bound, &attribute)) ||
			dwarf_formudata(&attribute, &number) || number >= most)
			return 0;
		count *= number + !whole;
	} while (count && count < most && !dwarf_siblingof(&child, &child));
	return count < most ? count : 0;
}

/* ---- gathering ---- */

static void add_run(struct gathering *gathering, struct report_atomic_run run)
{
	if (gathering->count == REPORT_ATOMIC_RUNS)
		gathering->cut = true;
	else
		gathering->runs[gathering->count++] = run;
}

/* Larger ones are no plain moves: a lock or an instruction of their own stands for them. */
static void add_atomic(struct gathering *gathering, uint64_t bytes, uint64_t offset)
{
	if (bytes && bytes <= MOST_ATOMIC_BYTES && !(bytes & (bytes - 1)))
		add_run(gathering, (struct report_atomic_run){offset, bytes, 1, (uint32_t)bytes});
}

static void gather(struct gathering *gathering, Dwarf_Die *type, uint64_t offset, unsigned depth);

/* A member that is not at a fixed place, or is no object, has none. */
static void gather_member(struct gathering *gathering, Dwarf_Die *member, uint64_t offset, unsigned depth)
{
	Dwarf_Attribute attribute;
	Dwarf_Word place = 0;
	Dwarf_Die type;
	if (dwarf_hasattr(member, DW_AT_declaration) || dwarf_hasattr(member, DW_AT_external) ||
		dwarf_hasattr(member, DW_AT_bit_size))
		return;
	if (dwarf_attr(member, DW_AT_data_member_location, &attribute) && dwarf_formudata(&attribute, &place))
		return;
	if (find_type(member, &type))
		gather(gathering, &type, offset + place, depth + 1);
}

static void gather_members(struct gathering *gathering, Dwarf_Die *type, uint64_t offset, unsigned depth)
{
	size_t before = gathering->count;
	Dwarf_Off die = dwarf_dieoffset(type);
	Dwarf_Die child;
	if (is_known_plain(gathering->types, die) || dwarf_child(type, &child))
		return;
	do
		if (dwarf_tag(&child) == DW_TAG_member || dwarf_tag(&child) == DW_TAG_inheritance)
			gather_member(gathering, &child, offset, depth);
	while (!dwarf_siblingof(&child, &child));
	if (gathering->count == before && !gathering->cut)
		remember_plain(gathering->types, die);
}

/* The runs from `first` on, of one element, become those of `elements`. */
static void repeat_runs(struct gathering *gathering, size_t first, uint64_t elements, uint64_t stride)
{
	size_t end = gathering->count;
	for (size_t i = first; i < end; i++) {
		struct report_atomic_run *run = &gathering->runs[i];
		if (run->count == 1) {
			run->stride = stride;
			run->count = elements;
		} else if (run->count == stride / run->stride && run->stride * run->count == stride) {
			run->count *= elements;
		} else {
			for (uint64_t n = 1; n < elements && !gathering->cut; n++) {
				struct report_atomic_run next = *run;
				next.offset += n * stride;
				add_run(gathering, next);
			}
		}
	}
}

static void gather_elements(struct gathering *gathering, Dwarf_Die *array, uint64_t offset, unsigned depth)
{
	size_t first = gathering->count;
	Dwarf_Die type;
	if (!find_type(array, &type))
		return;
	uint64_t stride = size_of(&type), elements = count_elements(array);
	if (!stride || !elements)
		return;
	gather(gathering, &type, offset, depth + 1);
	repeat_runs(gathering, first, elements, stride);
}

static void gather(struct gathering *gathering, Dwarf_Die *type, uint64_t offset, unsigned depth)
{
	Dwarf_Die inner;
	gathering->cut |= depth >= MOST_DEPTH;
	if (gathering->cut)
		return;
	switch (dwarf_tag(type)) {
	case DW_TAG_atomic_type:
		add_atomic(gathering, size_of(type), offset);
		break;
	case DW_TAG_typedef:
	case DW_TAG_const_type:
	case DW_TAG_volatile_type:
		if (find_type(type, &inner))
			gather(gathering, &inner, offset, depth + 1);
		break;
	case DW_TAG_class_type:
	case DW_TAG_structure_type:
		if (is_atomic_class(type)) {
			add_atomic(gathering, size_of(type), offset);
			break;
		}
		/* fall through */
	case DW_TAG_union_type:
		gather_members(gathering, type, offset, depth);
		break;
	case DW_TAG_array_type:
		gather_elements(gathering, type, offset, depth);
	}
}

size_t report_atomics_of(struct report_atomic_types *types, Dwarf_Die *variable,
	struct report_atomic_run runs[REPORT_ATOMIC_RUNS])
{
	struct gathering gathering = {.types = types, .runs = runs};
	Dwarf_Die type;
	if (find_type(variable, &type))
		gather(&gathering, &type, 0, 0);
	return gathering.count;
}
