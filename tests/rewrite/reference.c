#include "reference.h"

#include "instances.h"
#include "shadow/base.h"

#include <Zydis/Zydis.h>
#include <dlfcn.h>
#include <string.h>
#include <ucontext.h>

enum { TEXT_MOST = 1 << 16, KNOWN_MOST = 1 << 12, FLAG_TF = 0x100, FLAG_DF = 0x400 };

struct known {
	ZydisDecodedInstruction insn;
	ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
};

static ZydisDecoder decoder;
static __typeof__(&ZydisDecoderDecodeFull) decode;
static __typeof__(&ZydisRegisterGetLargestEnclosing) enclosing;
static struct known known[KNOWN_MOST];
static uint16_t known_at[TEXT_MOST], known_count;
static uintptr_t text_start;
static uint32_t text_bytes;
static struct reference_trace *trace;
static void (*looks)(void);
static uint64_t *flags_pushed; /* by the instruction before */

bool reference_open(void)
{
	void *library = dlopen("libZydis.so.4.0", RTLD_NOW | RTLD_LOCAL);
	if (!library)
		return false;
	__typeof__(&ZydisDecoderInit) init = (__typeof__(init))dlsym(library, "ZydisDecoderInit");
	decode = (__typeof__(decode))dlsym(library, "ZydisDecoderDecodeFull");
	__typeof__(&ZydisDecoderEnableMode) enable =
		(__typeof__(enable))dlsym(library, "ZydisDecoderEnableMode");
	enclosing = (__typeof__(enclosing))dlsym(library, "ZydisRegisterGetLargestEnclosing");
	/* no processor has MPX any more */
	return init && decode && enable && enclosing &&
	       ZYAN_SUCCESS(init(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64)) &&
	       ZYAN_SUCCESS(enable(&decoder, ZYDIS_DECODER_MODE_MPX, ZYAN_FALSE));
}

void reference_text(uintptr_t start, uint32_t bytes)
{
	text_start = start;
	text_bytes = bytes;
	memset(known_at, 0, sizeof(known_at));
	known_count = 0;
}

static const struct known *know(uintptr_t pc)
{
	uint16_t *at = &known_at[pc - text_start];
	if (!*at) {
		if (known_count == KNOWN_MOST ||
			ZYAN_FAILED(decode(&decoder, (const void *)pc, 15, &known[known_count].insn,
				known[known_count].operands)))
			return NULL;
		*at = ++known_count;
	}
	return &known[*at - 1];
}

/* ---- registers ---- */

static const uint8_t places[16] = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
	REG_R8, REG_R9, REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15};

static uint64_t general(const ucontext_t *context, ZydisRegister reg)
{
	const greg_t *regs = context->uc_mcontext.gregs;
	if (reg >= ZYDIS_REGISTER_RAX && reg <= ZYDIS_REGISTER_R15)
		return (uint64_t)regs[places[reg - ZYDIS_REGISTER_RAX]];
	if (reg >= ZYDIS_REGISTER_EAX && reg <= ZYDIS_REGISTER_R15D)
		return (uint32_t)regs[places[reg - ZYDIS_REGISTER_EAX]];
	if (reg >= ZYDIS_REGISTER_AX && reg <= ZYDIS_REGISTER_R15W)
		return (uint16_t)regs[places[reg - ZYDIS_REGISTER_AX]];
	return 0;
}

static uintptr_t address_of(
	const struct known *it, const ZydisDecodedOperand *operand, const ucontext_t *context)
{
	uint64_t address = operand->mem.disp.has_displacement ? (uint64_t)operand->mem.disp.value : 0;
	bool narrow = it->insn.address_width == 32;
	if (operand->mem.base == ZYDIS_REGISTER_RIP)
		return address + (uint64_t)context->uc_mcontext.gregs[REG_RIP] + it->insn.length;
	/* without a base, and with prefixes 67 and REX.B, Zydis 4.0 takes the displacement for r13d */
	if (operand->mem.base == ZYDIS_REGISTER_R13D && !it->insn.raw.modrm.mod && it->insn.raw.modrm.rm == 4)
		address = (uint64_t)it->insn.raw.disp.value;
	else
		address += general(context, operand->mem.base);
	address += general(context, operand->mem.index) * operand->mem.scale;
	if (it->insn.mnemonic == ZYDIS_MNEMONIC_POP && operand->mem.base == ZYDIS_REGISTER_RSP)
		address += operand->size / 8;
	address = narrow ? (uint32_t)address : address;
	if (operand->mem.segment == ZYDIS_REGISTER_FS) {
		uintptr_t thread;
		__asm__("mov %%fs:0, %0" : "=r"(thread));
		address += thread;
	}
	return address;
}

