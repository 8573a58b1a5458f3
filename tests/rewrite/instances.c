#include "instances.h"

#include "rewrite/decode.h"
#include "rewrite/shape.h"

#include <Zydis/Zydis.h>
#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static ZydisDecoder decoder;
static __typeof__(&ZydisDecoderDecodeFull) zydis_decode;
static __typeof__(&ZydisMnemonicGetString) zydis_name;
static uint64_t random_state;

bool instance_open(void)
{
	void *library = dlopen("libZydis.so.4.0", RTLD_NOW | RTLD_LOCAL);
	if (!library)
		return false;
	__typeof__(&ZydisDecoderInit) init = (__typeof__(init))dlsym(library, "ZydisDecoderInit");
	zydis_decode = (__typeof__(zydis_decode))dlsym(library, "ZydisDecoderDecodeFull");
	zydis_name = (__typeof__(zydis_name))dlsym(library, "ZydisMnemonicGetString");
	return init && zydis_decode && zydis_name &&
	       ZYAN_SUCCESS(init(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64));
}

void instance_seed(uint64_t seed)
{
	random_state = seed;
}

/* ---- random values ---- */

static uint64_t next(void)
{
	random_state += 0x9e3779b97f4a7c15ull;
	return rt_hash64(random_state);
}

static bool one_of(unsigned n)
{
	return next() % n == 0;
}

uint64_t instance_word(void)
{
	static const uint64_t edges[] = {0, 1, 2, 8, 31, 32, 63, 64, 127, 128, 255, 0x7fffffff, 0x80000000,
		0xffffffff, 0x7fffffffffffffff, 0x8000000000000000, ~(uint64_t)0};
	switch (next() % 4) {
	case 0:
		return edges[next() % RT_COUNT(edges)];
	case 1:
		return next() >> next() % 64;
	default:
		return next();
	}
}

/* Vector registers are random bits; the x87's are numbers near 1. */
void instance_fill(struct machine_state *state)
{
	enum { TAGS = 4, ST = 32, XMM = 160, XMM_END = 416, EXTENDED = 576 };
	machine_fresh(state);
	state->vectors[TAGS] = 0xff;
	for (unsigned i = 0; i < 8; i++) {
		uint64_t number[2] = {next() | 1ull << 63, 0x3fff + next() % 3};
		memcpy(state->vectors + ST + 16 * i, number, 10);
	}
	for (unsigned at = XMM; at < MACHINE_VECTOR_BYTES; at += 8)
		if (at < XMM_END || at >= EXTENDED)
			memcpy(state->vectors + at, &(uint64_t){instance_word()}, 8);
	for (unsigned i = 0; i < 16; i++)
		state->regs[i] = instance_word();
	state->flags = (next() & 0xcd5) | 0x202;
}

/* ---- random instructions ---- */

static uint8_t *put_legacy(uint8_t *at)
{
	static const uint8_t prefixes[] = {0x66, 0x66, 0x66, 0xf2, 0xf3, 0x67, 0xf0};
	for (unsigned i = next() % 3; i > 1; i--)
		*at++ = prefixes[next() % sizeof(prefixes)];
	if (one_of(2))
		*at++ = 0x40 | next() % 16;
	switch (next() % 8) {
	case 0:
	case 1:
	case 2:
		*at++ = 0x0f;
		break;
	case 3:
		*at++ = 0x0f;
		*at++ = one_of(2) ? 0x38 : 0x3a;
		break;
	default:
		break;
	}
	return at;
}

static uint8_t *put_vex(uint8_t *at)
{
	*at++ = 0xc4;
	*at++ = (uint8_t)((next() % 8) << 5 | (1 + next() % 3));
	*at++ = (uint8_t)(one_of(2) ? next() : next() | 0x78);
	return at;
}

static uint8_t *put_evex(uint8_t *at)
{
	*at++ = 0x62;
	*at++ = (uint8_t)((next() % 16) << 4 | (1 + next() % 3));
	*at++ = (uint8_t)((one_of(2) ? next() : next() | 0x78) | 4);
	*at++ = (uint8_t)(one_of(4) ? next() : (next() & 0x78) | 8);
	return at;
}

void instance_random(uint8_t *code)
{
	uint8_t *at = code;
	for (unsigned i = 0; i < 16; i++)
		code[i] = (uint8_t)next();
	unsigned kind = next() % 4;
	at = kind == 0 ? put_vex(at) : kind == 1 ? put_evex(at) : put_legacy(at);
	/* the opcode is random; ModRM so that registers and memory are as frequent */
	if (one_of(2))
		at[1] |= 0xc0;
	else if (one_of(2))
		at[1] = (at[1] & 0x3f) | 0x40;
}

