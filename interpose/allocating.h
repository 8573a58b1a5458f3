/* Whether this thread is inside the program's allocator: what an allocator does to itself orders nothing in the program,
 * and its mappings are not the program's accesses.
 *
 * Who may include it: interpose/. */
#ifndef RACETRACK_INTERPOSE_ALLOCATING_H
#define RACETRACK_INTERPOSE_ALLOCATING_H

extern __attribute__((visibility("hidden"), tls_model("initial-exec"))) __thread unsigned rt_allocating;

#endif
