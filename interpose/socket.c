#include "socket.h"

#include "ring.h"

#include "address.h"
#include "descriptor.h"
#include "key.h"
#include "local_peer.h"
#include "wrap.h"
#include "shadow/sys.h"

#include <netinet/in.h>
#include <sys/un.h>

struct address {
	struct sockaddr_storage storage;
	socklen_t bytes;
};

static uint64_t hash_bytes(const void *bytes, size_t count)
{
	const unsigned char *at = bytes;
	uint64_t hash = count;
	for (size_t i = 0; i < count; i++)
		hash = rt_hash64(hash * 31 + at[i]);
	return hash;
}

/* A path ends with its first NUL, however many bytes the program says there are; an abstract name has no end but that. */
static uint64_t hash_local(const struct address *address)
{
	const struct sockaddr_un *local = (const void *)&address->storage;
	size_t room = address->bytes - offsetof(struct sockaddr_un, sun_path);
	bool is_path = address->bytes > offsetof(struct sockaddr_un, sun_path) && local->sun_path[0];
	return is_path ? hash_bytes(local->sun_path, rt_string_bytes(local->sun_path, room))
		       : hash_bytes(local, address->bytes);
}

/* The part of an address that both ends of a connection agree on. */
static uint64_t hash_address(const struct address *address)
{
	const struct sockaddr_in *four = (const void *)&address->storage;
	const struct sockaddr_in6 *six = (const void *)&address->storage;
	uint64_t v4 = 0;
	switch (address->storage.ss_family) {
	case AF_INET:
		return rt_hash64(((uint64_t)four->sin_addr.s_addr << 16) | four->sin_port);
	case AF_INET6:
		if (IN6_IS_ADDR_V4MAPPED(&six->sin6_addr)) {
			rt_bytes_copy(&v4, (const char *)&six->sin6_addr + 12, 4);
			return rt_hash64((v4 << 16) | six->sin6_port);
		}
		return hash_bytes(&six->sin6_addr, sizeof(six->sin6_addr)) ^ six->sin6_port;
	case AF_UNIX:
		return hash_local(address);
	default:
		return hash_bytes(&address->storage, address->bytes);
	}
}

static bool is_local(const struct address *address)
{
	return address->storage.ss_family == AF_UNIX;
}

static bool is_named(const struct address *address)
{
	return is_local(address) && address->bytes > offsetof(struct sockaddr_un, sun_path);
}

static bool read_address(long call, int fd, struct address *address)
{
	address->bytes = sizeof(address->storage);
	return !rt_sys_failed(rt_syscall(call, fd, (long)&address->storage, (long)&address->bytes, 0, 0, 0));
}

static bool is_datagram(int fd)
{
	int type = 0, type_bytes = sizeof(type);
	rt_syscall(__NR_getsockopt, fd, SOL_SOCKET, SO_TYPE, (long)&type, (long)&type_bytes, 0);
	return type == SOCK_DGRAM;
}

/* ---- by address ---- */

/* Of who listens at the address, or gets datagrams there: its port, at the same place in both kinds of addresses; its path. */
static uint64_t place_key(enum rt_key_of what, const struct address *address)
{
	const struct sockaddr_in *four = (const void *)&address->storage;
	bool internet = address->storage.ss_family == AF_INET || address->storage.ss_family == AF_INET6;
	if (internet)
		return four->sin_port ? rt_key_common(what, four->sin_port, AF_INET) : RT_DESCRIPTOR_LATER;
	return is_named(address) ? rt_key_common(what, hash_address(address), AF_UNIX) : RT_DESCRIPTOR_LATER;
}

static uint64_t connection_key(const struct address *own, const struct address *peer)
{
	uint64_t a = hash_address(own), b = hash_address(peer);
	return rt_key_common(RT_KEY_CONNECTION, a < b ? a : b, a < b ? b : a);
}

/* By what a call was given, which may be nonsense. 0: none. */
static uint64_t given_key(enum rt_key_of what, const void *given, size_t bytes)
{
	struct address to = {.bytes = (socklen_t)(bytes < sizeof(to.storage) ? bytes : sizeof(to.storage))};
	if (!given || bytes < sizeof(sa_family_t))
		return 0;
	if (!rt_safe_read((uintptr_t)given, &to.storage, to.bytes))
		return 0;
	uint64_t key = place_key(what, &to);
	return key > RT_DESCRIPTOR_LAST ? key : 0;
}

uint64_t rt_descriptor_key_to(const void *address, size_t bytes)
{
	return given_key(RT_KEY_PORT, address, bytes);
}

/* ---- local sockets ----
 *
 * A connection has the inode of one of its sockets: of the one that asked for it, which both ends know also when the other
 * one is not accepted yet, or is closed again; of the lower one in a pair. Where the kernel does not tell, the path has to do
 * for all its connections. */

static uint64_t inode_key(uint64_t inode)
{
	return rt_key_common(RT_KEY_LOCAL, inode, 0);
}

uint64_t rt_socket_key_of_pair(uint64_t a, uint64_t b)
{
	return inode_key(a < b ? a : b);
}

static uint64_t accepted_key(const struct address *own, uint64_t inode)
{
	uint64_t peer = rt_local_peer_is_told(inode) ? rt_local_peer(inode) : 0;
	return peer ? inode_key(peer) : place_key(RT_KEY_ORPHANS, own);
}

static uint64_t local_key(const struct address *own, const struct address *peer, uint64_t inode)
{
	if (is_named(peer))
		return rt_local_peer_is_told(inode) ? inode_key(inode) : place_key(RT_KEY_ORPHANS, peer);
	if (is_named(own))
		return accepted_key(own, inode);
	uint64_t other = rt_local_peer_is_told(inode) ? rt_local_peer(inode) : 0;
	return other ? rt_socket_key_of_pair(inode, other) : RT_DESCRIPTOR_NONE;
}

