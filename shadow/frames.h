/* Frames that the program announces at every call: a stack of return addresses a thread, whose contexts are looked up only
 * when an access needs them.
 *
 * Who may include it: shadow/, hooks/. Owner thread. */
#ifndef RACETRACK_SHADOW_FRAMES_H
#define RACETRACK_SHADOW_FRAMES_H

#include "base.h"
#include "hot.h"

struct rt_thread;

/* The context of the calls that are under way. */
RT_HIDDEN rt_ctx_t rt_frames_path(void);
/* The context of the path that ends in a frame at `pc`. */
RT_HIDDEN rt_ctx_t rt_frames_context(uintptr_t pc);
/* Makes room for another frame, or counts one that finds none. Inside the engine. */
RT_HIDDEN void rt_frames_grow(struct rt_thread *self);
/* The frames below `sp` were left without a word, by longjmp. */
RT_HIDDEN void rt_frames_unwind(uintptr_t sp);
/* Another stack of the program's goes on in this thread: its own calls are announced from nothing. rt_frames_put brings
 * back what rt_frames_take took, whose memory it frees. */
RT_HIDDEN struct rt_frame *rt_frames_take(uint32_t *count);
RT_HIDDEN void rt_frames_put(struct rt_frame *frames, uint32_t count);
/* The thread is gone. */
RT_HIDDEN void rt_frames_fini(struct rt_thread *thread);

#endif