/* ---- accesses ---- */

static void add(struct reference_step *step, struct reference_access access)
{
	if (trace->access_count == REFERENCE_ACCESSES) {
		trace->full = true;
		return;
	}
	trace->accesses[trace->access_count++] = access;
	step->count++;
}

static bool is_hint(const ZydisDecodedInstruction *insn)
{
	switch (insn->meta.category) {
	case ZYDIS_CATEGORY_NOP:
	case ZYDIS_CATEGORY_WIDENOP:
	case ZYDIS_CATEGORY_PREFETCH:
	case ZYDIS_CATEGORY_PREFETCHWT1:
	case ZYDIS_CATEGORY_CLDEMOTE:
	case ZYDIS_CATEGORY_CLFLUSHOPT:
	case ZYDIS_CATEGORY_CLWB:
		return true;
	default:
		return insn->mnemonic == ZYDIS_MNEMONIC_CLFLUSH || insn->mnemonic == ZYDIS_MNEMONIC_UD1 ||
		       insn->mnemonic == ZYDIS_MNEMONIC_UD0 || insn->mnemonic == ZYDIS_MNEMONIC_PREFETCHW;
	}
}

/* A bit's number, of a register, reaches beyond the operand. */
static intptr_t bit_distance(const struct known *it, const ucontext_t *context)
{
	const ZydisDecodedOperand *number = &it->operands[1];
	switch (it->insn.mnemonic) {
	case ZYDIS_MNEMONIC_BT:
	case ZYDIS_MNEMONIC_BTC:
	case ZYDIS_MNEMONIC_BTR:
	case ZYDIS_MNEMONIC_BTS:
		break;
	default:
		return 0;
	}
	if (number->type != ZYDIS_OPERAND_TYPE_REGISTER)
		return 0;
	uint64_t bits = general(context, number->reg.value);
	switch (number->size) {
	case 16:
		return ((int16_t)bits >> 4) * 2;
	case 32:
		return ((int32_t)bits >> 5) * 4;
	default:
		return ((int64_t)bits >> 6) * 8;
	}
}

static uint8_t base_of(const ZydisDecodedOperand *operand)
{
	switch (operand->mem.base) {
	case ZYDIS_REGISTER_RSP:
	case ZYDIS_REGISTER_ESP:
		return 4;
	case ZYDIS_REGISTER_RBP:
	case ZYDIS_REGISTER_EBP:
		return 5;
	case ZYDIS_REGISTER_RIP:
		return 0xfe;
	case ZYDIS_REGISTER_NONE:
		return operand->mem.segment == ZYDIS_REGISTER_FS ? REFERENCE_OWN : 0xff;
	default:
		return 0xff;
	}
}

static bool is_atomic(const struct known *it)
{
	return it->insn.attributes & ZYDIS_ATTRIB_HAS_LOCK ||
	       (it->insn.mnemonic == ZYDIS_MNEMONIC_XCHG &&
		       it->operands[0].type == ZYDIS_OPERAND_TYPE_MEMORY) ||
	       (it->insn.mnemonic == ZYDIS_MNEMONIC_XCHG &&
		       it->operands[1].type == ZYDIS_OPERAND_TYPE_MEMORY);
}

/* The stack words of push, pop, call, ret and leave are no accesses that anybody checks. */
static bool is_stack_word(const ZydisDecodedOperand *operand)
{
	return operand->visibility == ZYDIS_OPERAND_VISIBILITY_HIDDEN && base_of(operand) <= 5;
}

/* ---- vectors ---- */

enum { XMM_AT = 160, K_COMPONENT = 5, ZMM_COMPONENT = 6, HIGH_COMPONENT = 7, YMM_COMPONENT = 2 };

/* Where xsave puts a component. */
static unsigned component(unsigned which)
{
	unsigned bytes, at, c, d;
	__asm__("cpuid" : "=a"(bytes), "=b"(at), "=c"(c), "=d"(d) : "a"(13), "c"(which));
	return at;
}

