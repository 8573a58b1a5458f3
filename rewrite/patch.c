/* TEMPORARY */
#include "patch.h"
#include "shadow/engine.h"
#include "shadow/sys.h"
struct rt_patcher {
	const struct rt_code *text;
	uint8_t *copy;
	uint8_t *lock;
	uint32_t tactics[8];
};
struct rt_patcher *rt_patcher_create(const struct rt_code *text, struct rt_arena *arena)
{
	(void)arena;
	struct rt_patcher *p = rt_alloc(sizeof *p);
	p->text = text;
	p->copy = rt_sys_pages(text->bytes);
	p->lock = rt_sys_pages(text->bytes + 64);
	rt_bytes_copy(p->copy, text->code, text->bytes);
	return p;
}
static bool fits(intptr_t d)
{
	return d == (int32_t)d;
}
bool rt_patcher_call(struct rt_patcher *p, uint32_t o, uintptr_t t)
{
	if (p->text->code[o] != 0xe8)
		return false;
	intptr_t d = (intptr_t)(t - (p->text->start + o + 5));
	if (!fits(d))
		return false;
	int32_t v = (int32_t)d;
	rt_bytes_copy(p->copy + o + 1, &v, 4);
	for (int i = 0; i < 5; i++)
		p->lock[o + i] = 1;
	return true;
}
bool rt_patcher_enter(struct rt_patcher *p, const struct rt_patch_site *s, unsigned n)
{
	for (unsigned i = 0; i + 1 < n; i++) {
		if (s[i].is_call || s[i].bytes < 5 || !s[i].clone)
			continue;
		uint32_t o = s[i].offset;
		bool ok = true;
		for (int k = 0; k < 5; k++)
			ok &= !p->lock[o + k];
		if (!ok)
			continue;
		int32_t v = (int32_t)(s[i].clone - (p->text->start + o + 5));
		p->copy[o] = 0xe9;
		rt_bytes_copy(p->copy + o + 1, &v, 4);
		for (int k = 0; k < 5; k++)
			p->lock[o + k] = 1;
		return true;
	}
	return false;
}
bool rt_patcher_commit(struct rt_patcher *p, bool alone)
{
	(void)alone;
	uintptr_t lo = p->text->start & ~4095ul, hi = (p->text->start + p->text->bytes + 4095) & ~4095ul;
	if (rt_sys_failed(rt_syscall(__NR_mprotect, lo, hi - lo, 3, 0, 0, 0)))
		return false;
	rt_bytes_copy((void *)p->text->start, p->copy, p->text->bytes);
	rt_syscall(__NR_mprotect, lo, hi - lo, 5, 0, 0, 0);
	return true;
}
void rt_patcher_destroy(struct rt_patcher *p)
{
	(void)p;
}
