/* A file with the balance of an account, which two processes have mapped. Row R4, repaired: whoever changes the balance
 * has locked the file.
 */
/* expect: nothing */
#include <fcntl.h>

#include "../shared.h"

enum { ROUNDS = 100 };

struct account {
	long number;
	volatile long balance;
};

static char path[] = "/tmp/account.XXXXXX";

static void lock_file(int fd, short type)
{
	struct flock lock = {.l_type = type, .l_whence = SEEK_SET};
	must(fcntl(fd, F_SETLKW, &lock));
}

static int open_account(struct account **account)
{
	FILE *file = fopen(path, "r+");
	must(!file);
	*account = map_file(fileno(file), sizeof **account);
	return fileno(file);
}

static void *pay_in(void *unused)
{
	struct account *account;
	int fd = open_account(&account);
	for (int i = 0; i < ROUNDS; i++) {
		lock_file(fd, F_WRLCK);
		account->balance += 5;
		lock_file(fd, F_UNLCK);
	}
	return unused;
}

static void *pay_out(void *unused)
{
	struct account *account;
	int fd = open_account(&account);
	for (int i = 0; i < ROUNDS; i++) {
		lock_file(fd, F_WRLCK);
		account->balance -= 3;
		lock_file(fd, F_UNLCK);
	}
	return unused;
}

int main(void)
{
	struct account *account;
	int fd = mkstemp(path);
	must(fd < 0 || ftruncate(fd, sizeof *account));
	close(fd);
	run_processes(pay_in, pay_out, NULL, NULL);
	open_account(&account);
	printf("%ld\n", account->balance);
	return unlink(path);
}
