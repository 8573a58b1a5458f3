/* A digest of memory: 128 bits, fast, not cryptographic. It tells files that were damaged, and text that was changed; whoever
 * can forge it may write the program's files anyway.
 *
 * Who may include it: rewrite/. The mixing step is wyhash's (Wang Yi, public domain). */
#ifndef RACETRACK_REWRITE_DIGEST_H
#define RACETRACK_REWRITE_DIGEST_H

#include "shadow/base.h"

struct rt_digest {
	uint64_t low, high;
};

/* What was added before counts, too; begins with zeros. */
RT_HIDDEN void rt_digest_add(struct rt_digest *digest, const void *memory, size_t bytes);

static inline bool rt_digest_equal(struct rt_digest a, struct rt_digest b)
{
	return a.low == b.low && a.high == b.high;
}

static inline struct rt_digest rt_digest_of(const void *memory, size_t bytes)
{
	struct rt_digest digest = {0, 0};
	rt_digest_add(&digest, memory, bytes);
	return digest;
}

#endif
