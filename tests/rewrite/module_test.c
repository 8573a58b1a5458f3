/* What rewriting knows of the modules of a process, beside what is known otherwise: functions beside the symbols, entries
 * beside labels whose addresses are noted where they stand (cases of switches, computed gotos, landing pads, targets in
 * other functions), segments beside addresses of which one knows what they are. The same once more as a program at a fixed
 * address, whose tables are made of absolute addresses.
 *
 * usage: module_test; with any argument: without the other program, one line for each module */
#include "rewrite/module.h"
#include "shadow/sys.h"

#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static bool failed, says_all;
static unsigned long modules, functions, symbols, labels;
static double slowest_ms;

static bool expect(bool holds, const char *what, uintptr_t where)
{
	if (!holds)
		printf("%s: %#lx\n", what, where);
	failed |= !holds;
	return holds;
}

/* ---- code whose labels are known ---- */

/* The address of this place in the code, written to a list as a distance: no pointer that could be found in data. */
#define NOTE_PLACE()                                                                                         \
	__asm__ volatile("77: .pushsection module_test_places, \"a\", @progbits\n"                           \
			 ".balign 4\n .long 77b - .\n .popsection" ::                                        \
				 : "memory")
extern const int32_t __start_module_test_places[], __stop_module_test_places[];

#define CASE(n)                                                                                              \
	case n:                                                                                              \
		NOTE_PLACE();                                                                                \
		work(n);                                                                                     \
		break

static volatile int worked;

static __attribute__((noinline)) void work(int number)
{
	worked += number;
}

__attribute__((noinline)) int module_test_switch(int number);
int module_test_switch(int number)
{
	switch (number) {
		CASE(0);
		CASE(1);
		CASE(2);
		CASE(3);
		CASE(4);
		CASE(5);
		CASE(6);
		CASE(7);
		CASE(8);
		CASE(9);
	default:
		abort();
	}
	switch (worked & 15) {
		CASE(10);
		CASE(11);
		CASE(12);
		CASE(13);
		CASE(14);
		CASE(15);
	default:
		work(99);
	}
	return worked;
}

static const void *const *goto_targets;

static __attribute__((noinline, noclone)) int computed_goto(int number)
{
	static const void *const targets[] = {&&one, &&two, &&three};
	goto_targets = targets;
	goto *targets[number];
one:
	work(1);
two:
	work(2);
three:
	work(3);
	return worked;
}

/* A table of which one case is in another function; directly behind it a second one, whose value would lead to
 * module_test_jump if it were a part of the first. Branches into another function. */
__asm__(".text\n .balign 16\n"
	"module_test_one: .cfi_startproc\n"
	" lea module_test_table(%rip), %rax\n movslq (%rax, %rdi, 4), %rdx\n add %rax, %rdx\n"
	"module_test_jump: jmp *%rdx\n"
	"module_test_a: nop\n nop\n"
	"module_test_b: nop\n nop\n"
	"module_test_c: nop\n lea module_test_table_2(%rip), %rax\n jmp *%rdx\n"
	"module_test_d: {disp32} jmp module_test_e\n {disp32} jne module_test_f\n call module_test_g\n ret\n"
	" .cfi_endproc\n .balign 16\n"
	"module_test_two: .cfi_startproc\n ret\n"
	"module_test_cold: nop\n module_test_e: nop\n module_test_f: nop\n module_test_g: ret\n"
	"module_test_never: {disp32} jmp module_test_never\n .cfi_endproc\n"
	".section .rodata\n .balign 4\n"
	"module_test_table: .long module_test_a - module_test_table, module_test_cold - module_test_table\n"
	" .long module_test_b - module_test_table, module_test_b - module_test_table\n"
	"module_test_table_2: .long module_test_d - module_test_table_2\n"
	".previous\n");
extern const char module_test_one[], module_test_a[], module_test_b[], module_test_jump[], module_test_d[],
	module_test_e[], module_test_f[], module_test_g[], module_test_cold[], module_test_never[];

/* ---- landing pads ---- */

static uintptr_t pad_return, pad_function;

static __attribute__((noipa)) void note_return(int *number)
{
	(void)number;
	pad_return = (uintptr_t)__builtin_return_address(0);
}

static __attribute__((noipa, optimize("no-reorder-blocks-and-partition"))) void *end_thread(void *argument)
{
	int number __attribute__((cleanup(note_return))) = argument != NULL;
	pthread_exit(NULL);
}

static void run_pads(void)
{
	pthread_t thread;
	pad_function = (uintptr_t)end_thread;
	expect(!pthread_create(&thread, NULL, end_thread, NULL) && !pthread_join(thread, NULL), "thread", 0);
	expect(pad_return > pad_function, "no landing pad was run", pad_return);
}

