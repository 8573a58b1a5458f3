#include "start.h"

#include "allocating.h"
#include "cfi.h"
#include "loaded.h"
#include "real.h"
#include "redirect.h"
#include "references.h"
#include "signal_stubs.h"
#include "stack.h"
#include "tls.h"
#include "wrap.h"
#include "hooks/callbacks.h"
#include "shadow/context.h"
#include "shadow/fault.h"
#include "shadow/given.h"
#include "shadow/owner.h"
#include "shadow/thread.h"

#include <link.h>
#include <sys/platform/x86.h>
#include <sys/rseq.h>

extern void *__libc_stack_end;

static enum { BEFORE, UNDER_WAY, STARTED } state;

bool rt_starting(void)
{
	return state == UNDER_WAY;
}

/* The kernel's layout at the first stack address: argc, argv, NULL, environ. libc's own environ may not be set yet. */
static char **first_environment(void)
{
	long count = *(long *)__libc_stack_end;
	return (char **)__libc_stack_end + 1 + count + 1;
}

static void describe_first_stack(void)
{
	char **arguments = (char **)__libc_stack_end + 1, **first = first_environment();
	struct rt_given given = {.pointers = (uintptr_t)__libc_stack_end,
		.arguments = (uintptr_t)*arguments,
		.environment = (uintptr_t)*first};
	if (given.arguments && given.environment)
		rt_given_init(&given);
}

static uintptr_t lowest_main_stack(uintptr_t high)
{
	const rlim_t most = (rlim_t)1 << 30, usual = 8 << 20;
	struct rlimit limit = {usual, usual};
	rt_real.getrlimit(RLIMIT_STACK, &limit);
	rlim_t bytes = limit.rlim_cur > most ? most : limit.rlim_cur;
	return high - (uintptr_t)bytes;
}

static const char *find_variable(const char *name)
{
	size_t bytes = rt_string_bytes(name, SIZE_MAX);
	for (char **at = first_environment(); *at; at++)
		if (rt_bytes_equal(*at, name, bytes))
			return *at + bytes;
	return NULL;
}

/* The program was built to run with this library: what is said to ThreadSanitizer's runtime is meant for it. */
static bool is_linked(void)
{
	const struct link_map *program = _r_debug.r_map;
	const ElfW(Dyn) *entry = program ? program->l_ld : NULL;
	const char *strings = NULL;
	for (; entry && entry->d_tag != DT_NULL && !strings; entry++)
		if (entry->d_tag == DT_STRTAB)
			strings = (const char *)entry->d_un.d_ptr;
	for (entry = program ? program->l_ld : NULL; strings && entry->d_tag != DT_NULL; entry++)
		if (entry->d_tag == DT_NEEDED &&
			rt_string_equal(strings + entry->d_un.d_val, "libracetrack.so"))
			return true;
	return false;
}

void rt_interpose_start(void)
{
	if (state != BEFORE)
		return;
	state = UNDER_WAY;
	int saved_errno = errno;
	rt_allocator_find();
	uint32_t count;
	const char *const *names = rt_real_names(&count);
	rt_name_functions(names, count);
	Dl_info own = {.dli_fname = "libracetrack.so"};
	dladdr(&state, &own);
	char options[1024];
	rt_callbacks_options(options, sizeof(options), is_linked() ? find_variable("TSAN_OPTIONS=") : NULL);
	rt_default_options(options);
	rt_program_suppressions(rt_callbacks_suppressions());
	rt_fault_set_guard(rt_signal_guard);
	if (rt_start(first_environment(), own.dli_fname)) {
		uintptr_t high = (uintptr_t)__libc_stack_end;
		rt_thread_started(rt_self, pthread_self(), lowest_main_stack(high), high);
		rt_context_set_walker((struct rt_walker){rt_stack_walk, rt_stack_cfa});
		if (__rseq_size && CPU_FEATURE_ACTIVE(AVX)) /* which says that it stores 16 bytes at once */
			rt_owners_allow(__rseq_offset);
		rt_loaded_start();
		rt_tls_start();
		describe_first_stack();
		rt_finding_set_judges((struct rt_judges){
			rt_counts_references, rt_destroys_exception, rt_makes_exception, rt_loaded_since});
		if (rt_callbacks_listens())
			rt_finding_set_listener(rt_callbacks_found);
	}
	state = STARTED;
	errno = saved_errno;
}

/* Children are to find the session that they belong to. */
static void name_session(void)
{
	static char entry[128] = "RACETRACK_SESSION=";
	size_t name = rt_string_bytes(entry, sizeof(entry)), count = 0;
	while (environ && environ[count])
		if (rt_bytes_equal(environ[count++], entry, name))
			return; /* it was given, and is good, or was said to be none */
	char **more = rt_session_name()[0] ? rt_alloc((count + 2) * sizeof(*more)) : NULL;
	if (!more)
		return;
	rt_string_copy(entry + name, sizeof(entry) - name, rt_session_name());
	/* In front of the others: programs that write over their arguments look for the end of the last string. */
	more[0] = entry;
	for (size_t i = 0; i < count; i++)
		more[i + 1] = environ[i];
	environ = more;
}

/* After all others have been constructed it would be too late to see them: as early as the linker allows. */
__attribute__((constructor(101))) static void start_at_load(void)
{
	rt_interpose_start();
	rt_redirect();
	name_session();
	rt_callbacks_started();
}

/* ---- the family of malloc, before it is known ---- */

enum { EARLY_BYTES = 1 << 16, EARLY_ALIGN = 16 };

static RT_SPARSE _Alignas(EARLY_ALIGN) char early[EARLY_BYTES];
static size_t early_used;

static void *early_malloc(size_t bytes)
{
	size_t whole = (bytes + 2 * EARLY_ALIGN - 1) & ~(size_t)(EARLY_ALIGN - 1);
	if (bytes > EARLY_BYTES || early_used + whole > EARLY_BYTES)
		return NULL;
	char *block = early + early_used + EARLY_ALIGN;
	*(size_t *)(block - EARLY_ALIGN) = bytes;
	early_used += whole + EARLY_ALIGN;
	return block;
}

static void *early_calloc(size_t count, size_t bytes)
{
	return count && bytes > EARLY_BYTES / count ? NULL : early_malloc(count * bytes);
}

static void *early_realloc(void *block, size_t bytes)
{
	void *fresh = early_malloc(bytes);
	if (fresh && block) {
		size_t old = rt_early_bytes(block);
		rt_bytes_copy(fresh, block, old < bytes ? old : bytes);
	}
	return fresh;
}

static void early_free(void *block)
{
	(void)block;
}

bool rt_early_owns(const void *block)
{
	return (const char *)block >= early && (const char *)block < early + EARLY_BYTES;
}

size_t rt_early_bytes(const void *block)
{
	return *(const size_t *)((const char *)block - EARLY_ALIGN);
}

void *rt_early_function(const char *name)
{
	static const struct {
		const char *name;
		void *function;
	} functions[] = {
		{"malloc", (void *)early_malloc},
		{"calloc", (void *)early_calloc},
		{"realloc", (void *)early_realloc},
		{"free", (void *)early_free},
	};
	for (size_t i = 0; i < RT_COUNT(functions); i++)
		if (rt_string_equal(functions[i].name, name))
			return functions[i].function;
	return NULL;
}
