// cflags: -fno-builtin
// What calls on files and descriptors read and write besides contents: paths, states, attributes, numbers, sets.
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/time.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>
#include <utime.h>
#include "steps.h"

int __xstat(int version, const char *path, struct stat *to);
int __xstat64(int version, const char *path, struct stat64 *to);
int __lxstat(int version, const char *path, struct stat *to);
int __lxstat64(int version, const char *path, struct stat64 *to);
int __fxstatat(int version, int folder, const char *path, struct stat *to, int flags);
int __fxstatat64(int version, int folder, const char *path, struct stat64 *to, int flags);
int __fxstat(int version, int fd, struct stat *to);
int __fxstat64(int version, int fd, struct stat64 *to);

/* Of the line's own, and a member in it. */
static char rooms[STEPS_MOST][256] __attribute__((aligned(64)));
#define ROOM(type)       ((type *)(void *)rooms[__LINE__])
#define IN(type, member) (rooms[__LINE__] + offsetof(type, member))

static int file, zero;
static char *none[] = {"true", NULL};
static char path[STEPS_MOST][32];

#define TEXT(text)          put(A, text)
#define AS(type)            ((type *)(void *)WORDS)
#define TEMPLATE            put(path[__LINE__], "result_XXXXXX.c")
#define OPENED(call, place) WRITES(close(call), place)

static void states(void)
{
	WRITES(fstat(file, ROOM(struct stat)), IN(struct stat, st_size));                // race: race-data
	WRITES(fstat64(file, ROOM(struct stat64)), IN(struct stat64, st_size));          // race: race-data
	WRITES(__fxstat(1, file, ROOM(struct stat)), IN(struct stat, st_ino));           // race: race-data
	WRITES(__fxstat64(1, file, ROOM(struct stat64)), IN(struct stat64, st_ino));     // race: race-data
	WRITES(__xstat(1, "/", ROOM(struct stat)), rooms[__LINE__]);                     // race: race-data
	WRITES(__xstat64(1, "/", ROOM(struct stat64)), rooms[__LINE__]);                 // race: race-data
	WRITES(__lxstat(1, "/", ROOM(struct stat)), rooms[__LINE__]);                    // race: race-data
	WRITES(__lxstat64(1, "/", ROOM(struct stat64)), rooms[__LINE__]);                // race: race-data
	WRITES(__fxstatat(1, AT_FDCWD, "/", ROOM(struct stat), 0), rooms[__LINE__]);     // race: race-data
	WRITES(__fxstatat64(1, AT_FDCWD, "/", ROOM(struct stat64), 0), rooms[__LINE__]); // race: race-data
	WRITES(statfs("/", ROOM(struct statfs)), IN(struct statfs, f_blocks));           // race: race-data
	WRITES(statfs64("/", ROOM(struct statfs64)), IN(struct statfs64, f_blocks));     // race: race-data
	WRITES(fstatfs(file, ROOM(struct statfs)), IN(struct statfs, f_bfree));          // race: race-data
	WRITES(fstatfs64(file, ROOM(struct statfs64)), IN(struct statfs64, f_bfree));    // race: race-data
	WRITES(statvfs("/", ROOM(struct statvfs)), IN(struct statvfs, f_blocks));        // race: race-data
	WRITES(statvfs64("/", ROOM(struct statvfs64)), IN(struct statvfs64, f_blocks));  // race: race-data
	WRITES(fstatvfs(file, ROOM(struct statvfs)), IN(struct statvfs, f_bfree));       // race: race-data
	WRITES(fstatvfs64(file, ROOM(struct statvfs64)), IN(struct statvfs64, f_bfree)); // race: race-data
	SPARES(fstat(-1, AS(struct stat)), WORDS);
	READS(statfs(TEXT("/"), ROOM(struct statfs)), A); // race: race-data
	SPARES(statfs(TEXT("/"), ROOM(struct statfs)), A + 2);
}

