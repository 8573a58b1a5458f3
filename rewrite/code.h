/* The words of rewriting: registers, instructions, accesses, functions, as the parts of rewrite/ hand them to each other.
 *
 * Who may include it: rewrite/. Offsets are bytes from the first byte of the text (struct rt_code), which is at most 2^31
 * bytes long. Sources: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2; System V ABI for x86-64. */
#ifndef RACETRACK_REWRITE_CODE_H
#define RACETRACK_REWRITE_CODE_H

#include "bytes.h"

/* General registers by their number in instructions. */
enum {
	RT_RAX,
	RT_RCX,
	RT_RDX,
	RT_RBX,
	RT_RSP,
	RT_RBP,
	RT_RSI,
	RT_RDI,
	RT_R8,
	RT_R11 = 11,
	RT_R15 = 15,
	RT_REGISTERS = 16,
	RT_SLOTS = 22, /* slots of the frame, where they are taken for registers: see lift.h */
	RT_VALUES = 32,
	RT_REG_NONE = 0xff,
	RT_REG_PC = 0xfe, /* as a base: rip */
};

/* A set of registers and flags: bit n is general register n. */
typedef uint32_t rt_regs_t;
#define RT_REGS_ALL   0xffffu
#define RT_FLAG_CF    (1u << 16)
#define RT_FLAG_PF    (1u << 17)
#define RT_FLAG_AF    (1u << 18)
#define RT_FLAG_ZF    (1u << 19)
#define RT_FLAG_SF    (1u << 20)
#define RT_FLAG_OF    (1u << 21)
#define RT_FLAGS_ALL  (0x3fu << 16)
#define RT_LIVE_ALL   (RT_REGS_ALL | RT_FLAGS_ALL)
#define RT_SLOTS_ALL  (~0u << RT_SLOTS)
#define RT_VALUES_ALL (RT_REGS_ALL | RT_SLOTS_ALL)

static inline bool rt_regs_are_one(rt_regs_t set)
{
	return set && !(set & (set - 1));
}

/* General registers and slots but the stack pointer, which nearly everything uses. */
static inline rt_regs_t rt_regs_values(rt_regs_t set)
{
	return set & RT_VALUES_ALL & ~(1u << RT_RSP);
}

/* The codes of conditions; each one's opposite differs in the lowest bit. */
enum { RT_CONDITION_EQUAL = 4, RT_CONDITION_NOT_EQUAL = 5 };

/* Executable code of a module as it was before anything was patched. */
struct rt_code {
	uintptr_t start; /* where the program runs it */
	uint32_t bytes;
	const uint8_t *code; /* where it is read: `start` itself, as long as nothing is patched */
};

/* How the accessed bytes are found when the instruction is about to run. */
enum rt_form {
	RT_FORM_PLAIN,  /* `bytes` at the address */
	RT_FORM_STRING, /* base is rsi or rdi; rcx times `bytes` where repeated, downwards where DF is set */
	RT_FORM_SPREAD, /* some of the `bytes`, or elsewhere: see enum rt_spread */
	RT_FORM_OTHER,  /* the extended state, tiles: `bytes` is the most it can be; see `skip` */
};

/* What else it depends on which bytes are accessed, and where: worked out in the slow path (spread.h). */
enum rt_spread {
	RT_SPREAD_NONE,
	RT_SPREAD_SEARCH,  /* RT_FORM_STRING, repeated: until a comparison says so */
	RT_SPREAD_BIT,     /* plus the word that the bit's number in the general register `vector` leads to */
	RT_SPREAD_AL,      /* plus al */
	RT_SPREAD_ELEMENT, /* the elements that the mask names */
	RT_SPREAD_PACKED,  /* as many elements as it names */
	RT_SPREAD_ANY,     /* all, if one of the first `vector` bits of the mask is set */
	RT_SPREAD_GATHER, /* the elements that the mask names, each at its index in the register `vector` times `scale` */
};

/* Why an access is not checked: the reasons of the coverage report. */
enum rt_skip {
	RT_SKIP_NONE,
#define RT_SKIP(symbol, name, lost, text) RT_SKIP_##symbol,
#include "skips.def"
#undef RT_SKIP
	RT_SKIP_COUNT
};

/* Bytes of memory that an instruction reads or writes, the stack words of push, pop, call and ret excepted. The address is
 * base + index * scale + displacement (+ the segment's base), of the registers' values before the instruction. */
