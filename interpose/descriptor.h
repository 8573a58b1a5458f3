/* What a descriptor stands for, as a synchronisation object: what is written to it happens before what is read from it.
 *
 * Each object has a key of its own, and the same one in every process. Pipes, fifos and files: device and inode. Events: their
 * number in the kernel. Connected sockets: both addresses, in one order, so that both ends are one object; local ones: the
 * inode of the socket that asked for the connection, of the lower one in a pair. Datagrams: the port or the path that they go
 * to, so that only a datagram socket has two keys, its own place's for what comes in and its peer's for what goes out. Other
 * nameless ones: the descriptor they were first seen as, and its copies, in one process. Terminals and other devices have
 * none.
 *
 * Who may include it: interpose/. Any thread, inside the engine; system calls of its own only. */
#ifndef RACETRACK_INTERPOSE_DESCRIPTOR_H
#define RACETRACK_INTERPOSE_DESCRIPTOR_H

#include "shadow/engine.h"

/* Of what is read from it, and of what is written to it. 0: orders nothing. */
RT_HIDDEN uint64_t rt_descriptor_key(int fd);
RT_HIDDEN uint64_t rt_descriptor_key_out(int fd);
/* Of what a descriptor leaves behind that is closed too early; 0: nothing but what went out. */
RT_HIDDEN uint64_t rt_descriptor_key_left(int fd);
/* A datagram's key by the address it is sent to (struct sockaddr). */
RT_HIDDEN uint64_t rt_descriptor_key_to(const void *address, size_t bytes);
/* Its key was asked for since it was opened. */
RT_HIDDEN bool rt_descriptor_is_known(int fd);
/* The number now means something else, or nothing. */
RT_HIDDEN void rt_descriptor_forget(int fd);
/* The same, and it is open from now on. At all times, also while nothing is watched. */
RT_HIDDEN void rt_descriptor_opened(struct rt_thread *self, struct rt_site *site, int fd);
/* `to` means what `from` means. */
RT_HIDDEN void rt_descriptor_copy(int from, int to);
/* It has just been made: an event, whose number may have been another's. */
RT_HIDDEN void rt_descriptor_event(struct rt_thread *self, int fd);
/* What its key is was found out otherwise. */
RT_HIDDEN void rt_descriptor_set(int fd, uint64_t key);
/* A datagram socket has a peer, or another one. */
RT_HIDDEN void rt_descriptor_connected(int fd);
/* What is written to one is read from the other. */
RT_HIDDEN void rt_descriptor_pair(int a, int b);
/* What comes in are signals: struct signalfd_siginfo. */
RT_HIDDEN bool rt_descriptor_is_signals(int fd);
/* The process that a pidfd stands for; 0: it is none. */
RT_HIDDEN int rt_descriptor_process(int fd);
/* Which open file it stands for, told apart from other openings of the same file. Copies are one; so is what was asked for
 * before a fork, in both. */
RT_HIDDEN uint32_t rt_descriptor_opening(int fd);
/* It is, or was, one of several for one open file. */
RT_HIDDEN bool rt_descriptor_is_copied(int fd);
/* Numbers that have any meaning here are below it. */
enum { RT_DESCRIPTORS = 1 << 16 };

#endif
