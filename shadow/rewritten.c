#include "rewritten.h"

#include "engine.h"
#include "record.h"

struct entry {
	struct entry *next;
	uint32_t generation; /* of the record file that has it */
	struct rt_rewritten module;
};

/* Entries are added at the end and never go, so that a finding of another thread may be recorded meanwhile. */
static struct entry *first, **last = &first;

void rt_rewritten_add(const struct rt_rewritten *module)
{
	size_t path = rt_string_bytes(module->path, SIZE_MAX) + 1;
	size_t skips = module->skip_count * sizeof(*module->skips);
	struct entry *entry = rt_alloc(sizeof(*entry) + skips + module->build_id_bytes + path);
	if (!entry)
		return;
	struct rt_rewritten_skip *copy = (struct rt_rewritten_skip *)(entry + 1);
	uint8_t *build_id = (uint8_t *)copy + skips;
	rt_bytes_copy(&entry->module, module, sizeof(*module));
	entry->module.skips = copy;
	entry->module.build_id = build_id;
	entry->module.path = (char *)build_id + module->build_id_bytes;
	rt_bytes_copy(copy, module->skips, skips);
	rt_bytes_copy(build_id, module->build_id, module->build_id_bytes);
	rt_bytes_copy(build_id + module->build_id_bytes, module->path, path);
	__atomic_store_n(last, entry, __ATOMIC_RELEASE);
	last = &entry->next;
}

static void record(const struct rt_rewritten *module)
{
	const uint64_t *numbers = (const uint64_t *)&module->numbers;
	rt_record_begin(RT_RECORD_REWRITTEN);
	rt_record_u8((uint8_t)module->state);
	rt_record_str(module->path);
	rt_record_bytes(module->build_id, module->build_id_bytes);
	rt_record_str(module->why);
	rt_record_u32(RT_REWRITTEN_NUMBERS);
	for (unsigned i = 0; i < RT_REWRITTEN_NUMBERS; i++)
		rt_record_u64(numbers[i]);
	rt_record_u32(module->skip_count);
	for (uint32_t i = 0; i < module->skip_count; i++) {
		rt_record_str(module->skips[i].reason);
		rt_record_u64(module->skips[i].accesses);
		rt_record_u64(module->skips[i].bytes);
		rt_record_u64(module->skips[i].estimated);
	}
	rt_record_commit();
}

void rt_rewritten_record(uint32_t generation)
{
	struct entry *entry = __atomic_load_n(&first, __ATOMIC_ACQUIRE);
	for (; entry; entry = __atomic_load_n(&entry->next, __ATOMIC_ACQUIRE))
		if (entry->generation != generation) {
			entry->generation = generation;
			record(&entry->module);
		}
}
