/* What records say of the process: what it is, and the names of wrapped functions.
 *
 * Who may include it: shadow/. Findings' lock held. */
#ifndef RACETRACK_SHADOW_PROCESS_RECORD_H
#define RACETRACK_SHADOW_PROCESS_RECORD_H

#include "engine.h"

/* The PROCESS, SUPPRESSIONS, REWRITTEN and FUNCTION records, once per record file. */
RT_HIDDEN void rt_process_record_self(uint32_t generation);
RT_HIDDEN void rt_process_record_function(uint32_t function, uint32_t generation);
/* As the process begins: what the program gave may not stay where it is. */
RT_HIDDEN void rt_process_record_keep(void);

#endif
