/* Addresses of sockets, their options, and what names of machines and services stand for. */
#include "address.h"
#include "result.h"
#include "span.h"

socklen_t rt_address_room(const socklen_t *bytes)
{
	socklen_t room = 0;
	if (RT_LIKELY(!rt_watching) || !bytes || !rt_safe_read((uintptr_t)bytes, &room, sizeof(room)))
		return 0;
	return room;
}

void rt_address_tell(
	struct rt_thread *self, struct rt_site *site, const void *to, socklen_t room, const socklen_t *bytes)
{
	rt_call_access(self, site, to, *bytes < room ? *bytes : room, RT_WRITE);
	rt_call_access(self, site, bytes, sizeof(*bytes), RT_WRITE);
}

void rt_address_read(struct rt_thread *self, struct rt_site *site, const void *address, socklen_t bytes)
{
	if (address && bytes <= sizeof(struct sockaddr_storage))
		rt_call_access(self, site, address, bytes, RT_READ);
}

/* ---- of a socket ---- */

int rt_wrap_bind(int fd, const struct sockaddr *address, socklen_t bytes)
{
	RT_FD_RESULT_BODY(bind, fd, rt_real.bind(fd, address, bytes), !result,
		rt_address_read(self, &site, address, bytes));
}

int rt_wrap_setsockopt(int fd, int level, int option, const void *from, socklen_t bytes)
{
	RT_FD_RESULT_BODY(setsockopt, fd, rt_real.setsockopt(fd, level, option, from, bytes), !result,
		if (from) RT_READS(from, bytes));
}

int rt_wrap_getsockopt(int fd, int level, int option, void *to, socklen_t *bytes)
{
	RT_FD_RESULT_BODY(getsockopt, fd, rt_real.getsockopt(fd, level, option, to, bytes), !result, {
		RT_WRITES(to, *bytes);
		RT_WRITES_VALUE(bytes);
	});
}

#define NAME_BODY(name, call)                                                                                \
	socklen_t room = rt_address_room(bytes);                                                             \
	RT_FD_RESULT_BODY(name, fd, call, !result && room, rt_address_tell(self, &site, to, room, bytes))

int rt_wrap_getsockname(int fd, struct sockaddr *to, socklen_t *bytes)
{
	NAME_BODY(getsockname, rt_real.getsockname(fd, to, bytes));
}

int rt_wrap_getpeername(int fd, struct sockaddr *to, socklen_t *bytes)
{
	NAME_BODY(getpeername, rt_real.getpeername(fd, to, bytes));
}

/* ---- of a name ---- */

int rt_wrap_getaddrinfo(
	const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **to)
{
	RT_RESULT_BODY(getaddrinfo, rt_real.getaddrinfo(name, service, hints, to), !result, {
		RT_READS_TEXT(name);
		RT_READS_TEXT(service);
		RT_READS_VALUE(hints);
		RT_WRITES_VALUE(to);
	});
}

int rt_wrap_getnameinfo(const struct sockaddr *address, socklen_t bytes, char *name, socklen_t name_room,
	char *service, socklen_t service_room, int flags)
{
	RT_RESULT_BODY(getnameinfo,
		rt_real.getnameinfo(address, bytes, name, name_room, service, service_room, flags), !result, {
			RT_READS(address, bytes);
			if (name_room)
				RT_WRITES_STRING(name);
			if (service_room)
				RT_WRITES_STRING(service);
		});
}

unsigned int rt_wrap_if_nametoindex(const char *name)
{
	RT_RESULT_BODY(if_nametoindex, rt_real.if_nametoindex(name), result, RT_READS_TEXT(name));
}

char *rt_wrap_if_indextoname(unsigned int index, char *to)
{
	RT_RESULT_BODY(if_indextoname, rt_real.if_indextoname(index, to), result, RT_WRITES_STRING(to));
}

int rt_wrap_getifaddrs(struct ifaddrs **to)
{
	RT_RESULT_BODY(getifaddrs, rt_real.getifaddrs(to), !result, RT_WRITES_VALUE(to));
}

int rt_wrap_inet_aton(const char *text, struct in_addr *to)
{
	RT_RESULT_BODY(inet_aton, rt_real.inet_aton(text, to), result, {
		RT_READS_TEXT(text);
		RT_WRITES_VALUE(to);
	});
}

in_addr_t rt_wrap_inet_addr(const char *text)
{
	RT_RESULT_BODY(inet_addr, rt_real.inet_addr(text), true, RT_READS_TEXT(text));
}

in_addr_t rt_wrap_inet_network(const char *text)
{
	RT_RESULT_BODY(inet_network, rt_real.inet_network(text), true, RT_READS_TEXT(text));
}
