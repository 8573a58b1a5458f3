/* Addresses to functions and source lines, with the functions they were inlined into, from DWARF. See image.h. */
#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

#include "image_private.h"

enum { MOST_INLINED = 64, MOST_NESTED = 256 };

static int compare_units(const void *a, const void *b)
{
	const struct report_unit *left = a, *right = b;
	return left->low < right->low ? -1 : left->low > right->low;
}

static void add_unit(struct report_image *image, Dwarf_Addr low, Dwarf_Addr high, Dwarf_Off die)
{
	image->units = report_array_grow(
		image->units, image->unit_count, &image->unit_room, sizeof(image->units[0]));
	image->units[image->unit_count++] = (struct report_unit){low, high, die};
}

/* clang writes no .debug_aranges, which libdw's own look-up depends on, so the ranges come from the units themselves. */
static void read_units(struct report_image *image, Dwarf *dwarf)
{
	Dwarf_CU *unit = NULL;
	Dwarf_Die die;
	image->units_read = true;
	while (dwarf_get_units(dwarf, unit, &unit, NULL, NULL, &die, NULL) == 0) {
		Dwarf_Addr base, low, high;
		ptrdiff_t at = 0;
		while ((at = dwarf_ranges(&die, at, &base, &low, &high)) > 0)
			if (low < high)
				add_unit(image, low, high, dwarf_dieoffset(&die));
	}
	if (image->unit_count)
		qsort(image->units, image->unit_count, sizeof(image->units[0]), compare_units);
}

