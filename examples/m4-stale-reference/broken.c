/* A bank opens accounts, and pays a bonus for bringing a friend. Row M4: the pointer to the first account is taken, the friend's
 * account is put, which moves all accounts to a new table, and the bonus is noted in the old one.
 */
/* expect: map-stale-reference */
#include <racetrack/map.h>

#include "../example.h"

struct account {
	long cents;
	char note[40];
};

static struct rt_map accounts; /* by number */

static void open_account(uint64_t number, long cents)
{
	struct account account = {cents, "new"};
	must(rt_map_put(&accounts, number, &account)); // racetrack: map-stale-reference b
}

static void bring_friend(uint64_t number, uint64_t friend_number)
{
	struct account *account = rt_map_ref(&accounts, number);
	open_account(friend_number, 500);
	// racetrack: map-stale-reference a
	snprintf(account->note, sizeof account->note, "bonus for %d", (int)friend_number);
}

int main(void)
{
	rt_map_init(&accounts, RT_MAP_INTEGERS, sizeof(struct account));
	for (uint64_t number = 1; number <= 7; number++)
		open_account(number, 100);
	bring_friend(1, 8);
	const struct account *account = rt_map_ref(&accounts, 1);
	printf("account 1: %ld, %s\n", account->cents, account->note);
	rt_map_fini(&accounts);
	return 0;
}
