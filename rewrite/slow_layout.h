/* Numbers that slow_entries.S and C agree on; thunks.c proves each of them. Only preprocessor lines: the assembler reads it.
 *
 * Who may include it: slow_entries.S, thunks.c. */
#ifndef RACETRACK_REWRITE_SLOW_LAYOUT_H
#define RACETRACK_REWRITE_SLOW_LAYOUT_H

/* struct rt_hot */
#define HOT_EXPECTED   48

/* struct rt_slots */
#define SLOTS_ADDRESS  136
#define SLOTS_FRAME    144
#define SLOTS_VECTORS  152
#define SLOTS_PHASE    160

/* struct rt_front, from the shadow memory behind it */
#define FRONT_PLACE    -4096
#define FRONT_PART     -3576
#define FRONT_WRITTEN  -2552
#define FRONT_CELLS    -1464
#define PART_WRITE_LOG 6 /* tables of writes come so many entries, as a power of two, behind those of reads */

/* struct rt_slow_behind, and RT_WHAT_ */
#define BEHIND_WHAT    9
#define WHAT_WRITE_BIT 17
#define WHAT_TOLD      0x4c0000 /* REPEATED, SPIN, SPREAD */
#define SHORT_BYTES    64

/* struct rt_slow_frame; what is skipped of the stack; enum rt_slow_phase's end */
#define FRAME_BYTES    144
#define RED_ZONE       128
#define ATOMIC_DONE    256

#endif
