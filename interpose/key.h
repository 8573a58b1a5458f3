/* Keys of objects of synchronisation that have no address. Each is made of what it stands for and two words that tell it from
 * its like; no two kinds share one.
 *
 * Bits: 63 RT_SYNC_KEY_HIGH, 62 RT_SYNC_KEY_SESSION, 61 none, 60..2 a hash; objects are told apart in steps of four.
 *
 * Who may include it: interpose/. Pure functions. */
#ifndef RACETRACK_INTERPOSE_KEY_H
#define RACETRACK_INTERPOSE_KEY_H

#include "shadow/engine.h"

enum rt_key_of {
	RT_KEY_FILE = 1,     /* device, inode: files, pipes, fifos */
	RT_KEY_CONNECTION,   /* both addresses */
	RT_KEY_PORT,         /* where datagrams go: a port or a path */
	RT_KEY_LISTENER,     /* the same of who waits for connections: what who asks for one leaves there */
	RT_KEY_LISTENING,    /* and what was done before there was anybody to ask */
	RT_KEY_LOCAL,        /* the inode of a connection's socket */
	RT_KEY_ORPHANS,      /* a listener's path, of connections whose other end was gone too early */
	RT_KEY_EVENT,        /* eventfd's number */
	RT_KEY_NAMELESS,     /* a serial number */
	RT_KEY_REGISTERED,   /* epoll set, descriptor */
	RT_KEY_SYSTEM_V,     /* set, number and direction of a semaphore */
	RT_KEY_MESSAGE,      /* queue, type or priority */
	RT_KEY_SEMAPHORE,    /* device, inode of a named semaphore */
	RT_KEY_SIGNAL,       /* the number, and the process that it is sent to */
	RT_KEY_SIGNAL_GROUP, /* the same of process groups */
	RT_KEY_SIGNAL_ALL,   /* the same of all processes */
	RT_KEY_NAME_MADE,    /* folder and name: that it is there */
	RT_KEY_NAME_GONE,    /* the same: that it is not */
	RT_KEY_NAMED_FILE,   /* device and inode of what was renamed or linked */
	RT_KEY_FUTEX,        /* a word's key */
	RT_KEY_LOCKED,       /* what one owner's locks of a range of a file left */
	RT_KEY_FILE_PART,    /* the same in all processes: an aligned part of a file */
	RT_KEY_FILE_BELOW,   /* of parts of such a part */
};

static inline uint64_t rt_key_bits(enum rt_key_of what, uint64_t a, uint64_t b)
{
	uint64_t hash = rt_hash64(rt_hash64(rt_hash64((uint64_t)what) + a) + b);
	return RT_SYNC_KEY_HIGH | (hash << 5 >> 3);
}

/* Of what this process alone means by the two words. */
static inline uint64_t rt_key_own(enum rt_key_of what, uint64_t a, uint64_t b)
{
	return rt_key_bits(what, a, b);
}

/* Of what every process means by them. */
static inline uint64_t rt_key_common(enum rt_key_of what, uint64_t a, uint64_t b)
{
	return rt_key_bits(what, a, b) | RT_SYNC_KEY_SESSION;
}

#endif
