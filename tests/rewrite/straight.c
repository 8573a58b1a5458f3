#include "straight.h"

#include <string.h>

uint64_t straight_random_state = 88172645463325252u;

enum { STACK_WORDS = 2048, PADDING_MOST = 14 };

/* The last of the bytes takes register numbers, none of them rsp or rbp; any bytes follow. */
static const struct pattern {
	const char *bytes;
	uint8_t count;
	bool has_register, has_other;
	uint8_t any;
} patterns[] = {
	{"\x90", 1, false, false, 0},
	{"\xf5", 1, false, false, 0},
	{"\xf8", 1, false, false, 0},
	{"\xf9", 1, false, false, 0},
	{"\x99", 1, false, false, 0},
	{"\x50", 1, true, false, 0},
	{"\x58", 1, true, false, 0},
	{"\x50", 1, true, false, 0},
	{"\x58", 1, true, false, 0},
	{"\x66\x90", 2, false, false, 0},
	{"\x89\xc0", 2, true, true, 0},
	{"\x01\xc0", 2, true, true, 0},
	{"\x31\xc0", 2, true, true, 0},
	{"\xff\xc0", 2, true, false, 0},
	{"\xf7\xd0", 2, true, false, 0},
	{"\x41\x50", 2, false, false, 0},
	{"\x85\xc0", 2, true, true, 0},
	{"\x48\x01\xc0", 3, true, true, 0},
	{"\x48\x29\xc0", 3, true, true, 0},
	{"\x48\x89\xc0", 3, true, true, 0},
	{"\x48\xff\xc0", 3, true, false, 0},
	{"\x83\xc0", 2, true, false, 1},
	{"\x0f\x1f\x00", 3, false, false, 0},
	{"\x48\x83\xc0", 3, true, false, 1},
	{"\x49\x83\xc0", 3, false, false, 1},
	{"\x48\x83\xe0", 3, true, false, 1},
	{"\x48\x8d\x04\x08", 4, false, false, 0},
	{"\x0f\x1f\x40\x00", 4, false, false, 0},
	{"\x05", 1, false, false, 4},
	{"\x3d", 1, false, false, 4},
	{"\xb8", 1, true, false, 4},
	{"\x48\x8d\x44\x08", 4, false, false, 1},
	{"\x0f\x1f\x44\x00\x00", 5, false, false, 0},
	{"\x81\xc0", 2, true, false, 4},
	{"\x66\x0f\x1f\x44\x00\x00", 6, false, false, 0},
	{"\x48\x81\xc0", 3, true, false, 4},
	{"\x48\xc7\xc0", 3, true, false, 4},
	{"\x0f\x1f\x80", 3, false, false, 4},
	{"\x0f\x1f\x84\x00", 4, false, false, 4},
	{"\x48\xb8", 2, true, false, 8},
	{"\x66\x66\x2e\x0f\x1f\x84\x00", 7, false, false, 4},
};

static uint8_t write_plain(uint8_t *code)
{
	static const uint8_t registers[] = {0, 1, 2, 3, 6, 7};
	const struct pattern *pattern = &patterns[random_below(sizeof(patterns) / sizeof(patterns[0]))];
	uint8_t bytes = pattern->count;
	memcpy(code, pattern->bytes, bytes);
	if (pattern->has_register)
		code[bytes - 1] |= registers[random_below(6)];
	if (pattern->has_other)
		code[bytes - 1] |= (uint8_t)(registers[random_below(6)] << 3);
	for (uint8_t i = 0; i < pattern->any; i++)
		code[bytes++] = (uint8_t)random_below(256);
	return bytes;
}

static void write_insn(struct straight *straight, struct straight_insn *insn)
{
	uint8_t *code = straight->code + straight->bytes;
	uint32_t choice = random_below(24);
	*insn = (struct straight_insn){.offset = straight->bytes};
	if (choice == 0) {
		insn->kind = CALL;
		insn->bytes = 5;
		code[0] = 0xe8;
	} else if (choice == 1) {
		insn->kind = JUMP;
		insn->bytes = 2;
		insn->padding = (uint8_t)random_below(PADDING_MOST);
		code[0] = 0xeb;
		code[1] = insn->padding;
		memset(code + 2, 0xcc, insn->padding);
	} else {
		insn->bytes = write_plain(code);
	}
	straight->bytes += insn->bytes + insn->padding;
}

