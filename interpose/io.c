/* Reading and writing by descriptors: the buffers as accesses, the descriptor as a synchronisation object. */
#include "address.h"
#include "descriptor.h"
#include "parts.h"
#include "ring.h"
#include "signal_order.h"
#include "span.h"
#include "wrap.h"

static void acquire_from(struct rt_thread *self, struct rt_site *site, int fd)
{
	uint64_t key = rt_descriptor_key(fd);
	if (key && !rt_sync_ignored(self))
		rt_sync_acquire(self, site, key, "descriptor");
}

static void release_to(struct rt_thread *self, struct rt_site *site, uint64_t key)
{
	if (key && !rt_sync_ignored(self)) {
		rt_sync_release(self, site, key, "descriptor");
		rt_rings_release(self, site, key);
	}
}

/* The number stood for nothing: someone closed it before. */
#define REFUSED(fd)                                                                                          \
	do {                                                                                                 \
		if (errno == EBADF)                                                                          \
			rt_number_refused(self, &site, fd, RT_READ);                                         \
	} while (0)

/* ---- what comes in: told after success, with what came ---- */

#define TELL_CAME(name, fd, to, result)                                                                      \
	RT_TELL_CAME(name, {                                                                                 \
		if (result >= 0)                                                                             \
			acquire_from(self, &site, fd);                                                       \
		else                                                                                         \
			REFUSED(fd);                                                                         \
		if (result > 0 && RT_UNLIKELY(rt_descriptor_is_signals(fd)))                                 \
			rt_signals_read(self, &site, to, (size_t)result);                                    \
		if (result > 0)                                                                              \
			RT_WRITES(to, (size_t)result);                                                       \
	})

#define IN_BODY(name, call, fd, to)                                                                          \
	RT_TELL(name, rt_number_use(self, &site, fd));                                                       \
	ssize_t result = call;                                                                               \
	TELL_CAME(name, fd, to, result);                                                                     \
	return result

ssize_t rt_wrap_read(int fd, void *to, size_t bytes)
{
	IN_BODY(read, rt_real.read(fd, to, bytes), fd, to);
}

ssize_t rt_wrap___read_chk(int fd, void *to, size_t bytes, size_t room)
{
	IN_BODY(__read_chk, rt_real.__read_chk(fd, to, bytes, room), fd, to);
}

ssize_t rt_wrap_pread(int fd, void *to, size_t bytes, off_t offset)
{
	IN_BODY(pread, rt_real.pread(fd, to, bytes, offset), fd, to);
}

ssize_t rt_wrap___pread_chk(int fd, void *to, size_t bytes, off_t offset, size_t room)
{
	IN_BODY(__pread_chk, rt_real.__pread_chk(fd, to, bytes, offset, room), fd, to);
}

ssize_t rt_wrap_pread64(int fd, void *to, size_t bytes, off64_t offset)
{
	IN_BODY(pread64, rt_real.pread64(fd, to, bytes, offset), fd, to);
}

ssize_t rt_wrap___pread64_chk(int fd, void *to, size_t bytes, off64_t offset, size_t room)
{
	IN_BODY(__pread64_chk, rt_real.__pread64_chk(fd, to, bytes, offset, room), fd, to);
}

ssize_t rt_wrap_recv(int fd, void *to, size_t bytes, int flags)
{
	IN_BODY(recv, rt_real.recv(fd, to, bytes, flags), fd, to);
}

ssize_t rt_wrap___recv_chk(int fd, void *to, size_t bytes, size_t room, int flags)
{
	IN_BODY(__recv_chk, rt_real.__recv_chk(fd, to, bytes, room, flags), fd, to);
}

#define FROM_BODY(name, call)                                                                                \
	socklen_t from_room = from ? rt_address_room(from_bytes) : 0;                                        \
	RT_TELL(name, rt_number_use(self, &site, fd));                                                       \
	ssize_t result = call;                                                                               \
	TELL_CAME(name, fd, to, result);                                                                     \
	if (result >= 0 && from_room)                                                                        \
		RT_TELL(name, rt_address_tell(self, &site, from, from_room, from_bytes));                    \
	return result

