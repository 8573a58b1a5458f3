#include "generate.h"

#include "aim.h"
#include "instances.h"
#include "machine.h"
#include "shadow/base.h"

#include <stdlib.h>
#include <string.h>

enum { RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, DEPTH_MOST = 3, PARTS_SPARE = 100 };

static uint64_t random_state;

/* What is being written. */
static struct generated *it;
static struct aim_roles roles;
static unsigned now;   /* the function */
static unsigned depth; /* words pushed */
static bool in_loop;

uint64_t generate_random(void)
{
	random_state += 0x9e3779b97f4a7c15ull;
	return rt_hash64(random_state);
}

void generate_seed(uint64_t seed)
{
	random_state = rt_hash64(seed + 1);
	instance_seed(seed);
}

static unsigned below(unsigned limit)
{
	return (unsigned)(generate_random() % limit);
}

bool generate_open(void)
{
	return aim_open();
}

/* ---- parts ---- */

static struct generate_part *add(void)
{
	uint32_t i = it->part_count < GENERATE_PARTS - 1 ? it->part_count++ : it->part_count;
	struct generate_part *part = &it->parts[i];
	memset(part, 0, sizeof(*part));
	part->function = (uint8_t)now;
	return part;
}

static void put(struct generate_part *part, const char *bytes, unsigned count)
{
	memcpy(part->bytes + part->count, bytes, count);
	part->count += (uint8_t)count;
}
#define PUT(part, bytes) put(part, bytes, sizeof(bytes) - 1)

static void put_byte(struct generate_part *part, unsigned byte)
{
	part->bytes[part->count++] = (uint8_t)byte;
}

static void put_number(struct generate_part *part, uint64_t number, unsigned bytes)
{
	memcpy(part->bytes + part->count, &number, bytes);
	part->count += (uint8_t)bytes;
}

static void put_field(struct generate_part *part, enum generate_field kind, uint32_t target, unsigned bytes)
{
	part->field = part->count;
	part->field_bytes = (uint8_t)bytes;
	part->field_kind = (uint8_t)kind;
	part->target = target;
	put_number(part, 0, bytes);
	part->field_end = part->count;
}

/* mov reg, number, of the shortest or not. */
static void put_set(struct generate_part *part, unsigned reg, int64_t number)
{
	bool small = number == (int32_t)number;
	if (small && number >= 0 && below(4)) {
		if (reg >= 8)
			put_byte(part, 0x41);
		put_byte(part, 0xb8 | (reg & 7));
		put_number(part, (uint64_t)number, 4);
	} else if (small) {
		put_byte(part, 0x48 | reg >> 3);
		put_byte(part, 0xc7);
		put_byte(part, 0xc0 | (reg & 7));
		put_number(part, (uint64_t)number, 4);
	} else {
		put_byte(part, 0x48 | reg >> 3);
		put_byte(part, 0xb8 | (reg & 7));
		put_number(part, (uint64_t)number, 8);
	}
}

static void put_push(struct generate_part *part, bool pops, unsigned reg)
{
	if (reg >= 8)
		put_byte(part, 0x41);
	put_byte(part, (pops ? 0x58 : 0x50) | (reg & 7));
}

/* A register that nothing depends on. */
static unsigned free_register(void)
{
	for (;;) {
		unsigned reg = below(16);
		if (reg != RSP && !(roles.kept >> reg & 1))
			return reg;
	}
}

static uint32_t data_address(unsigned align)
{
	return (MACHINE_WRITABLE + 1024 + below(MACHINE_DATA_BYTES - 2048)) & ~(align - 1);
}

/* ---- registers with jobs ---- */

static void choose_roles(void)
{
	uint16_t taken = 1u << RSP | (roles.by_rbp ? 1u << RBP : 0);
	uint8_t chosen[4];
	for (unsigned i = 0; i < 4; i++) {
		do
			chosen[i] = (uint8_t)(i == 0 ? below(8) : below(16));
		while (taken >> chosen[i] & 1);
		taken |= (uint16_t)(1u << chosen[i]);
	}
	roles.base[0] = chosen[0];
	roles.base[1] = chosen[1];
	roles.index = chosen[2];
	roles.counter = chosen[3];
	roles.kept = taken;
}

static void set_roles(struct generate_part *part, bool also_index)
{
	for (unsigned i = 0; i < 2; i++)
		put_set(part, roles.base[i], roles.base_at[i]);
	if (also_index)
		put_set(part, roles.index, below(16));
}

