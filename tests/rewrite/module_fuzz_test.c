/* Damaged unwinding tables: modules of this process are copied between pages that can't be touched, random bytes of their
 * .eh_frame_hdr, .eh_frame, .gcc_except_table and text are changed, and functions and entries are looked for. Nothing may be
 * read elsewhere, all must end, and what is found must be in order and inside the text.
 *
 * usage: module_fuzz_test [rounds [seed]] */
#include "rewrite/module.h"
#include "shadow/sys.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { DAMAGES = 48, GUARD_BYTES = 1 << 16, SLOWEST_MS = 2000 };

static uint64_t random_state;
static unsigned rounds;
static unsigned long found, pristine, done;

static uint64_t draw(uint64_t below)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return below ? (random_state >> 11) % below : 0;
}

static void fail(const char *what, uint64_t value)
{
	printf("%s: %#lx\n", what, (unsigned long)value);
	exit(1);
}

/* ---- the copy ---- */

struct copy {
	struct rt_module module;
	struct rt_range frames; /* from the header to the end of its segment */
	char *memory;
	size_t bytes;
};

static uintptr_t page_down(uintptr_t address)
{
	return address & ~(uintptr_t)(RT_PAGE_BYTES - 1);
}

static uintptr_t page_up(uintptr_t address)
{
	return page_down(address + RT_PAGE_BYTES - 1);
}

/* Ranges end where pages do: a byte more can't be read. */
static void move_ranges(struct rt_range *ranges, unsigned count, uintptr_t distance)
{
	for (unsigned i = 0; i < count; i++)
		ranges[i] = (struct rt_range){ranges[i].low + distance, page_up(ranges[i].high) + distance};
}

