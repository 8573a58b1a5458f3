/* What a record file says of other processes: their stacks, threads and modules, and the objects that are shared with them. */
#include "shared_finding.h"

#include "abroad.h"
#include "fault.h"
#include "published.h"
#include "record.h"

enum { MAPPINGS_TOLD = 64, IMAGE_SHIFT = 48 };

/* By the generation of the record file that has them. */
static RT_SPARSE uint32_t peers[RT_SESSION_PROCESSES], modules[RT_SESSION_MODULES],
	threads[RT_SESSION_OWNERS + 1];
static uint32_t *stacks;

static bool is_new(uint32_t *entry)
{
	bool new = *entry != rt_finding_generation();
	*entry = rt_finding_generation();
	return new;
}

/* Addresses of an image, where none of this process's lie. Its own image's, too: processes that were forked from the same one may
 * have loaded and unloaded modules since. */
static uint64_t moved(uint32_t image, uint64_t address)
{
	return address < RT_PC_FUNCTIONS ? address : address + RT_PC_PEERS + ((uint64_t)image << IMAGE_SHIFT);
}

static void record_module(uint32_t index, const struct rt_session_module *module)
{
	uint32_t image = module->image - 1;
	if (!is_new(&modules[index]))
		return;
	rt_record_begin(RT_RECORD_MODULE);
	rt_record_u32(RT_CTX_SESSION | index);
	rt_record_u64(moved(image, module->low));
	rt_record_u64(moved(image, module->high));
	rt_record_u64(module->bias + (moved(image, module->low) - module->low));
	rt_record_u8(false);
	rt_record_str(module->path);
	rt_record_bytes(module->build_id, module->build_id_bytes);
	rt_record_commit();
}

static void record_peer(uint32_t index, uint32_t pid)
{
	static struct rt_session_description copy; /* findings' lock */
	const struct rt_session_process *process = rt_session_process(index);
	if (index == rt_session.process)
		return;
	rt_bytes_zero(&copy, sizeof(copy));
	bool same =
		__atomic_load_n(&process->pid, __ATOMIC_RELAXED) == pid; /* else it is another one's by now */
	if (same) {
		rt_fault_prevent(&rt_session.tables->descriptions[index], sizeof(copy));
		rt_bytes_copy(&copy, &rt_session.tables->descriptions[index], sizeof(copy));
	}
	copy.executable[sizeof(copy.executable) - 1] = 0;
	copy.folder[sizeof(copy.folder) - 1] = 0;
	copy.command[sizeof(copy.command) - 1] = 0;
	rt_record_begin(RT_RECORD_PEER);
	rt_record_u32(pid);
	rt_record_u32(same ? process->parent_pid : 0);
	rt_record_str(copy.executable);
	rt_record_str(copy.folder);
	rt_record_str(copy.command);
	rt_record_commit();
}

uint32_t rt_shared_pid(uint32_t thread)
{
	const struct rt_session_owner *owner = rt_abroad_owner_at(thread & ~RT_CTX_SESSION);
	uint32_t pid = owner ? __atomic_load_n(&owner->pid, __ATOMIC_RELAXED) : 0;
	return pid ? pid : 1; /* damaged: a record is no place for a process without a number */
}

void rt_shared_record_stack(rt_ctx_t context)
{
	static uint64_t pcs[RT_SESSION_FRAMES]; /* findings' lock */
	uint32_t number = context & ~RT_CTX_SESSION;
	size_t bytes = (RT_SESSION_STACKS + 1) * sizeof(*stacks);
	if (!stacks)
		stacks = rt_alloc(bytes);
	if (!stacks || !number || number > RT_SESSION_STACKS || !is_new(&stacks[number]))
		return;
	const struct rt_published published = rt_published_read(number);
	uint32_t count = rt_published_frames(number, pcs);
	rt_published_modules(published.image, record_module);
	for (uint32_t i = 0; i < count; i++)
		rt_finding_record_function(pcs[i]);
	rt_record_begin(RT_RECORD_STACK);
	rt_record_u32(context);
	rt_record_u32(count);
	for (uint32_t i = 0; i < count; i++)
		rt_record_u64(moved(published.image, pcs[i]));
	rt_record_commit();
}

