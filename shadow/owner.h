/* Whose a page of cells is: a thread that is the first to access a page owns it, and changes its cells by plain stores where it
 * would need an exchange, which takes several times as long and orders all accesses around it.
 *
 * A store that has been decided on must not come after another thread took the page. So the look at the page's owner, that at the
 * cells and the store are a restartable sequence (rseq(2)): the kernel leads a thread that it interrupts there to another place,
 * where it does without; and whoever wants the page says so in its word, and then interrupts all threads of the process that are in such a
 * sequence (membarrier(2), MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ).
 *
 *   NONE      nobody's yet
 *   1 to MOST a thread's
 *   GOING     somebody takes it: whoever finds this waits
 *   ALL       everybody's: cells are changed by exchanges
 *
 * Who takes a page gets it as its own if the one before was outside the engine since it went, in the middle of nothing, and if
 * neither loses pages often; else it is everybody's. It is somebody's again when its memory is other memory, or when a thread
 * that changes such pages often finds all others outside (rt_page_claim).
 *
 * Rule: whoever changes cells of a page, or locks a list of it, other than by rt_granule_put, calls rt_page_take before. Until it leaves the
 * engine the page is its own or everybody's.
 *
 * Interrupting costs as much as some thousand changes, so several pages are taken at once, and the more the longer a thread goes
 * on in a row. Without the kernel's help, or once it may refuse it, all pages are everybody's.
 *
 * Who may include it: shadow/. Any thread inside the engine. */
#ifndef RACETRACK_SHADOW_OWNER_H
#define RACETRACK_SHADOW_OWNER_H

#include "page.h"

enum { RT_OWNER_NONE, RT_OWNER_MOST = 253, RT_OWNER_GOING, RT_OWNER_ALL };

/* What rt_page_word of a page in use says that has this owner. */
#define RT_PAGE_OWNED(owner) ((uint16_t)((owner) << 8 | RT_PAGE_TOUCHED))
#define RT_PAGE_ALLS         RT_PAGE_OWNED(RT_OWNER_ALL)
/* No page's: a thread's that owns nothing. */
#define RT_PAGE_NO_OWN       UINT16_MAX

RT_HIDDEN RT_COLD void rt_page_take_slow(uintptr_t address);

/* `page` is a granule of the page of `address`, which is in none but the process's own shadow. */
static inline void rt_page_take(uintptr_t address, const struct rt_granule *page)
{
	const struct rt_thread *self = rt_self;
	if (!rt_page_has_state(page))
		return;
	uint16_t owner = __atomic_load_n(rt_page_word(address), __ATOMIC_RELAXED) >> 8;
	if (RT_UNLIKELY(owner != RT_OWNER_ALL && (!self || owner != self->page_word >> 8)))
		rt_page_take_slow(address);
}

/* The same, and unfolds it: its granules can be changed. */
static inline void rt_page_open(uintptr_t address, struct rt_granule *page)
{
	rt_page_take(address, page);
	rt_page_unfold(address, page);
}

/* The thread changed everybody's pages often, this one last: those around it may become its own. */
RT_HIDDEN RT_COLD void rt_page_claim(struct rt_thread *self, uintptr_t address);

/* rt_page_take for whoever knows the address alone. */
RT_HIDDEN void rt_cells_take(uintptr_t address);

/* Where the thread's struct rseq is, from its thread pointer. */
extern RT_HIDDEN ptrdiff_t rt_rseq_place;

/* Stores `fresh` by one plain store if the page's word is `own`, which is the thread's, and the cells are `old`. False: they are not, or
 * the thread was interrupted. The vector registers are left alone: see vectors.h. */
static inline __attribute__((always_inline)) bool rt_granule_put(const uint16_t *word, uint16_t own,
	struct rt_granule *granule, const struct rt_granule *old, struct rt_granule fresh)
{
	enum { RSEQ_CS = 8 /* offsetof(struct rseq, rseq_cs) */ };
	uint64_t kept[2], sequence;
	__asm__ goto(
		".pushsection __rseq_cs, \"aw\"\n\t"
		".balign 32\n"
		"7:\t.long 0, 0\n\t" /* version, flags */
		".quad 1f, 2f - 1f, 4f\n\t"
		".popsection\n\t"
		".pushsection .text.rt_rseq, \"ax\"\n\t"
		".byte 0x0f, 0xb9, 0x3d\n\t" /* of an instruction that is none, for who decodes what follows */
		".long 0x53053053\n" /* RSEQ_SIG of glibc: what an interruption may lead to stands behind it */
		"4:\tmovups %[kept], %%xmm0\n\t"
		"jmp %l[failed]\n\t"
		".popsection\n\t"
		"movups %%xmm0, %[kept]\n\t"
		"movq %[first], %%xmm0\n\t"
		"movhps %[second], %%xmm0\n\t"
		"leaq 7b(%%rip), %[sequence]\n\t"
		"movq %[sequence], %%fs:%c[cs](%[place])\n"
		"1:\tcmpw %[own], %[word]\n\t"
		"jne 4b\n\t"
		"cmpq %[old0], %[cell0]\n\t"
		"jne 4b\n\t"
		"cmpq %[old1], %[cell1]\n\t"
		"jne 4b\n\t"
		"movaps %%xmm0, %[cell0]\n"
		"2:\tmovups %[kept], %%xmm0"
		: [kept] "=m"(kept), [sequence] "=&r"(sequence)
		: [first] "r"(fresh.cell[0]), [second] "m"(fresh.cell[1]), [place] "r"(rt_rseq_place),
		[own] "r"(own), [word] "m"(*word), [old0] "r"(old->cell[0]), [old1] "r"(old->cell[1]),
		[cell0] "m"(granule->cell[0]), [cell1] "m"(granule->cell[1]), [cs] "i"(RSEQ_CS)
		: "memory", "cc"
		: failed);
	return true;
failed:
	return false;
}

/* Stores of 16 bytes are one store, and all threads have a struct rseq, which the C library had the kernel take notice of, at
 * `place` from their thread pointer. After rt_start, before there is a second thread. */
RT_HIDDEN void rt_owners_allow(ptrdiff_t place);
/* Before a thread is made; and in the child of a fork. */
RT_HIDDEN void rt_owners_prepare(void);
RT_HIDDEN void rt_owners_forked(void);
/* A new thread, which owns nothing. */
RT_HIDDEN void rt_owner_begin(struct rt_thread *thread);
/* The thread has ended: its pages will be another's. */
RT_HIDDEN void rt_owner_leave(struct rt_thread *thread);
/* A child that shares the memory may run on with the thread's state (vfork, clone), and the kernel does not know its sequences.
 * The thread's pages will be another's; it gets a number anew where the kernel knows its own. In the engine. */
RT_HIDDEN void rt_owner_resign(struct rt_thread *self);
/* The kernel will refuse to help: all pages are everybody's. */
RT_HIDDEN void rt_owners_end(struct rt_thread *self);

#endif
