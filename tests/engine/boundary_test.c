/* Boundaries against a list of all that there ever were: random publications, most of them overwritten later, over many more epochs
 * than are kept apart. A boundary that there is must always be said; one that there is none of only where epochs are old.
 *
 * usage: boundary_test [publications [seed]] */
#include "shadow/boundary.h"

#include <stdio.h>
#include <stdlib.h>

enum { EPOCHS_MOST = 1 << 16, FIRST = 7, ASKED = 8, LOCKS = 12 };

static struct {
	unsigned messages; /* that say the epoch */
	bool stays;
} published[EPOCHS_MOST];

static uint64_t state;

static unsigned draw(unsigned below)
{
	state = state * 6364136223846793005ull + 1442695040888963407ull;
	return (unsigned)(state >> 33) % below;
}

static bool is_boundary(rt_epoch_t epoch)
{
	return published[epoch].stays || published[epoch].messages;
}

static rt_epoch_t next_boundary(rt_epoch_t from, rt_epoch_t latest)
{
	while (from < latest && !is_boundary(from))
		from++;
	return from;
}

/* What a lock says goes, unless it is too late for that, or more was said at the epoch. */
static void overwrite(struct rt_boundaries *all, rt_epoch_t said)
{
	rt_boundary_drop(all, said);
	if (published[said].stays)
		return;
	published[said].messages = 0;
	published[said].stays = all->newest - said >= RT_BOUNDARIES_NEW;
}

/* By a lock, or for ever. */
static void publish(struct rt_boundaries *all, rt_epoch_t epoch, bool stays)
{
	static rt_epoch_t locks[LOCKS];
	unsigned lock = draw(draw(3) ? 2 : LOCKS);
	if (!stays && locks[lock] == epoch)
		return;
	if (!stays && locks[lock])
		overwrite(all, locks[lock]);
	published[epoch].stays |= stays || published[epoch].messages;
	published[epoch].messages++;
	rt_boundary_hold(all, epoch, stays);
	if (!stays)
		locks[lock] = epoch;
}

/* What is wrong about the two epochs; NULL: nothing. */
static const char *look(const struct rt_boundaries *all, rt_epoch_t first, rt_epoch_t second)
{
	rt_epoch_t next = next_boundary(first, all->newest);
	bool is = next < second && is_boundary(next), said = rt_boundary_between(all, first, second);
	if (is && !said)
		return "a boundary was lost";
	if (said && !is && first >= all->since)
		return "a boundary was invented";
	if (is_boundary(next) && rt_boundary_after(all, first) < next)
		return "the next boundary is too early";
	return NULL;
}

int main(int argc, char **argv)
{
	unsigned long publications = argc > 1 ? strtoul(argv[1], NULL, 10) : 20000;
	unsigned long apart = 0, alike = 0;
	struct rt_boundaries all;
	rt_epoch_t epoch = FIRST;
	state = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
	unsigned rarely = 2 + draw(200); /* what stays */
	rt_boundaries_begin(&all, epoch);
	for (unsigned long i = 0; i < publications && epoch < EPOCHS_MOST - 200; i++) {
		publish(&all, epoch, draw(rarely) == 0);
		for (unsigned asked = 0; asked < ASKED; asked++) {
			rt_epoch_t first = epoch -
					   draw(1 + (draw(4) ? (epoch - FIRST) % 100 : epoch - FIRST)),
				   second = first + 1 + draw(epoch - first + 1);
			const char *wrong = look(&all, first, second);
			if (wrong) {
				printf("epochs %u to %u of %u: %s\n", first, second, epoch, wrong);
				return 1;
			}
			*(rt_boundary_between(&all, first, second) ? &apart : &alike) += 1;
		}
		epoch += draw(3) + (draw(200) ? 0 : draw(150));
	}
	printf("%lu pairs of epochs, %lu of them alike\n", apart + alike, alike);
	return !alike || !apart;
}