/* ---- programs ---- */

static bool is_new(uint64_t key)
{
	enum { ROOM = 1 << 18 };
	static uint64_t *seen;
	if (!seen)
		seen = calloc(ROOM, sizeof(*seen));
	for (uint64_t i = rt_hash64(key) % ROOM; seen; i = (i + 1) % ROOM) {
		if (seen[i] == key + 1)
			return false;
		if (!seen[i]) {
			seen[i] = key + 1;
			return true;
		}
	}
	return false;
}

static void (*visit_form)(const uint8_t *code);

static void visit_forms(const struct rt_code *text)
{
	struct rt_insn insn;
	struct rt_shape shape;
	for (uint32_t at = 0; at + RT_SHAPE_ROOM <= text->bytes; at += insn.bytes) {
		if (!rt_decode(text, at, text->bytes, &insn))
			insn.bytes = 1;
		else if (rt_shape_find(text->code + at, &shape) && is_new(shape.key))
			visit_form(text->code + at);
	}
}

void instance_of_program(const char *path, void (*visit)(const uint8_t *code))
{
	visit_form = visit;
	instance_text_of_program(path, visit_forms);
}

static unsigned from_environment(const char *name, unsigned otherwise)
{
	const char *value = getenv(name);
	return value ? (unsigned)strtoul(value, NULL, 0) : otherwise;
}

void instance_visit_all(unsigned count, int argc, char **argv, void (*visit)(const uint8_t *code))
{
	/* what is not there is left out */
	static const char *const programs[] = {"/lib/x86_64-linux-gnu/libc.so.6",
		"/lib/x86_64-linux-gnu/libcrypto.so.3", "/lib/x86_64-linux-gnu/libm.so.6"};
	uint8_t code[16];
	instance_seed(from_environment("RT_TEST_SEED", 1));
	for (unsigned i = from_environment("RT_TEST_COUNT", count); i > 0; i--) {
		instance_random(code);
		visit(code);
	}
	for (unsigned i = 0; argc == 1 && i < RT_COUNT(programs); i++)
		instance_of_program(programs[i], visit);
	for (int i = 1; i < argc; i++)
		instance_of_program(argv[i], visit);
}

void instance_text_of_program(const char *path, void (*visit)(const struct rt_code *text))
{
	int file = open(path, O_RDONLY | O_CLOEXEC);
	struct stat status;
	if (file < 0 || fstat(file, &status))
		return;
	const uint8_t *whole =
		mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file, 0);
	close(file);
	if (whole == MAP_FAILED)
		return;
	const Elf64_Ehdr *header = (const Elf64_Ehdr *)whole;
	const Elf64_Phdr *segments = (const Elf64_Phdr *)(whole + header->e_phoff);
	for (unsigned i = 0; i < header->e_phnum; i++)
		if (segments[i].p_type == PT_LOAD && segments[i].p_flags & PF_X)
			visit(&(struct rt_code){
				0, (uint32_t)segments[i].p_filesz, whole + segments[i].p_offset});
	munmap((void *)whole, (size_t)status.st_size);
}

/* ---- what is known of an instruction besides ---- */

static struct {
	ZydisDecodedInstruction insn;
	ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
} known;

static bool know(const uint8_t *code)
{
	return ZYAN_SUCCESS(zydis_decode(&decoder, code, 15, &known.insn, known.operands));
}

static bool writes_segment(void)
{
	for (unsigned i = 0; i < known.insn.operand_count; i++)
		if (known.operands[i].type == ZYDIS_OPERAND_TYPE_REGISTER &&
			known.operands[i].reg.value >= ZYDIS_REGISTER_ES &&
			known.operands[i].reg.value <= ZYDIS_REGISTER_GS &&
			known.operands[i].actions & ZYDIS_OPERAND_ACTION_MASK_WRITE)
			return true;
	return false;
}

