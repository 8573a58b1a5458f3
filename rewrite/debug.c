#include "debug.h"

#include "bytes.h"
#include "shadow/engine.h"
#include "shadow/sys.h"

#include <elf.h>

/* ---- the interface, as gdb's manual has it: "JIT Compilation Interface" ---- */

struct jit_code_entry {
	struct jit_code_entry *next, *previous;
	const void *file;
	uint64_t bytes;
};

struct jit_descriptor {
	uint32_t version, action;
	struct jit_code_entry *relevant, *first;
};

enum { JIT_REGISTER = 1 };

/* The names are gdb's; nobody else is to see them. */
RT_HIDDEN struct jit_descriptor __jit_debug_descriptor = {.version = 1};
RT_HIDDEN void __jit_debug_register_code(void);
__attribute__((noinline, used)) void __jit_debug_register_code(void)
{
	__asm__ volatile("" : : : "memory"); /* gdb stops here */
}

/* ---- the file ---- */

enum {
	TEXT = 1,
	EH_FRAME,
	SYMBOLS,
	STRINGS,
	SECTIONS,
	RA = 16,
	SP = 7,
	FDE_BYTES = 64,       /* without its program */
	PROGRAM_PER_BYTE = 8, /* of the map: an entry has two bytes at least */
};

static const char strings[] = "\0.text\0.eh_frame\0.symtab\0.strtab\0checked";
enum { NAME_TEXT = 1, NAME_EH_FRAME = 7, NAME_SYMBOLS = 17, NAME_STRINGS = 25, NAME_CLONE = 33 };

struct file {
	Elf64_Ehdr header;
	Elf64_Shdr sections[SECTIONS];
	char strings[sizeof(strings)];
	uint8_t eh_frame[] __attribute__((aligned(8)));
};

struct writer {
	uint8_t *at;
};

/* 8 bytes are written, whatever it has: there is room behind the last. */
static inline void put(struct writer *writer, uint64_t number, unsigned bytes)
{
	*(rt_uint64_anywhere_t *)writer->at = number;
	writer->at += bytes;
}

/* Fills up a record that began at `begin` with no-ops, and writes its length. */
static void end_record(struct writer *writer, uint8_t *begin)
{
	while ((writer->at - begin) % 8)
		put(writer, 0, 1);
	uint32_t bytes = (uint32_t)(writer->at - begin - 4);
	rt_bytes_copy(begin, &bytes, sizeof(bytes));
}

/* CFA = rsp, which is the caller's rsp, too; all registers keep their values. */
static void put_cie(struct writer *writer)
{
	enum { DEF_CFA = 0x0c };
	uint8_t *begin = writer->at;
	put(writer, 0, 4);
	put(writer, 0, 4);
	put(writer, 1, 1);
	put(writer, 'z' | 'R' << 8, 3);
	put(writer, 1, 1);    /* code alignment */
	put(writer, 0x78, 1); /* data alignment: -8 */
	put(writer, RA, 1);
	put(writer, 1, 1); /* bytes of the augmentation's data */
	put(writer, 0, 1); /* addresses as they are */
	put(writer, DEF_CFA, 1);
	put(writer, SP, 1);
	put(writer, 0, 1);
	end_record(writer, begin);
}

static void put_advance(struct writer *writer, uint32_t distance)
{
	enum { ADVANCE = 0x40, ADVANCE2 = 0x03, ADVANCE4 };
	if (distance < ADVANCE) {
		put(writer, ADVANCE | distance, 1);
	} else if (distance <= UINT16_MAX) {
		put(writer, ADVANCE2, 1);
		put(writer, distance, 2);
	} else {
		put(writer, ADVANCE4, 1);
		put(writer, distance, 4);
	}
}

/* Debuggers look for a caller at the byte before its address. */
static void put_caller(struct writer *writer, uintptr_t pc)
{
	enum { VAL_EXPRESSION = 0x16, OP_ADDR = 0x03 };
	put(writer, VAL_EXPRESSION | RA << 8 | (1 + sizeof(pc)) << 16 | OP_ADDR << 24, 4);
	put(writer, pc + 1, sizeof(pc));
}

static void put_fde(
	struct writer *writer, const uint8_t *cie, const struct rt_unit *unit, const struct rt_clone *clone)
{
	uint8_t *begin = writer->at;
	uintptr_t text = unit->module.text.start;
	struct rt_map_at at = {.place.offset = clone->start};
	uint32_t here = 0, offset = clone->start;
	put(writer, 0, 4);
	put(writer, (uint64_t)(writer->at - cie), 4);
	put(writer, clone->code, 8);
	put(writer, clone->bytes, 8);
	put(writer, 0, 1);
	put_caller(writer, text + offset);
	while (rt_map_next(&clone->map, &at)) {
		if (at.place.offset == offset)
			continue;
		put_advance(writer, at.clone - here);
		put_caller(writer, text + at.place.offset);
		here = at.clone;
		offset = at.place.offset;
	}
	end_record(writer, begin);
}

