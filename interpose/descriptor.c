#include "descriptor.h"

#include "stream.h"
#include "wrap.h"
#include "shadow/hidden.h"
#include "shadow/sys.h"

#include <netinet/in.h>
#include <sys/un.h>

#define KEY_NONE  1ull /* known to order nothing */
#define KEY_LATER 2ull /* orders nothing yet: a socket without an address or a peer. Asked for again */

static uint64_t keys[RT_DESCRIPTORS];     /* of what comes in; 0: never asked for */
static uint64_t out_keys[RT_DESCRIPTORS]; /* of what goes out, of datagram sockets only */

static uint64_t key_of_hash(uint64_t hash)
{
	return RT_SYNC_KEY_HIGH | (hash << 2); /* sync objects are told apart in steps of four */
}

static uint64_t hash_bytes(const void *bytes, size_t count)
{
	const unsigned char *at = bytes;
	uint64_t hash = count;
	for (size_t i = 0; i < count; i++)
		hash = rt_hash64(hash * 31 + at[i]);
	return hash;
}

struct address {
	struct sockaddr_storage storage;
	socklen_t bytes;
};

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
	default:
		return hash_bytes(&address->storage, address->bytes);
	}
}

static bool is_named_unix(const struct address *address)
{
	return address->storage.ss_family == AF_UNIX &&
	       address->bytes > offsetof(struct sockaddr_un, sun_path);
}