static bool find_unit(struct report_image *image, Dwarf *dwarf, Dwarf_Addr address, Dwarf_Die *unit)
{
	size_t low = 0, high;
	if (!image->units_read)
		read_units(image, dwarf);
	high = image->unit_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (image->units[middle].low <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low && address < image->units[low - 1].high &&
	       dwarf_offdie(dwarf, image->units[low - 1].die, unit);
}

static bool ends_with_rise(const char *start, const char *end)
{
	return end - start >= 2 && !memcmp(end - 2, "..", 2) && (end - start == 2 || end[-3] == '/');
}

/* "/a/./b//c/../d" to "/a/b/d": a build system's detours are nobody's business. */
static const char *tidy_path(const char *path)
{
	char *tidy, *start, *out;
	if (!strstr(path, "/.") && !strstr(path, "//") && strncmp(path, "./", 2))
		return path;
	tidy = start = out = report_arena_take(strlen(path) + 1, 1);
	if (*path == '/')
		start = ++out, *tidy = '/';
	while (*path) {
		size_t bytes = (size_t)(strchrnul(path, '/') - path);
		if (bytes == 2 && !memcmp(path, "..", 2) && out > start && !ends_with_rise(start, out)) {
			while (out > start && *--out != '/')
				;
		} else if (bytes && !(bytes == 1 && *path == '.')) {
			if (out > start)
				*out++ = '/';
			memcpy(out, path, bytes);
			out += bytes;
		}
		path += bytes;
		path += *path == '/';
	}
	*out = 0;
	return tidy;
}

static void read_line(Dwarf_Die *unit, Dwarf_Addr address, struct report_place *place)
{
	Dwarf_Line *line = dwarf_getsrc_die(unit, address);
	const char *file = line ? dwarf_linesrc(line, NULL, NULL) : NULL;
	int number = 0, column = 0;
	if (!file || dwarf_lineno(line, &number) || number <= 0)
		return;
	(void)dwarf_linecol(line, &column);
	place->file = tidy_path(file);
	place->line = (unsigned)number;
	place->column = column > 0 ? (unsigned)column : 0;
}

static Dwarf_Word read_number(Dwarf_Die *die, unsigned name)
{
	Dwarf_Attribute attribute;
	Dwarf_Word number = 0;
	if (!dwarf_attr(die, name, &attribute) || dwarf_formudata(&attribute, &number))
		return 0;
	return number;
}

static const char *read_folder(Dwarf_Die *unit)
{
	Dwarf_Attribute attribute;
	return dwarf_attr(unit, DW_AT_comp_dir, &attribute) ? dwarf_formstring(&attribute) : NULL;
}

/* From DWARF 5 on the files are counted from 0; before, 0 meant none. */
static bool has_file_zero(Dwarf_Die *unit)
{
	Dwarf_Half version = 0;
	return !dwarf_cu_die(unit->cu, &(Dwarf_Die){0}, &version, NULL, NULL, NULL, NULL, NULL)
		       ? false
		       : version >= 5;
}

/* The place that called the inlined function. */
static void read_call(Dwarf_Die *unit, Dwarf_Die *inlined, struct report_place *place)
{
	Dwarf_Files *files;
	size_t count;
	Dwarf_Word file = read_number(inlined, DW_AT_call_file);
	if ((!file && !has_file_zero(unit)) || dwarf_getsrcfiles(unit, &files, &count) || file >= count)
		return;
	place->file = dwarf_filesrc(files, file, NULL, NULL);
	if (place->file)
		place->file = tidy_path(place->file);
	place->line = (unsigned)read_number(inlined, DW_AT_call_line);
	place->column = (unsigned)read_number(inlined, DW_AT_call_column);
}

static const char *read_name(struct report_image *image, Dwarf_Die *die)
{
	Dwarf_Attribute attribute;
	const char *name = NULL;
	if (dwarf_attr_integrate(die, DW_AT_linkage_name, &attribute) ||
		dwarf_attr_integrate(die, DW_AT_MIPS_linkage_name, &attribute))
		name = dwarf_formstring(&attribute);
	if (!name && dwarf_attr_integrate(die, DW_AT_name, &attribute))
		name = dwarf_formstring(&attribute);
	return name ? report_image_name(image, name) : NULL;
}

/* The innermost DIE of code around the address below `die`. dwarf_getscopes looks into no namespace, and clang's functions
 * lie in theirs. */
static bool find_innermost(Dwarf_Die *die, Dwarf_Addr address, unsigned depth, Dwarf_Die *innermost)
{
	Dwarf_Die child;
	if (depth == MOST_NESTED || dwarf_child(die, &child))
		return false;
	do {
		switch (dwarf_tag(&child)) {
		case DW_TAG_subprogram:
		case DW_TAG_inlined_subroutine:
		case DW_TAG_lexical_block:
		case DW_TAG_try_block:
		case DW_TAG_catch_block:
			if (dwarf_haspc(&child, address) <= 0)
				break;
			*innermost = child;
			find_innermost(&child, address, depth + 1, innermost);
			return true;
		case DW_TAG_namespace:
		case DW_TAG_module:
		case DW_TAG_class_type:
		case DW_TAG_structure_type:
		case DW_TAG_union_type:
			if (find_innermost(&child, address, depth + 1, innermost))
				return true;
		}
	} while (!dwarf_siblingof(&child, &child));
	return false;
}

/* The DIEs around the address from the innermost to the unit, as they are nested in the code. */
static int find_scopes(Dwarf_Die *unit, Dwarf_Addr address, Dwarf_Die **scopes)
{
	Dwarf_Die innermost;
	int count =
		find_innermost(unit, address, 0, &innermost) ? dwarf_getscopes_die(&innermost, scopes) : 0;
	return count < 0 ? 0 : count;
}

static size_t read_scopes(struct report_image *image, Dwarf_Die *unit, Dwarf_Addr address,
	struct report_place *places, size_t most)
{
	Dwarf_Die *scopes = NULL;
	size_t used = 0;
	int count = find_scopes(unit, address, &scopes);
	for (int i = 0; i < count && used < most; i++) {
		int tag = dwarf_tag(&scopes[i]);
		if (tag != DW_TAG_inlined_subroutine && tag != DW_TAG_subprogram)
			continue;
		places[used++].function = read_name(image, &scopes[i]);
		if (tag == DW_TAG_subprogram)
			break;
		if (used < most)
			read_call(unit, &scopes[i], &places[used]);
	}
	free(scopes);
	return used;
}

static size_t find_places(
	struct report_image *image, uint64_t address, struct report_place *places, size_t most)
{
	Dwarf_Addr bias = 0;
	Dwarf_Die unit;
	size_t used = 0;
	Dwarf *dwarf = image->module ? dwfl_module_getdwarf(image->module, &bias) : NULL;
	if (dwarf) {
		Dwarf_Addr inside = address + image->elf_bias - bias;
		if (find_unit(image, dwarf, inside, &unit)) {
			const char *folder = read_folder(&unit);
			read_line(&unit, inside, &places[0]);
			used = read_scopes(image, &unit, inside, places, most);
			for (size_t i = 0; i < most && i <= used; i++)
				places[i].folder = folder;
		}
	}
	if (!used)
		used = 1;
	/* The symbol table knows the function where the debug information doesn't: assembler, stripped files. */
	if (!places[used - 1].function)
		places[used - 1].function = report_image_symbol(image, address);
	return used;
}

const struct report_places *report_image_places(struct report_image *image, uint64_t address)
{
	struct report_place places[MOST_INLINED] = {0};
	struct report_places *found;
	HASH_FIND(hh, image->places, &address, sizeof(address), found);
	if (found)
		return found;
	found = report_arena_take(1, sizeof(*found));
	found->address = address;
	found->count = find_places(image, address, places, MOST_INLINED);
	found->places = report_arena_take(found->count, sizeof(places[0]));
	memcpy(found->places, places, found->count * sizeof(places[0]));
	HASH_ADD(hh, image->places, address, sizeof(found->address), found);
	return found;
}