static void vector(const ucontext_t *context, unsigned number, uint8_t *into)
{
	static unsigned ymm, zmm, high;
	const uint8_t *state = (const uint8_t *)context->uc_mcontext.fpregs;
	if (!ymm) {
		ymm = component(YMM_COMPONENT);
		zmm = component(ZMM_COMPONENT);
		high = component(HIGH_COMPONENT);
	}
	if (number >= 16) {
		memcpy(into, state + high + 64 * (number - 16), 64);
		return;
	}
	memcpy(into, state + XMM_AT + 16 * number, 16);
	memcpy(into + 16, state + ymm + 16 * number, 16);
	memcpy(into + 32, state + zmm + 32 * number, 32);
}

static uint64_t mask_bits(const struct known *it, const ucontext_t *context)
{
	static unsigned masks;
	uint64_t bits;
	if (!masks)
		masks = component(K_COMPONENT);
	memcpy(&bits,
		(const uint8_t *)context->uc_mcontext.fpregs + masks +
			8 * (it->insn.avx.mask.reg - ZYDIS_REGISTER_K0),
		8);
	return bits;
}

static unsigned vector_number(ZydisRegister reg)
{
	return reg >= ZYDIS_REGISTER_ZMM0   ? reg - ZYDIS_REGISTER_ZMM0
	       : reg >= ZYDIS_REGISTER_YMM0 ? reg - ZYDIS_REGISTER_YMM0
					    : reg - ZYDIS_REGISTER_XMM0;
}

static bool is_vector(const ZydisDecodedOperand *operand)
{
	return operand->type == ZYDIS_OPERAND_TYPE_REGISTER && operand->reg.value >= ZYDIS_REGISTER_XMM0 &&
	       operand->reg.value <= ZYDIS_REGISTER_ZMM31;
}

/* Bytes of a masked element; and which operand has the mask in its elements' signs; 0: none has. */
static unsigned sign_bytes(const struct known *it)
{
	switch (it->insn.mnemonic) {
	case ZYDIS_MNEMONIC_VMASKMOVPS:
	case ZYDIS_MNEMONIC_VPMASKMOVD:
		return 4;
	case ZYDIS_MNEMONIC_VMASKMOVPD:
	case ZYDIS_MNEMONIC_VPMASKMOVQ:
		return 8;
	case ZYDIS_MNEMONIC_MASKMOVDQU:
	case ZYDIS_MNEMONIC_VMASKMOVDQU:
		return 1;
	default:
		return 0;
	}
}

static bool mask_vector(const struct known *it)
{
	return sign_bytes(it);
}

/* Neighbours together, of elements by their bits. */
static void add_runs(
	struct reference_step *step, struct reference_access whole, uint64_t bits, unsigned bytes)
{
	unsigned count = whole.bytes / bytes;
	uintptr_t start = whole.address;
	for (unsigned i = 0; i < count; i++) {
		if (!(bits >> i & 1))
			continue;
		unsigned first = i;
		while (i < count && bits >> i & 1)
			i++;
		whole.address = start + first * bytes;
		whole.bytes = (i - first) * bytes;
		add(step, whole);
	}
}

static uint64_t signs(const uint8_t *bytes, unsigned element)
{
	uint64_t bits = 0;
	for (unsigned i = 0; i < 32 / element; i++)
		bits |= (uint64_t)(bytes[(i + 1) * element - 1] >> 7) << i;
	return bits;
}

static void add_signed(struct reference_step *step, const struct known *it, const ucontext_t *context,
	struct reference_access whole)
{
	uint8_t mask[64];
	vector(context, vector_number(it->operands[1].reg.value), mask);
	add_runs(step, whole, signs(mask, sign_bytes(it)), sign_bytes(it));
}