ssize_t rt_wrap_recvfrom(
	int fd, void *to, size_t bytes, int flags, struct sockaddr *from, socklen_t *from_bytes)
{
	FROM_BODY(recvfrom, rt_real.recvfrom(fd, to, bytes, flags, from, from_bytes));
}

ssize_t rt_wrap___recvfrom_chk(
	int fd, void *to, size_t bytes, size_t room, int flags, struct sockaddr *from, socklen_t *from_bytes)
{
	FROM_BODY(__recvfrom_chk, rt_real.__recvfrom_chk(fd, to, bytes, room, flags, from, from_bytes));
}

#define TELL_PARTS_CAME(name, fd, parts, count)                                                              \
	RT_TELL_CAME(name, {                                                                                 \
		if (result >= 0)                                                                             \
			acquire_from(self, &site, fd);                                                       \
		else                                                                                         \
			REFUSED(fd);                                                                         \
		if (result > 0)                                                                              \
			rt_parts_access(self, &site, parts, (size_t)count, (size_t)result, RT_WRITE);        \
	})

#define PARTS_IN_BODY(name, call, fd, parts, count)                                                          \
	RT_TELL(name, rt_number_use(self, &site, fd));                                                       \
	ssize_t result = call;                                                                               \
	TELL_PARTS_CAME(name, fd, parts, count);                                                             \
	return result

ssize_t rt_wrap_readv(int fd, const struct iovec *parts, int count)
{
	PARTS_IN_BODY(readv, rt_real.readv(fd, parts, count), fd, parts, count);
}

ssize_t rt_wrap_preadv(int fd, const struct iovec *parts, int count, off_t offset)
{
	PARTS_IN_BODY(preadv, rt_real.preadv(fd, parts, count, offset), fd, parts, count);
}

ssize_t rt_wrap_preadv64(int fd, const struct iovec *parts, int count, off64_t offset)
{
	PARTS_IN_BODY(preadv64, rt_real.preadv64(fd, parts, count, offset), fd, parts, count);
}

ssize_t rt_wrap_preadv2(int fd, const struct iovec *parts, int count, off_t offset, int flags)
{
	PARTS_IN_BODY(preadv2, rt_real.preadv2(fd, parts, count, offset, flags), fd, parts, count);
}

ssize_t rt_wrap_preadv64v2(int fd, const struct iovec *parts, int count, off64_t offset, int flags)
{
	PARTS_IN_BODY(preadv64v2, rt_real.preadv64v2(fd, parts, count, offset, flags), fd, parts, count);
}

/* Descriptors that came along. */
static void tell_passed(struct rt_thread *self, struct rt_site *site, struct msghdr *message)
{
	for (struct cmsghdr *part = CMSG_FIRSTHDR(message); part; part = CMSG_NXTHDR(message, part))
		if (part->cmsg_level == SOL_SOCKET && part->cmsg_type == SCM_RIGHTS)
			for (size_t at = 0; at + sizeof(int) <= part->cmsg_len - CMSG_LEN(0);
				at += sizeof(int)) {
				int fd;
				rt_bytes_copy(&fd, CMSG_DATA(part) + at, sizeof(fd));
				rt_descriptor_opened(self, site, fd);
			}
}

/* What a message brought besides its bytes. There was `room` for its sender. */
static void tell_header(
	struct rt_thread *self, struct rt_site *site, const struct msghdr *message, socklen_t room)
{
	rt_call_access(self, site, message, offsetof(struct msghdr, msg_controllen), RT_READ);
	if (message->msg_name)
		rt_address_tell(self, site, message->msg_name, room, &message->msg_namelen);
	if (message->msg_control)
		rt_call_access(self, site, message->msg_control, message->msg_controllen, RT_WRITE);
	rt_call_access(self, site, &message->msg_controllen, sizeof(message->msg_controllen), RT_WRITE);
	rt_call_access(self, site, &message->msg_flags, sizeof(message->msg_flags), RT_WRITE);
}

