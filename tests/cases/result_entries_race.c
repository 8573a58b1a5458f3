// cflags: -fno-builtin -Wno-deprecated-declarations
// Entries of the system's lists in memory of the caller's, devices, folders, queues and segments.
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <locale.h>
#include <mntent.h>
#include <mqueue.h>
#include <netdb.h>
#include <netinet/ether.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/msg.h>
#include <sys/shm.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include "steps.h"

#define AS(type) ((type *)(void *)WORDS)

/* Of a line's own: an entry, room for its texts, where the answer goes. */
static struct place {
	union {
		struct passwd user;
		struct group group;
		struct hostent host;
		struct servent service;
		struct protoent protocol;
		struct mntent mount;
		struct dirent name;
		struct dirent64 name64;
		struct termios terminal;
		struct msqid_ds queue;
		struct shmid_ds segment;
		struct mq_attr attributes;
		struct tm parts;
	} of;
	char room[512];
	void *found;
} places[STEPS_MOST];

#define PLACE      (&places[__LINE__])
#define OF(type)   (&places[__LINE__].of.type)
#define ROOM       places[__LINE__].room
#define REST       ROOM, 512
#define INTO(type) OF(type), REST, (void *)&PLACE->found
#define FOUND      &PLACE->found
#define ERROR                                                                                                \
	&(int)                                                                                               \
	{                                                                                                    \
		0                                                                                            \
	}

static int queue, segment, terminal, pair[2];
static mqd_t messages;
static FILE *mounts, *user_file, *group_file;
static DIR *folder, *folder64;
static locale_t c;

static void users(void)
{
	WRITES(getpwnam_r("root", INTO(user)), OF(user)); // race: race-data
	WRITES(getpwnam_r("root", INTO(user)), ROOM);     // race: race-data
	WRITES(getpwnam_r("root", INTO(user)), FOUND);    // race: race-data
	SPARES(getpwnam_r("nobody there", INTO(user)), OF(user));
	WRITES(getpwnam_r("nobody there", INTO(user)), FOUND); // race: race-data
	WRITES(getpwent_r(INTO(user)), OF(user));              // race: race-data
	WRITES(getgrent_r(INTO(group)), OF(group));            // race: race-data
	WRITES(fgetpwent_r(user_file, INTO(user)), OF(user));  // race: race-data
	WRITES(fgetgrent_r(group_file, INTO(group)), ROOM);    // race: race-data
	READS(getpwnam_r(put(A, "root"), INTO(user)), A);      // race: race-data
	WRITES(getpwuid_r(0, INTO(user)), OF(user));           // race: race-data
	WRITES(getgrnam_r("root", INTO(group)), OF(group));    // race: race-data
	WRITES(getgrgid_r(0, INTO(group)), ROOM);              // race: race-data
}

static void network(void)
{
	struct ether_addr *hardware = &(struct ether_addr){{1, 2, 3, 4, 5, 6}};
	WRITES(gethostbyname_r("127.0.0.1", INTO(host), ERROR), OF(host));           // race: race-data
	WRITES(gethostbyname2_r("127.0.0.1", AF_INET, INTO(host), ERROR), OF(host)); // race: race-data
	STEP(gethostbyaddr_r("\177\0\0\1", 4, AF_INET, INTO(host), ERROR), 0);
	STEP(getservbyname_r("http", "tcp", INTO(service)), 0);
	STEP(getservbyport_r(htons(80), "tcp", INTO(service)), 0);
	STEP(getprotobyname_r("tcp", INTO(protocol)), 0);
	STEP(getprotobynumber_r(6, INTO(protocol)), 0);
	WRITES(ether_ntoa_r(hardware, A), A + 11);                         // race: race-data
	WRITES(ether_aton_r("1:2:3:4:5:6", AS(struct ether_addr)), WORDS); // race: race-data
	WRITES(getmntent_r(mounts, OF(mount), REST), OF(mount));           // race: race-data
}