/* What is masked in the simple way: element by element, packed, or all or nothing. The others are not expected. */
static void add_masked(struct reference_step *step, const struct known *it,
	const ZydisDecodedOperand *operand, const ucontext_t *context, struct reference_access whole)
{
	uint64_t bits = mask_bits(it, context);
	unsigned element = operand->element_size / 8, count = operand->element_count;
	const char *name = instance_name((const uint8_t *)context->uc_mcontext.gregs[REG_RIP]);
	if (!strncmp(name, "vcompress", 9) || !strncmp(name, "vexpand", 7) ||
		!strncmp(name, "vpcompress", 10) || !strncmp(name, "vpexpand", 8)) {
		whole.bytes =
			(uint32_t)__builtin_popcountll(count < 64 ? bits & ((1ull << count) - 1) : bits) *
			element;
		if (whole.bytes)
			add(step, whole);
		return;
	}
	switch (it->insn.meta.exception_class) {
	case ZYDIS_EXCEPTION_CLASS_E4NF: /* no fault suppression */
	case ZYDIS_EXCEPTION_CLASS_E5NF:
	case ZYDIS_EXCEPTION_CLASS_E6NF:
	case ZYDIS_EXCEPTION_CLASS_E9NF:
	case ZYDIS_EXCEPTION_CLASS_E10NF:
		add(step, whole);
		return;
	default:
		break;
	}
	unsigned results = 0;
	for (unsigned i = 0; i < it->insn.operand_count_visible && !results; i++)
		results = is_vector(&it->operands[i]) ? it->operands[i].element_count : 0;
	if (it->insn.avx.broadcast.mode != ZYDIS_BROADCAST_MODE_INVALID && count == 1) {
		if (bits & ((1ull << results) - 1))
			add(step, whole);
	} else if (!results || results == count) {
		add_runs(step, whole, bits, element);
	}
}

static void add_gathered(struct reference_step *step, const struct known *it,
	const ZydisDecodedOperand *operand, const ucontext_t *context, struct reference_access element)
{
	const char *name = instance_name((const uint8_t *)context->uc_mcontext.gregs[REG_RIP]);
	unsigned length = (unsigned)strlen(name), index_bytes, data_bytes, data_number = 0, last = 0;
	char by = name[length - 2], of = name[length - 1]; /* vpgatherdq: d, q; vgatherdps: d, ps */
	if (name[1] != 'p')
		by = name[length - 3];
	index_bytes = by == 'd' ? 4 : 8;
	data_bytes = of == 'd' ? (name[1] != 'p' ? 8 : 4) : of == 's' ? 4 : 8;
	unsigned indices = operand->mem.index >= ZYDIS_REGISTER_ZMM0   ? 64
			   : operand->mem.index >= ZYDIS_REGISTER_YMM0 ? 32
								       : 16;
	unsigned room = 0;
	for (unsigned i = 0; i < it->insn.operand_count_visible; i++)
		if (is_vector(&it->operands[i])) {
			ZydisRegister reg = it->operands[i].reg.value;
			last = vector_number(reg);
			if (!room)
				room = reg >= ZYDIS_REGISTER_ZMM0 ? 64 : reg >= ZYDIS_REGISTER_YMM0 ? 32 : 16;
			else
				data_number = last;
		}
	(void)data_number;
	unsigned count =
		indices / index_bytes < room / data_bytes ? indices / index_bytes : room / data_bytes;
	uint8_t index[64], mask[64];
	vector(context, vector_number(operand->mem.index), index);
	vector(context, last, mask);
	uint64_t bits = it->insn.encoding == ZYDIS_INSTRUCTION_ENCODING_EVEX ? mask_bits(it, context)
									     : signs(mask, data_bytes);
	uintptr_t start = element.address; /* without the index: that is no general register */
	element.bytes = data_bytes;
	for (unsigned i = 0; i < count; i++) {
		int64_t at = index_bytes == 8 ? ((int64_t *)(void *)index)[i] : ((int32_t *)(void *)index)[i];
		element.address = start + (uint64_t)at * operand->mem.scale;
		if (it->insn.address_width == 32)
			element.address = (uint32_t)element.address;
		if (bits >> i & 1)
			add(step, element);
	}
}

/* ---- conditional moves ---- */

static bool holds(const struct known *it, const ucontext_t *context)
{
	enum { CF = 1, PF = 4, ZF = 0x40, SF = 0x80, OF = 0x800 };
	long long flags = context->uc_mcontext.gregs[REG_EFL];
	bool less = !(flags & SF) != !(flags & OF);
	switch (it->insn.mnemonic) {
	case ZYDIS_MNEMONIC_CMOVO:
		return flags & OF;
	case ZYDIS_MNEMONIC_CMOVNO:
		return !(flags & OF);
	case ZYDIS_MNEMONIC_CMOVB:
		return flags & CF;
	case ZYDIS_MNEMONIC_CMOVNB:
		return !(flags & CF);
	case ZYDIS_MNEMONIC_CMOVZ:
		return flags & ZF;
	case ZYDIS_MNEMONIC_CMOVNZ:
		return !(flags & ZF);
	case ZYDIS_MNEMONIC_CMOVBE:
		return flags & (CF | ZF);
	case ZYDIS_MNEMONIC_CMOVNBE:
		return !(flags & (CF | ZF));
	case ZYDIS_MNEMONIC_CMOVS:
		return flags & SF;
	case ZYDIS_MNEMONIC_CMOVNS:
		return !(flags & SF);
	case ZYDIS_MNEMONIC_CMOVP:
		return flags & PF;
	case ZYDIS_MNEMONIC_CMOVNP:
		return !(flags & PF);
	case ZYDIS_MNEMONIC_CMOVL:
		return less;
	case ZYDIS_MNEMONIC_CMOVNL:
		return !less;
	case ZYDIS_MNEMONIC_CMOVLE:
		return less || flags & ZF;
	default: /* cmovnle */
		return !less && !(flags & ZF);
	}
}

