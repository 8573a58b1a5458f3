// Who finds a name comes after who made it, who finds it gone, or makes it again, after who made it go; whatever leads to it.
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <semaphore.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include "steps.h"

/* Names of a line: N1 and N2 are not there, N3 is; D is a folder that is. */
static __thread char names[8][STEPS_MOST][40];
#define NAME(which, prefix) (sprintf(names[which][__LINE__], prefix "%d", __LINE__), names[which][__LINE__])
#define N1                  NAME(0, "new")
#define N2                  NAME(1, "more")
#define N3                  NAME(2, "old")
#define D                   NAME(3, "folder")
#define IN                  (sprintf(names[4][__LINE__], "folder%d/in", __LINE__), names[4][__LINE__])

static struct stat plain;
static struct stat64 wide;
static struct statx more;
static char shared_name[40], semaphore_name[40];
static int here;

#define DONE(call)        MUST((call) == 0)
#define GONE(call)        MUST((call) == -1 && errno == ENOENT)
#define THERE(call)       MUST((call) == -1 && errno == EEXIST)
#define OPENED(call)      MUST((call) >= 0)
#define MAKE(name, flags) open(name, O_CREAT | O_WRONLY | (flags), 0600)

/* A path that goes round about. */
static const char *around(const char *name)
{
	static __thread char path[60];
	sprintf(path, "./sub/..//%s", name);
	return path;
}

static void open_link(const char *name)
{
	char path[60];
	snprintf(path, sizeof(path), "%s/in", name);
	OPENED(open(path, O_RDONLY));
}

static void listen_at(const char *name)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	strcpy(address.sun_path, name);
	DONE(bind(fd, (struct sockaddr *)&address, sizeof(address)));
	DONE(listen(fd, 1));
}

static void connect_to(const char *name)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	strcpy(address.sun_path, name);
	DONE(connect(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr *)&address, sizeof(address)));
}

static void steps(void)
{
	HANDS(OPENED(MAKE(N1, O_EXCL)), OPENED(open(N1, O_RDONLY)));
	HANDS(OPENED(MAKE(N1, 0)), OPENED(open64(N1, O_RDONLY)));
	HANDS(OPENED(openat(here, N1, O_CREAT | O_RDWR, 0600)), OPENED(open(around(N1), O_RDONLY)));
	HANDS(OPENED(openat64(here, N1, O_CREAT | O_RDWR, 0600)), DONE(access(around(N1), F_OK)));
	HANDS(OPENED(creat(N1, 0600)), DONE(stat(N1, &plain)));
	HANDS(OPENED(creat64(N1, 0600)), DONE(stat64(N1, &wide)));
	HANDS(MUST(fopen(N1, "w")), MUST(fopen(N1, "r")));
	HANDS(MUST(fopen64(N1, "a")), DONE(lstat(N1, &plain)));
	HANDS(OPENED(MAKE(N1, 0)), THERE(MAKE(N1, O_EXCL)));
	HANDS(OPENED(MAKE(N1, 0)), OPENED(MAKE(N1, 0)));
	HANDS(OPENED(MAKE(N1, 0)), DONE(unlink(N1)));
	HANDS(DONE(mkdir(N1, 0700)), THERE(mkdir(N1, 0700)));
	HANDS(DONE(mkdirat(here, N1, 0700)), MUST(opendir(N1)));
	HANDS(DONE(mkfifo(N1, 0600)), DONE(lstat64(N1, &wide)));
	HANDS(DONE(mkfifoat(here, N1, 0600)), DONE(faccessat(here, N1, F_OK, 0)));
	HANDS(DONE(mknod(N1, S_IFREG | 0600, 0)), DONE(fstatat(here, N1, &plain, 0)));
	HANDS(DONE(mknodat(here, N1, S_IFREG | 0600, 0)), DONE(fstatat64(here, N1, &wide, 0)));
	HANDS(DONE(symlink(D, N1)), DONE(statx(here, N1, 0, STATX_INO, &more)));
	HANDS(DONE(symlinkat(D, here, N1)), DONE(access(N1, F_OK)));
	HANDS(DONE(rename(N3, N1)), OPENED(open(N1, O_RDONLY)));
	HANDS(DONE(rename(N3, N1)), GONE(access(N3, F_OK)));
	HANDS(DONE(renameat(here, N3, here, N1)), DONE(access(N1, F_OK)));
	HANDS(DONE(renameat2(here, N3, here, N1, RENAME_NOREPLACE)), DONE(access(N1, F_OK)));
	HANDS(DONE(renameat2(here, N3, here, D, RENAME_EXCHANGE)), DONE(access(N3, F_OK)));
	HANDS(DONE(rename(D, N1)), open_link(N1));
	HANDS((DONE(symlink(D, N2)), DONE(rename(N2, N1))), open_link(N1));
	HANDS(DONE(link(N3, N1)), OPENED(open(N1, O_RDONLY)));
	HANDS(DONE(linkat(here, N3, here, N1, 0)), DONE(access(N1, F_OK)));
	HANDS(DONE(unlink(N3)), GONE(stat(N3, &plain)));
	HANDS(DONE(unlink(N3)), OPENED(MAKE(N3, O_EXCL)));
	HANDS(DONE(unlinkat(here, N3, 0)), GONE(open(N3, O_RDONLY)));
	HANDS(DONE(remove(N3)), DONE(mkdir(N3, 0700)));
	HANDS((unlink(IN), DONE(rmdir(D))), DONE(symlink("x", D)));
	HANDS(OPENED(shm_open(shared_name, O_CREAT | O_RDWR, 0600)),
		OPENED(shm_open(shared_name, O_RDWR, 0)));
	HANDS(MUST(sem_open(semaphore_name, O_CREAT, 0600, 1)), MUST(sem_open(semaphore_name, 0)));
	HANDS(listen_at(N1), connect_to(N1));
}

int main(void)
{
	char name[40];
	here = open(".", O_RDONLY);
	mkdir("sub", 0700);
	for (int line = 1; line < 200; line++) {
		sprintf(name, "old%d", line);
		close(creat(name, 0600));
		sprintf(name, "folder%d", line);
		mkdir(name, 0700);
		sprintf(name, "folder%d/in", line);
		close(creat(name, 0600));
	}
	sprintf(shared_name, "/racetrack-shm-%d", (int)getpid());
	sprintf(semaphore_name, "/racetrack-name-%d", (int)getpid());
	steps_run();
	MUST(!shm_unlink(shared_name) && !sem_unlink(semaphore_name));
	return 0;
}