/* After an instruction with fixed registers, which may be the kept ones. */
static void restore(struct generate_part *part, uint16_t changed)
{
	for (unsigned i = 0; i < 2; i++)
		if (changed >> roles.base[i] & 1)
			put_set(part, roles.base[i], roles.base_at[i]);
	if (changed >> roles.index & 1)
		put_set(part, roles.index, below(16));
}

static bool keeps_counter(uint16_t changed)
{
	return !(in_loop && changed >> roles.counter & 1) && !(roles.by_rbp && changed >> RBP & 1);
}

/* ---- straight instructions ---- */

static void add_form(void)
{
	struct generate_part *part = add();
	uint8_t form[16];
	for (unsigned tries = 0; tries < 64; tries++) {
		aim_random_form(form);
		if (aim_form(part, form, &roles, false))
			return;
	}
}

/* Forms that are rare in programs; their operand in memory is aimed elsewhere. */
static void add_rare(void)
{
	static const struct {
		const char *bytes;
		uint8_t count;
	} rare[] = {
#define RARE(bytes) {bytes, sizeof(bytes) - 1}
		RARE("\xf0\x0f\xc7\x08"),
		RARE("\xf0\x48\x0f\xc7\x08"),
		RARE("\x48\x0f\xc7\x08"), /* cmpxchg8b, 16b */
		RARE("\x0f\xc7\x08"),
		RARE("\xf0\x48\x0f\xb1\x08"),
		RARE("\x0f\xb0\x08"), /* cmpxchg */
		RARE("\xf0\x48\x0f\xc1\x08"),
		RARE("\xf0\x66\x0f\xc1\x10"),
		RARE("\xf0\xff\x00"), /* xadd, inc */
		RARE("\xf0\x80\x08\x11"),
		RARE("\xf0\x48\x81\x20\x11\x22\x33\x44"),
		RARE("\xf0\xf6\x18"),
		RARE("\x86\x08"),
		RARE("\x87\x10"),
		RARE("\x48\x87\x30"),
		RARE("\x66\x87\x38"), /* xchg */
		RARE("\xf0\x0f\xba\x28\x05"),
		RARE("\x0f\xba\x38\x1f"), /* bts, btc */
		RARE("\x0f\x94\x00"),
		RARE("\x0f\x9c\x00"),
		RARE("\x0f\x47\x10"),
		RARE("\x48\x0f\x44\x08"),
		RARE("\x0f\x38\xf0\x08"),
		RARE("\x48\x0f\x38\xf1\x10"),
		RARE("\x11\x08"),
		RARE("\x1a\x10"),
		RARE("\xd9\x00"),
		RARE("\xdd\x00"),
		RARE("\xdb\x28"),
		RARE("\xdd\x18"),
		RARE("\xdb\x38"), /* x87 */
		RARE("\xdf\x38"),
		RARE("\xdf\x30"),
		RARE("\xd8\x00"),
		RARE("\xd9\x38"),
		RARE("\xdd\x38"),
		RARE("\x66\x0f\x6f\x00"),
		RARE("\xf3\x0f\x7f\x00"),
		RARE("\x0f\x12\x00"),
		RARE("\x0f\x17\x00"),
		RARE("\xc5\xfe\x6f\x00"),
		RARE("\xc5\xfe\x7f\x08"),
		RARE("\x62\xf1\x7c\x48\x10\x00"),
		RARE("\x62\xf1\x7c\x48\x11\x08"),
		RARE("\xc5\xf8\xae\x18"),
		RARE("\x0f\xae\x18"), /* stmxcsr */
		RARE("\x48\x0f\xaf\x00"),
		RARE("\x48\xf7\x20"),
		RARE("\xf6\x28"),
		RARE("\x0f\xae\xf0"),
		RARE("\x0f\xc3\x08"),
		RARE("\x66\x0f\xe7\x00"),
		RARE("\x8c\x18"),
		RARE("\x48\x63\x00"),
		RARE("\xf0\x48\x29\x08"),
		RARE("\xd1\x20"),
		RARE("\xd3\x18"),
		RARE("\xc6\x00\x01"),
		RARE("\xc7\x00\x01\x00\x00\x00"),
#undef RARE
	};
	uint8_t form[16] = {0};
	unsigned i = below(RT_COUNT(rare));
	memcpy(form, rare[i].bytes, rare[i].count);
	aim_form(add(), form, &roles, false);
}