static ZydisRegister whole(ZydisRegister reg)
{
	return enclosing(ZYDIS_MACHINE_MODE_LONG_64, reg);
}

/* The instruction has the register among its operands, hidden ones included. */
static bool names(const struct known *it, ZydisRegister reg)
{
	for (unsigned i = 0; i < it->insn.operand_count; i++) {
		const ZydisDecodedOperand *operand = &it->operands[i];
		if (operand->type == ZYDIS_OPERAND_TYPE_REGISTER && whole(operand->reg.value) == reg)
			return true;
		if (operand->type == ZYDIS_OPERAND_TYPE_MEMORY &&
			(whole(operand->mem.base) == reg || whole(operand->mem.index) == reg))
			return true;
	}
	return false;
}

/* The last of a few steps in a row that has to do with the register, where it loads it. */
static struct reference_step *find_load(const struct reference_step *move, ZydisRegister reg)
{
	enum { NEAR = 8 };
	uint32_t after = move->offset;
	for (uint32_t s = trace->step_count - 1; s > 0 && trace->step_count - 1 - s < NEAR; s--) {
		struct reference_step *step = &trace->steps[s - 1];
		const struct known *it = know(text_start + step->offset);
		if (!it || step->after != after || step->leaves)
			return NULL;
		after = step->offset;
		if (!names(it, reg))
			continue;
		bool loads = it->insn.meta.category == ZYDIS_CATEGORY_DATAXFER && step->count == 1 &&
			     !trace->accesses[step->first].write &&
			     it->operands[0].type == ZYDIS_OPERAND_TYPE_REGISTER &&
			     whole(it->operands[0].reg.value) == reg;
		return loads ? step : NULL;
	}
	return NULL;
}

static void note_choice(struct reference_step *move, const struct known *it, const ucontext_t *context)
{
	move->takes = holds(it, context);
	bool is_one = it->operands[0].reg.value == it->operands[1].reg.value;
	for (unsigned i = 0; i < 2 && !is_one; i++) {
		struct reference_step *load = it->operands[1].type == ZYDIS_OPERAND_TYPE_REGISTER
						      ? find_load(move, whole(it->operands[i].reg.value))
						      : NULL;
		if (!load)
			continue;
		trace->accesses[load->first].put_off = true;
		move->loaded[i] = (uint32_t)(load - trace->steps) + 1;
	}
}

/* ---- operands ---- */

static void add_operand(struct reference_step *step, const struct known *it,
	const ZydisDecodedOperand *operand, const ucontext_t *context)
{
	struct reference_access access = {
		.address = address_of(it, operand, context) + (uintptr_t)bit_distance(it, context),
		.bytes = operand->size / 8,
		.read = operand->actions & ZYDIS_OPERAND_ACTION_MASK_READ,
		.write = operand->actions & ZYDIS_OPERAND_ACTION_MASK_WRITE,
		.atomic = is_atomic(it),
		.base = base_of(operand)};
	if (it->insn.address_width == 32 && operand->mem.segment != ZYDIS_REGISTER_FS)
		access.address = (uint32_t)access.address;
	if (it->insn.mnemonic == ZYDIS_MNEMONIC_XLAT)
		access.address =
			general(context, ZYDIS_REGISTER_RBX) + (uint8_t)context->uc_mcontext.gregs[REG_RAX];
	if (operand->mem.type == ZYDIS_MEMOP_TYPE_VSIB)
		add_gathered(step, it, operand, context, access);
	else if (it->insn.avx.mask.mode > ZYDIS_MASK_MODE_DISABLED)
		add_masked(step, it, operand, context, access);
	else if (mask_vector(it))
		add_signed(step, it, context, access);
	else if (access.bytes)
		add(step, access);
}

