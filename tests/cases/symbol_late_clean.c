// A library that comes when there are threads, and goes, and comes again elsewhere: its functions are seen, and are its own.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <liburing.h>
#include <sys/mman.h>
#include <unistd.h>
#include "pair.h"

static void *library;
static __typeof__(io_uring_queue_init) *init;
static __typeof__(io_uring_queue_exit) *leave;
static __typeof__(io_uring_get_sqe) *get;
static __typeof__(io_uring_submit) *hand_over;
static __typeof__(io_uring_wait_cqe_timeout) *wait_for;

static struct io_uring ring;
static int handed;

static void load(void)
{
	MUST((library = dlopen("liburing.so.2", RTLD_NOW | RTLD_LOCAL)));
	init = (__typeof__(init))dlsym(library, "io_uring_queue_init");
	leave = (__typeof__(leave))dlsym(library, "io_uring_queue_exit");
	get = (__typeof__(get))dlsym(library, "io_uring_get_sqe");
	hand_over = (__typeof__(hand_over))dlsym(library, "io_uring_submit");
	wait_for = (__typeof__(wait_for))dlsym(library, "io_uring_wait_cqe_timeout");
	MUST(init && leave && get && hand_over && wait_for && !init(8, &ring, 0));
}

static void submit(void)
{
	racetrack_write(&handed, sizeof(handed));
	io_uring_prep_nop(get(&ring));
	MUST(hand_over(&ring) == 1);
}

static void collect(void)
{
	struct __kernel_timespec most = {100, 0};
	struct io_uring_cqe *event;
	MUST(!wait_for(&ring, &event, &most));
	io_uring_cqe_seen(&ring, event);
	racetrack_write(&handed, sizeof(handed));
}

static void submit_loaded(void)
{
	load();
	submit();
}

static void submit_loaded_again(void)
{
	uintptr_t page = (uintptr_t)get & ~(uintptr_t)4095;
	leave(&ring);
	MUST(!dlclose(library));
	MUST(mmap((void *)page, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) ==
		(void *)page);
	load();
	submit();
}

int main(void)
{
	pair_run(submit_loaded, collect);
	pair_run(submit_loaded_again, collect);
	leave(&ring);
	return 0;
}
