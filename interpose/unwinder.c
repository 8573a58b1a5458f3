/* The two functions of libgcc_s that a frame with a cleanup refers to. They are called only while something unwinds, and
 * then the unwinder is in the process: linking against it would load it into every process that never unwinds. */
#include "lookup.h"

#include <dlfcn.h>

enum { RESUME, PERSONALITY };

/* Whoever unwinds through this library's frames: it calls the personality, and goes on where a cleanup has ended. A process may
 * have two, libgcc_s and LLVM's. */
static __thread const struct link_map *unwinding __attribute__((tls_model("initial-exec")));

RT_HIDDEN void *rt_unwinder_function(unsigned which, void *caller);
__attribute__((used)) void *rt_unwinder_function(unsigned which, void *caller)
{
	struct dl_find_object object;
	if (which == PERSONALITY)
		unwinding = _dl_find_object(caller, &object) ? NULL : object.dlfo_link_map;
	void *resume = which == RESUME && unwinding ? rt_lookup_in(unwinding, "_Unwind_Resume") : NULL;
	if (resume)
		return resume;
	static const char *const names[] = {"_Unwind_Resume", "__gcc_personality_v0"};
	static void *found[RT_COUNT(names)];
	if (!found[which]) {
		void *unwinder = dlopen("libgcc_s.so.1", RTLD_NOW | RTLD_NOLOAD);
		found[which] = dlsym(unwinder ? unwinder : RTLD_DEFAULT, names[which]);
		RT_CHECK(found[which]);
	}
	return found[which];
}

/* Both look at who called them or at their arguments: jumps, not calls. The personality has five arguments. */
__asm__(".pushsection .text\n"
	".macro rt_unwinder_stub name, which\n"
	".hidden \\name\n"
	".globl \\name\n"
	".type \\name, @function\n"
	"\\name:\n"
	"	.cfi_startproc\n"
	"	pushq %rdi\n"
	"	.cfi_adjust_cfa_offset 8\n"
	"	pushq %rsi\n"
	"	.cfi_adjust_cfa_offset 8\n"
	"	pushq %rdx\n"
	"	.cfi_adjust_cfa_offset 8\n"
	"	pushq %rcx\n"
	"	.cfi_adjust_cfa_offset 8\n"
	"	pushq %r8\n"
	"	.cfi_adjust_cfa_offset 8\n"
	"	movl $\\which, %edi\n"
	"	movq 40(%rsp), %rsi\n" /* who called */
	"	call rt_unwinder_function\n"
	"	popq %r8\n"
	"	.cfi_adjust_cfa_offset -8\n"
	"	popq %rcx\n"
	"	.cfi_adjust_cfa_offset -8\n"
	"	popq %rdx\n"
	"	.cfi_adjust_cfa_offset -8\n"
	"	popq %rsi\n"
	"	.cfi_adjust_cfa_offset -8\n"
	"	popq %rdi\n"
	"	.cfi_adjust_cfa_offset -8\n"
	"	jmp *%rax\n"
	"	.cfi_endproc\n"
	".size \\name, . - \\name\n"
	".endm\n"
	"rt_unwinder_stub _Unwind_Resume, 0\n"
	"rt_unwinder_stub __gcc_personality_v0, 1\n"
	".popsection\n");
