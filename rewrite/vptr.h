/* Stores of virtual-table pointers: constructors and destructors make them, each of its class's own. A destructor that stores what
 * is there already changes nothing, and a virtual call at the same time is none's fault.
 *
 * Who may include it: rewrite/. Source: Itanium C++ ABI, 2.5. */
#ifndef RACETRACK_REWRITE_VPTR_H
#define RACETRACK_REWRITE_VPTR_H

#include "body.h"

/* Marks them: RT_MARK_VPTR. */
RT_HIDDEN void rt_vptr_find(struct rt_body *body);
/* Of a marked store: the register with what is stored. */
RT_HIDDEN unsigned rt_vptr_register(const struct rt_insn *insn);

#endif