static void copy_module(struct copy *copy, const struct rt_module *module)
{
	uintptr_t low = page_down(module->whole.low);
	copy->module = *module;
	copy->bytes = page_up(module->whole.high) - low + (size_t)2 * GUARD_BYTES;
	copy->memory = mmap(NULL, copy->bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (copy->memory == MAP_FAILED)
		fail("no memory", copy->bytes);
	uintptr_t distance = (uintptr_t)copy->memory + GUARD_BYTES - low;
	for (unsigned i = 0; i < module->readable_count; i++) {
		struct rt_range range = module->readable[i];
		uintptr_t start = page_down(range.low);
		mprotect((void *)(start + distance), page_up(range.high) - start, PROT_READ | PROT_WRITE);
		memcpy((void *)(range.low + distance), (const void *)range.low, range.high - range.low);
	}
	move_ranges(copy->module.readable, module->readable_count, distance);
	move_ranges(copy->module.writable, module->writable_count, distance);
	move_ranges(copy->module.pointers, module->pointer_count, distance);
	copy->module.whole.low += distance;
	copy->module.whole.high = page_up(module->whole.high) + distance;
	copy->module.text.start += distance;
	copy->module.text.bytes =
		(uint32_t)(page_up(module->text.start + module->text.bytes) - module->text.start);
	copy->module.text.code += distance;
	((uint8_t *)copy->module.text.code)[copy->module.text.bytes - 1] =
		0xe8; /* a branch that is cut off */
	copy->module.eh_frame_hdr += distance;
	copy->module.base += distance;
	copy->frames = rt_module_memory(&copy->module, copy->module.eh_frame_hdr);
}

/* ---- damage ---- */

struct damage {
	uint8_t *at;
	uint8_t was;
};

static unsigned change(
	struct damage *damages, unsigned count, uint8_t *at, const uint8_t *bytes, unsigned length)
{
	for (unsigned i = 0; i < length && count < DAMAGES; i++, count++) {
		damages[count] = (struct damage){at + i, at[i]};
		at[i] = bytes[i];
	}
	return count;
}

/* A place that is worth a look: the header, its table, a record, an LSDA, code. */
static uint8_t *draw_place(const struct copy *copy, const uint32_t *lsdas, unsigned lsda_count)
{
	uintptr_t header = copy->module.eh_frame_hdr, high = copy->frames.high;
	uintptr_t at = header + draw(high - header);
	switch (draw(8)) {
	case 0:
		at = header + draw(12);
		break;
	case 1:
		at = header + 12 + draw(256);
		break;
	case 2:
	case 3:
		if (lsda_count)
			at = copy->module.whole.low + lsdas[draw(lsda_count)] + draw(24);
		break;
	case 4:
		at = copy->module.text.start + draw(copy->module.text.bytes - 8);
		break;
	}
	return (uint8_t *)(at > high - 8 && at < high ? high - 8 : at);
}

static unsigned damage_some(
	const struct copy *copy, struct damage *damages, const uint32_t *lsdas, unsigned lsda_count)
{
	static const uint8_t values[] = {0, 0xff, 0x80, 0x7f, 0x1b, 0x3b, 0x01, 0x10};
	unsigned count = 0;
	for (uint64_t left = 1 + draw(DAMAGES / 8); left--;) {
		uint8_t *at = draw_place(copy, lsdas, lsda_count);
		uint8_t bytes[8];
		int32_t small = (int32_t)draw(4096) - 2048;
		uint64_t any = random_state;
		memset(bytes, values[draw(RT_COUNT(values))], sizeof(bytes));
		switch (draw(5)) {
		case 0:
			count = change(damages, count, at, (const uint8_t *)&any, 1);
			break;
		case 1:
			count = change(damages, count, at, bytes, 1);
			break;
		case 2:
			count = change(damages, count, (uint8_t *)((uintptr_t)at & ~(uintptr_t)3),
				(const uint8_t *)&small, 4);
			break;
		case 3:
			count = change(damages, count, (uint8_t *)((uintptr_t)at & ~(uintptr_t)3),
				draw_place(copy, lsdas, lsda_count), 4);
			break;
		default:
			count = change(damages, count, at, bytes, 8);
		}
	}
	return count;
}

static void repair(const struct damage *damages, unsigned count)
{
	while (count--)
		*damages[count].at = damages[count].was;
}

/* ---- a round ---- */

static void look(struct rt_module *module)
{
	uint64_t before = rt_sys_clock_ns(1);
	uint32_t end = 0;
	if (!rt_module_find_functions(module) || !rt_module_find_entries(module))
		fail("memory", 0);
	for (uint32_t i = 0; i < module->function_count; i++) {
		const struct rt_function *function = &module->functions[i];
		if (function->start < end || function->end <= function->start ||
			function->end > module->text.bytes)
			fail("a function out of order", function->start);
		end = function->end;
	}
	for (unsigned i = 0; module->function_count && i < 64; i++) {
		const struct rt_function *function = &module->functions[draw(module->function_count)];
		int64_t place = (int64_t)(module->whole.low - module->text.start +
					  draw(module->whole.high - module->whole.low));
		rt_module_table(module, function, place & ~(int64_t)3);
		rt_module_table(module, function, (int64_t)random_state);
		rt_module_is_constant(module, (int64_t)random_state, 8);
	}
	uint64_t ms = (rt_sys_clock_ns(1) - before) / 1000000;
	if (ms > SLOWEST_MS)
		fail("slow", ms);
	found += module->function_count;
	done++;
}

/* Now and then the segment ends early, as if the file were shorter. */
static void run_round(struct copy *copy, const uint32_t *lsdas, unsigned lsda_count)
{
	struct damage damages[DAMAGES];
	struct rt_range kept = copy->frames;
	struct rt_module module = copy->module;
	unsigned count = damage_some(copy, damages, lsdas, lsda_count);
	uintptr_t cut =
		draw(8) ? kept.high
			: page_up(kept.low + RT_PAGE_BYTES + draw(kept.high - kept.low - RT_PAGE_BYTES));
	for (unsigned i = 0; i < module.readable_count; i++)
		if (module.readable[i].high == kept.high && module.text.start + module.text.bytes <= cut)
			module.readable[i].high = cut;
	if (cut < kept.high)
		mprotect((void *)cut, kept.high - cut, PROT_NONE);
	look(&module);
	rt_module_fini(&module);
	if (cut < kept.high)
		mprotect((void *)cut, kept.high - cut, PROT_READ | PROT_WRITE);
	repair(damages, count);
}

static void visit(struct rt_module *module, void *data)
{
	struct copy copy;
	uint32_t lsdas[4096];
	unsigned lsda_count = 0;
	(void)data;
	if (module->path[0] && !strstr(module->path, "/libstdc++") && !strstr(module->path, "/libc.so"))
		return;
	copy_module(&copy, module);
	struct rt_module first = copy.module;
	look(&first);
	pristine += first.function_count;
	for (uint32_t i = 0; i < first.function_count && lsda_count < RT_COUNT(lsdas); i++)
		if (first.functions[i].personality_data)
			lsdas[lsda_count++] = first.functions[i].personality_data;
	rt_module_fini(&first);
	for (unsigned i = 0; i < (module->path[0] ? rounds / 8 : rounds); i++)
		run_round(&copy, lsdas, lsda_count);
	munmap(copy.memory, copy.bytes);
}

int main(int argc, char **argv)
{
	rounds = argc > 1 ? (unsigned)atoi(argv[1]) : 6000;
	random_state = (argc > 2 ? (uint64_t)atoll(argv[2]) : 1) * 0x9e3779b97f4a7c15ull | 1;
	dlopen("libstdc++.so.6", RTLD_NOW);
	alarm(120);
	rt_modules_visit(visit, NULL);
	printf("%lu damaged modules, %lu functions found in one on average, %lu in all of them when whole\n",
		done, done ? found / done : 0, pristine);
	return !done;
}
