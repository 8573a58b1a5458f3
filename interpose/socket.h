/* What sockets stand for. See descriptor.h.
 *
 * Who may include it: interpose/. Any thread, inside the engine; system calls of its own only. */
#ifndef RACETRACK_INTERPOSE_SOCKET_H
#define RACETRACK_INTERPOSE_SOCKET_H

#include "shadow/base.h"

/* In the place of a key. */
enum {
	RT_DESCRIPTOR_NONE = 1, /* known to order nothing; of what goes out: the same as of what comes in */
	RT_DESCRIPTOR_LATER,  /* orders nothing yet: a socket without an address or a peer. Asked for again */
	RT_DESCRIPTOR_CLIENT, /* of what goes out, as NONE: of a local socket that asked for its connection */
	RT_DESCRIPTOR_SIGNALS, /* orders nothing by itself: what comes in are signals */
	RT_DESCRIPTOR_LAST = RT_DESCRIPTOR_SIGNALS,
};

/* Of what comes in, and of what goes out. `inode` is the socket's. */
RT_HIDDEN uint64_t rt_socket_key(int fd, uint64_t inode);
RT_HIDDEN uint64_t rt_socket_key_out(int fd);
/* Of two local sockets that were made for each other. */
RT_HIDDEN uint64_t rt_socket_key_of_pair(uint64_t a, uint64_t b);
/* Who accepts a local connection may come too late to learn which it is: of what those who asked for one left there. 0: this
 * socket did not. */
RT_HIDDEN uint64_t rt_socket_key_left(int fd);
/* Of those who connect: to who accepts from the socket, and to who listens at an address (struct sockaddr). 0: none. */
RT_HIDDEN uint64_t rt_socket_key_of_listener(int fd);
RT_HIDDEN uint64_t rt_socket_key_to_listener(const void *address, size_t bytes);

#endif