struct rt_memory {
	int64_t displacement; /* base RT_REG_PC: the place itself, as an offset from the text's first byte */
	uint16_t bytes;       /* 1 to 64; of the state up to 4096 */
	uint8_t base, index;  /* or RT_REG_NONE; RT_REG_PC only as a base, without index */
	uint8_t scale;        /* 1, 2, 4, 8 */
	uint8_t segment;      /* 0, RT_SEGMENT_FS, RT_SEGMENT_GS */
	uint8_t form;         /* enum rt_form */
	uint8_t skip;         /* enum rt_skip: decided by the decoder for what no emitted check can do */
	bool read, write;     /* or both */
	bool narrow;          /* addresses are computed in 32 bits (prefix 67) */
	bool repeated;        /* RT_FORM_STRING with a rep prefix */
	bool bare, hushed;    /* see bare.h; the decoder does not set them */
	/* spread */
	uint8_t spread; /* enum rt_spread */
	uint8_t vector; /* a register's number, see there */
	uint8_t mask; /* the number of the register with the mask: of a vector's, the elements' highest bits */
	uint8_t elements; /* RT_ELEMENT_ */
	uint32_t
		unused; /* of its first bytes those that are loaded and never looked at: see lanes.h; the decoder does not set them */
};
/* `vector` of a search: it is scas, it goes on while the elements are equal. */
enum { RT_SEARCH_REGISTER = 1, RT_SEARCH_EQUAL = 2 };
/* Of the elements: log2 of their bytes, and in what their mask and index are. */
enum {
	RT_ELEMENT_LOG = 3,
	RT_ELEMENT_BITS = 4,    /* the mask is one of k1 to k7, the registers are those of AVX-512 */
	RT_ELEMENT_QUAD = 8,    /* the indices have 8 bytes, not 4 */
	RT_ELEMENT_LEGACY = 16, /* the mask's register is one of SSE, with no more */
	RT_ELEMENT_SCALE = 5,   /* from this bit on: log2 of an index's scale, of 2 bits */
	RT_ELEMENT_NARROW = 128,
};

enum { RT_SEGMENT_FS = 1, RT_SEGMENT_GS };

enum rt_flow {
	RT_FLOW_NEXT,     /* goes on with the next instruction (system calls, too) */
	RT_FLOW_BRANCH,   /* conditional, direct, by flags: jcc */
	RT_FLOW_LOOP,     /* conditional, direct, 8 bit only: loop, loope, loopne, jrcxz, jecxz */
	RT_FLOW_JUMP,     /* direct */
	RT_FLOW_INDIRECT, /* jmp to a register's or memory's value */
	RT_FLOW_CALL,     /* direct or (target RT_NO_TARGET) not */
	RT_FLOW_RETURN,
	RT_FLOW_STOP, /* ud2, hlt, int3: nothing after it is reached */
};

enum { RT_NO_TARGET = -1, RT_FAR_TARGET = -2 /* outside the text */ };

struct rt_insn {
	uint32_t offset;
	uint8_t bytes;
	uint8_t flow; /* enum rt_flow */
	uint8_t condition; /* RT_FLOW_BRANCH, `chooses`: the condition code, 0 to 15; RT_FLOW_LOOP: the opcode, e0 to e3 */
	uint8_t pc_relative; /* position of the 4-byte pc-relative displacement in the instruction; 0: none */
	int32_t target; /* of a direct branch or call: an offset, RT_FAR_TARGET; RT_NO_TARGET: there is none */
	rt_regs_t uses;    /* what it may read, the registers of addresses included; rsp always */
	rt_regs_t sets;    /* what it overwrites as a whole, whatever happens; never rsp */
	rt_regs_t changes; /* general registers that it may write, in part or perhaps */
	uint8_t memories;  /* 0 to 2 */
	struct rt_memory memory[2];
	bool is_nop;     /* padding that can be left out */
	bool is_landing; /* endbr64: a place for indirect jumps */
	bool is_locked;  /* a lock prefix, or xchg with memory: its one access is atomic */
	bool is_fence;   /* mfence, lfence, sfence, serialising instructions */
	bool takes_frame; /* makes an address within the stack frame: lea of rsp or rbp, mov or push of rsp, ... */
	bool sets_rbp_frame; /* mov rbp, rsp */
	bool uses_vectors;   /* reads a register that is neither a general one nor flags */
	bool chooses; /* cmovcc: it reads memory in any case, but what it read counts only under its condition */
	bool prefetches; /* memory[0], which is none of its `memories`, is where the program is about to look */
	bool addresses; /* lea: likewise, the address that it makes */
};

static inline void rt_insn_copy(struct rt_insn *to, const struct rt_insn *from)
{
	typedef uint64_t __attribute__((may_alias)) word;
	_Static_assert(
		sizeof(*to) % sizeof(word) == 0 && _Alignof(struct rt_insn) >= _Alignof(word), "in words");
	word *into = (word *)to;
	const word *out = (const word *)from;
#pragma GCC unroll 16
	for (unsigned i = 0; i < sizeof(*to) / sizeof(word); i++)
		into[i] = out[i];
}

/* cmpxchg, cmpxchg8b, cmpxchg16b, with whatever prefixes: `code` is the instruction's. */
RT_HIDDEN bool rt_code_compares(const uint8_t *code, unsigned bytes);
/* Likewise xadd: it adds to memory, and gives what was there. */
RT_HIDDEN bool rt_code_takes(const uint8_t *code, unsigned bytes);

/* A function as the module's unwind information bounds it. */
struct rt_function {
	uint32_t start, end;       /* end: the first offset after it */
	uint32_t personality_data; /* not 0: the LSDA, which tells the landing pads, as a distance from the
				      first byte of the module's segments */
	uint32_t fde;              /* likewise */
};

#endif