static void add_string(void)
{
	static const uint8_t opcodes[] = {0xa4, 0xa5, 0xa6, 0xa7, 0xaa, 0xab, 0xac, 0xad, 0xae, 0xaf};
	static const uint8_t repeats[] = {0, 0, 0xf3, 0xf3, 0xf2};
	const uint16_t changed = 1u << RCX | 1u << RSI | 1u << RDI | 1u << RAX;
	if (!keeps_counter(changed))
		return;
	struct generate_part *part = add();
	unsigned opcode = opcodes[below(RT_COUNT(opcodes))], repeat = repeats[below(RT_COUNT(repeats))];

	bool down = below(6) == 0;
	put_set(part, RSI, data_address(1));
	put_set(part, RDI, below(8) ? data_address(1) : MACHINE_READABLE + 2048);
	put_set(part, RCX, below(6) ? (int64_t)below(40) : -(int64_t)below(2));
	if (below(2))
		put_set(part, RAX, below(4));
	if (down)
		put_byte(part, 0xfd);
	if (below(8) == 0)
		put_byte(part, 0x66);
	if (repeat)
		put_byte(part, repeat);
	if (below(2))
		put_byte(part, 0x48);
	put_byte(part, opcode);
	if (down)
		put_byte(part, 0xfc);
	restore(part, changed);
}

/* bt, bts, btr, btc with the bit's number in a register. */
static void add_bit(void)
{
	static const uint8_t opcodes[] = {0xa3, 0xab, 0xb3, 0xbb};
	unsigned reg = free_register();
	struct generate_part *part = add();
	uint8_t form[16] = {0};
	unsigned at = 0;
	put_set(part, reg, (int64_t)below(8000) - 4000);
	if (below(4) == 0)
		form[at++] = 0xf0;
	if (below(4) == 0)
		form[at++] = 0x66;
	form[at++] = (uint8_t)(0x40 | below(2) << 3 | reg >> 3 << 2);
	form[at++] = 0x0f;
	form[at++] = opcodes[below(4)];
	form[at++] = (uint8_t)((reg & 7) << 3);
	struct aim_roles away = roles;
	away.has_frame = false; /* what lies below the stack is nobody's */
	aim_form(part, form, &away, false);
}

static void add_xlat(void)
{
	const uint16_t changed = 1u << RBX | 1u << RAX;
	if (!keeps_counter(changed))
		return;
	struct generate_part *part = add();
	put_set(part, RBX, data_address(1));
	PUT(part, "\xd7");
	restore(part, changed);
}

/* ---- by way of other registers ---- */

__thread uint64_t generate_own[64];

/* A vector of the page at GENERATE_VECTORS: vmovdqu64, or vmovdqu of 32 bytes. */
static void put_vector(struct generate_part *part, unsigned reg, unsigned at, bool wide)
{
	if (wide)
		PUT(part, "\x62\xf1\xfe\x48\x6f");
	else
		PUT(part, "\xc5\xfe\x6f");
	put_byte(part, 4 | reg << 3);
	put_byte(part, 0x25);
	put_number(part, GENERATE_VECTORS + at, 4);
}

enum { SMALL_AT = 0, QUADS_AT = 64, SIGNS_AT = 128, SIGNS = 96 };

static void add_signs(void)
{
	static const char *const forms[] = {"\xc4\xe2\x75\x2c\x07", "\xc4\xe2\x75\x2d\x07",
		"\xc4\xe2\x75\x2e\x07", "\xc4\xe2\x71\x2f\x07", "\xc4\xe2\x75\x8c\x07",
		"\xc4\xe2\xf5\x8e\x07", "\xc4\xe2\xf1\x8c\x07", "\xc4\xe2\x71\x8e\x07"};
	struct generate_part *part = add();
	uint8_t form[16] = {0};
	put_vector(part, 1, SIGNS_AT + below(SIGNS), false);
	if (below(4) == 0 && keeps_counter(1u << RDI)) {
		put_set(part, RDI, data_address(1));
		PUT(part, "\x66\x0f\xf7\xc1"); /* maskmovdqu */
		restore(part, 1u << RDI);
		return;
	}
	memcpy(form, forms[below(RT_COUNT(forms))], 5);
	form[4] |= (uint8_t)(below(8) << 3);
	aim_form(part, form, &roles, false);
}

