/* Maps with locks that do not protect them. Row M8, the mistakes: a put under the read lock, which any number of threads hold
 * at once; shards of a map whose lock is chosen by another rule than the shard; and a snapshot that is changed after it was
 * published.
 */
/* expect: race-map race-map race-map */
#include <racetrack/map.h>
#include <racetrack/racetrack.h>

#include "../example.h"

enum { SHARDS = 4 };

static pthread_rwlock_t prices_lock = PTHREAD_RWLOCK_INITIALIZER;
static struct rt_map prices;

static struct shard {
	pthread_mutex_t lock;
	struct rt_map stock;
} shards[SHARDS];

static struct rt_map *published; /* names of the day */

static void *shop(void *unused)
{
	int price = 0, stock = 12;
	pthread_rwlock_rdlock(&prices_lock);
	must(rt_map_get(&prices, 1, &price)); // racetrack: race-map a
	pthread_rwlock_unlock(&prices_lock);

	/* Article 8 lies in shard 8 % 4, under the lock of shard 8 % 3. */
	pthread_mutex_lock(&shards[8 % 3].lock);
	must(rt_map_put(&shards[8 % SHARDS].stock, 8, &stock)); // racetrack: race-map#2 a
	pthread_mutex_unlock(&shards[8 % 3].lock);

	struct rt_map *names = __atomic_load_n(&published, __ATOMIC_ACQUIRE);
	racetrack_acquire(&published);
	rt_map_get_string(names, "pear", NULL); // racetrack: race-map#3 a
	return unused;
}

static void *restock(void *unused)
{
	int price = 250, stock = 30;
	pthread_rwlock_rdlock(&prices_lock);
	must(rt_map_put(&prices, 2, &price)); // racetrack: race-map b
	pthread_rwlock_unlock(&prices_lock);

	pthread_mutex_lock(&shards[4 % 3].lock);
	must(rt_map_put(&shards[4 % SHARDS].stock, 4, &stock)); // racetrack: race-map#2 b
	pthread_mutex_unlock(&shards[4 % 3].lock);
	// racetrack: race-map#3 b
	must(rt_map_put_string(published, "plum", NULL));
	return unused;
}

int main(void)
{
	struct rt_map names;
	int price = 100;
	rt_map_init(&prices, RT_MAP_INTEGERS, sizeof price);
	must(rt_map_put(&prices, 1, &price));
	for (int i = 0; i < SHARDS; i++) {
		pthread_mutex_init(&shards[i].lock, NULL);
		rt_map_init(&shards[i].stock, RT_MAP_INTEGERS, sizeof(int));
	}
	rt_map_init(&names, RT_MAP_STRINGS, 0);
	must(rt_map_put_string(&names, "pear", NULL));
	racetrack_release(&published);
	__atomic_store_n(&published, &names, __ATOMIC_RELEASE);

	run_both(shop, restock, NULL, NULL);

	printf("%zu prices, %zu names\n", rt_map_len(&prices), rt_map_len(&names));
	rt_map_fini(&prices);
	for (int i = 0; i < SHARDS; i++)
		rt_map_fini(&shards[i].stock);
	rt_map_fini(&names);
	return 0;
}