static void attributes(void)
{
	STEP(setxattr("result_file", "user.x", "12", 2, 0), 0);
	STEP(getxattr("result_file", "user.x", A, 16), 0);
	STEP(lgetxattr("result_file", "user.x", A, 16), 0);
	STEP(fgetxattr(file, "user.x", A, 16), 0);
	STEP(listxattr("result_file", A, 64), 0);
	STEP(llistxattr("result_file", A, 64), 0);
	STEP(flistxattr(file, A, 64), 0);
	STEP(lsetxattr("result_file", "user.y", "12", 2, 0), 0);
	STEP(fsetxattr(file, "user.z", "12", 2, 0), 0);
	SPARES(getxattr("nothing there", "user.x", A, 16), A);
	READS(listxattr(TEXT("/"), NULL, 0), A);                      // race: race-data
	READS(utimensat(AT_FDCWD, TEXT("result_file"), NULL, 0), A);  // race: race-data
	READS(futimens(file, (struct timespec *)WORDS), WORDS + 3);   // race: race-data
	READS(utimes("result_file", (struct timeval *)WORDS), WORDS); // race: race-data
	READS(utime("result_file", AS(struct utimbuf)), WORDS + 1);   // race: race-data
	SPARES(utime("nothing there", AS(struct utimbuf)), WORDS + 1);
}

static void paths(void)
{
	READS(chdir(TEXT(".")), A);                                   // race: race-data
	READS(chmod(TEXT("result_file"), 0600), A);                   // race: race-data
	READS(fchmodat(AT_FDCWD, TEXT("result_file"), 0600, 0), A);   // race: race-data
	READS(chown(TEXT("result_file"), -1, -1), A);                 // race: race-data
	READS(lchown(TEXT("result_file"), -1, -1), A);                // race: race-data
	READS(fchownat(AT_FDCWD, TEXT("result_file"), -1, -1, 0), A); // race: race-data
	READS(truncate(TEXT("result_file"), 16), A);                  // race: race-data
	READS(truncate64(TEXT("result_file"), 16), A + 11);           // race: race-data
	READS(canonicalize_file_name(TEXT("/")), A);                  // race: race-data
	READS(close(open(TEXT("result_file"), O_RDONLY)), A);         // race: race-data
	READS(open(TEXT("nothing there"), O_RDONLY), A);              // race: race-data
	SPARES(open(TEXT("result_file"), O_RDONLY), A + 12);
	READS(open(TEXT("result_file"), O_RDONLY | O_CREAT, 0600), A); // race: race-data
	READS(stat(TEXT("result_file"), ROOM(struct stat)), A);        // race: race-data
	READS(mkdir(TEXT("result_folder"), 0700), A);                  // race: race-data
	READS(rename(TEXT("result_folder"), "result_folder2"), A);     // race: race-data
	READS(rename("result_folder2", TEXT("result_folder")), A);     // race: race-data
	READS(rmdir(TEXT("result_folder")), A);                        // race: race-data
	READS(access(TEXT("result_file"), R_OK), A);                   // race: race-data
	READS(unlink(TEXT("nothing there")), A);                       // race: race-data
	STEP(access((char *)1, R_OK), 0);
	STEP(mkdir((char *)1, 0700), 0);
}

static void templates(void)
{
	OPENED(mkstemp(put(path[__LINE__], "result_XXXXXX")), path[__LINE__] + 7);       // race: race-data
	OPENED(mkstemp64(put(path[__LINE__], "result_XXXXXX")), path[__LINE__] + 7);     // race: race-data
	OPENED(mkostemp(put(path[__LINE__], "result_XXXXXX"), 0), path[__LINE__] + 7);   // race: race-data
	OPENED(mkostemp64(put(path[__LINE__], "result_XXXXXX"), 0), path[__LINE__] + 7); // race: race-data
	OPENED(mkstemps(TEMPLATE, 2), path[__LINE__] + 7);                               // race: race-data
	OPENED(mkstemps64(TEMPLATE, 2), path[__LINE__] + 12);                            // race: race-data
	OPENED(mkostemps(TEMPLATE, 2, 0), path[__LINE__] + 7);                           // race: race-data
	OPENED(mkostemps64(TEMPLATE, 2, 0), path[__LINE__] + 7);                         // race: race-data
	ONLY_READS(mkstemps(TEMPLATE, 2), path[__LINE__] + 6);
	ONLY_READS(mkstemps(TEMPLATE, 2), path[__LINE__] + 13);
	WRITES(mkdtemp(put(path[__LINE__], "result_XXXXXX")), path[__LINE__] + 7); // race: race-data
	WRITES(tmpnam_r(path[__LINE__]), path[__LINE__]);                          // race: race-data
}