/* ---- the program itself ---- */

static int variable = 1;
static const int constant[4] = {1, 2, 3, 4};
static const void *const relocated[] = {&variable, constant};

static uint32_t offset_of(const struct rt_module *module, const void *address)
{
	return (uint32_t)((uintptr_t)address - module->text.start);
}

static bool may_be_entry_at(const struct rt_module *module, const void *address)
{
	labels++;
	return rt_module_may_be_entry(module, offset_of(module, address));
}

static bool is_entry_at(const struct rt_module *module, const void *address)
{
	labels++;
	return rt_module_is_entry(module, offset_of(module, address));
}

/* The place was noted a few instructions behind its label at the most. */
static bool has_entry_before(const struct rt_module *module, uintptr_t address)
{
	uint32_t at = (uint32_t)(address - module->text.start);
	const struct rt_function *function = rt_module_function(module, at);
	labels++;
	for (unsigned i = 0; function && i < 24 && at - i > function->start; i++)
		if (rt_module_is_entry(module, at - i))
			return true;
	return false;
}

/* Every lea of the function that holds an address, as who decodes the code would find it. */
static void look_at_tables(struct rt_module *module, const void *address)
{
	const struct rt_function *function = rt_module_function(module, offset_of(module, address));
	if (!expect(function != NULL, "no function", (uintptr_t)address))
		return;
	for (uint32_t at = function->start; at + 7 <= function->end; at++) {
		const uint8_t *code = module->text.code + at;
		int32_t distance;
		if ((code[0] & 0xfb) != 0x48 || code[1] != 0x8d || (code[2] & 0xc7) != 0x05)
			continue;
		memcpy(&distance, code + 3, sizeof(distance));
		rt_module_table(module, function, (int64_t)at + 7 + distance);
	}
}

static void check_labels(struct rt_module *module)
{
	unsigned known = 0, count = (unsigned)(__stop_module_test_places - __start_module_test_places);
	expect(may_be_entry_at(module, module_test_e) && may_be_entry_at(module, module_test_f) &&
			may_be_entry_at(module, module_test_g),
		"branches into another function", 0);
	expect(!is_entry_at(module, module_test_a) && !may_be_entry_at(module, module_test_never),
		"entries before tables are read", 0);
	for (unsigned i = 0; i < 3; i++)
		expect(is_entry_at(module, goto_targets[i]), "computed goto", (uintptr_t)goto_targets[i]);
	expect(has_entry_before(module, pad_return), "landing pad", pad_return);
	look_at_tables(module, module_test_one);
	look_at_tables(module, (const void *)module_test_switch);
	expect(is_entry_at(module, module_test_a) && is_entry_at(module, module_test_b) &&
			is_entry_at(module, module_test_cold) && is_entry_at(module, module_test_d),
		"targets of tables", 0);
	expect(!is_entry_at(module, module_test_jump), "a table does not end where the next begins", 0);
	for (unsigned i = 0; i < count; i++) {
		uintptr_t place = (uintptr_t)&__start_module_test_places[i] +
				  (uintptr_t)(intptr_t)__start_module_test_places[i];
		known += has_entry_before(module, place);
	}
	expect(count >= 16 && known == count, "cases of switches that are entries", known);
}

static bool is_constant(const struct rt_module *module, const volatile void *address, unsigned bytes)
{
	return rt_module_is_constant(module, (int64_t)((uintptr_t)address - module->text.start), bytes);
}

static void check_program(struct rt_module *module)
{
	int local = 0;
	expect(is_constant(module, constant, sizeof(constant)), "constant", (uintptr_t)constant);
	expect(is_constant(module, relocated, sizeof(relocated)), "relocated", (uintptr_t)relocated);
	expect(!is_constant(module, &variable, 4), "a variable is constant", (uintptr_t)&variable);
	expect(!is_constant(module, &worked, 4), "a variable is constant", (uintptr_t)&worked);
	expect(!is_constant(module, &local, 4), "the stack is constant", (uintptr_t)&local);
	expect(!is_constant(module, (const void *)(module->readable[0].high - 4), 8), "behind the end", 0);
	expect(rt_module_function(module, offset_of(module, module_test_b)) ==
			rt_module_function(module, offset_of(module, module_test_one)),
		"function of a label", 0);
	expect((uintptr_t)module_test_one - module->text.start < module->text.bytes, "text",
		module->text.start);
	check_labels(module);
}

/* ---- any module ---- */

static bool covers(const struct rt_module *module, uint64_t start, uint64_t bytes)
{
	uint64_t offset = start + module->base - module->text.start;
	const struct rt_function *function =
		offset < module->text.bytes ? rt_module_function(module, (uint32_t)offset) : NULL;
	return function && function->start == offset && (!bytes || function->end == offset + bytes);
}