/* A mask into k1 to k7. */
static unsigned put_mask(struct generate_part *part)
{
	unsigned reg = free_register(), mask = 1 + below(7);
	put_set(part, reg, (int64_t)generate_random());
	put_byte(part, 0xc4);
	put_byte(part, reg < 8 ? 0xe1 : 0xc1);
	put_byte(part, 0xfb);
	put_byte(part, 0x92);
	put_byte(part, 0xc0 | mask << 3 | (reg & 7));
	return mask;
}

static void put_sib(struct generate_part *part, unsigned value, unsigned index, unsigned base)
{
	put_byte(part, 0x84 | value << 3);
	put_byte(part, below(4) << 6 | index << 3 | (base & 7));
	put_number(part, below(64), 4);
}

/* Gathers of AVX2, gathers and scatters of AVX-512. */
static void add_gather(void)
{
	struct generate_part *part = add();
	unsigned value = below(2), index = 2 + below(2), mask = 4 + below(2), base = roles.base[below(2)];
	unsigned kind = below(4), width = below(3), quads = kind & 1, is_quad = kind >> 1;
	bool by_bits = below(2), scatters = by_bits && below(2);
	put_vector(part, index, is_quad ? QUADS_AT : SMALL_AT, by_bits);
	if (by_bits) {
		mask = put_mask(part);
		put_byte(part, 0x62);
		put_byte(part, (base < 8 ? 0xf2 : 0xd2));
		put_byte(part, 0x7d | quads << 7);
		put_byte(part, 8 | width << 5 | mask);
	} else {
		put_vector(part, mask, SIGNS_AT + below(SIGNS), false);
		put_byte(part, 0xc4);
		put_byte(part, (base < 8 ? 0xe2 : 0xc2));
		put_byte(part, quads << 7 | (~mask & 15) << 3 | (width & 1) << 2 | 1);
	}
	put_byte(part, (scatters ? 0xa0 : 0x90) + 2 * below(2) + is_quad);
	put_sib(part, value, index, base);
}

/* By the segment fs: a constant, or a register, and an index. */
static void add_own(void)
{
	static const uint8_t opcodes[] = {0x8b, 0x89, 0x01, 0x03, 0x39, 0x87, 0x63};
	uintptr_t thread;
	__asm__("mov %%fs:0, %0" : "=r"(thread));
	int64_t at = (int64_t)((uintptr_t)generate_own - thread) + 8 * below(32);
	unsigned how = below(3), reg = free_register(), value = free_register();
	struct generate_part *part = add();
	put_set(part, reg, at - 16);
	put_byte(part, 0x64);
	if (how == 0) {
		put_byte(part, 0x48 | value >> 3 << 2);
		put_byte(part, opcodes[below(RT_COUNT(opcodes))]);
		put_byte(part, 4 | (value & 7) << 3);
		put_byte(part, 0x25);
		put_number(part, (uint64_t)at, 4);
		return;
	}
	bool indexed = how == 2;
	put_byte(part, 0x48 | value >> 3 << 2 | (indexed ? roles.index >> 3 << 1 : 0) | reg >> 3);
	put_byte(part, opcodes[below(RT_COUNT(opcodes))]);
	put_byte(part, 0x44 | (value & 7) << 3);
	if (!indexed) {
		part->bytes[part->count - 1] = (uint8_t)(0x40 | (value & 7) << 3 | (reg & 7));
		if ((reg & 7) == 4)
			put_byte(part, 0x24);
	} else {
		put_byte(part, 3 << 6 | (roles.index & 7) << 3 | (reg & 7));
	}
	put_byte(part, 16);
}

/* Flags into a register, or from a constant. */
static void add_flags(void)
{
	struct generate_part *part = add();
	unsigned reg = free_register();
	switch (roles.is_red ? 3 : below(4)) {
	case 0:
	case 1:
		PUT(part, "\x9c");
		put_push(part, true, reg);
		break;
	case 2:
		PUT(part, "\x68");
		put_number(part, 0x202 | (generate_random() & 0x8d5), 4);
		PUT(part, "\x9d");
		break;
	default:
		if (!(roles.kept & 1))
			PUT(part, "\x9f");
	}
}