static struct pollfd *watched(void *at, int events)
{
	struct pollfd *set = at;
	*set = (struct pollfd){zero, (short)events, 0};
	return set;
}

static fd_set *chosen(void *at)
{
	FD_ZERO((fd_set *)at);
	FD_SET(zero, (fd_set *)at);
	return at;
}

static void sets(void)
{
	WRITES(pipe(AS(int)), (char *)WORDS + 7);                      // race: race-data
	WRITES(pipe2(AS(int), 0), WORDS);                              // race: race-data
	WRITES(socketpair(AF_UNIX, SOCK_STREAM, 0, AS(int)), WORDS);   // race: race-data
	WRITES(poll(watched(WORDS, POLLIN), 1, 0), (char *)WORDS + 6); // race: race-data
	WRITES(poll(watched(WORDS, 0), 1, 0), (char *)WORDS + 6);      // race: race-data
	ONLY_READS(poll(watched(WORDS, POLLIN), 1, 0), WORDS);
	READS(poll(watched(WORDS, POLLIN), 1, 0), WORDS);    // race: race-data
	WRITES(select(8, chosen(WA), NULL, NULL, NULL), WA); // race: race-data
	WRITES(select(8, NULL, chosen(WA), NULL, NULL), WA); // race: race-data
	SPARES(select(8, chosen(WA), NULL, NULL, NULL), WA + 2);
	WRITES(select(0, NULL, NULL, NULL, AS(struct timeval)), WORDS); // race: race-data
	ONLY_READS(pselect(0, NULL, NULL, NULL, AS(struct timespec), NULL), WORDS);
	READS(pselect(0, NULL, NULL, NULL, AS(struct timespec), NULL), WORDS);              // race: race-data
	READS(epoll_ctl(epoll_create(1), EPOLL_CTL_ADD, zero, (struct epoll_event *)A), A); // race: race-data
	WRITES(sendfile(zero, file, AS(off_t), 1), WORDS);                                  // race: race-data
	WRITES(sendfile64(zero, file, AS(off64_t), 1), WORDS);                              // race: race-data
}

static void limits(void)
{
	WRITES(getrlimit(RLIMIT_CORE, ROOM(struct rlimit)), IN(struct rlimit, rlim_max)); // race: race-data
	READS(setrlimit(RLIMIT_CORE, ROOM(struct rlimit)), IN(struct rlimit, rlim_cur));  // race: race-data
	WRITES(getrlimit64(RLIMIT_CORE, ROOM(struct rlimit64)), rooms[__LINE__] + 8);     // race: race-data
	WRITES(prlimit(0, RLIMIT_CORE, NULL, AS(struct rlimit)), WORDS);                  // race: race-data
	WRITES(prlimit64(0, RLIMIT_CORE, NULL, AS(struct rlimit64)), WORDS);              // race: race-data
}

static pid_t child(void)
{
	pid_t made = fork();
	if (!made)
		_exit(0);
	return made;
}

static void children(void)
{
	WRITES(waitpid(child(), AS(int), 0), WORDS);                               // race: race-data
	WRITES(child() + wait(AS(int)), WORDS);                                    // race: race-data
	WRITES(child() + wait3(AS(int), 0, NULL), WORDS);                          // race: race-data
	WRITES(wait4(child(), NULL, 0, ROOM(struct rusage)), ROOM(struct rusage)); // race: race-data
	WRITES(waitid(P_PID, child(), ROOM(siginfo_t), WEXITED), ROOM(siginfo_t)); // race: race-data
	SPARES(waitpid(-1, AS(int), WNOHANG), WORDS);
	WRITES(posix_spawn(AS(pid_t), "/bin/true", NULL, NULL, none, NULL), WORDS); // race: race-data
	READS(posix_spawnp(AS(pid_t), put(A, "true"), NULL, NULL, none, NULL), A);  // race: race-data
	SPARES(posix_spawn(AS(pid_t), "nothing there", NULL, NULL, none, NULL), WORDS);
}

static void steps(void)
{
	states();
	attributes();
	paths();
	templates();
	sets();
	limits();
	children();
}

int main(void)
{
	MUST((file = open("result_file", O_RDWR | O_CREAT | O_TRUNC, 0600)) > 0);
	MUST(write(file, "some contents", 13) == 13);
	MUST((zero = open("/dev/zero", O_RDWR)) > 0);
	steps_run();
	return 0;
}
