/* What an entry of a ring does: the memory that it touches, and what it orders by its descriptor. */
#include "object.h"
#include "parts.h"
#include "ring.h"
#include "socket.h"
#include "stream.h"

#include <linux/time_types.h>

enum memory {
	NOTHING,
	BUFFER,
	PARTS,
	MESSAGE, /* struct msghdr */
	ADDRESS, /* of a socket, which is given */
	TEXT,
	TIME
};
enum way { NO_WAY, IN, OUT, LISTENS, CONNECTS, CLOSES };

static const struct operation {
	unsigned char memory, way;
} operations[] = {
	[IORING_OP_READV] = {PARTS, IN},
	[IORING_OP_WRITEV] = {PARTS, OUT},
	[IORING_OP_READ_FIXED] = {BUFFER, IN},
	[IORING_OP_WRITE_FIXED] = {BUFFER, OUT},
	[IORING_OP_POLL_ADD] = {NOTHING, IN},
	[IORING_OP_SENDMSG] = {MESSAGE, OUT},
	[IORING_OP_RECVMSG] = {MESSAGE, IN},
	[IORING_OP_TIMEOUT] = {TIME, NO_WAY},
	[IORING_OP_ACCEPT] = {NOTHING, LISTENS},
	[IORING_OP_LINK_TIMEOUT] = {TIME, NO_WAY},
	[IORING_OP_CONNECT] = {ADDRESS, CONNECTS},
	[IORING_OP_OPENAT] = {TEXT, NO_WAY},
	[IORING_OP_CLOSE] = {NOTHING, CLOSES},
	[IORING_OP_STATX] = {TEXT, NO_WAY},
	[IORING_OP_READ] = {BUFFER, IN},
	[IORING_OP_WRITE] = {BUFFER, OUT},
	[IORING_OP_SEND] = {BUFFER, OUT},
	[IORING_OP_RECV] = {BUFFER, IN},
	[IORING_OP_OPENAT2] = {TEXT, NO_WAY},
	[IORING_OP_SPLICE] = {NOTHING, OUT},
	[IORING_OP_TEE] = {NOTHING, OUT},
	[IORING_OP_SHUTDOWN] = {NOTHING, OUT},
	[IORING_OP_UNLINKAT] = {TEXT, NO_WAY},
	[IORING_OP_MKDIRAT] = {TEXT, NO_WAY},
	[IORING_OP_SEND_ZC] = {BUFFER, OUT},
	[IORING_OP_SENDMSG_ZC] = {MESSAGE, OUT},
};

static struct operation operation_of(const struct io_uring_sqe *entry)
{
	return entry->opcode < RT_COUNT(operations) ? operations[entry->opcode] : (struct operation){0};
}

/* A number of the ring's own table stands for a file that is not known here. */
static bool has_descriptor(const struct io_uring_sqe *entry)
{
	return !(entry->flags & (1u << IOSQE_FIXED_FILE_BIT));
}

static const void *at(uint64_t address)
{
	return (const void *)(uintptr_t)address;
}

/* ---- as it is given: by the thread ---- */

static void tell_closes(struct rt_thread *self, struct rt_site *site, const struct io_uring_sqe *entry)
{
	if (entry->file_index)
		return;
	rt_number_close(self, site, entry->fd);
	rt_descriptor_closes(self, site, entry->fd);
	rt_descriptor_forget(entry->fd);
}

static void tell_connects(struct rt_thread *self, struct rt_site *site, const struct io_uring_sqe *entry)
{
	uint64_t key = rt_socket_key_to_listener(at(entry->addr), entry->off);
	rt_number_use(self, site, entry->fd);
	rt_descriptor_connected(entry->fd);
	if (key && !rt_sync_ignored(self))
		rt_sync_release(self, site, key, "listener");
	if (key)
		rt_rings_release(self, site, key);
}

static void tell_way(struct rt_thread *self, struct rt_site *site, const struct io_uring_sqe *entry, int way)
{
	if (way == CLOSES)
		tell_closes(self, site, entry);
	else if (way == CONNECTS && has_descriptor(entry))
		tell_connects(self, site, entry);
	else if (way == OUT && has_descriptor(entry))
		rt_descriptor_output(self, site, entry->fd);
	else if (way != NO_WAY && has_descriptor(entry))
		rt_number_use(self, site, entry->fd);
}

