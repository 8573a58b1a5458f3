/* The real functions. Each pointer starts as a thunk that looks the function up at its first call: a process uses few of
 * them. The first thunk, called perhaps by the dynamic loader or another library's constructor, also starts the library.
 * All that are left are looked up before there is a second thread, which may load and unload libraries meanwhile. */
#include "real.h"

#include "lookup.h"
#include "start.h"
#include "wrap.h"

/* One thunk a row: its number to r11, and on. r11 is free between a call and a function's first instruction. */
__asm__(".pushsection .text\n"
	".set rt_row, 0\n"
#define RT_ROW(result, name, parameters, text)                                                               \
	".type rt_first_" #name ", @function\n"                                                              \
	"rt_first_" #name ":\n"                                                                              \
	"	movl $rt_row, %r11d\n"                                                                             \
	"	jmp rt_first_call_any\n"                                                                           \
	".set rt_row, rt_row + 1\n"
#define RT_ROW_UNDECLARED RT_ROW
#include "wrappers.def"
#undef RT_ROW_UNDECLARED
#undef RT_ROW
	/* Saves what may carry arguments (al counts vector arguments), asks for the function, goes there. */
	".type rt_first_call_any, @function\n"
	"rt_first_call_any:\n"
	"	.cfi_startproc\n"
	"	pushq %rbp\n"
	"	.cfi_def_cfa_offset 16\n"
	"	.cfi_offset %rbp, -16\n"
	"	movq %rsp, %rbp\n"
	"	.cfi_def_cfa_register %rbp\n"
	"	andq $-16, %rsp\n"
	"	subq $192, %rsp\n"
	"	movq %rdi, 0(%rsp)\n"
	"	movq %rsi, 8(%rsp)\n"
	"	movq %rdx, 16(%rsp)\n"
	"	movq %rcx, 24(%rsp)\n"
	"	movq %r8, 32(%rsp)\n"
	"	movq %r9, 40(%rsp)\n"
	"	movq %rax, 48(%rsp)\n"
	"	movups %xmm0, 64(%rsp)\n"
	"	movups %xmm1, 80(%rsp)\n"
	"	movups %xmm2, 96(%rsp)\n"
	"	movups %xmm3, 112(%rsp)\n"
	"	movups %xmm4, 128(%rsp)\n"
	"	movups %xmm5, 144(%rsp)\n"
	"	movups %xmm6, 160(%rsp)\n"
	"	movups %xmm7, 176(%rsp)\n"
	"	movl %r11d, %edi\n"
	"	call rt_first_call\n"
	"	movq %rax, %r11\n"
	"	movq 0(%rsp), %rdi\n"
	"	movq 8(%rsp), %rsi\n"
	"	movq 16(%rsp), %rdx\n"
	"	movq 24(%rsp), %rcx\n"
	"	movq 32(%rsp), %r8\n"
	"	movq 40(%rsp), %r9\n"
	"	movq 48(%rsp), %rax\n"
	"	movups 64(%rsp), %xmm0\n"
	"	movups 80(%rsp), %xmm1\n"
	"	movups 96(%rsp), %xmm2\n"
	"	movups 112(%rsp), %xmm3\n"
	"	movups 128(%rsp), %xmm4\n"
	"	movups 144(%rsp), %xmm5\n"
	"	movups 160(%rsp), %xmm6\n"
	"	movups 176(%rsp), %xmm7\n"
	"	leave\n"
	"	.cfi_def_cfa %rsp, 8\n"
	"	jmp *%r11\n"
	"	.cfi_endproc\n"
	".popsection\n");

#define RT_ROW(result, name, parameters, text) RT_HIDDEN result rt_first_##name parameters;
#define RT_ROW_UNDECLARED                      RT_ROW
#include "wrappers.def"
#undef RT_ROW_UNDECLARED
#undef RT_ROW

struct rt_real rt_real = {
#define RT_ROW(result, name, parameters, text) .name = rt_first_##name,
#define RT_ROW_UNDECLARED                      RT_ROW
#include "wrappers.def"
#undef RT_ROW_UNDECLARED
#undef RT_ROW
};

static const struct rt_real first_calls = {
#define RT_ROW(result, name, parameters, text) .name = rt_first_##name,
#define RT_ROW_UNDECLARED                      RT_ROW
#include "wrappers.def"
#undef RT_ROW_UNDECLARED
#undef RT_ROW
};

static const char *const names[] = {
#define RT_ROW(result, name, parameters, text) #name,
#define RT_ROW_UNDECLARED                      RT_ROW
#include "wrappers.def"
#undef RT_ROW_UNDECLARED
#undef RT_ROW
#define RT_ANNOTATION(name) #name,
#include "annotations.def"
#undef RT_ANNOTATION
};

enum { ROWS = sizeof(struct rt_real) / sizeof(void *) };

const char *const *rt_real_names(uint32_t *count)
{
	*count = RT_COUNT(names);
	return names;
}

/* Rows whose real function is not what a search finds. */
static bool given[ROWS];

void rt_real_give(unsigned row, void *function)
{
	__atomic_store_n((void **)&rt_real + row, function, __ATOMIC_RELEASE);
	given[row] = true;
}

void *rt_real_resolve(unsigned row)
{
	void **function = (void **)&rt_real + row;
	if (given[row])
		return *function;
	void *found = rt_lookup(names[row]);
	if (found)
		*function = found;
	return found;
}

static bool all_resolved;

void rt_real_resolve_all(void)
{
	for (unsigned row = 0; row < ROWS && !all_resolved; row++)
		rt_real_resolve(row);
	all_resolved = true;
}

static void *first_call_of(unsigned row)
{
	return ((void *const *)&first_calls)[row];
}

void *rt_real_function(unsigned row)
{
	return all_resolved ? *((void **)&rt_real + row) : rt_real_resolve(row);
}

/* What the program names is it, where its library came later than the others were looked up. */
bool rt_real_is(unsigned row, void *function)
{
	void *now = rt_real_function(row);
	if (all_resolved && now == first_call_of(row))
		__atomic_store_n((void **)&rt_real + row, now = function, __ATOMIC_RELEASE);
	return now == function;
}

/* Of libraries that need not be there: they may come again, elsewhere. */
void rt_real_forget(void)
{
	struct dl_find_object found;
	for (unsigned row = 0; row < ROWS; row++)
		if (_dl_find_object(*((void **)&rt_real + row), &found))
			__atomic_store_n((void **)&rt_real + row, first_call_of(row), __ATOMIC_RELEASE);
}

/* A function that the C library of this system does not have can't have been called for. */
static RT_COLD _Noreturn void no_such_function(unsigned row)
{
	rt_check_failed(names[row], 0, "the C library has this function");
}

RT_HIDDEN void *rt_first_call(unsigned row);
__attribute__((used)) void *rt_first_call(unsigned row)
{
	void *found = NULL;
	rt_interpose_start();
	if (rt_starting())
		found = rt_early_function(names[row]);
	if (!found && !(found = rt_real_resolve(row)))
		no_such_function(row);
	return found;
}