ssize_t rt_wrap_recvmsg(int fd, struct msghdr *message, int flags)
{
	socklen_t room = message ? rt_address_room(&message->msg_namelen) : 0;
	RT_TELL(recvmsg, rt_number_use(self, &site, fd));
	ssize_t result = rt_real.recvmsg(fd, message, flags);
	TELL_PARTS_CAME(recvmsg, fd, message->msg_iov, message->msg_iovlen);
	if (result >= 0)
		RT_TELL(recvmsg, tell_header(self, &site, message, room));
	if (result >= 0 && message->msg_controllen)
		RT_TELL_ALWAYS(recvmsg, tell_passed(self, &site, message));
	return result;
}

int rt_wrap_recvmmsg(
	int fd, struct mmsghdr *messages, unsigned int count, int flags, struct timespec *timeout)
{
	RT_TELL_GIVEN(recvmmsg, timeout);
	RT_TELL(recvmmsg, rt_number_use(self, &site, fd));
	int result = rt_real.recvmmsg(fd, messages, count, flags, timeout);
	RT_TELL_CAME(recvmmsg, {
		if (result >= 0)
			acquire_from(self, &site, fd);
		else
			REFUSED(fd);
		for (int i = 0; i < result; i++)
			rt_parts_access(self, &site, messages[i].msg_hdr.msg_iov,
				messages[i].msg_hdr.msg_iovlen, messages[i].msg_len, RT_WRITE);
		for (int i = 0; i < result; i++)
			RT_WRITES(&messages[i].msg_len, sizeof(messages[i].msg_len));
		if (result > 0 && timeout) /* what is left of it */
			RT_WRITES(timeout, sizeof(*timeout));
	});
	return result;
}

/* ---- what goes out: told before ---- */

#define RETURN_RESULT(name, fd, call)                                                                        \
	ssize_t result = call;                                                                               \
	if (RT_UNLIKELY(result < 0))                                                                         \
		RT_TELL(name, REFUSED(fd));                                                                  \
	return (__typeof__(call))result

#define OUT_BODY(name, fd, key, from, bytes, call)                                                           \
	RT_TELL(name, {                                                                                      \
		RT_READS(from, bytes);                                                                       \
		rt_number_use(self, &site, fd);                                                              \
		release_to(self, &site, key);                                                                \
	});                                                                                                  \
	RETURN_RESULT(name, fd, call)

ssize_t rt_wrap_write(int fd, const void *from, size_t bytes)
{
	OUT_BODY(write, fd, rt_descriptor_key_out(fd), from, bytes, rt_real.write(fd, from, bytes));
}

ssize_t rt_wrap_pwrite(int fd, const void *from, size_t bytes, off_t offset)
{
	OUT_BODY(pwrite, fd, rt_descriptor_key_out(fd), from, bytes, rt_real.pwrite(fd, from, bytes, offset));
}

ssize_t rt_wrap_pwrite64(int fd, const void *from, size_t bytes, off64_t offset)
{
	OUT_BODY(pwrite64, fd, rt_descriptor_key_out(fd), from, bytes,
		rt_real.pwrite64(fd, from, bytes, offset));
}

ssize_t rt_wrap_send(int fd, const void *from, size_t bytes, int flags)
{
	OUT_BODY(send, fd, rt_descriptor_key_out(fd), from, bytes, rt_real.send(fd, from, bytes, flags));
}

ssize_t rt_wrap_sendto(
	int fd, const void *from, size_t bytes, int flags, const struct sockaddr *to, socklen_t to_bytes)
{
	RT_TELL(sendto, rt_address_read(self, &site, to, to_bytes));
	OUT_BODY(sendto, fd, to ? rt_descriptor_key_to(to, to_bytes) : rt_descriptor_key_out(fd), from, bytes,
		rt_real.sendto(fd, from, bytes, flags, to, to_bytes));
}