/* Of the symbols with a size, in the file's table: how many are functions as they were found. */
static void compare_symbols(const struct rt_module *module, const char *file, bool is_own)
{
	unsigned long all = 0, found = 0;
	struct stat stat;
	int fd = open(*file ? file : "/proc/self/exe", O_RDONLY);
	if (fd < 0 || fstat(fd, &stat) || !stat.st_size)
		return;
	const char *image = mmap(NULL, (size_t)stat.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (image == MAP_FAILED)
		return;
	const Elf64_Ehdr *header = (const Elf64_Ehdr *)image;
	const Elf64_Shdr *sections = (const Elf64_Shdr *)(image + header->e_shoff);
	for (unsigned i = 0; i < header->e_shnum; i++) {
		if (sections[i].sh_type != (is_own ? SHT_SYMTAB : SHT_DYNSYM))
			continue;
		const Elf64_Sym *symbol = (const Elf64_Sym *)(image + sections[i].sh_offset);
		for (size_t left = sections[i].sh_size / sizeof(*symbol); left--; symbol++) {
			if (ELF64_ST_TYPE(symbol->st_info) != STT_FUNC || !symbol->st_size ||
				!symbol->st_shndx)
				continue;
			const char *name = image + sections[sections[i].sh_link].sh_offset + symbol->st_name;
			if (is_own && !strncmp(name, "rt_", 3)) /* some are assembly that nothing unwinds */
				continue;
			bool is_found = covers(module, symbol->st_value, is_own ? symbol->st_size : 0);
			all++;
			found += is_found;
			if (is_own)
				expect(is_found, "no function where a symbol is", symbol->st_value);
		}
	}
	munmap((void *)image, (size_t)stat.st_size);
	expect(found >= all - all / 20, "too few functions where symbols are", found);
	symbols += found;
}

static void check_functions(const struct rt_module *module)
{
	uint32_t end = 0;
	for (uint32_t i = 0; i < module->function_count; i++) {
		const struct rt_function *function = &module->functions[i];
		expect(function->start >= end && function->end > function->start &&
				function->end <= module->text.bytes,
			"functions in order", function->start);
		expect(rt_module_function(module, function->start) == function &&
				rt_module_function(module, function->end - 1) == function,
			"looking a function up", function->start);
		expect(rt_module_is_entry(module, function->start), "a function's start", function->start);
		end = function->end;
	}
	functions += module->function_count;
}

static void visit(struct rt_module *module, void *data)
{
	(void)data;
	uint64_t before = rt_sys_clock_ns(CLOCK_MONOTONIC);
	expect(rt_module_find_functions(module) && rt_module_find_entries(module), "memory", 0);
	double ms = (double)(rt_sys_clock_ns(CLOCK_MONOTONIC) - before) / 1e6,
	       mib = module->text.bytes / 1048576.0;
	if (mib > 0.5 && ms / mib > slowest_ms)
		slowest_ms = ms / mib;
	if (says_all)
		printf("%s: %.2f MB, %u functions, %.2f ms\n", module->path, mib, module->function_count, ms);
	expect(!modules == !module->path[0], "the program comes first", modules);
	expect(!strstr(module->path, "linux-vdso"), "the vDSO", 0);
	check_functions(module);
	compare_symbols(module, module->path, !modules);
	if (!modules++)
		check_program(module);
	rt_module_fini(module);
	expect(!module->functions && !module->entries && !module->function_count, "fini", 0);
}

/* The same at a fixed address. */
static void run_fixed(const char *own)
{
	char command[4096];
	const char *slash = strrchr(own, '/');
	snprintf(command, sizeof(command), "%.*s/rewrite_module_fixed once", slash ? (int)(slash - own) : 1,
		slash ? own : ".");
	fflush(stdout);
	expect(!system(command), "the program at a fixed address", 0);
}

int main(int argc, char **argv)
{
	static const char *const libraries[] = {"libstdc++.so.6", "libcrypto.so.3", "libsqlite3.so.0",
		"libpython3.11.so.1.0", "libxml2.so.2"};
	says_all = argc > 1 && strcmp(argv[1], "once") != 0;
	for (unsigned i = 0; i < RT_COUNT(libraries); i++)
		dlopen(libraries[i], RTLD_NOW);
	for (int i = 0; i < 10; i++)
		module_test_switch(i);
	computed_goto(0);
	run_pads();
	rt_modules_visit(visit, NULL);
	if (argc == 1)
		run_fixed(argv[0]);
	if (argc == 1 || failed)
		printf("%lu modules, %lu functions, %lu symbols are functions, %lu labels, at most %.1f ms "
		       "per MB\n",
			modules, functions, symbols, labels, slowest_ms);
	return failed;
}
