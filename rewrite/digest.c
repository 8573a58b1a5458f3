#include "digest.h"

#include "bytes.h"

enum { LANES = 4, LANE_WORDS = 2, BLOCK_BYTES = LANES * LANE_WORDS * 8 };

static const uint64_t keys[LANES] = {
	0xa0761d6478bd642full, 0xe7037ed1a0b428dbull, 0x8ebc6af09c88c6e3ull, 0x589965cc75374cc3ull};

static inline uint64_t mix(uint64_t a, uint64_t b)
{
	unsigned __int128 product = (unsigned __int128)a * b;
	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t word_at(const uint8_t *at)
{
	return *(const rt_uint64_anywhere_t *)at;
}

/* Lanes do not wait for each other. */
static inline void add_block(uint64_t lanes[LANES], const uint8_t *block)
{
#pragma GCC unroll 4
	for (unsigned i = 0; i < LANES; i++)
		lanes[i] = mix(word_at(block + 16 * i) ^ keys[i], word_at(block + 16 * i + 8) ^ lanes[i]);
}

void rt_digest_add(struct rt_digest *digest, const void *memory, size_t bytes)
{
	const uint8_t *at = memory, *end = at + bytes;
	uint64_t lanes[LANES] = {
		digest->low ^ keys[1], digest->high ^ keys[2], digest->low ^ keys[3], digest->high ^ keys[0]};
	for (; (size_t)(end - at) >= BLOCK_BYTES; at += BLOCK_BYTES)
		add_block(lanes, at);
	uint8_t last[BLOCK_BYTES] = {0};
	rt_bytes_copy(last, at, (size_t)(end - at));
	add_block(lanes, last);
	uint64_t first = mix(lanes[0] ^ bytes, lanes[1] ^ keys[0]);
	uint64_t second = mix(lanes[2] ^ bytes, lanes[3] ^ keys[1]);
	digest->low = mix(first ^ keys[2], second ^ keys[3]);
	digest->high = mix(second ^ keys[1], lanes[0] ^ lanes[2]) ^ lanes[1] ^ lanes[3];
}