static void add_escape(void)
{
	if (!it->functions[now].escapes)
		return;
	struct generate_part *part = add();
	unsigned reg = free_register();
	part->is_escape = true;
	put_byte(part, 0x48 | reg >> 3 << 2);
	put_byte(part, 0x8d);
	put_byte(part, (roles.by_rbp ? 0x45 : 0x44) | (reg & 7) << 3);
	if (!roles.by_rbp)
		put_byte(part, 0x24);
	put_byte(part, roles.by_rbp ? 0xf8 : 8);
}

static void add_set(void)
{
	struct generate_part *part = add();
	if (below(2))
		put_set(part, free_register(), (int64_t)instance_word());
	else
		put_set(part, roles.index, below(16));
}

/* A load, and soon after it a conditional move that takes it or keeps it: then one of the two is not used any more. */
static void add_choice(void)
{
	struct generate_part *part = add();
	unsigned value = free_register(), other = free_register(), taken = below(2);
	put_byte(part, 0x48 | value >> 3 << 2);
	PUT(part, "\x8b"); /* mov value, [absolute] */
	put_byte(part, 4 | (value & 7) << 3);
	put_byte(part, 0x25);
	put_number(part, data_address(1), 4);
	if (below(2)) {
		put_byte(part, 0x48 | other >> 3 << 2 | other >> 3);
		PUT(part, "\x85"); /* test other, other */
		put_byte(part, 0xc0 | (other & 7) << 3 | (other & 7));
	}
	unsigned to = taken ? other : value, from = taken ? value : other;
	put_byte(part, 0x48 | to >> 3 << 2 | from >> 3);
	PUT(part, "\x0f");
	put_byte(part, 0x40 | below(16)); /* cmov to, from */
	put_byte(part, 0xc0 | (to & 7) << 3 | (from & 7));
	if (taken && value != other)
		put_set(part, value, 5);
}

/* ---- the stack ---- */

static void add_body(unsigned parts);

static void add_pushed(unsigned parts)
{
	struct aim_roles kept = roles;
	if (roles.is_red || depth >= DEPTH_MOST)
		return;
	unsigned how = below(4);
	struct generate_part *part = add();
	uint8_t form[16] = {0xff, 0x30};
	bool by_rsp = roles.has_frame && !roles.by_rbp;
	if (how == 1) {
		PUT(part, "\x68");
		put_number(part, generate_random(), 4);
	} else if (how != 0 || !aim_form(part, form, &roles, true)) {
		unsigned reg = below(16);
		put_push(part, false, reg);
		part->is_escape = reg == RSP;
	}
	depth++;
	roles.has_frame &= !by_rsp;
	add_body(parts);
	roles = kept;
	depth--;
	part = add();
	form[0] = 0x8f;
	form[1] = 0;
	if (below(4) || !aim_form(part, form, &roles, true))
		put_push(part, true, free_register());
}

/* ---- control ---- */

static void put_branch(struct generate_part *part, uint32_t target)
{
	bool is_short = below(2);
	unsigned condition = below(16);
	if (is_short) {
		put_byte(part, 0x70 | condition);
	} else {
		put_byte(part, 0x0f);
		put_byte(part, 0x80 | condition);
	}
	put_field(part, FIELD_PART, target, is_short ? 1 : 4);
}

static void add_if(unsigned parts)
{
	struct generate_part *part = add();
	put_branch(part, 0);
	add_body(parts);
	part->target = it->part_count;
}

static void add_loop(unsigned parts)
{
	if (in_loop)
		return;
	unsigned counter = roles.counter;
	put_set(add(), counter, 1 + below(5));
	uint32_t top = it->part_count;
	in_loop = true;
	add_body(parts);
	in_loop = false;
	struct generate_part *part = add();
	if (counter == RCX && below(2)) {
		put_byte(part, 0xe2);
		put_field(part, FIELD_PART, top, 1);
		return;
	}
	put_byte(part, 0x48 | counter >> 3);
	put_byte(part, 0xff);
	put_byte(part, 0xc8 | (counter & 7));
	put_byte(part, 0x0f);
	put_byte(part, 0x85);
	put_field(part, FIELD_PART, top, 4);
}

static struct generate_part *add_jump(uint32_t target)
{
	struct generate_part *part = add();
	put_byte(part, 0xe9);
	put_field(part, FIELD_PART, target, 4);
	return part;
}

