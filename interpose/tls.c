/* What glibc tells debuggers of its structures. Each table is a field's size in bits, how many there are, and the offset. The
 * references are weak: without them thread-local variables have no names. */
#include "tls.h"

#include "shadow/tls.h"

#define FIELD(name) extern const uint32_t _thread_db_##name[3] __attribute__((weak))
FIELD(rtld_global__dl_tls_dtv_slotinfo_list);
FIELD(dtv_slotinfo_list_len);
FIELD(dtv_slotinfo_list_next);
FIELD(dtv_slotinfo_list_slotinfo);
FIELD(dtv_slotinfo_gen);
FIELD(dtv_slotinfo_map);
FIELD(link_map_l_tls_offset);
FIELD(pthread_dtvp);
FIELD(dtv_dtv);
FIELD(dtv_t_pointer_val);
#undef FIELD
extern const uint32_t _thread_db_sizeof_dtv_slotinfo __attribute__((weak));
extern const uint32_t _thread_db_sizeof_pthread __attribute__((weak));
extern char _rtld_global[] __attribute__((weak));

enum { SIZE_BITS, COUNT, OFFSET };

void rt_tls_start(void)
{
	const void *const fields[] = {_rtld_global, _thread_db_rtld_global__dl_tls_dtv_slotinfo_list,
		_thread_db_dtv_slotinfo_list_len, _thread_db_dtv_slotinfo_list_next,
		_thread_db_dtv_slotinfo_list_slotinfo, _thread_db_dtv_slotinfo_gen,
		_thread_db_dtv_slotinfo_map, _thread_db_link_map_l_tls_offset, _thread_db_pthread_dtvp,
		_thread_db_dtv_dtv, _thread_db_dtv_t_pointer_val, &_thread_db_sizeof_dtv_slotinfo,
		&_thread_db_sizeof_pthread};
	for (size_t i = 0; i < RT_COUNT(fields); i++)
		if (!fields[i])
			return;
	rt_tls_init(&(struct rt_tls_layout){
		.first_list =
			(uintptr_t)_rtld_global + _thread_db_rtld_global__dl_tls_dtv_slotinfo_list[OFFSET],
		.list_length = _thread_db_dtv_slotinfo_list_len[OFFSET],
		.list_next = _thread_db_dtv_slotinfo_list_next[OFFSET],
		.list_slots = _thread_db_dtv_slotinfo_list_slotinfo[OFFSET],
		.slot_bytes = _thread_db_sizeof_dtv_slotinfo,
		.slot_changed = _thread_db_dtv_slotinfo_gen[OFFSET],
		.slot_module = _thread_db_dtv_slotinfo_map[OFFSET],
		.module_below = _thread_db_link_map_l_tls_offset[OFFSET],
		.vector = _thread_db_pthread_dtvp[OFFSET],
		.entry_bytes = _thread_db_dtv_dtv[SIZE_BITS] / 8,
		.entry_block = _thread_db_dtv_t_pointer_val[OFFSET],
		.control_bytes = _thread_db_sizeof_pthread,
	});
}
