/* An allocator with operators of its own, which do not end in malloc: lists of free blocks by size, each under a spin lock. */
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>

namespace {

constexpr std::size_t SMALLEST = 6, CLASSES = 17, ROOM = 64 << 20;

struct List {
	std::atomic_flag busy = ATOMIC_FLAG_INIT;
	void **free = nullptr;
} lists[CLASSES];

alignas(4096) char room[ROOM];
std::atomic<std::size_t> used;
std::atomic<long> operators;

/* Blocks of 2^c bytes, aligned to that; the class stands in a table beside them, by the block's first 64 bytes. */
unsigned char classes[ROOM >> SMALLEST];

void *take(std::size_t bytes, std::size_t alignment = 16)
{
	std::size_t c = SMALLEST;
	while (c < CLASSES && (std::size_t(1) << c < bytes || std::size_t(1) << c < alignment))
		c++;
	if (c == CLASSES)
		return nullptr;
	while (lists[c].busy.test_and_set(std::memory_order_acquire))
		;
	void **block = lists[c].free;
	if (block)
		lists[c].free = static_cast<void **>(*block);
	lists[c].busy.clear(std::memory_order_release);
	if (block)
		return block;
	std::size_t size = std::size_t(1) << c, at = used.fetch_add(2 * size);
	if (at + 2 * size > ROOM)
		return nullptr;
	at = (at + size - 1) & ~(size - 1);
	classes[at >> SMALLEST] = c;
	return room + at;
}

void give(void *block)
{
	if (!block)
		return;
	std::size_t c = classes[(static_cast<char *>(block) - room) >> SMALLEST];
	while (lists[c].busy.test_and_set(std::memory_order_acquire))
		;
	*static_cast<void **>(block) = lists[c].free;
	lists[c].free = static_cast<void **>(block);
	lists[c].busy.clear(std::memory_order_release);
}

void *make(std::size_t bytes, std::size_t alignment)
{
	operators++;
	for (;;) {
		if (void *block = take(bytes, alignment))
			return block;
		std::new_handler handler = std::get_new_handler();
		if (!handler)
			throw std::bad_alloc();
		handler();
	}
}

void *make_or_not(std::size_t bytes, std::size_t alignment) noexcept
{
	try {
		return make(bytes, alignment);
	} catch (const std::bad_alloc &) {
		return nullptr;
	}
}

void unmake(void *block)
{
	operators++;
	give(block);
}

} // namespace

extern "C" {

long allocator_operators()
{
	return operators;
}

void *malloc(std::size_t bytes)
{
	return take(bytes);
}

void free(void *block)
{
	give(block);
}

void *calloc(std::size_t count, std::size_t bytes)
{
	void *block = take(count * bytes);
	return block ? std::memset(block, 0, count * bytes) : nullptr;
}

void *realloc(void *old, std::size_t bytes)
{
	void *block = take(bytes);
	if (block && old) {
		std::size_t had = std::size_t(1) << classes[(static_cast<char *>(old) - room) >> SMALLEST];
		std::memcpy(block, old, had < bytes ? had : bytes);
		give(old);
	}
	return block;
}

void *memalign(std::size_t alignment, std::size_t bytes)
{
	return take(bytes, alignment);
}

void *aligned_alloc(std::size_t alignment, std::size_t bytes)
{
	return take(bytes, alignment);
}

int posix_memalign(void **block, std::size_t alignment, std::size_t bytes)
{
	*block = take(bytes, alignment);
	return *block ? 0 : ENOMEM;
}
}

using std::align_val_t;
using std::nothrow_t;
using std::size_t;

void *operator new(size_t bytes)
{
	return make(bytes, 16);
}
void *operator new[](size_t bytes)
{
	return make(bytes, 16);
}
void *operator new(size_t bytes, align_val_t alignment)
{
	return make(bytes, size_t(alignment));
}
void *operator new[](size_t bytes, align_val_t alignment)
{
	return make(bytes, size_t(alignment));
}
void *operator new(size_t bytes, const nothrow_t &) noexcept
{
	return make_or_not(bytes, 16);
}
void *operator new[](size_t bytes, const nothrow_t &) noexcept
{
	return make_or_not(bytes, 16);
}
void *operator new(size_t bytes, align_val_t alignment, const nothrow_t &) noexcept
{
	return make_or_not(bytes, size_t(alignment));
}
void *operator new[](size_t bytes, align_val_t alignment, const nothrow_t &) noexcept
{
	return make_or_not(bytes, size_t(alignment));
}
void operator delete(void *block) noexcept
{
	unmake(block);
}
void operator delete[](void *block) noexcept
{
	unmake(block);
}
void operator delete(void *block, size_t) noexcept
{
	unmake(block);
}
void operator delete[](void *block, size_t) noexcept
{
	unmake(block);
}
void operator delete(void *block, align_val_t) noexcept
{
	unmake(block);
}
void operator delete[](void *block, align_val_t) noexcept
{
	unmake(block);
}
void operator delete(void *block, size_t, align_val_t) noexcept
{
	unmake(block);
}
void operator delete[](void *block, size_t, align_val_t) noexcept
{
	unmake(block);
}
void operator delete(void *block, const nothrow_t &) noexcept
{
	unmake(block);
}
void operator delete[](void *block, const nothrow_t &) noexcept
{
	unmake(block);
}
void operator delete(void *block, align_val_t, const nothrow_t &) noexcept
{
	unmake(block);
}
void operator delete[](void *block, align_val_t, const nothrow_t &) noexcept
{
	unmake(block);
}