static uint64_t port_key(const struct address *address)
{
	const struct sockaddr_in *four =
		(const void *)&address->storage; /* the port lies at the same place in both */
	bool internet = address->storage.ss_family == AF_INET || address->storage.ss_family == AF_INET6;
	if (internet)
		return four->sin_port ? key_of_hash(rt_hash64(0x10000u + four->sin_port)) : KEY_LATER;
	return is_named_unix(address) ? key_of_hash(hash_address(address)) : KEY_LATER;
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

static uint64_t socket_key(int fd)
{
	struct address own, peer;
	if (!read_address(__NR_getsockname, fd, &own))
		return KEY_NONE;
	if (is_datagram(fd))
		return port_key(&own);
	if (!read_address(__NR_getpeername, fd, &peer))
		return KEY_LATER;
	if (is_named_unix(&own))
		return key_of_hash(hash_address(&own));
	if (is_named_unix(&peer))
		return key_of_hash(hash_address(&peer));
	if (own.storage.ss_family == AF_UNIX)
		return KEY_NONE; /* a pair whose making was not seen */
	uint64_t a = hash_address(&own), b = hash_address(&peer);
	return key_of_hash(rt_hash64((a < b ? a : b) + 1) ^ (a < b ? b : a));
}

static uint64_t nameless_key(int fd)
{
	static uint64_t serial;
	uint64_t number = __atomic_add_fetch(&serial, 1, __ATOMIC_RELAXED);
	return key_of_hash(rt_hash64((number << 32) | (uint32_t)fd));
}

static uint64_t find_key(int fd)
{
	struct stat stat;
	if (rt_sys_failed(rt_syscall(__NR_fstat, fd, (long)&stat, 0, 0, 0, 0)))
		return KEY_NONE;
	switch (stat.st_mode & S_IFMT) {
	case S_IFREG:
	case S_IFIFO:
		return key_of_hash(rt_hash64(stat.st_ino + ((uint64_t)stat.st_dev << 40)));
	case S_IFSOCK:
		return socket_key(fd);
	case 0:
		return nameless_key(fd);
	default:
		return KEY_NONE;
	}
}

/* KEY_NONE where there is one key for both ways, KEY_LATER for a datagram socket without a peer. */
static uint64_t find_out_key(int fd)
{
	struct stat stat;
	struct address peer;
	if (rt_sys_failed(rt_syscall(__NR_fstat, fd, (long)&stat, 0, 0, 0, 0)) || !S_ISSOCK(stat.st_mode) ||
		!is_datagram(fd))
		return KEY_NONE;
	return read_address(__NR_getpeername, fd, &peer) ? port_key(&peer) : KEY_LATER;
}

/* Threads that ask at the same time get the same answer. */
static uint64_t ask(uint64_t *slot, int fd, uint64_t (*find)(int fd))
{
	uint64_t key = __atomic_load_n(slot, __ATOMIC_RELAXED);
	if (key && key != KEY_LATER)
		return key;
	uint64_t found = find(fd);
	bool stored =
		__atomic_compare_exchange_n(slot, &key, found, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
	return stored ? found : key;
}

static bool has_slot(int fd)
{
	return fd >= 0 && fd < RT_DESCRIPTORS;
}

uint64_t rt_descriptor_key(int fd)
{
	uint64_t key = has_slot(fd) ? ask(&keys[fd], fd, find_key) : 0;
	return key > KEY_LATER ? key : 0;
}

uint64_t rt_descriptor_key_out(int fd)
{
	uint64_t key = has_slot(fd) ? ask(&out_keys[fd], fd, find_out_key) : 0;
	if (key == KEY_NONE)
		return rt_descriptor_key(fd);
	return key > KEY_LATER ? key : 0;
}

uint64_t rt_descriptor_key_to(const void *address, size_t bytes)
{
	struct address to = {.bytes = (socklen_t)(bytes < sizeof(to.storage) ? bytes : sizeof(to.storage))};
	if (!address || bytes < sizeof(sa_family_t))
		return 0;
	if (!rt_safe_read((uintptr_t)address, &to.storage, to.bytes))
		return 0;
	uint64_t key = port_key(&to);
	return key > KEY_LATER ? key : 0;
}

bool rt_descriptor_is_known(int fd)
{
	return has_slot(fd) && __atomic_load_n(&keys[fd], __ATOMIC_RELAXED);
}

void rt_descriptor_forget(int fd)
{
	if (!has_slot(fd) || !(keys[fd] | out_keys[fd])) /* pages that nobody wrote to stay so */
		return;
	__atomic_store_n(&keys[fd], 0, __ATOMIC_RELAXED);
	__atomic_store_n(&out_keys[fd], 0, __ATOMIC_RELAXED);
}

void rt_descriptor_copy(int from, int to)
{
	if (!has_slot(from) || !has_slot(to))
		return;
	if (rt_watching)
		rt_descriptor_key(from);
	__atomic_store_n(&keys[to], keys[from], __ATOMIC_RELAXED);
	__atomic_store_n(&out_keys[to], out_keys[from], __ATOMIC_RELAXED);
}

void rt_descriptor_opened(struct rt_thread *self, struct rt_site *site, int fd)
{
	rt_descriptor_forget(fd);
	rt_number_open(self, site, fd);
}

void rt_descriptor_pair(int a, int b)
{
	if (!has_slot(a) || !has_slot(b))
		return;
	keys[a] = keys[b] = nameless_key(a);
	out_keys[a] = out_keys[b] = KEY_NONE;
}

/* ---- connections ---- */

/* What happens before a connection is asked for happens before it is accepted. */
static uint64_t listener_key(uint64_t address_key)
{
	return address_key >= RT_SYNC_KEY_HIGH ? key_of_hash(rt_hash64(address_key)) : 0;
}

static void tell_accepted(struct rt_thread *self, struct rt_site *site, int fd)
{
	struct address own;
	uint64_t key = read_address(__NR_getsockname, fd, &own) ? listener_key(port_key(&own)) : 0;
	if (key && rt_watching && !rt_sync_ignored(self))
		rt_sync_acquire(self, site, key, "listener");
	rt_descriptor_opened(self, site, fd);
}

#define ACCEPT_BODY(name, call)                                                                              \
	RT_TELL(name, rt_number_use(self, &site, fd));                                                       \
	int accepted = call;                                                                                 \
	if (accepted >= 0)                                                                                   \
		RT_TELL_ALWAYS(name, tell_accepted(self, &site, accepted));                                  \
	return accepted

int rt_wrap_accept(int fd, struct sockaddr *from, socklen_t *bytes)
{
	ACCEPT_BODY(accept, rt_real.accept(fd, from, bytes));
}

int rt_wrap_accept4(int fd, struct sockaddr *from, socklen_t *bytes, int flags)
{
	ACCEPT_BODY(accept4, rt_real.accept4(fd, from, bytes, flags));
}

/* Only a datagram socket may have had another peer before. */
int rt_wrap_connect(int fd, const struct sockaddr *to, socklen_t bytes)
{
	RT_TELL(connect, {
		rt_number_use(self, &site, fd);
		uint64_t key = listener_key(rt_descriptor_key_to(to, bytes));
		if (key && !rt_sync_ignored(self))
			rt_sync_release(self, &site, key, "listener");
	});
	int error = rt_real.connect(fd, to, bytes);
	if (!error && has_slot(fd))
		__atomic_store_n(&out_keys[fd], 0, __ATOMIC_RELAXED);
	return error;
}