void rt_shared_record_thread(uint32_t thread)
{
	static struct rt_session_owner copy; /* findings' lock */
	const struct rt_session_owner *owner = rt_abroad_owner_at(thread & ~RT_CTX_SESSION);
	if (!owner || !is_new(&threads[thread & ~RT_CTX_SESSION]))
		return;
	rt_bytes_copy(&copy, owner, sizeof(copy));
	copy.name[sizeof(copy.name) - 1] = 0;
	if (copy.process >= RT_SESSION_PROCESSES || !copy.pid)
		return;
	record_peer(copy.process, copy.pid);
	rt_record_begin(RT_RECORD_THREAD);
	rt_record_u32(thread);
	rt_record_u32(0);
	rt_record_u32(copy.tid);
	rt_record_u32(0);
	rt_record_u8(copy.thread == 1 ? RT_THREAD_MAIN : 0);
	rt_record_str(copy.name);
	rt_record_u32(copy.pid);
	rt_record_u32(copy.thread);
	rt_record_commit();
}

/* ---- objects ---- */

static void record_mapping(uint32_t number, const struct rt_session_mapping *mapping)
{
	uint32_t process = mapping->process - 1;
	if (process >= RT_SESSION_PROCESSES || !mapping->pid)
		return;
	bool own = process == rt_session.process && mapping->pid == rt_session_process(process)->pid;
	if (!own && is_new(&peers[process]))
		record_peer(process, mapping->pid);
	rt_shared_record_stack(RT_CTX_SESSION | mapping->mapped);
	rt_shared_record_stack(RT_CTX_SESSION | mapping->unmapped);
	rt_record_begin(RT_RECORD_MAPPING);
	rt_record_u32(mapping->object + 1);
	rt_record_u32(number);
	rt_record_u32(mapping->pid);
	rt_record_u32(own ? mapping->thread : 0);
	rt_record_u64(mapping->low);
	rt_record_u64(mapping->bytes);
	rt_record_u64(mapping->offset);
	rt_record_u8(mapping->writable != 0);
	rt_record_u8(mapping->gone != 0);
	rt_record_u32(mapping->mapped ? RT_CTX_SESSION | mapping->mapped : 0);
	rt_record_u32(mapping->unmapped ? RT_CTX_SESSION | mapping->unmapped : 0);
	rt_record_commit();
}

/* They overlap the page at the offset. */
static void record_mappings(uint32_t object, uint64_t offset)
{
	struct rt_session_tables *tables = rt_session.tables;
	uint32_t count = __atomic_load_n(&tables->header.mappings, __ATOMIC_RELAXED), told = 0;
	uint64_t page = offset & ~(uint64_t)(RT_PAGE_BYTES - 1);
	count = count < RT_SESSION_MAPPINGS ? count : RT_SESSION_MAPPINGS;
	for (uint32_t i = count; i-- > 0 && told < MAPPINGS_TOLD;) {
		struct rt_session_mapping mapping;
		rt_bytes_copy(&mapping, rt_session_mapping(i + 1), sizeof(mapping));
		bool is_range = mapping.bytes && mapping.bytes <= UINT64_MAX - mapping.low &&
				mapping.bytes <= UINT64_MAX - mapping.offset;
		if (!mapping.process || mapping.object != object || !is_range ||
			mapping.offset >= page + RT_PAGE_BYTES || page >= mapping.offset + mapping.bytes)
			continue;
		record_mapping(i + 1, &mapping);
		told++;
	}
}

uint32_t rt_shared_record_object(const struct rt_shared_range *range, uintptr_t address)
{
	static struct rt_session_object copy; /* findings' lock */
	rt_bytes_copy(&copy, &rt_session.tables->objects[range->object], sizeof(copy));
	copy.name[sizeof(copy.name) - 1] = 0;
	rt_record_begin(RT_RECORD_OBJECT);
	rt_record_u32(range->object + 1);
	bool known = copy.kind >= RT_OBJECT_FILE && copy.kind <= RT_OBJECT_SYSV;
	rt_record_u8(known ? (uint8_t)copy.kind : RT_OBJECT_FILE);
	rt_record_str(copy.name);
	rt_record_u64(copy.device);
	rt_record_u64(copy.inode);
	rt_record_commit();
	record_mappings(range->object, range->offset + (address - range->low));
	return range->object + 1;
}