/* It asked for its connection, at a name. */
static bool is_client(int fd, struct address *peer)
{
	struct address own;
	return read_address(__NR_getpeername, fd, peer) && is_named(peer) &&
	       read_address(__NR_getsockname, fd, &own) && !is_named(&own);
}

uint64_t rt_socket_key_left(int fd)
{
	struct address peer;
	return is_client(fd, &peer) ? place_key(RT_KEY_ORPHANS, &peer) : 0;
}

/* ---- all ---- */

uint64_t rt_socket_key(int fd, uint64_t inode)
{
	struct address own, peer;
	if (!read_address(__NR_getsockname, fd, &own))
		return RT_DESCRIPTOR_NONE;
	bool connected = read_address(__NR_getpeername, fd, &peer), datagram = is_datagram(fd);
	if (datagram && (!is_local(&own) || is_named(&own)))
		return place_key(RT_KEY_PORT, &own);
	if (!connected || (datagram && is_named(&peer)))
		return RT_DESCRIPTOR_LATER;
	return is_local(&own) ? local_key(&own, &peer, inode) : connection_key(&own, &peer);
}

/* A datagram socket that another one was made for has one key for both ways. */
uint64_t rt_socket_key_out(int fd)
{
	struct address peer;
	if (!is_datagram(fd))
		return is_client(fd, &peer) ? RT_DESCRIPTOR_CLIENT : RT_DESCRIPTOR_NONE;
	if (!read_address(__NR_getpeername, fd, &peer))
		return RT_DESCRIPTOR_LATER;
	return is_local(&peer) && !is_named(&peer) ? RT_DESCRIPTOR_NONE : place_key(RT_KEY_PORT, &peer);
}

/* ---- connections ---- */

static uint64_t inode_of(int fd)
{
	struct rt_sys_identity identity;
	return rt_sys_identify(fd, &identity) ? identity.inode : 0;
}

/* What happens before a connection is asked for happens before it is accepted. */
static void tell_accepted(struct rt_thread *self, struct rt_site *site, int fd)
{
	struct address own;
	bool known = rt_watching && read_address(__NR_getsockname, fd, &own);
	uint64_t key = known ? place_key(RT_KEY_LISTENER, &own) : 0;
	if (key > RT_DESCRIPTOR_LAST && !rt_sync_ignored(self))
		rt_sync_acquire(self, site, key, "listener");
	rt_descriptor_opened(self, site, fd);
	if (known && is_local(&own))
		rt_descriptor_set(fd, accepted_key(&own, inode_of(fd)));
}

#define ACCEPT_BODY(name, call)                                                                              \
	socklen_t room = rt_address_room(bytes);                                                             \
	RT_TELL(name, rt_number_use(self, &site, fd));                                                       \
	int accepted = call;                                                                                 \
	if (accepted >= 0) {                                                                                 \
		RT_FOLLOWS();                                                                                \
		RT_TELL_ALWAYS(name, tell_accepted(self, &site, accepted));                                  \
		if (from)                                                                                    \
			RT_TELL(name, rt_address_tell(self, &site, from, room, bytes));                      \
	}                                                                                                    \
	return accepted

int rt_wrap_accept(int fd, struct sockaddr *from, socklen_t *bytes)
{
	ACCEPT_BODY(accept, rt_real.accept(fd, from, bytes));
}

int rt_wrap_accept4(int fd, struct sockaddr *from, socklen_t *bytes, int flags)
{
	ACCEPT_BODY(accept4, rt_real.accept4(fd, from, bytes, flags));
}

uint64_t rt_socket_key_of_listener(int fd)
{
	struct address own;
	uint64_t key = read_address(__NR_getsockname, fd, &own) ? place_key(RT_KEY_LISTENER, &own) : 0;
	return key > RT_DESCRIPTOR_LAST ? key : 0;
}

uint64_t rt_socket_key_to_listener(const void *address, size_t bytes)
{
	return given_key(RT_KEY_LISTENER, address, bytes);
}

/* What happens before somebody listens happens before a connection to it is made. */
int rt_wrap_listen(int fd, int most)
{
	struct address own;
	RT_TELL(listen, {
		uint64_t key =
			read_address(__NR_getsockname, fd, &own) ? place_key(RT_KEY_LISTENING, &own) : 0;
		rt_number_use(self, &site, fd);
		if (key > RT_DESCRIPTOR_LAST && !rt_sync_ignored(self))
			rt_sync_release(self, &site, key, "listener");
	});
	return rt_real.listen(fd, most);
}

static void tell_connected(
	struct rt_thread *self, struct rt_site *site, const struct sockaddr *to, socklen_t bytes)
{
	uint64_t key = given_key(RT_KEY_LISTENING, to, bytes);
	if (key && !rt_sync_ignored(self))
		rt_sync_acquire(self, site, key, "listener");
}

/* Only a datagram socket may have had another peer before. */
int rt_wrap_connect(int fd, const struct sockaddr *to, socklen_t bytes)
{
	RT_TELL(connect, {
		rt_address_read(self, &site, to, bytes);
		rt_number_use(self, &site, fd);
		uint64_t key = given_key(RT_KEY_LISTENER, to, bytes);
		if (key && !rt_sync_ignored(self)) {
			rt_sync_release(self, &site, key, "listener");
			rt_rings_release(self, &site, key);
		}
	});
	int error = rt_real.connect(fd, to, bytes);
	if (error)
		return error;
	rt_descriptor_connected(fd);
	RT_TELL_CAME(connect, tell_connected(self, &site, to, bytes));
	return 0;
}