void straight_make(struct straight *straight, uint32_t insns)
{
	static const uint8_t end[] = {0x41, 0xff, 0xe7}, helper[] = {0xff, 0xc3, 0xc3};
	straight->bytes = 0;
	straight->count = insns;
	for (uint32_t i = 0; i < insns; i++)
		write_insn(straight, &straight->insns[i]);
	straight->insns[insns] = (struct straight_insn){straight->bytes, sizeof(end), END, 0};
	memcpy(straight->code + straight->bytes, end, sizeof(end));
	straight->helper = straight->bytes += sizeof(end);
	memcpy(straight->code + straight->bytes, helper, sizeof(helper));
	straight->bytes += sizeof(helper);
	for (uint32_t i = 0; i < insns; i++)
		if (straight->insns[i].kind == CALL) {
			uint32_t distance = straight->helper - (straight->insns[i].offset + 5);
			memcpy(straight->code + straight->insns[i].offset + 1, &distance, 4);
		}
}

/* ---- running ---- */

/* For the assembly: offsets are written there. */
struct machine {
	uint64_t registers[14]; /* 0 */
	uint64_t flags;         /* 112 */
	uint64_t own_stack;     /* 120 */
	const void *address;    /* 128 */
};

void straight_enter(struct machine *machine);

__asm__(".text\n.globl straight_enter\nstraight_enter:\n"
	"push %rbx; push %rbp; push %r12; push %r13; push %r14; push %r15\n"
	"mov %rdi, %r14; mov %rsp, 120(%r14); mov 32(%r14), %rsp\n"
	"pushq 112(%r14); popfq\n"
	"mov (%r14), %rax; mov 8(%r14), %rcx; mov 16(%r14), %rdx; mov 24(%r14), %rbx; mov 40(%r14), %rbp\n"
	"mov 48(%r14), %rsi; mov 56(%r14), %rdi; mov 64(%r14), %r8; mov 72(%r14), %r9; mov 80(%r14), %r10\n"
	"mov 88(%r14), %r11; mov 96(%r14), %r12; mov 104(%r14), %r13\n"
	"lea 1f(%rip), %r15; jmp *128(%r14)\n"
	"1: mov %rax, (%r14); mov %rcx, 8(%r14); mov %rdx, 16(%r14); mov %rbx, 24(%r14); mov %rsp, 32(%r14)\n"
	"mov %rbp, 40(%r14); mov %rsi, 48(%r14); mov %rdi, 56(%r14); mov %r8, 64(%r14); mov %r9, 72(%r14)\n"
	"mov %r10, 80(%r14); mov %r11, 88(%r14); mov %r12, 96(%r14); mov %r13, 104(%r14)\n"
	"mov 120(%r14), %rsp; pushfq; popq 112(%r14); cld\n"
	"pop %r15; pop %r14; pop %r13; pop %r12; pop %rbp; pop %rbx; ret\n");

struct straight_result straight_run(const void *address)
{
	enum { RSP = 4, STATUS_FLAGS = 0x8d5 };
	static __thread uint64_t stack[STACK_WORDS];
	struct machine machine = {.flags = 0x202, .address = address};
	struct straight_result result = {.stack = 0};
	for (uint64_t i = 0; i < STACK_WORDS; i++)
		stack[i] = i * 0x9e3779b97f4a7c15u;
	for (uint64_t i = 0; i < 14; i++)
		machine.registers[i] = (i + 1) * 0x0123456789abcdefu;
	machine.registers[RSP] = (uint64_t)&stack[STACK_WORDS / 2];
	straight_enter(&machine);
	memcpy(result.registers, machine.registers, sizeof(result.registers));
	result.registers[RSP] -= (uint64_t)stack;
	result.flags = machine.flags & STATUS_FLAGS;
	for (uint64_t i = 0; i < STACK_WORDS; i++)
		result.stack = result.stack * 31 + stack[i];
	return result;
}
