/* The functions of a module, from its unwinding tables. */
#include "module.h"

#include "dwarf/eh_frame.h"
#include "shadow/engine.h"
#include "shadow/sys.h"

/* What is being collected, in mapped pages: as much room as the tables can have functions. */
struct list {
	struct rt_function *functions;
	uint32_t count;
	uint64_t room;
};

/* ---- ascending and disjoint ---- */

static bool is_before(const struct rt_function *a, const struct rt_function *b)
{
	return a->start != b->start ? a->start < b->start : a->end < b->end;
}

static void sift_down(struct rt_function *functions, uint32_t root, uint32_t count)
{
	struct rt_function moved = functions[root];
	for (uint64_t child; (child = 2 * (uint64_t)root + 1) < count; root = (uint32_t)child) {
		if (child + 1 < count && is_before(&functions[child], &functions[child + 1]))
			child++;
		if (!is_before(&moved, &functions[child]))
			break;
		functions[root] = functions[child];
	}
	functions[root] = moved;
}

/* Linkers write sorted tables: heap sort is for the others, in place and never slow. */
static void sort(struct list *list)
{
	struct rt_function *functions = list->functions;
	uint32_t sorted = 1;
	while (sorted < list->count && is_before(&functions[sorted - 1], &functions[sorted]))
		sorted++;
	if (sorted >= list->count)
		return;
	for (uint32_t root = list->count / 2; root--;)
		sift_down(functions, root, list->count);
	for (uint32_t last = list->count; --last;) {
		struct rt_function largest = functions[0];
		functions[0] = functions[last];
		functions[last] = largest;
		sift_down(functions, 0, last);
	}
}

/* The later start cuts the earlier function short, the longer of two with one start stays. */
static void separate(struct list *list)
{
	uint32_t kept = 0;
	for (uint32_t i = 0; i < list->count; i++) {
		struct rt_function *last = kept ? &list->functions[kept - 1] : NULL;
		if (last && last->start == list->functions[i].start)
			kept--;
		else if (last && last->end > list->functions[i].start)
			last->end = list->functions[i].start;
		list->functions[kept++] = list->functions[i];
	}
	list->count = kept;
}

/* ---- reading ---- */

/* A function whose landing pads can't be found is no function that may be rewritten. */
static void add(
	struct list *list, const struct rt_module *module, uintptr_t record, const struct rt_eh_fde *fde)
{
	uint64_t start = fde->start - module->text.start, lsda = 0, at = record - module->whole.low;
	if (start >= module->text.bytes || !fde->bytes || fde->bytes > module->text.bytes - start)
		return;
	if (fde->lsda) {
		lsda = fde->lsda - module->whole.low;
		if (!lsda || lsda > UINT32_MAX || !rt_module_memory(module, fde->lsda).high)
			return;
	}
	if (list->count < list->room)
		list->functions[list->count++] = (struct rt_function){(uint32_t)start,
			(uint32_t)(start + fde->bytes), (uint32_t)lsda, at <= UINT32_MAX ? (uint32_t)at : 0};
}

static void read_table(struct list *list, const struct rt_module *module, struct rt_eh_memory memory,
	struct rt_eh_header *header)
{
	struct rt_eh_fde fde;
	rt_bytes_zero(&fde, sizeof(fde));
	for (uint64_t i = 0; i < header->count; i++) {
		uintptr_t at = header->header + (uintptr_t)(intptr_t)header->pairs[2 * i + 1];
		if (rt_eh_read_fde(memory, at, &fde))
			add(list, module, at, &fde);
	}
}

static void read_records(
	struct list *list, const struct rt_module *module, struct rt_eh_memory memory, uintptr_t at)
{
	struct rt_eh_fde fde;
	rt_bytes_zero(&fde, sizeof(fde));
	for (; at; at = rt_eh_next(memory, at))
		if (rt_eh_read_fde(memory, at, &fde))
			add(list, module, at, &fde);
}

static uint64_t count_records(struct rt_eh_memory memory, uintptr_t at)
{
	uint64_t count = 0;
	while ((at = rt_eh_next(memory, at)))
		count++;
	return count;
}

static struct rt_eh_memory memory_around(const struct rt_module *module, uintptr_t address)
{
	struct rt_range segment = rt_module_segment(module, address);
	return (struct rt_eh_memory){segment.low, segment.high};
}

bool rt_module_find_start(const struct rt_module *module, uint32_t offset, uint32_t *start)
{
	struct rt_eh_header header;
	struct rt_eh_fde fde;
	uintptr_t place = module->text.start + offset;
	rt_bytes_zero(&fde, sizeof(fde));
	if (!rt_eh_read_header(memory_around(module, module->eh_frame_hdr), module->eh_frame_hdr, &header) ||
		!header.count)
		return false;
	uintptr_t at = rt_eh_find(&header, place);
	if (!at || !rt_eh_read_fde(memory_around(module, header.frames ? header.frames : at), at, &fde) ||
		place - fde.start >= fde.bytes || fde.start < module->text.start)
		return false;
	*start = (uint32_t)(fde.start - module->text.start);
	return true;
}

/* The list keeps its room; the module gets as much as it needs. */
static bool hand_over(struct rt_module *module, const struct list *list)
{
	size_t bytes = list->count * sizeof(struct rt_function);
	if (!list->count)
		return true;
	module->functions = rt_alloc(bytes);
	if (!module->functions)
		return false;
	rt_bytes_copy(module->functions, list->functions, bytes);
	module->function_count = list->count;
	return true;
}

bool rt_module_find_functions(struct rt_module *module)
{
	struct rt_eh_header header;
	if (!rt_eh_read_header(memory_around(module, module->eh_frame_hdr), module->eh_frame_hdr, &header))
		return true;
	struct rt_eh_memory memory =
		memory_around(module, header.frames ? header.frames : module->eh_frame_hdr);
	struct list list = {NULL, 0, header.count ? header.count : count_records(memory, header.frames)};
	size_t bytes = list.room * sizeof(struct rt_function);
	if (!list.room)
		return true;
	list.functions = rt_sys_pages(bytes);
	if (!list.functions)
		return false;
	if (header.count)
		read_table(&list, module, memory, &header);
	else
		read_records(&list, module, memory, header.frames);
	sort(&list);
	separate(&list);
	bool is_kept = hand_over(module, &list);
	rt_sys_munmap(list.functions, bytes);
	return is_kept;
}
