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

int rt_wrap_getpwnam_r(const char *name, struct passwd *to, char *buffer, size_t bytes, struct passwd **found)
{
	ENTRY_BODY(getpwnam_r, rt_real.getpwnam_r(name, to, buffer, bytes, found), {
		RT_READS_TEXT(name);
		WRITES_USER
	});
}

int rt_wrap_getpwuid_r(uid_t user, struct passwd *to, char *buffer, size_t bytes, struct passwd **found)
{
	ENTRY_BODY(getpwuid_r, rt_real.getpwuid_r(user, to, buffer, bytes, found), WRITES_USER);
}

int rt_wrap_getgrnam_r(const char *name, struct group *to, char *buffer, size_t bytes, struct group **found)
{
	ENTRY_BODY(getgrnam_r, rt_real.getgrnam_r(name, to, buffer, bytes, found), {
		RT_READS_TEXT(name);
		WRITES_GROUP
	});
}

int rt_wrap_getgrgid_r(gid_t group, struct group *to, char *buffer, size_t bytes, struct group **found)
{
	ENTRY_BODY(getgrgid_r, rt_real.getgrgid_r(group, to, buffer, bytes, found), WRITES_GROUP);
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

int rt_wrap_getprotobyname_r(
	const char *name, struct protoent *to, char *buffer, size_t bytes, struct protoent **found)
{
	ENTRY_BODY(getprotobyname_r, rt_real.getprotobyname_r(name, to, buffer, bytes, found), {
		RT_READS_TEXT(name);
		WRITES_IN(to->p_name);
	});
}

int rt_wrap_getprotobynumber_r(
	int number, struct protoent *to, char *buffer, size_t bytes, struct protoent **found)
{
	ENTRY_BODY(getprotobynumber_r, rt_real.getprotobynumber_r(number, to, buffer, bytes, found),
		WRITES_IN(to->p_name));
}

int rt_wrap_getpwent_r(struct passwd *to, char *buffer, size_t bytes, struct passwd **found)
{
	ENTRY_BODY(getpwent_r, rt_real.getpwent_r(to, buffer, bytes, found), WRITES_USER);
}

int rt_wrap_getgrent_r(struct group *to, char *buffer, size_t bytes, struct group **found)
{
	ENTRY_BODY(getgrent_r, rt_real.getgrent_r(to, buffer, bytes, found), WRITES_GROUP);
}

int rt_wrap_fgetpwent_r(FILE *file, struct passwd *to, char *buffer, size_t bytes, struct passwd **found)
{
	ENTRY_BODY(fgetpwent_r, rt_real.fgetpwent_r(file, to, buffer, bytes, found), WRITES_USER);
}

int rt_wrap_fgetgrent_r(FILE *file, struct group *to, char *buffer, size_t bytes, struct group **found)
{
	ENTRY_BODY(fgetgrent_r, rt_real.fgetgrent_r(file, to, buffer, bytes, found), WRITES_GROUP);
}

#define FOLDER_BODY(name, call)                                                                              \
	int result = call;                                                                                   \
	if (!result)                                                                                         \
		RT_TELL(name, {                                                                              \
			RT_WRITES_VALUE(found);                                                              \
			if (*found)                                                                          \
				RT_WRITES(to, to->d_reclen);                                                 \
		});                                                                                          \
	return result

int rt_wrap_readdir_r(DIR *folder, struct dirent *to, struct dirent **found)
{
	FOLDER_BODY(readdir_r, rt_real.readdir_r(folder, to, found));
}

int rt_wrap_readdir64_r(DIR *folder, struct dirent64 *to, struct dirent64 **found)
{
	FOLDER_BODY(readdir64_r, rt_real.readdir64_r(folder, to, found));
}

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