bool instance_is_harmless(const uint8_t *code)
{
	if (!know(code) || writes_segment() || known.insn.attributes & ZYDIS_ATTRIB_IS_PRIVILEGED ||
		known.insn.attributes & (ZYDIS_ATTRIB_HAS_SEGMENT_FS | ZYDIS_ATTRIB_HAS_SEGMENT_GS))
		return false;
	switch (known.insn.meta.category) {
	case ZYDIS_CATEGORY_INTERRUPT:
	case ZYDIS_CATEGORY_IO:
	case ZYDIS_CATEGORY_IOSTRINGOP:
	case ZYDIS_CATEGORY_PKU:
	case ZYDIS_CATEGORY_RDPID:
	case ZYDIS_CATEGORY_RDPRU:
	case ZYDIS_CATEGORY_RDRAND:
	case ZYDIS_CATEGORY_RDSEED:
	case ZYDIS_CATEGORY_RDWRFSGS:
	case ZYDIS_CATEGORY_SYSCALL:
	case ZYDIS_CATEGORY_SYSRET:
	case ZYDIS_CATEGORY_VTX:
	case ZYDIS_CATEGORY_WAITPKG:
		return false;
	default:
		break;
	}
	switch (known.insn.mnemonic) {
	case ZYDIS_MNEMONIC_CPUID: /* differs from processor to processor, and is slow */
	case ZYDIS_MNEMONIC_ENTER:
	case ZYDIS_MNEMONIC_LDMXCSR: /* faults, like the next, whatever its address is */
	case ZYDIS_MNEMONIC_LGDT:
	case ZYDIS_MNEMONIC_LIDT:
	case ZYDIS_MNEMONIC_LLDT:
	case ZYDIS_MNEMONIC_LMSW:
	case ZYDIS_MNEMONIC_LTR:
	case ZYDIS_MNEMONIC_VLDMXCSR:
	case ZYDIS_MNEMONIC_LLWPCB:
	case ZYDIS_MNEMONIC_MONITORX:
	case ZYDIS_MNEMONIC_MWAITX:
	case ZYDIS_MNEMONIC_RDPMC:
	case ZYDIS_MNEMONIC_RDTSC:
	case ZYDIS_MNEMONIC_RDTSCP:
	case ZYDIS_MNEMONIC_SGDT:
	case ZYDIS_MNEMONIC_SIDT:
	case ZYDIS_MNEMONIC_SLDT:
	case ZYDIS_MNEMONIC_SMSW:
	case ZYDIS_MNEMONIC_STR:
		return false;
	default:
		return known.insn.meta.isa_ext != ZYDIS_ISA_EXT_SVM &&
		       known.insn.meta.isa_ext != ZYDIS_ISA_EXT_SGX &&
		       known.insn.meta.isa_ext != ZYDIS_ISA_EXT_SMX;
	}
}

uint64_t instance_undefined(const uint8_t *code)
{
	return know(code) && known.insn.cpu_flags ? known.insn.cpu_flags->undefined : 0;
}

const char *instance_name(const uint8_t *code)
{
	return know(code) ? zydis_name(known.insn.mnemonic) : "?";
}

/* ---- addresses ---- */

uintptr_t instance_address(const struct rt_insn *insn, unsigned which, const uint64_t *regs)
{
	const struct rt_memory *memory = &insn->memory[which];
	uint64_t address = (uint64_t)memory->displacement;
	if (memory->base == RT_REG_PC)
		address += MACHINE_INSN;
	else if (memory->base != RT_REG_NONE)
		address += regs[memory->base];
	if (memory->index != RT_REG_NONE)
		address += regs[memory->index] * memory->scale;
	return memory->narrow ? (uint32_t)address : address;
}

static bool add_to_displacement(uint8_t *code, uint64_t distance)
{
	const ZydisDecodedInstruction *insn = &known.insn;
	uint64_t displacement = 0;
	unsigned bytes = know(code) ? insn->raw.disp.size / 8 : 0;
	memcpy(&displacement, code + insn->raw.disp.offset, bytes);
	displacement += distance;
	memcpy(code + insn->raw.disp.offset, &displacement, bytes);
	return bytes >= 4;
}

bool instance_aim(uint8_t *code, const struct rt_insn *insn, unsigned which, uintptr_t at, uint64_t *regs)
{
	const struct rt_memory *memory = &insn->memory[which];
	bool has_base = memory->base < RT_REGISTERS, has_index = memory->index < RT_REGISTERS;
	if (has_base && has_index && memory->base == memory->index)
		return false;
	if (has_index && memory->index != RT_RSP)
		regs[memory->index] = memory->narrow ? (uint32_t)next() : next() >> 3;
	uint64_t distance = at - instance_address(insn, which, regs);
	if (has_base) {
		regs[memory->base] += distance;
		return true;
	}
	if (!has_index)
		return add_to_displacement(code, distance);
	regs[memory->index] = distance % memory->scale ? regs[memory->index]
						       : regs[memory->index] + distance / memory->scale;
	return distance % memory->scale == 0;
}
