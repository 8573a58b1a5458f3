/* Bytes that lie in several parts (struct iovec).
 *
 * Who may include it: interpose/. Inside the engine. */
#ifndef RACETRACK_INTERPOSE_PARTS_H
#define RACETRACK_INTERPOSE_PARTS_H

#include "wrap.h"

/* `bytes` bytes spread over the parts. The array may be nonsense that the kernel is about to refuse. */
static inline void rt_parts_access(struct rt_thread *self, struct rt_site *site, const struct iovec *parts,
	size_t count, size_t bytes, enum rt_access_kind kind)
{
	enum { COPIED = 16, MOST = 1024 /* IOV_MAX */ };
	struct iovec copy[COPIED];
	for (size_t i = 0; i < count && count <= MOST && bytes; i++) {
		size_t left = count - i < COPIED ? count - i : COPIED;
		if (!(i % COPIED) && !rt_safe_read((uintptr_t)&parts[i], copy, left * sizeof(*copy)))
			return;
		const struct iovec *part = &copy[i % COPIED];
		size_t here = part->iov_len < bytes ? part->iov_len : bytes;
		rt_call_access(self, site, part->iov_base, here, kind);
		bytes -= here;
	}
}

#endif
