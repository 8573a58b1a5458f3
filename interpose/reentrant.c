/* The thread-safe forms of what hidden_state.h is about: entries of the system's lists, in memory that the caller gives. */
#include "result.h"

/* Strings of an entry lie in the caller's buffer. */
#define WRITES_IN(text)                                                                                      \
	do {                                                                                                 \
		if ((text) >= buffer && (text) < buffer + bytes)                                             \
			RT_WRITES_STRING(text);                                                              \
	} while (0)

/* A search that finds nothing succeeds with NULL. */
#define ENTRY_BODY(name, call, ...)                                                                          \
	int result = call;                                                                                   \
	if (!result)                                                                                         \
		RT_TELL(name, {                                                                              \
			RT_WRITES_VALUE(found);                                                              \
			if (*found) {                                                                        \
				RT_WRITES_VALUE(to);                                                         \
				__VA_ARGS__;                                                                 \
			}                                                                                    \
		});                                                                                          \
	return result

#define WRITES_USER                                                                                          \
	{                                                                                                    \
		WRITES_IN(to->pw_name);                                                                      \
		WRITES_IN(to->pw_passwd);                                                                    \
		WRITES_IN(to->pw_gecos);                                                                     \
		WRITES_IN(to->pw_dir);                                                                       \
		WRITES_IN(to->pw_shell);                                                                     \
	}
#define WRITES_GROUP                                                                                         \
	{                                                                                                    \
		WRITES_IN(to->gr_name);                                                                      \
		WRITES_IN(to->gr_passwd);                                                                    \
	}

#define WRITES_PASSWORD                                                                                      \
	{                                                                                                    \
		WRITES_IN(to->sp_namp);                                                                      \
		WRITES_IN(to->sp_pwdp);                                                                      \
	}

#define BY_NAME(name, entry, writes)                                                                         \
	int rt_wrap_##name(const char *key, entry *to, char *buffer, size_t bytes, entry **found)            \
	{                                                                                                    \
		ENTRY_BODY(name, rt_real.name(key, to, buffer, bytes, found), {                              \
			RT_READS_TEXT(key);                                                                  \
			writes;                                                                              \
		});                                                                                          \
	}
#define BY_KEY(name, entry, key_type, writes)                                                                \
	int rt_wrap_##name(key_type key, entry *to, char *buffer, size_t bytes, entry **found)               \
	{                                                                                                    \
		ENTRY_BODY(name, rt_real.name(key, to, buffer, bytes, found), writes);                       \
	}
#define NEXT(name, entry, writes)                                                                            \
	int rt_wrap_##name(entry *to, char *buffer, size_t bytes, entry **found)                             \
	{                                                                                                    \
		ENTRY_BODY(name, rt_real.name(to, buffer, bytes, found), writes);                            \
	}

BY_NAME(getpwnam_r, struct passwd, WRITES_USER)
BY_KEY(getpwuid_r, struct passwd, uid_t, WRITES_USER)
BY_KEY(fgetpwent_r, struct passwd, FILE *, WRITES_USER)
NEXT(getpwent_r, struct passwd, WRITES_USER)
BY_NAME(getgrnam_r, struct group, WRITES_GROUP)
BY_KEY(getgrgid_r, struct group, gid_t, WRITES_GROUP)
BY_KEY(fgetgrent_r, struct group, FILE *, WRITES_GROUP)
NEXT(getgrent_r, struct group, WRITES_GROUP)
BY_NAME(getprotobyname_r, struct protoent, WRITES_IN(to->p_name))
BY_KEY(getprotobynumber_r, struct protoent, int, WRITES_IN(to->p_name))

BY_NAME(getspnam_r, struct spwd, WRITES_PASSWORD)
BY_NAME(sgetspent_r, struct spwd, WRITES_PASSWORD)
BY_KEY(fgetspent_r, struct spwd, FILE *, WRITES_PASSWORD)
NEXT(getspent_r, struct spwd, WRITES_PASSWORD)
NEXT(getprotoent_r, struct protoent, WRITES_IN(to->p_name))
NEXT(getservent_r, struct servent, WRITES_IN(to->s_name))
BY_NAME(getrpcbyname_r, struct rpcent, WRITES_IN(to->r_name))
BY_KEY(getrpcbynumber_r, struct rpcent, int, WRITES_IN(to->r_name))
NEXT(getrpcent_r, struct rpcent, WRITES_IN(to->r_name))