static Elf64_Shdr section(uint32_t name, uint32_t type, uint64_t flags, uintptr_t address, size_t bytes)
{
	return (Elf64_Shdr){.sh_name = name,
		.sh_type = type,
		.sh_flags = flags,
		.sh_addr = address,
		.sh_size = bytes,
		.sh_addralign = 8};
}

static void fill(
	struct file *file, const struct rt_unit *unit, const uint8_t *frames_end, size_t symbols_bytes)
{
	const struct rt_clone *first = &unit->clones.at[0], *last = &unit->clones.at[unit->clones.count - 1];
	rt_bytes_copy(file->header.e_ident, ELFMAG, SELFMAG);
	file->header.e_ident[EI_CLASS] = ELFCLASS64;
	file->header.e_ident[EI_DATA] = ELFDATA2LSB;
	file->header.e_ident[EI_VERSION] = EV_CURRENT;
	file->header.e_type = ET_EXEC;
	file->header.e_machine = EM_X86_64;
	file->header.e_version = EV_CURRENT;
	file->header.e_ehsize = sizeof(Elf64_Ehdr);
	file->header.e_shentsize = sizeof(Elf64_Shdr);
	file->header.e_shoff = offsetof(struct file, sections);
	file->header.e_shnum = SECTIONS;
	file->header.e_shstrndx = STRINGS;
	rt_bytes_copy(file->strings, strings, sizeof(strings));
	file->sections[TEXT] = section(NAME_TEXT, SHT_NOBITS, SHF_ALLOC | SHF_EXECINSTR, first->code,
		last->code + last->bytes - first->code);
	file->sections[EH_FRAME] = section(NAME_EH_FRAME, SHT_PROGBITS, SHF_ALLOC, (uintptr_t)file->eh_frame,
		(size_t)(frames_end - file->eh_frame));
	file->sections[EH_FRAME].sh_offset = offsetof(struct file, eh_frame);
	file->sections[SYMBOLS] = section(NAME_SYMBOLS, SHT_SYMTAB, 0, 0, symbols_bytes);
	file->sections[SYMBOLS].sh_offset = (size_t)(frames_end - (const uint8_t *)file);
	file->sections[SYMBOLS].sh_link = STRINGS;
	file->sections[SYMBOLS].sh_info = 1;
	file->sections[SYMBOLS].sh_entsize = sizeof(Elf64_Sym);
	file->sections[STRINGS] = section(NAME_STRINGS, SHT_STRTAB, 0, 0, sizeof(strings));
	file->sections[STRINGS].sh_offset = offsetof(struct file, strings);
}

static size_t most_bytes(const struct rt_unit *unit)
{
	size_t bytes = sizeof(struct file) + 2 * FDE_BYTES + sizeof(Elf64_Sym);
	for (uint32_t i = 0; i < unit->clones.count; i++)
		bytes += FDE_BYTES + sizeof(Elf64_Sym) +
			 (size_t)unit->clones.at[i].map.count * PROGRAM_PER_BYTE;
	return bytes;
}

size_t rt_debug_tell(const struct rt_unit *unit)
{
	size_t most = most_bytes(unit);
	struct file *file = unit->clones.count ? rt_sys_pages(most) : NULL;
	struct jit_code_entry *entry = file ? rt_alloc(sizeof(*entry)) : NULL;
	if (!entry) {
		if (file)
			rt_sys_munmap(file, most);
		return 0;
	}
	rt_sys_madvise(file, most, RT_MADV_HUGEPAGE);
	struct writer writer = {file->eh_frame};
	put_cie(&writer);
	for (uint32_t i = 0; i < unit->clones.count; i++)
		put_fde(&writer, file->eh_frame, unit, &unit->clones.at[i]);
	put(&writer, 0, 8);
	const uint8_t *frames_end = writer.at;
	Elf64_Sym *symbols = (Elf64_Sym *)(void *)writer.at;
	for (uint32_t i = 0; i < unit->clones.count; i++)
		symbols[i + 1] = (Elf64_Sym){.st_name = NAME_CLONE,
			.st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC),
			.st_shndx = TEXT,
			.st_value = unit->clones.at[i].code,
			.st_size = unit->clones.at[i].bytes};
	size_t symbols_bytes = (unit->clones.count + 1) * sizeof(*symbols);
	fill(file, unit, frames_end, symbols_bytes);
	struct jit_descriptor *descriptor = &__jit_debug_descriptor;
	*entry = (struct jit_code_entry){.next = descriptor->first,
		.file = file,
		.bytes = (size_t)(frames_end - (const uint8_t *)file) + symbols_bytes};
	if (descriptor->first)
		descriptor->first->previous = entry;
	descriptor->first = descriptor->relevant = entry;
	descriptor->action = JIT_REGISTER;
	__jit_debug_register_code();
	return entry->bytes;
}
