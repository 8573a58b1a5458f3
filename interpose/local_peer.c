#include "local_peer.h"

#include "types.h"
#include "shadow/sys.h"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>

struct question {
	struct nlmsghdr header;
	struct unix_diag_req request;
};

struct answer {
	struct nlmsghdr header;
	struct unix_diag_msg message;
	char attributes[256];
};

static bool forbidden;

/* Bytes of the answer, in the queue as soon as the question is put; 0: none. */
static size_t ask(const struct question *question, struct answer *answer)
{
	long fd = rt_syscall(__NR_socket, AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG, 0, 0, 0);
	if (rt_sys_failed(fd))
		return 0;
	long got = rt_syscall(__NR_sendto, fd, (long)question, sizeof(*question), 0, 0, 0);
	if (!rt_sys_failed(got))
		got = rt_syscall(
			__NR_recvfrom, fd, (long)answer, sizeof(*answer), MSG_DONTWAIT | MSG_TRUNC, 0, 0);
	rt_sys_close((int)fd);
	return got >= (long)offsetof(struct answer, attributes) && got <= (long)sizeof(*answer) ? (size_t)got
												: 0;
}

/* False: no such socket, or no answer. */
static bool ask_peer(uint64_t inode, uint64_t *peer)
{
	struct question question = {
		{.nlmsg_len = sizeof(question),
			.nlmsg_type = SOCK_DIAG_BY_FAMILY,
			.nlmsg_flags = NLM_F_REQUEST},
		{.sdiag_family = AF_UNIX,
			.udiag_states = UINT32_MAX,
			.udiag_ino = (uint32_t)inode,
			.udiag_show = UDIAG_SHOW_PEER,
			.udiag_cookie = {UINT32_MAX, UINT32_MAX}},
	};
	struct answer answer;
	size_t left = ask(&question, &answer);
	*peer = 0;
	if (!left || answer.header.nlmsg_type != SOCK_DIAG_BY_FAMILY || answer.message.udiag_ino != inode)
		return false;
	left -= offsetof(struct answer, attributes);
	const char *at = answer.attributes;
	struct rtattr part;
	for (; left >= sizeof(part); at += RTA_ALIGN(part.rta_len), left -= RTA_ALIGN(part.rta_len)) {
		rt_bytes_copy(&part, at, sizeof(part));
		if (part.rta_len < sizeof(part) || RTA_ALIGN(part.rta_len) > left)
			break;
		uint32_t found;
		if (part.rta_type == UNIX_DIAG_PEER && part.rta_len >= RTA_LENGTH(sizeof(found))) {
			rt_bytes_copy(&found, at + RTA_LENGTH(0), sizeof(found));
			*peer = found;
		}
	}
	return true;
}

bool rt_local_peer_is_told(uint64_t inode)
{
	static int told; /* -1: no, 1: yes, 0: never asked */
	int now = __atomic_load_n(&told, __ATOMIC_RELAXED);
	if (!now) {
		uint64_t peer;
		now = !forbidden && ask_peer(inode, &peer) ? 1 : -1;
		__atomic_store_n(&told, now, __ATOMIC_RELAXED);
	}
	return now > 0;
}

uint64_t rt_local_peer(uint64_t inode)
{
	uint64_t peer;
	return !forbidden && ask_peer(inode, &peer) ? peer : 0;
}

void rt_local_peer_forbid(void)
{
	forbidden = true;
}