/* lea r2, [table]; movslq (r2, r1, 4), r1; add r2, r1; jmp *r1. */
static void put_relative_jump(struct generate_part *part, uint32_t table, unsigned r1, unsigned r2)
{
	put_byte(part, 0x48 | r2 >> 3 << 2);
	put_byte(part, 0x8d);
	put_byte(part, 5 | (r2 & 7) << 3);
	put_field(part, FIELD_PLACE, (uint32_t)generate_table_at(it, table), 4);
	put_byte(part, 0x48 | r1 >> 3 << 2 | r1 >> 3 << 1 | r2 >> 3);
	put_byte(part, 0x63);
	put_byte(part, 0x44 | (r1 & 7) << 3);
	put_byte(part, 0x80 | (r1 & 7) << 3 | (r2 & 7));
	put_byte(part, 0);
	put_byte(part, 0x48 | r2 >> 3 << 2 | r1 >> 3);
	put_byte(part, 0x01);
	put_byte(part, 0xc0 | (r2 & 7) << 3 | (r1 & 7));
	if (r1 >= 8)
		put_byte(part, 0x41);
	put_byte(part, 0xff);
	put_byte(part, 0xe0 | (r1 & 7));
}

/* jmp *table(, r1, 8) */
static void put_absolute_jump(struct generate_part *part, uint32_t table, unsigned r1)
{
	if (r1 >= 8)
		put_byte(part, 0x42);
	put_byte(part, 0xff);
	put_byte(part, 0x24);
	put_byte(part, 0xc5 | (r1 & 7) << 3);
	put_number(part, generate_table_at(it, table), 4);
}

static void add_switch(unsigned parts)
{
	uint32_t ends[GENERATE_TARGETS], table = it->table_count;
	unsigned r1 = free_register(), r2 = free_register();
	if (r1 == r2 || table == GENERATE_TABLES)
		return;
	it->table_count++;
	it->tables[table].is_addresses = below(2);
	struct generate_part *part = add();
	put_byte(part, 0x48 | roles.index >> 3 << 2 | r1 >> 3);
	put_byte(part, 0x89);
	put_byte(part, 0xc0 | (roles.index & 7) << 3 | (r1 & 7));
	put_byte(part, 0x48 | r1 >> 3);
	put_byte(part, 0x83);
	put_byte(part, 0xe0 | (r1 & 7));
	put_byte(part, 3);
	if (it->tables[table].is_addresses)
		put_absolute_jump(part, table, r1);
	else
		put_relative_jump(part, table, r1, r2);
	for (unsigned i = 0; i < GENERATE_TARGETS; i++) {
		it->tables[table].targets[i] = (uint16_t)it->part_count;
		add_body(1 + below(parts));
		ends[i] = it->part_count;
		add_jump(0);
	}
	for (unsigned i = 0; i < GENERATE_TARGETS; i++)
		it->parts[ends[i]].target = it->part_count;
}

static void put_flags_new(struct generate_part *part)
{
	if (!it->hands_flags)
		PUT(part, "\x48\x85\xe4"); /* test rsp, rsp: of the stack's address, which is the same */
}

static void put_call(struct generate_part *part, uint32_t callee)
{
	uint32_t pointer = GENERATE_FUNCTION_POINTERS + 8 * callee;
	switch (below(4)) {
	case 0:
		PUT(part, "\xff\x15");
		put_field(part, FIELD_PLACE, pointer, 4);
		break;
	case 1:
		PUT(part, "\xff\x14\x25");
		put_number(part, pointer, 4);
		break;
	default:
		PUT(part, "\xe8");
		put_field(part, FIELD_FUNCTION, callee, 4);
	}
}

static void add_call(void)
{
	uint32_t callee = now + 1 + below(GENERATE_FUNCTIONS);
	if (roles.is_red || callee >= it->function_count)
		return;
	struct generate_part *part = add();
	if (in_loop)
		put_push(part, false, roles.counter);
	if (roles.by_rbp)
		put_push(part, false, RBP);
	put_call(part, callee);
	if (roles.by_rbp)
		put_push(part, true, RBP);
	put_flags_new(part);
	if (in_loop)
		put_push(part, true, roles.counter);
	set_roles(part, true);
}

/* ---- functions ---- */

