#include "cfi.h"

#include "shadow/vectors.h"

#include <dlfcn.h>

enum { CACHE_ENTRIES = 1 << 14 };

/* ---- the cache ---- */

/* Two words that vouch for each other: a torn read gives a pc that is not the one asked for. */
static struct {
	uint64_t key; /* pc ^ rule */
	uint64_t rule;
} cache[CACHE_ENTRIES] RT_SPARSE;

enum {
	START_AT = 0,
	BP_AT = START_AT + RT_FRAME_START_BITS,
	CFA_AT = BP_AT + RT_FRAME_BP_BITS,
	KIND_AT = CFA_AT + RT_FRAME_CFA_BITS,
};
_Static_assert(RT_FRAME_REALIGNED < 1 << (64 - KIND_AT), "the kind has room");

static uint64_t bits_of(int64_t value, unsigned bits)
{
	return (uint64_t)value & ((1ull << bits) - 1);
}

static uint64_t pack(struct rt_frame_rule rule)
{
	return (uint64_t)rule.kind << KIND_AT | bits_of(rule.cfa_offset, RT_FRAME_CFA_BITS) << CFA_AT |
	       bits_of(rule.bp_offset, RT_FRAME_BP_BITS) << BP_AT |
	       bits_of(rule.start, RT_FRAME_START_BITS) << START_AT;
}

static int32_t field_of(uint64_t packed, unsigned at, unsigned bits)
{
	return (int32_t)((int64_t)(packed << (64 - at - bits)) >> (64 - bits));
}

static struct rt_frame_rule unpack(uint64_t packed)
{
	return (struct rt_frame_rule){(enum rt_frame_kind)(packed >> KIND_AT),
		field_of(packed, CFA_AT, RT_FRAME_CFA_BITS), field_of(packed, BP_AT, RT_FRAME_BP_BITS),
		(uint32_t)bits_of((int64_t)(packed >> START_AT), RT_FRAME_START_BITS)};
}

uint32_t rt_cfi_generation = 1;

void rt_cfi_forget(void)
{
	uint32_t next = rt_cfi_generation + 1;
	__atomic_store_n(&rt_cfi_generation, next ? next : 1, __ATOMIC_RELAXED);
	for (unsigned i = 0; i < CACHE_ENTRIES; i++)
		__atomic_store_n(&cache[i].key, 0, __ATOMIC_RELAXED);
}

/* ---- finding the frame description ---- */

struct search {
	uintptr_t pc;
	struct dl_find_object object; /* without tables: there is none */
};

static void find_module(void *argument)
{
	struct search *search = argument;
	if (_dl_find_object((void *)search->pc, &search->object))
		search->object.dlfo_eh_frame = NULL;
}

/* The frame description of a pc. */
static bool describe(uintptr_t pc, struct rt_eh_fde *fde)
{
	struct search search;
	struct rt_eh_header header;
	search.pc = pc;
	rt_vectors_kept(find_module, &search);
	const struct dl_find_object object = search.object;
	if (!object.dlfo_eh_frame)
		return false;
	struct rt_eh_memory memory = {(uintptr_t)object.dlfo_map_start, (uintptr_t)object.dlfo_map_end};
	fde->cie.at = 0;
	return rt_eh_read_header(memory, (uintptr_t)object.dlfo_eh_frame, &header) &&
	       rt_eh_read_fde(memory, rt_eh_find(&header, pc), fde) && pc - fde->start < fde->bytes;
}

static RT_COLD struct rt_frame_rule compute(uintptr_t pc)
{
	struct rt_eh_fde fde;
	struct rt_frame_program program;
	if (!describe(pc, &fde))
		return (struct rt_frame_rule){RT_FRAME_UNKNOWN, 0, 0, 0};
	rt_frame_program_begin(&program, &fde);
	return rt_frame_program_rule(&program, pc);
}

uintptr_t rt_cfi_function(uintptr_t pc)
{
	struct rt_eh_fde fde;
	return describe(pc, &fde) ? fde.start : 0;
}

struct rt_frame_rule rt_cfi_rule(uintptr_t pc)
{
	unsigned index = (unsigned)(pc ^ (pc >> 14)) & (CACHE_ENTRIES - 1);
	uint64_t packed = __atomic_load_n(&cache[index].rule, __ATOMIC_RELAXED);
	if (RT_LIKELY((__atomic_load_n(&cache[index].key, __ATOMIC_RELAXED) ^ packed) == pc))
		return unpack(packed);
	struct rt_frame_rule rule = compute(pc);
	packed = pack(rule);
	__atomic_store_n(&cache[index].rule, packed, __ATOMIC_RELAXED);
	__atomic_store_n(&cache[index].key, pc ^ packed, __ATOMIC_RELAXED);
	return rule;
}
