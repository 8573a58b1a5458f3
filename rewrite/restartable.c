#include "restartable.h"

#include <linux/rseq.h>

struct rt_range rt_restartable_find(const struct rt_file *file, const struct rt_module *module)
{
	struct rt_range section = rt_file_section(file, module, "__rseq_cs");
	struct rt_range segment = rt_module_segment(module, section.low);
	return section.high <= segment.high ? section : (struct rt_range){0, 0};
}

bool rt_restartable_holds(struct rt_range descriptors, uintptr_t low, uintptr_t high)
{
	for (uintptr_t at = descriptors.low; at + sizeof(struct rseq_cs) <= descriptors.high;
		at += sizeof(struct rseq_cs)) {
		uintptr_t start = (uintptr_t)((const struct rseq_cs *)at)->start_ip;
		if (start >= low && start < high)
			return true;
	}
	return false;
}
