/* A module while it is rewritten, and what is kept of it afterwards.
 *
 * Who may include it: rewrite/. One thread at a time. */
#ifndef RACETRACK_REWRITE_UNIT_H
#define RACETRACK_REWRITE_UNIT_H

#include "arena.h"
#include "check.h"
#include "digest.h"
#include "lanes.h"
#include "lift.h"
#include "list.h"
#include "live.h"
#include "map.h"
#include "moves.h"
#include "patch.h"
#include "store.h"
#include "told.h"

/* A function and its clone. */
struct rt_clone {
	uint32_t start, end; /* of the original, offsets in the text */
	uint32_t bytes;      /* of the clone */
	uintptr_t code;
	struct rt_map map;
};

/* A jump in a clone to a place of another function, and a direct call. */
struct rt_link {
	uintptr_t field; /* where the clone has the 4-byte distance */
	uint32_t target;
};

struct rt_call {
	uint32_t offset, target;
};

/* An entry: its sites stand together in unit->sites. */
struct rt_entry {
	uint32_t first_site;
	uint16_t site_count;
	uint16_t accesses; /* that are not checked if it can't be patched: those of its block */
	bool is_detour;    /* wanted only where an entry of the function can't be patched */
	bool orders;       /* its block has what orders threads */
	bool failed;       /* no jump could be put there */
	struct rt_patch_hint hint;
};

/* A static variable that a loop waits for: so far from the text's start. */
struct rt_waited {
	int64_t distance;
	uint64_t bytes;
};

struct rt_coverage {
	uint64_t checked;
	uint64_t skipped[RT_SKIP_COUNT];
	uint64_t unknown_bytes[RT_SKIP_COUNT]; /* of code that was not taken apart for that reason */
	uint64_t estimated[RT_SKIP_COUNT];     /* accesses in it, where they were counted: see coverage.h */
	uint32_t functions, cloned, bad, left_out;
	uint32_t entries, unpatched;
	uint32_t unordered; /* blocks with what orders threads that may run unseen */
	uint64_t text_bytes, function_bytes, unreached_bytes, clone_bytes;
};

struct rt_unit {
	struct rt_module module;
	struct rt_arena *arena;
	struct rt_coverage coverage;
	RT_LIST(struct rt_clone) clones; /* ascending in both */
	struct rt_range window; /* text and all that stands for it; empty until the program runs it */
	const struct rt_unit *next;

	/* while it is rewritten */
	struct rt_file *file; /* what it was mapped from */
	bool refused;         /* it was told why not */
	bool hooked;          /* of its accesses those that its hooks do not tell of: see told.h */
	bool partial;         /* of its functions those that order something: see locking.h */
	bool is_cached;       /* what is made of it is for the cache, too: see cache.h */
	struct rt_digest key;
	char cache_name[RT_STORE_NAME];
	struct rt_patcher *patcher;
	struct rt_range told;      /* code that tells of its accesses by itself */
	struct rt_range sequences; /* descriptors of its restartable sequences: see restartable.h */
	uint64_t *chosen;          /* a bit for each function: it is to be rewritten */
	uint64_t *named;           /* likewise: see named.h */
	struct rt_body body;
	struct rt_lifted lifted;
	struct rt_lanes lanes;
	struct rt_hooks hooks;
	struct rt_own_frame own_frame;
	struct rt_emitter emitter;
	struct rt_map_writer map;
	bool flags_leave;
	RT_LIST(struct rt_patch_site) sites;
	RT_LIST(struct rt_patch_site) victims; /* see rt_patcher_victims */
	RT_LIST(struct rt_entry) entries;
	RT_LIST(struct rt_link) links;
	RT_LIST(struct rt_call) calls;
	RT_LIST(uint32_t) takes_flags;       /* functions that read flags at their start; ascending */
	RT_LIST(uint32_t) pure;              /* clones that can be tried: see selftest.h */
	RT_LIST(struct rt_padding) paddings; /* what patches may use */
	RT_LIST(struct rt_waited) waited;    /* see waited.c */
	struct rt_moves moves;
	uintptr_t
		*labels; /* of the body's instructions: where the clone can be entered for them; 0: nowhere */
	uint32_t label_room;
};

enum rt_unit_result {
	RT_UNIT_DONE,
	RT_UNIT_AGAIN,   /* flags cross calls after all: see rt_live_find */
	RT_UNIT_NO_ROOM, /* no memory, or none within reach */
};

/* Everything but what the program sees: clones in the unit's arena, and patches in its patcher. False: no memory. */
RT_HIDDEN bool rt_unit_rewrite(struct rt_unit *unit);
/* What only that needed. */
RT_HIDDEN void rt_unit_give_back(struct rt_unit *unit);

/* The clone of unit->body, with its entries, links and calls. */
RT_HIDDEN enum rt_unit_result rt_clone_write(struct rt_unit *unit);
/* Some function reads flags at its start, and is called: RT_UNIT_AGAIN. After all are written. */
RT_HIDDEN bool rt_clones_hand_flags(const struct rt_unit *unit);
/* The entries of the clone that was written last, and its victims. False: no memory. */
RT_HIDDEN bool rt_sites_add(struct rt_unit *unit);
/* Takes down what the body's loops wait for. False: no memory. */
RT_HIDDEN bool rt_waited_find(struct rt_unit *unit);
/* `alone`: there is no other thread. Else inside the engine. */
RT_HIDDEN void rt_waited_declare(const struct rt_unit *unit, bool alone);
/* Those that the program runs, for signal handlers: linked, and never changed again. */
extern RT_HIDDEN const struct rt_unit *rt_units;

/* The clone that holds the address, or the function that holds the offset; NULL: none. */
RT_HIDDEN const struct rt_clone *rt_clone_at(const struct rt_unit *unit, uintptr_t code);
RT_HIDDEN const struct rt_clone *rt_clone_of(const struct rt_unit *unit, uint32_t offset);

#endif