int rt_wrap_gethostent_r(struct hostent *to, char *buffer, size_t bytes, struct hostent **found, int *error)
{
	ENTRY_BODY(
		gethostent_r, rt_real.gethostent_r(to, buffer, bytes, found, error), WRITES_IN(to->h_name));
}

int rt_wrap_getnetent_r(struct netent *to, char *buffer, size_t bytes, struct netent **found, int *error)
{
	ENTRY_BODY(getnetent_r, rt_real.getnetent_r(to, buffer, bytes, found, error), WRITES_IN(to->n_name));
}

int rt_wrap_getnetbyname_r(
	const char *name, struct netent *to, char *buffer, size_t bytes, struct netent **found, int *error)
{
	ENTRY_BODY(getnetbyname_r, rt_real.getnetbyname_r(name, to, buffer, bytes, found, error), {
		RT_READS_TEXT(name);
		WRITES_IN(to->n_name);
	});
}

int rt_wrap_gethostbyname_r(
	const char *name, struct hostent *to, char *buffer, size_t bytes, struct hostent **found, int *error)
{
	ENTRY_BODY(gethostbyname_r, rt_real.gethostbyname_r(name, to, buffer, bytes, found, error), {
		RT_READS_TEXT(name);
		WRITES_IN(to->h_name);
	});
}

int rt_wrap_gethostbyname2_r(const char *name, int family, struct hostent *to, char *buffer, size_t bytes,
	struct hostent **found, int *error)
{
	ENTRY_BODY(
		gethostbyname2_r, rt_real.gethostbyname2_r(name, family, to, buffer, bytes, found, error), {
			RT_READS_TEXT(name);
			WRITES_IN(to->h_name);
		});
}

int rt_wrap_gethostbyaddr_r(const void *address, socklen_t address_bytes, int family, struct hostent *to,
	char *buffer, size_t bytes, struct hostent **found, int *error)
{
	ENTRY_BODY(gethostbyaddr_r,
		rt_real.gethostbyaddr_r(address, address_bytes, family, to, buffer, bytes, found, error), {
			RT_READS(address, address_bytes);
			WRITES_IN(to->h_name);
		});
}

int rt_wrap_getservbyname_r(const char *name, const char *protocol, struct servent *to, char *buffer,
	size_t bytes, struct servent **found)
{
	ENTRY_BODY(getservbyname_r, rt_real.getservbyname_r(name, protocol, to, buffer, bytes, found), {
		RT_READS_TEXT(name);
		RT_READS_TEXT(protocol);
		WRITES_IN(to->s_name);
	});
}

int rt_wrap_getservbyport_r(int port, const char *protocol, struct servent *to, char *buffer, size_t bytes,
	struct servent **found)
{
	ENTRY_BODY(getservbyport_r, rt_real.getservbyport_r(port, protocol, to, buffer, bytes, found), {
		RT_READS_TEXT(protocol);
		WRITES_IN(to->s_name);
	});
}

#define READS_FOLDER(name, entry)                                                                            \
	int rt_wrap_##name(DIR *folder, entry *to, entry **found)                                            \
	{                                                                                                    \
		int result = rt_real.name(folder, to, found);                                                \
		if (!result)                                                                                 \
			RT_TELL(name, {                                                                      \
				RT_WRITES_VALUE(found);                                                      \
				if (*found)                                                                  \
					RT_WRITES(to, to->d_reclen);                                         \
			});                                                                                  \
		return result;                                                                               \
	}

READS_FOLDER(readdir_r, struct dirent)
READS_FOLDER(readdir64_r, struct dirent64)

char *rt_wrap_ether_ntoa_r(const struct ether_addr *address, char *to)
{
	RT_RESULT_BODY(ether_ntoa_r, rt_real.ether_ntoa_r(address, to), result, {
		RT_READS_VALUE(address);
		RT_WRITES_STRING(to);
	});
}

struct ether_addr *rt_wrap_ether_aton_r(const char *text, struct ether_addr *to)
{
	RT_RESULT_BODY(ether_aton_r, rt_real.ether_aton_r(text, to), result, {
		RT_READS_TEXT(text);
		RT_WRITES_VALUE(to);
	});
}

struct mntent *rt_wrap_getmntent_r(FILE *file, struct mntent *to, char *buffer, int bytes)
{
	RT_RESULT_BODY(getmntent_r, rt_real.getmntent_r(file, to, buffer, bytes), result, {
		RT_WRITES_VALUE(to);
		RT_WRITES_STRING(to->mnt_fsname);
		RT_WRITES_STRING(to->mnt_dir);
	});
}