/* ---- steps ---- */

static bool is_repeated(const struct known *it)
{
	if (it->insn.meta.category != ZYDIS_CATEGORY_STRINGOP)
		return false;
	for (unsigned i = 0; i < it->insn.raw.prefix_count; i++)
		if (it->insn.raw.prefixes[i].value == 0xf2 || it->insn.raw.prefixes[i].value == 0xf3)
			return true;
	return false;
}

/* Another element of a repeated string instruction. */
static void extend(struct reference_step *step, const struct known *it, const ucontext_t *context)
{
	uint32_t which = step->first;
	for (unsigned i = 0; i < it->insn.operand_count; i++) {
		const ZydisDecodedOperand *operand = &it->operands[i];
		if (operand->type != ZYDIS_OPERAND_TYPE_MEMORY)
			continue;
		struct reference_access *access = &trace->accesses[which++];
		access->bytes += operand->size / 8;
		if (context->uc_mcontext.gregs[REG_EFL] & FLAG_DF)
			access->address -= operand->size / 8;
	}
}

/* Nothing of the steps is to be seen in the flags that are pushed and popped. */
static void hide_steps(const struct known *it, const ucontext_t *context)
{
	uint64_t *stack = (uint64_t *)context->uc_mcontext.gregs[REG_RSP];
	if (flags_pushed)
		*flags_pushed &= ~(uint64_t)FLAG_TF;
	flags_pushed = it->insn.mnemonic == ZYDIS_MNEMONIC_PUSHFQ ? stack - 1 : NULL;
	if (it->insn.mnemonic == ZYDIS_MNEMONIC_POPFQ)
		*stack |= FLAG_TF;
}

static bool leaves(const struct known *it)
{
	return it->insn.meta.category == ZYDIS_CATEGORY_CALL ||
	       it->insn.meta.category == ZYDIS_CATEGORY_RET || is_atomic(it) ||
	       it->insn.mnemonic == ZYDIS_MNEMONIC_CPUID || it->insn.mnemonic == ZYDIS_MNEMONIC_MFENCE ||
	       it->insn.mnemonic == ZYDIS_MNEMONIC_LFENCE || it->insn.mnemonic == ZYDIS_MNEMONIC_SFENCE;
}

static void note_step(const ucontext_t *context)
{
	uintptr_t pc = (uintptr_t)context->uc_mcontext.gregs[REG_RIP];
	const struct known *it = know(pc);
	if (!it || trace->step_count == REFERENCE_STEPS) {
		trace->full = true;
		return;
	}
	hide_steps(it, context);
	struct reference_step *last = trace->step_count ? &trace->steps[trace->step_count - 1] : NULL;
	bool again = is_repeated(it) && last && last->offset == pc - text_start;
	if (is_repeated(it) && !context->uc_mcontext.gregs[REG_RCX]) {
		if (again)
			return;
	} else if (again && last->count) {
		extend(last, it, context);
		return;
	}
	struct reference_step *step = &trace->steps[trace->step_count++];
	*step = (struct reference_step){.offset = (uint32_t)(pc - text_start),
		.after = (uint32_t)(pc - text_start) + it->insn.length,
		.first = trace->access_count,
		.leaves = leaves(it)};
	if (is_hint(&it->insn) || (is_repeated(it) && !context->uc_mcontext.gregs[REG_RCX]))
		return;
	bool chooses = it->insn.meta.category == ZYDIS_CATEGORY_CMOV;
	if (chooses)
		note_choice(step, it, context);
	for (unsigned i = 0; i < it->insn.operand_count && !(chooses && !holds(it, context)); i++) {
		const ZydisDecodedOperand *operand = &it->operands[i];
		if (operand->type == ZYDIS_OPERAND_TYPE_MEMORY &&
			operand->mem.type != ZYDIS_MEMOP_TYPE_AGEN && !is_stack_word(operand))
			add_operand(step, it, operand, context);
	}
}

static void take_step(void *context)
{
	note_step(context);
	if (looks)
		looks();
}

struct machine_fault reference_run(uintptr_t entry, const struct machine_state *before,
	struct machine_state *after, struct reference_trace *into, void (*look)(void))
{
	trace = into;
	looks = look;
	trace->step_count = trace->access_count = 0;
	trace->full = false;
	flags_pushed = NULL;
	return machine_call_by_steps(entry, before, after, text_start, text_start + text_bytes, take_step);
}