/* The C library's own names for reading and writing an eventfd's number. */
int rt_wrap_eventfd_read(int fd, eventfd_t *value)
{
	RT_TELL(eventfd_read, rt_number_use(self, &site, fd));
	int error = rt_real.eventfd_read(fd, value);
	RT_TELL_CAME(eventfd_read, {
		if (error) {
			REFUSED(fd);
		} else {
			acquire_from(self, &site, fd);
			RT_WRITES(value, sizeof(*value));
		}
	});
	return error;
}

int rt_wrap_eventfd_write(int fd, eventfd_t value)
{
	RT_TELL(eventfd_write, {
		rt_number_use(self, &site, fd);
		release_to(self, &site, rt_descriptor_key_out(fd));
	});
	RETURN_RESULT(eventfd_write, fd, rt_real.eventfd_write(fd, value));
}

#define PARTS_OUT_BODY(name, fd, parts, count, call)                                                         \
	RT_TELL(name, {                                                                                      \
		rt_number_use(self, &site, fd);                                                              \
		if ((count) > 0) {                                                                           \
			rt_parts_access(self, &site, parts, (size_t)(count), SIZE_MAX, RT_READ);             \
			release_to(self, &site, rt_descriptor_key_out(fd));                                  \
		}                                                                                            \
	});                                                                                                  \
	RETURN_RESULT(name, fd, call)

ssize_t rt_wrap_writev(int fd, const struct iovec *parts, int count)
{
	PARTS_OUT_BODY(writev, fd, parts, count, rt_real.writev(fd, parts, count));
}

ssize_t rt_wrap_pwritev(int fd, const struct iovec *parts, int count, off_t offset)
{
	PARTS_OUT_BODY(pwritev, fd, parts, count, rt_real.pwritev(fd, parts, count, offset));
}

ssize_t rt_wrap_pwritev64(int fd, const struct iovec *parts, int count, off64_t offset)
{
	PARTS_OUT_BODY(pwritev64, fd, parts, count, rt_real.pwritev64(fd, parts, count, offset));
}

ssize_t rt_wrap_pwritev2(int fd, const struct iovec *parts, int count, off_t offset, int flags)
{
	PARTS_OUT_BODY(pwritev2, fd, parts, count, rt_real.pwritev2(fd, parts, count, offset, flags));
}

ssize_t rt_wrap_pwritev64v2(int fd, const struct iovec *parts, int count, off64_t offset, int flags)
{
	PARTS_OUT_BODY(pwritev64v2, fd, parts, count, rt_real.pwritev64v2(fd, parts, count, offset, flags));
}

static void tell_message(struct rt_thread *self, struct rt_site *site, int fd, const struct msghdr *given)
{
	struct msghdr message;
	if (!rt_safe_read((uintptr_t)given, &message, sizeof(message)))
		return;
	rt_call_access(self, site, given, offsetof(struct msghdr, msg_flags), RT_READ);
	rt_address_read(self, site, message.msg_name, message.msg_namelen);
	if (message.msg_control)
		rt_call_access(self, site, message.msg_control, message.msg_controllen, RT_READ);
	rt_parts_access(self, site, message.msg_iov, message.msg_iovlen, SIZE_MAX, RT_READ);
	rt_number_use(self, site, fd);
	release_to(self, site,
		message.msg_name ? rt_descriptor_key_to(message.msg_name, message.msg_namelen)
				 : rt_descriptor_key_out(fd));
}

ssize_t rt_wrap_sendmsg(int fd, const struct msghdr *message, int flags)
{
	RT_TELL(sendmsg, tell_message(self, &site, fd, message));
	RETURN_RESULT(sendmsg, fd, rt_real.sendmsg(fd, message, flags));
}

int rt_wrap_sendmmsg(int fd, struct mmsghdr *messages, unsigned int count, int flags)
{
	RT_TELL(sendmmsg, {
		for (unsigned i = 0; i < count && i < UIO_MAXIOV; i++)
			tell_message(self, &site, fd, &messages[i].msg_hdr);
	});
	RETURN_RESULT(sendmmsg, fd, rt_real.sendmmsg(fd, messages, count, flags));
}
