/* What was made of a module's text, kept for the next process that runs the same: the clones, and what patching needs. A file
 * for each text, see store.h, whose name says all that the result depends on. Patching itself is done anew, since what is free
 * around the module is another matter in every process; that it need not search again makes it quick.
 *
 *     header | clones | paddings | sites | victims | entries | calls | moves | maps | code
 *
 * All of it as it was in memory, addresses too: header.text and header.code say where that was. Nothing of it is trusted:
 * every part has a digest, and every number is compared with what it counts before it is used.
 *
 * Who may include it: rewrite/. One thread at a time. */
#ifndef RACETRACK_REWRITE_CACHE_H
#define RACETRACK_REWRITE_CACHE_H

#include "digest.h"
#include "store.h"
#include "unit.h"

/* Who writes clones: by the build ids of this library and of the decoder. NULL: one has none. */
RT_HIDDEN const struct rt_digest *rt_cache_makers(void);
/* What the clones of the unit depend on, before anything is made; sets unit->is_cached where they may be kept. */
RT_HIDDEN void rt_cache_identify(struct rt_unit *unit);
/* Everything but the patches, from the cache. False: it has none that is any good; the unit is as it was. */
RT_HIDDEN bool rt_cache_load(struct rt_unit *unit);
/* Keeps what was made; `coverage`: as it was before the patches, which the unit's entries know of. Before the arena is
 * sealed. */
RT_HIDDEN void rt_cache_save(struct rt_unit *unit, const struct rt_coverage *coverage);

#endif