static void folders(void)
{
	WRITES(readdir_r(folder, OF(name), (void *)FOUND), OF(name));      // race: race-data
	WRITES(readdir64_r(folder64, OF(name64), (void *)FOUND), FOUND);   // race: race-data
	WRITES(scandir("/", AS(struct dirent **), NULL, NULL), WORDS);     // race: race-data
	WRITES(scandir64("/", AS(struct dirent64 **), NULL, NULL), WORDS); // race: race-data
	SPARES(scandir("nothing there", AS(struct dirent **), NULL, NULL), WORDS);
	WRITES(getdents64(open("/", O_RDONLY), REST), ROOM); // race: race-data
	READS(ftok(put(A, "/"), 1), A);                      // race: race-data
}

static void devices(void)
{
	WRITES(tcgetattr(terminal, OF(terminal)), OF(terminal));         // race: race-data
	READS(tcsetattr(terminal, TCSANOW, OF(terminal)), OF(terminal)); // race: race-data
	SPARES(tcgetattr(pair[0], OF(terminal)), OF(terminal));
	WRITES(ioctl(pair[0], FIONREAD, AS(int)), (char *)WORDS + 3); // race: race-data
	SPARES(ioctl(pair[0], FIONREAD, AS(int)), (char *)WORDS + 4);
	READS(ioctl(pair[0], FIONBIO, AS(int)), WORDS);                 // race: race-data
	WRITES(ioctl(terminal, TIOCGWINSZ, AS(struct winsize)), WORDS); // race: race-data
	SPARES(ioctl(pair[0], TIOCGWINSZ, AS(struct winsize)), WORDS);
	WRITES(msgctl(queue, IPC_STAT, OF(queue)), OF(queue));             // race: race-data
	WRITES(shmctl(segment, IPC_STAT, OF(segment)), OF(segment));       // race: race-data
	READS(shmctl(segment, IPC_SET, OF(segment)), OF(segment));         // race: race-data
	WRITES(mq_getattr(messages, OF(attributes)), OF(attributes));      // race: race-data
	READS(mq_setattr(messages, OF(attributes), NULL), OF(attributes)); // race: race-data
}

static void dates(void)
{
	WRITES(strptime("1970", "%Y", OF(parts)), &OF(parts)->tm_year); // race: race-data
	READS(strptime(put(A, "1970"), "%Y", OF(parts)), A + 3);        // race: race-data
	SPARES(strptime(put(A, "1970"), "%Y", OF(parts)), A + 4);
	WRITES(strftime_l(A, 64, "%Y", OF(parts), c), A + 4); // race: race-data
	WRITES(wcsftime(WA, 64, L"%Y", OF(parts)), &WA[4]);   // race: race-data
	READS(wcsftime(WA, 64, L"%Y", OF(parts)), OF(parts)); // race: race-data
	WRITES(strxfrm_l(A, "abc", 64, c), A + 3);            // race: race-data
	READS(strxfrm_l(A, put(B, "abc"), 64, c), B);         // race: race-data
}

static void steps(void)
{
	users();
	network();
	folders();
	devices();
	dates();
}

int main(void)
{
	MUST((queue = msgget(IPC_PRIVATE, 0600)) >= 0 && (segment = shmget(IPC_PRIVATE, 4096, 0600)) >= 0);
	MUST((terminal = posix_openpt(O_RDWR | O_NOCTTY)) >= 0 && !pipe(pair));
	struct mq_attr sizes = {.mq_maxmsg = 1, .mq_msgsize = 8};
	MUST((messages = mq_open("/racetrack_result_entries", O_RDWR | O_CREAT, 0600, &sizes)) != (mqd_t)-1);
	mq_unlink("/racetrack_result_entries");
	MUST((mounts = setmntent("/proc/self/mounts", "r")) && (c = newlocale(LC_ALL_MASK, "C", NULL)));
	MUST((folder = opendir("/")) && (folder64 = opendir("/")));
	MUST((user_file = fopen("/etc/passwd", "r")) && (group_file = fopen("/etc/group", "r")));
	steps_run();
	msgctl(queue, IPC_RMID, NULL);
	shmctl(segment, IPC_RMID, NULL);
	return 0;
}
