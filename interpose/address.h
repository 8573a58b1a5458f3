/* Addresses of sockets as memory of the program's.
 *
 * Who may include it: interpose/. */
#ifndef RACETRACK_INTERPOSE_ADDRESS_H
#define RACETRACK_INTERPOSE_ADDRESS_H

#include "wrap.h"

/* What of an address a call that succeeded left, where there was `room` for it before, and its length. 0: nobody watches. */
RT_HIDDEN socklen_t rt_address_room(const socklen_t *bytes);
RT_HIDDEN void rt_address_tell(
	struct rt_thread *self, struct rt_site *site, const void *to, socklen_t room, const socklen_t *bytes);
/* An address that a call is given, perhaps none, before the call. */
RT_HIDDEN void rt_address_read(
	struct rt_thread *self, struct rt_site *site, const void *address, socklen_t bytes);

#endif
