#include "watch.h"

#include "shadow/engine.h"
#include "shadow/hot.h"
#include "shadow/infer.h"

#include <asm/prctl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The machine's addresses are below 1 GiB. */
#define SHADOW_BYTES ((size_t)3 << 30)

struct watch_access watch_log[WATCH_MOST];
unsigned watch_count;

static struct rt_front *front;
static enum watch_mode mode;
static uint64_t random_state;

bool watch_open(void)
{
	char *memory = mmap(NULL, RT_FRONT_BYTES + SHADOW_BYTES, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (memory == MAP_FAILED)
		return false;
	front = (struct rt_front *)(void *)memory;
	front->cells = memory + RT_FRONT_BYTES;
	front->place = ((uintptr_t)1 << 30) - 8;
	racetrack_watching = 1;
	return !syscall(SYS_arch_prctl, ARCH_SET_GS, memory + RT_FRONT_BYTES);
}

static uint64_t next(void)
{
	random_state += 0x9e3779b97f4a7c15ull;
	return rt_hash64(random_state);
}

/* All cells are 0: what is looked at differs from what is expected. */
void watch_begin(enum watch_mode wanted, uint64_t seed)
{
	mode = wanted;
	random_state = seed;
	watch_count = 0;
	racetrack_hot.expected = ~0ull;
	for (unsigned look = 0; look < RT_LOOK_COUNT; look++)
		for (unsigned at = 0; at < 8; at++) {
			bool found = mode == WATCH_NONE || (mode == WATCH_SOME && next() % 2);
			front->looked_at[look][at] = found ? 0 : ~0ull;
		}
	for (unsigned write = 0; write < 2; write++)
		for (unsigned from = 0; from < 8; from++)
			for (unsigned last = 0; last < 8; last++) {
				bool found = mode == WATCH_SOME && next() % 2;
				front->part[write][from][last] = front->written[write][from][last] =
					found ? 0 : ~0ull;
			}
}

/* ---- the engine ---- */

/* What the short way calls keeps vectors as they are. */
#define GENERAL __attribute__((target("general-regs-only")))

static GENERAL void write_down(
	const struct rt_site *site, uintptr_t address, size_t bytes, bool write, bool atomic)
{
	if (watch_count < WATCH_MOST)
		watch_log[watch_count++] = (struct watch_access){site->pc, address, bytes, write, atomic};
}

static GENERAL bool is_write(enum rt_access_kind kind)
{
	return kind == RT_WRITE || kind == RT_SET_WRITE || kind == RT_MOVED_WRITE || kind == RT_UPDATED;
}

/* What the engine's code overwrites, and nothing else. */
static void overwrite_vectors(void)
{
	__asm__ volatile("pcmpeqd %%xmm0, %%xmm0; pcmpeqd %%xmm1, %%xmm1; pcmpeqd %%xmm2, %%xmm2\n"
			 "pcmpeqd %%xmm3, %%xmm3; pcmpeqd %%xmm4, %%xmm4; pcmpeqd %%xmm5, %%xmm5\n"
			 "pcmpeqd %%xmm6, %%xmm6; pcmpeqd %%xmm7, %%xmm7; pcmpeqd %%xmm8, %%xmm8\n"
			 "pcmpeqd %%xmm9, %%xmm9; pcmpeqd %%xmm10, %%xmm10; pcmpeqd %%xmm11, %%xmm11\n"
			 "pcmpeqd %%xmm12, %%xmm12; pcmpeqd %%xmm13, %%xmm13; pcmpeqd %%xmm14, %%xmm14\n"
			 "pcmpeqd %%xmm15, %%xmm15" ::
				 : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8",
			 "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15");
}

static struct rt_thread *nobody(void)
{
	static char thread[1 << 16];
	return (struct rt_thread *)(void *)thread;
}

struct rt_front *__wrap_rt_access_front(void);
struct rt_front *__wrap_rt_access_front(void)
{
	return front;
}

struct rt_thread *__wrap_rt_enter(void);
struct rt_thread *__wrap_rt_enter(void)
{
	overwrite_vectors();
	return nobody();
}

void __wrap_rt_leave(struct rt_thread *self);
void __wrap_rt_leave(struct rt_thread *self)
{
	(void)self;
}

bool __wrap_rt_access_walked(
	const volatile void *address, size_t bytes, enum rt_access_kind kind, struct rt_site *site);
GENERAL bool __wrap_rt_access_walked(
	const volatile void *address, size_t bytes, enum rt_access_kind kind, struct rt_site *site)
{
	__asm__ volatile("" ::: "rax", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11");
	if (mode == WATCH_LONG)
		return false;
	write_down(site, (uintptr_t)address, bytes, is_write(kind), false);
	return true;
}

void __wrap_rt_access(struct rt_thread *self, struct rt_site *site, const volatile void *address,
	size_t bytes, enum rt_access_kind kind, enum rt_class class);
void __wrap_rt_access(struct rt_thread *self, struct rt_site *site, const volatile void *address,
	size_t bytes, enum rt_access_kind kind, enum rt_class class)
{
	(void)self;
	(void)class;
	write_down(site, (uintptr_t)address, bytes, is_write(kind), false);
}

bool __wrap_rt_infer_access(
	struct rt_thread *self, struct rt_site *site, uintptr_t address, size_t bytes, struct rt_plain plain);
bool __wrap_rt_infer_access(
	struct rt_thread *self, struct rt_site *site, uintptr_t address, size_t bytes, struct rt_plain plain)
{
	(void)self;
	if (next() % 2)
		return false;
	write_down(site, address, bytes, plain.writes, false);
	return true;
}

void __wrap_rt_infer_changed(struct rt_thread *self, struct rt_site *site, uintptr_t address, size_t bytes);
void __wrap_rt_infer_changed(struct rt_thread *self, struct rt_site *site, uintptr_t address, size_t bytes)
{
	(void)self, (void)site, (void)address, (void)bytes;
}

void __wrap_rt_atomic(struct rt_thread *self, struct rt_site *site, const volatile void *address,
	size_t bytes, enum rt_atomic_kind kind, enum rt_order order, enum rt_order failure,
	rt_atomic_operation operation, void *argument);
void __wrap_rt_atomic(struct rt_thread *self, struct rt_site *site, const volatile void *address,
	size_t bytes, enum rt_atomic_kind kind, enum rt_order order, enum rt_order failure,
	rt_atomic_operation operation, void *argument)
{
	(void)self, (void)kind, (void)order, (void)failure;
	write_down(site, (uintptr_t)address, bytes, true, true);
	operation(argument);
}