/* What describes the work is copied; a path is read, too. */
void rt_ring_given(struct rt_thread *self, struct rt_site *site, const struct io_uring_sqe *entry)
{
	struct operation operation = operation_of(entry);
	const void *from = at(entry->addr);
	tell_way(self, site, entry, operation.way);
	if (!entry->addr)
		return;
	if (operation.memory == PARTS)
		rt_call_access(self, site, from, entry->len * sizeof(struct iovec), RT_READ);
	else if (operation.memory == MESSAGE)
		rt_call_access(self, site, from, sizeof(struct msghdr), RT_READ);
	else if (operation.memory == ADDRESS)
		rt_call_access(self, site, from, entry->off, RT_READ);
	else if (operation.memory == TIME)
		rt_call_access(self, site, from, sizeof(struct __kernel_timespec), RT_READ);
	else if (operation.memory == TEXT)
		rt_call_access(self, site, from, rt_real.strlen(from) + 1, RT_READ);
}

/* ---- as it is done: by the worker ---- */

/* A message's parts. The header of one that comes in is written, too. */
static void tell_message(
	struct rt_thread *worker, struct rt_site *site, uint64_t address, enum rt_access_kind access)
{
	struct msghdr header;
	if (!rt_safe_read((uintptr_t)address, &header, sizeof(header)))
		return;
	rt_parts_access(worker, site, header.msg_iov, header.msg_iovlen, SIZE_MAX, access);
	if (access == RT_WRITE)
		rt_call_access(worker, site, &((struct msghdr *)at(address))->msg_flags,
			sizeof(header.msg_flags), RT_WRITE);
}

static void tell_accepts(struct rt_thread *worker, struct rt_site *site, const struct io_uring_sqe *entry)
{
	socklen_t room;
	if (!entry->addr || !rt_safe_read((uintptr_t)entry->addr2, &room, sizeof(room)))
		return;
	rt_call_access(worker, site, at(entry->addr), room, RT_WRITE);
	rt_call_access(worker, site, at(entry->addr2), sizeof(room), RT_WRITE);
}

static void tell_memory(struct rt_thread *worker, struct rt_site *site, const struct io_uring_sqe *entry,
	struct operation operation)
{
	enum rt_access_kind access = operation.way == IN ? RT_WRITE : RT_READ;
	if (entry->flags & (1u << IOSQE_BUFFER_SELECT_BIT))
		return; /* the kernel is to choose one of those that it was given */
	if (operation.memory == BUFFER)
		rt_call_access(worker, site, at(entry->addr), entry->len, access);
	else if (operation.memory == PARTS)
		rt_parts_access(worker, site, at(entry->addr), entry->len, SIZE_MAX, access);
	else if (operation.memory == MESSAGE)
		tell_message(worker, site, entry->addr, access);
	else if (operation.way == LISTENS)
		tell_accepts(worker, site, entry);
	else if (entry->opcode == IORING_OP_STATX)
		rt_call_access(worker, site, at(entry->off), sizeof(struct statx), RT_WRITE);
}

static void take(struct rt_thread *worker, struct rt_site *site, struct rt_ring *ring, uint64_t key)
{
	if (key)
		rt_ring_takes(worker, site, ring, key);
}

void rt_ring_works(struct rt_thread *worker, struct rt_site *site, struct rt_ring *ring,
	const struct io_uring_sqe *entry)
{
	struct operation operation = operation_of(entry);
	if (operation.way == IN && has_descriptor(entry))
		take(worker, site, ring, rt_descriptor_key(entry->fd));
	if (operation.way == LISTENS && has_descriptor(entry))
		take(worker, site, ring, rt_socket_key_of_listener(entry->fd));
	if ((entry->opcode == IORING_OP_SPLICE || entry->opcode == IORING_OP_TEE) &&
		!(entry->splice_flags & (1u << 31) /* SPLICE_F_FD_IN_FIXED */))
		take(worker, site, ring, rt_descriptor_key(entry->splice_fd_in));
	if (rt_object_is_told(
		    site->pc)) /* else looks in line are not seen, and who comes after one is not known */
		tell_memory(worker, site, entry, operation);
	struct rt_ring *other = entry->opcode == IORING_OP_MSG_RING ? rt_ring_of(entry->fd) : NULL;
	if (other)
		rt_sync_release(worker, site, (uintptr_t)other->tail, "io_uring");
}
