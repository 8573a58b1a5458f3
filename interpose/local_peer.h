/* Which socket is at the other end of a local (AF_UNIX) one: the kernel tells it by netlink, see sock_diag(7).
 *
 * Who may include it: interpose/. Any thread, inside the engine; system calls of its own only. About 10 us a question. */
#ifndef RACETRACK_INTERPOSE_LOCAL_PEER_H
#define RACETRACK_INTERPOSE_LOCAL_PEER_H

#include "shadow/base.h"

/* The kernel answers such questions; `inode` is a local socket's. Always the same answer in a process, and in those that it
 * forks. */
RT_HIDDEN bool rt_local_peer_is_told(uint64_t inode);
/* Its inode. 0: there is none, it is not accepted yet, or it was closed. */
RT_HIDDEN uint64_t rt_local_peer(uint64_t inode);
/* From now on nothing is asked: the kernel may end who makes a socket. */
RT_HIDDEN void rt_local_peer_forbid(void);

#endif
