/* TEMPORARY */
#include "decode.h"
#include <Zydis/Zydis.h>
#include <dlfcn.h>
static ZydisDecoder decoder;
static __typeof__(&ZydisDecoderInit) p_init;
static __typeof__(&ZydisDecoderDecodeFull) p_full;
static __typeof__(&ZydisRegisterGetLargestEnclosing) p_encl;
static __typeof__(&ZydisRegisterGetWidth) p_width;
const char *rt_decode_open(void)
{
	void *l = dlopen("libZydis.so.4.0", RTLD_NOW | RTLD_LOCAL);
	if (!l)
		return "libZydis.so.4.0 is not installed";
	p_init = dlsym(l, "ZydisDecoderInit");
	p_full = dlsym(l, "ZydisDecoderDecodeFull");
	p_encl = dlsym(l, "ZydisRegisterGetLargestEnclosing");
	p_width = dlsym(l, "ZydisRegisterGetWidth");
	p_init(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
	return NULL;
}
static int greg(ZydisRegister r)
{
	ZydisRegister e = p_encl(ZYDIS_MACHINE_MODE_LONG_64, r);
	return e >= ZYDIS_REGISTER_RAX && e <= ZYDIS_REGISTER_R15 ? (int)(e - ZYDIS_REGISTER_RAX) : -1;
}
static unsigned cvfl(uint32_t z)
{
	unsigned f = 0;
	if (z & 1)
		f |= 1 << 16;
	if (z & 4)
		f |= 1 << 17;
	if (z & 16)
		f |= 1 << 18;
	if (z & 64)
		f |= 1 << 19;
	if (z & 128)
		f |= 1 << 20;
	if (z & 2048)
		f |= 1 << 21;
	return f;
}
bool rt_decode(const struct rt_code *text, uint32_t offset, uint32_t end, struct rt_insn *n)
{
	ZydisDecodedInstruction z;
	ZydisDecodedOperand op[ZYDIS_MAX_OPERAND_COUNT];
	const uint8_t *p = text->code + offset;
	if (ZYAN_FAILED(p_full(&decoder, p, end - offset, &z, op)))
		return false;
	rt_bytes_zero(n, sizeof *n);
	n->offset = offset;
	n->bytes = z.length;
	n->target = RT_NO_TARGET;
	uint8_t op0 = p[z.raw.prefix_count];
	ZydisMnemonic mn = z.mnemonic;
	if (mn == ZYDIS_MNEMONIC_ENDBR64)
		n->is_landing = true;
	if (mn == ZYDIS_MNEMONIC_NOP) {
		n->is_nop = true;
		n->uses = 1 << 4;
		return true;
	}
	switch (z.meta.category) {
	case ZYDIS_CATEGORY_COND_BR:
		n->flow = RT_FLOW_BRANCH;
		if (mn == ZYDIS_MNEMONIC_JRCXZ || mn == ZYDIS_MNEMONIC_JECXZ || mn == ZYDIS_MNEMONIC_LOOP ||
			mn == ZYDIS_MNEMONIC_LOOPE || mn == ZYDIS_MNEMONIC_LOOPNE) {
			n->flow = RT_FLOW_LOOP;
			n->condition = op0;
		} else
			n->condition = (op0 == 0x0f ? p[z.raw.prefix_count + 1] : op0) & 15;
		break;
	case ZYDIS_CATEGORY_UNCOND_BR:
		n->flow = op[0].type == ZYDIS_OPERAND_TYPE_IMMEDIATE ? RT_FLOW_JUMP : RT_FLOW_INDIRECT;
		break;
	case ZYDIS_CATEGORY_CALL:
		n->flow = RT_FLOW_CALL;
		break;
	case ZYDIS_CATEGORY_RET:
		n->flow = RT_FLOW_RETURN;
		break;
	default:
		break;
	}
	if (mn == ZYDIS_MNEMONIC_UD2 || mn == ZYDIS_MNEMONIC_HLT || mn == ZYDIS_MNEMONIC_INT3 ||
		mn == ZYDIS_MNEMONIC_UD1 || mn == ZYDIS_MNEMONIC_UD0)
		n->flow = RT_FLOW_STOP;
	if (mn == ZYDIS_MNEMONIC_XBEGIN)
		return false;
	if (n->flow && op[0].type == ZYDIS_OPERAND_TYPE_IMMEDIATE && op[0].imm.is_relative &&
		n->flow != RT_FLOW_RETURN) {
		int64_t t = (int64_t)offset + z.length + op[0].imm.value.s;
		n->target = t >= 0 && t < text->bytes ? (int32_t)t : RT_FAR_TARGET;
	}
	bool lock = (z.attributes & ZYDIS_ATTRIB_HAS_LOCK) ||
		    (mn == ZYDIS_MNEMONIC_XCHG && (op[0].type == ZYDIS_OPERAND_TYPE_MEMORY ||
							  op[1].type == ZYDIS_OPERAND_TYPE_MEMORY));
	n->is_locked = lock;
	n->is_fence =
		mn == ZYDIS_MNEMONIC_MFENCE || mn == ZYDIS_MNEMONIC_LFENCE || mn == ZYDIS_MNEMONIC_SFENCE;
	bool rep = z.attributes & (ZYDIS_ATTRIB_HAS_REP | ZYDIS_ATTRIB_HAS_REPE | ZYDIS_ATTRIB_HAS_REPNE);
	bool skipmem = mn == ZYDIS_MNEMONIC_LEA || z.meta.category == ZYDIS_CATEGORY_PREFETCH ||
		       mn == ZYDIS_MNEMONIC_CLFLUSH || mn == ZYDIS_MNEMONIC_CLFLUSHOPT ||
		       mn == ZYDIS_MNEMONIC_PREFETCHW;
	bool string = z.meta.category == ZYDIS_CATEGORY_STRINGOP;
	unsigned use = 0, def = 0, wr = 0;
	for (int i = 0; i < z.operand_count; i++) {
		ZydisDecodedOperand *o = &op[i];
		if (o->type == ZYDIS_OPERAND_TYPE_REGISTER) {
			int g = greg(o->reg.value);
			if (g < 0)
				continue;
			int w = p_width(ZYDIS_MACHINE_MODE_LONG_64, o->reg.value);
			if (o->actions & ZYDIS_OPERAND_ACTION_MASK_READ)
				use |= 1u << g;
			if (o->actions & ZYDIS_OPERAND_ACTION_MASK_WRITE) {
				wr |= 1u << g;
				if ((o->actions & ZYDIS_OPERAND_ACTION_CONDWRITE) || w < 32)
					use |= 1u << g;
				else
					def |= 1u << g;
			}
			if (g == 4 && (o->actions & ZYDIS_OPERAND_ACTION_MASK_READ) &&
				o->visibility == ZYDIS_OPERAND_VISIBILITY_EXPLICIT &&
				!(o->actions & ZYDIS_OPERAND_ACTION_MASK_WRITE)) {
				if (mn == ZYDIS_MNEMONIC_MOV && op[0].type == ZYDIS_OPERAND_TYPE_REGISTER &&
					op[0].reg.value == ZYDIS_REGISTER_RBP)
					n->sets_rbp_frame = true;
				else if (mn != ZYDIS_MNEMONIC_CMP && mn != ZYDIS_MNEMONIC_TEST)
					n->takes_frame = true;
			}
		} else if (o->type == ZYDIS_OPERAND_TYPE_MEMORY) {
			int b = o->mem.base == ZYDIS_REGISTER_NONE  ? -1
				: o->mem.base == ZYDIS_REGISTER_RIP ? -2
								    : greg(o->mem.base),
			    x = o->mem.index == ZYDIS_REGISTER_NONE ? -1 : greg(o->mem.index);
			if (b >= 0)
				use |= 1u << b;
			if (x >= 0)
				use |= 1u << x;
			if (b == -2)
				n->pc_relative = z.raw.disp.offset;
			if (mn == ZYDIS_MNEMONIC_LEA && (b == 4 || b == 5) &&
				!(op[0].reg.value == ZYDIS_REGISTER_RSP))
				n->takes_frame = true;
			if (o->mem.type != ZYDIS_MEMOP_TYPE_MEM)
				continue;
			if (o->visibility == ZYDIS_OPERAND_VISIBILITY_HIDDEN && b == 4)
				continue;
			if (skipmem || n->memories == 2)
				continue;
			struct rt_memory *m = &n->memory[n->memories++];
			m->base = b == -2 ? RT_REG_PC : b < 0 ? RT_REG_NONE : b;
			m->index = x < 0 ? RT_REG_NONE : x;
			m->scale = x >= 0 ? o->mem.scale : 1;
			m->displacement = o->mem.disp.value;
			if (b == -2)
				m->displacement += offset + z.length;
			m->bytes = o->size / 8;
			m->read = !!(o->actions & ZYDIS_OPERAND_ACTION_MASK_READ);
			m->write = !!(o->actions & ZYDIS_OPERAND_ACTION_MASK_WRITE);
			if (string) {
				m->form = RT_FORM_STRING;
				m->repeated = rep;
			}
			if (o->mem.segment == ZYDIS_REGISTER_FS || o->mem.segment == ZYDIS_REGISTER_GS) {
				m->segment = 1;
				m->skip = RT_SKIP_THREAD;
			}
			if (!m->bytes || m->bytes > 64 || z.avx.mask.mode > ZYDIS_MASK_MODE_DISABLED ||
				(mn >= ZYDIS_MNEMONIC_VMASKMOVDQU && mn <= ZYDIS_MNEMONIC_VMASKMOVPS) ||
				mn == ZYDIS_MNEMONIC_VPMASKMOVD || mn == ZYDIS_MNEMONIC_VPMASKMOVQ)
				m->skip = RT_SKIP_FORM;
			m->narrow = z.address_width != 64;
		}
	}
	if ((mn == ZYDIS_MNEMONIC_XOR || mn == ZYDIS_MNEMONIC_SUB) &&
		op[0].type == ZYDIS_OPERAND_TYPE_REGISTER && op[1].type == ZYDIS_OPERAND_TYPE_REGISTER &&
		op[0].reg.value == op[1].reg.value && op[0].size >= 32) {
		int g = greg(op[0].reg.value);
		if (g >= 0)
			use &= ~(1u << g);
	}
	if (z.cpu_flags) {
		use |= cvfl(z.cpu_flags->tested);
		unsigned d = cvfl(z.cpu_flags->modified | z.cpu_flags->set_0 | z.cpu_flags->set_1);
		bool sh = mn == ZYDIS_MNEMONIC_SHL || mn == ZYDIS_MNEMONIC_SHR || mn == ZYDIS_MNEMONIC_SAR ||
			  mn == ZYDIS_MNEMONIC_ROL || mn == ZYDIS_MNEMONIC_ROR || mn == ZYDIS_MNEMONIC_RCL ||
			  mn == ZYDIS_MNEMONIC_RCR || mn == ZYDIS_MNEMONIC_SHLD || mn == ZYDIS_MNEMONIC_SHRD;
		bool cl = sh && !(op[z.operand_count_visible - 1].type == ZYDIS_OPERAND_TYPE_IMMEDIATE &&
					op[z.operand_count_visible - 1].imm.value.u != 0);
		if (cl || rep)
			use |= d;
		else
			def |= d;
		if (sh) {
			unsigned u = cvfl(z.cpu_flags->undefined);
			use |= u & ~def;
		}
	}
	if (mn == ZYDIS_MNEMONIC_SYSCALL || mn == ZYDIS_MNEMONIC_CPUID)
		use |= 0xffff;
	if (mn == ZYDIS_MNEMONIC_PUSHFQ)
		use |= RT_FLAGS_ALL;
	use |= 1 << 4;
	def &= ~(1u << 4);
	if (n->flow == RT_FLOW_CALL) {
		use |= 0xffff;
		use &= ~RT_FLAGS_ALL;
	}
	if (n->flow == RT_FLOW_RETURN)
		use |= 0xffff;
	n->uses = use;
	n->sets = def;
	n->changes = wr;
	return true;
}
