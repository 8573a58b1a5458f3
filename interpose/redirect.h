/* Functions of a library that brings an allocator of its own (shadow/allocator.h), which the program would find before this
 * library's, or which this library does not export: the operators new and delete, and all of them where that library was
 * preloaded first.
 *
 * Its symbols get the bodies' addresses: modules that are loaded later, and calls that are bound when they come, find those.
 * What is bound already to the real function, in any module, is bound anew. So nothing changes for programs whose operators end
 * in malloc, nor for modules that find operators of their own first.
 *
 * Who may include it: interpose/. */
#ifndef RACETRACK_INTERPOSE_REDIRECT_H
#define RACETRACK_INTERPOSE_REDIRECT_H

#include "shadow/base.h"

/* Once, when all that the program is linked with is loaded, and before there is a second thread. */
RT_HIDDEN void rt_redirect(void);

#endif
