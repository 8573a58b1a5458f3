#include "segment.h"

/* mov reg, fs:[0] or add reg, fs:[0], of 64 bits: by a displacement of 4 bytes, which stands behind `at`. */
static bool is_taken(const struct rt_code *text, uint32_t at)
{
	static const uint8_t behind[] = {0x25, 0, 0, 0, 0};
	const uint8_t *code = text->code + at;
	for (unsigned i = 0; i < sizeof(behind); i++)
		if (code[i] != behind[i])
			return false;
	return (code[-1] & 0xc7) == 4 && (code[-2] == 0x8b || code[-2] == 0x03) &&
	       (code[-3] & 0xf8) == 0x48 && code[-4] == 0x64;
}

bool rt_segment_is_handed(struct rt_module *module)
{
	enum { BEFORE = 4, BEHIND = 5 };
	const struct rt_code *text = &module->text;
	bool is = module->thread_taken == RT_THREAD_TAKEN;
	if (module->thread_taken != RT_THREAD_UNKNOWN)
		return is;
	for (uint32_t at = BEFORE; !is && at + BEHIND <= text->bytes; at++)
		is = text->code[at] == 0x25 && is_taken(text, at);
	module->thread_taken = is ? RT_THREAD_TAKEN : RT_THREAD_OWN;
	return is;
}