static void add_one(unsigned parts)
{
	switch (below(32)) {
	case 0:
		add_if(1 + below(parts));
		break;
	case 1:
		add_loop(1 + below(parts));
		break;
	case 2:
		add_switch(2);
		break;
	case 3:
		add_call();
		break;
	case 4:
	case 5:
		add_pushed(1 + below(parts));
		break;
	case 6:
	case 7:
		add_string();
		break;
	case 8:
		add_bit();
		break;
	case 9:
		add_xlat();
		break;
	case 10:
	case 11:
		add_flags();
		break;
	case 12:
		add_escape();
		break;
	case 13:
	case 14:
		add_set();
		break;
	case 15:
		add_signs();
		break;
	case 16:
		add_gather();
		break;
	case 17:
		add_own();
		break;
	case 21:
		add_choice();
		break;
	case 20:
	case 18:
	case 19:
		add_rare();
		break;
	default:
		add_form();
	}
}

static void add_body(unsigned parts)
{
	static unsigned nested;
	nested++;
	for (unsigned i = 0; i < parts && it->part_count < GENERATE_PARTS - PARTS_SPARE; i++)
		add_one(nested < 4 && parts > 1 ? parts / 2 : 1);
	nested--;
}

/* Every slot has a value before anything reads it. */
static void add_slots(void)
{
	for (unsigned i = 0; i < AIM_SLOTS; i++) {
		struct generate_part *part = add();
		unsigned at = roles.by_rbp || roles.is_red ? -8u * (i + 1) : 8 * i;
		put(part, roles.by_rbp ? "\x48\xc7\x45" : "\x48\xc7\x44\x24", roles.by_rbp ? 3 : 4);
		put_byte(part, at & 0xff);
		put_number(part, generate_random(), 4);
	}
}

enum frame { FRAME_NONE, FRAME_RED, FRAME_SP, FRAME_BP, FRAME_ENTER, FRAME_COUNT };

static void add_prologue(enum frame frame)
{
	struct generate_part *part = add();
	if (below(4) == 0)
		PUT(part, "\xf3\x0f\x1e\xfa");
	if (frame == FRAME_SP)
		PUT(part, "\x48\x83\xec\x30");
	if (frame == FRAME_BP)
		PUT(part, "\x55\x48\x89\xe5\x48\x83\xec\x30");
	if (frame == FRAME_ENTER)
		PUT(part, "\xc8\x30\x00\x00");
	part->is_escape = frame == FRAME_ENTER;
	put_flags_new(part);
	set_roles(part, true);
	if (roles.has_frame)
		add_slots();
}

static void add_epilogue(enum frame frame)
{
	struct generate_part *part = add();
	uint32_t tail = now + 1 + below(GENERATE_FUNCTIONS);
	if (frame == FRAME_SP)
		PUT(part, "\x48\x83\xc4\x30");
	if (frame == FRAME_BP || frame == FRAME_ENTER)
		PUT(part, "\xc9");
	if (tail < it->function_count && below(4) == 0) {
		PUT(part, "\xe9");
		put_field(part, FIELD_FUNCTION, tail, 4);
	} else {
		PUT(part, "\xc3");
	}
}

static void add_function(void)
{
	struct generate_function *function = &it->functions[now];
	enum frame frame = (enum frame)below(FRAME_COUNT);
	roles = (struct aim_roles){.has_frame = frame != FRAME_NONE,
		.by_rbp = frame == FRAME_BP || frame == FRAME_ENTER,
		.is_red = frame == FRAME_RED,
		.base_at = {
			MACHINE_WRITABLE + 2048 + 64 * below(64), MACHINE_WRITABLE + 2048 + 64 * below(64)}};
	choose_roles();
	*function = (struct generate_function){.first_part = it->part_count,
		.escapes = frame == FRAME_ENTER || (roles.has_frame && below(2)),
		.has_rbp = frame == FRAME_BP};
	depth = 0;
	add_prologue(frame);
	if (frame != FRAME_ENTER)
		add_escape();
	add_body(3 + below(24));
	add_epilogue(frame);
	function->part_count = it->part_count - function->first_part;
}

void generate_make(struct generated *into, uint64_t seed)
{
	it = into;
	generate_seed(seed);
	memset(it, 0, sizeof(*it));
	it->function_count = 1 + below(GENERATE_FUNCTIONS);
	it->hands_flags = below(4) == 0;
	it->takes_thread = below(2);
	in_loop = false;
	for (now = 0; now < it->function_count; now++)
		add_function();
}
