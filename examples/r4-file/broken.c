/* A file with the balance of an account, which two processes have mapped. Row R4: both load the balance, add to it and
 * store it, and nobody locks.
 */
/* expect: race-shared */
#include "../shared.h"

enum { ROUNDS = 100 };

struct account {
	long number;
	volatile long balance;
};

static char path[] = "/tmp/account.XXXXXX";

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
	open_account(&account);
	for (int i = 0; i < ROUNDS; i++)
		account->balance += 5; // racetrack: race-shared a
	return unused;
}

static void *pay_out(void *unused)
{
	struct account *account;
	open_account(&account);
	for (int i = 0; i < ROUNDS; i++)
		account->balance -= 3; // racetrack: race-shared b
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
