#include "pads.h"

/* Where pads are counted from, what the types are, then the call sites. */
bool rt_pads_begin(struct rt_pads *pads, const struct rt_module *module, const struct rt_function *function)
{
	struct rt_range memory = rt_module_memory(module, module->whole.low + function->personality_data);
	struct rt_reader reader = {(const uint8_t *)memory.low, (const uint8_t *)memory.high, false};
	uint8_t base_encoding = (uint8_t)rt_read_fixed(&reader, 1);
	pads->function = pads->base = module->text.start + function->start;
	if (base_encoding != RT_ENCODING_OMIT)
		pads->base = rt_read_encoded(&reader, base_encoding);
	if (rt_read_fixed(&reader, 1) != RT_ENCODING_OMIT)
		rt_read_uleb(&reader);
	pads->encoding = (uint8_t)rt_read_fixed(&reader, 1) & RT_ENCODING_FORM;
	pads->sites = rt_read_block(&reader);
	return !reader.failed;
}

bool rt_pads_next(struct rt_pads *pads, struct rt_pad *pad)
{
	struct rt_reader *sites = &pads->sites;
	if (sites->at >= sites->end)
		return false;
	uintptr_t start = pads->function + rt_read_encoded(sites, pads->encoding);
	uintptr_t end = start + rt_read_encoded(sites, pads->encoding);
	uintptr_t place = rt_read_encoded(sites, pads->encoding);
	rt_read_uleb(sites); /* action */
	*pad = (struct rt_pad){start, end, place ? pads->base + place : 0};
	return !sites->failed;
}
