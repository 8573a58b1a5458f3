/* Functions and variables by the symbol table: for files without debug information, and for the names of globals. libdw's
 * own look-up walks the whole table each time, which takes a millisecond in a large library. See image.h. */
#include <stdlib.h>
#include <string.h>

#include "demangle.h"
#include "image_private.h"

enum { MOST_STEPS_BACK = 64 };

/* How far a symbol without a size may reach. */
static uint64_t find_section_end(Elf *elf, GElf_Word section, uint64_t address)
{
	GElf_Shdr header;
	if (!gelf_getshdr(elf_getscn(elf, section), &header) || !(header.sh_flags & SHF_EXECINSTR) ||
		address < header.sh_addr || address - header.sh_addr >= header.sh_size)
		return address;
	return header.sh_addr + header.sh_size;
}

static void add_symbol(struct report_symbols *symbols, const char *name, const GElf_Sym *symbol,
	uint64_t address, uint64_t end)
{
	symbols->all =
		report_array_grow(symbols->all, symbols->count, &symbols->room, sizeof(symbols->all[0]));
	symbols->all[symbols->count++] = (struct report_symbol){
		.low = address,
		.high = symbol->st_size ? address + symbol->st_size : end,
		.data = GELF_ST_TYPE(symbol->st_info) == STT_OBJECT ||
			GELF_ST_TYPE(symbol->st_info) == STT_TLS,
		.sized = symbol->st_size,
		.local = GELF_ST_BIND(symbol->st_info) == STB_LOCAL,
		.name = name,
	};
}

/* Of several names for one place the one that a program is most likely to call it by. */
static int compare_symbols(const void *a, const void *b)
{
	const struct report_symbol *left = a, *right = b;
	if (left->low != right->low)
		return left->low < right->low ? -1 : 1;
	if (left->sized != right->sized)
		return left->sized ? -1 : 1;
	if (left->local != right->local)
		return left->local ? 1 : -1;
	if ((*left->name == '_') != (*right->name == '_'))
		return *left->name == '_' ? 1 : -1;
	return strcmp(left->name, right->name);
}

static void sort_symbols(struct report_symbols *symbols)
{
	if (symbols->count)
		qsort(symbols->all, symbols->count, sizeof(symbols->all[0]), compare_symbols);
}

static bool is_named_place(const GElf_Sym *symbol)
{
	int type = GELF_ST_TYPE(symbol->st_info);
	return type == STT_FUNC || type == STT_GNU_IFUNC || type == STT_OBJECT || type == STT_NOTYPE ||
	       type == STT_TLS;
}

static void read_symbols(struct report_image *image)
{
	int count = dwfl_module_getsymtab(image->module);
	image->symbols_read = true;
	for (int i = 1; i < count; i++) {
		GElf_Sym symbol;
		GElf_Addr address;
		GElf_Word section;
		Elf *elf;
		Dwarf_Addr bias;
		const char *name =
			dwfl_module_getsym_info(image->module, i, &symbol, &address, &section, &elf, &bias);
		uint64_t end;
		if (!name || !*name || section == SHN_UNDEF || section == SHN_ABS || !is_named_place(&symbol))
			continue;
		image->is_ada |= report_name_is_ada(name);
		if (GELF_ST_TYPE(symbol.st_info) == STT_TLS) { /* its value is no address, but an offset */
			add_symbol(&image->locals, name, &symbol, symbol.st_value, symbol.st_value);
			continue;
		}
		end = symbol.st_size
			      ? 0
			      : find_section_end(elf, section, address - bias) + bias - image->elf_bias;
		add_symbol(&image->symbols, name, &symbol, address - image->elf_bias, end);
	}
	sort_symbols(&image->symbols);
	sort_symbols(&image->locals);
}

/* The index of the first symbol above the address. */
static size_t find_above(const struct report_symbols *symbols, uint64_t address)
{
	size_t low = 0, high = symbols->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (symbols->all[middle].low <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The nearest symbol with a size that covers the address, or else the nearest of those without one. */
static const struct report_symbol *find_symbol(
	const struct report_symbols *symbols, uint64_t address, bool data)
{
	const struct report_symbol *best = NULL, *unsized = NULL;
	size_t above = find_above(symbols, address);
	for (size_t i = above; i-- > 0 && above - i <= MOST_STEPS_BACK;) {
		const struct report_symbol *symbol = &symbols->all[i];
		if (best && symbol->low != best->low)
			break;
		if (symbol->data != data || address >= symbol->high)
			continue;
		if (symbol->sized)
			best = symbol; /* the last one of a low is the first in the table: the best name */
		else if (!unsized && i + 1 == above)
			unsized = symbol;
	}
	return best ? best : unsized;
}

const char *report_image_name(struct report_image *image, const char *name)
{
	if (!image->symbols_read && strstr(name, "__"))
		read_symbols(image);
	return image->is_ada ? report_name_demangle_ada(name) : report_name_demangle(name);
}

static void need_symbols(struct report_image *image)
{
	if (image->module && !image->symbols_read)
		read_symbols(image);
}

const char *report_image_symbol(struct report_image *image, uint64_t address)
{
	need_symbols(image);
	const struct report_symbol *symbol = find_symbol(&image->symbols, address, false);
	return symbol ? report_image_name(image, symbol->name) : NULL;
}

static bool find_variable(struct report_image *image, const struct report_symbols *symbols, uint64_t address,
	struct report_variable *variable)
{
	need_symbols(image);
	const struct report_symbol *symbol = find_symbol(symbols, address, true);
	if (!symbol)
		return false;
	variable->name = report_image_name(image, symbol->name);
	variable->address = symbol->low;
	variable->size = symbol->high - symbol->low;
	return true;
}

bool report_image_variable(struct report_image *image, uint64_t address, struct report_variable *variable)
{
	return find_variable(image, &image->symbols, address, variable);
}

bool report_image_local(struct report_image *image, uint64_t offset, struct report_variable *variable)
{
	return find_variable(image, &image->locals, offset, variable);
}
