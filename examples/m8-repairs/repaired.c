/* Four ways to share a map. Row M8, the repairs: a read-write lock; shards with a lock each; a snapshot that is copied,
 * changed and published as a whole; one owner, to whom all changes are sent.
 */
/* expect: nothing */
#include <racetrack/map.h>
#include <racetrack/racetrack.h>

#include "../example.h"

/* 1. A read-write lock. */
static pthread_rwlock_t prices_lock = PTHREAD_RWLOCK_INITIALIZER;
static struct rt_map prices;

/* 2. Shards: the key chooses map and lock together. */
enum { SHARDS = 4 };
static struct shard {
	pthread_mutex_t lock;
	struct rt_map stock;
} shards[SHARDS];

static void set_stock(uint64_t article, int stock)
{
	struct shard *shard = &shards[article % SHARDS];
	pthread_mutex_lock(&shard->lock);
	must(rt_map_put(&shard->stock, article, &stock));
	pthread_mutex_unlock(&shard->lock);
}

/* 3. A snapshot. The detector does not see C11 atomics in a program that is only preloaded: it is told. */
static struct rt_map *published;

static const struct rt_map *names_now(void)
{
	const struct rt_map *names = __atomic_load_n(&published, __ATOMIC_ACQUIRE);
	racetrack_acquire(&published);
	return names;
}

static void add_name(struct rt_map *copy, const char *name)
{
	struct rt_map_iterator it;
	rt_map_init(copy, RT_MAP_STRINGS, 0);
	rt_map_iterate(published, &it);
	while (rt_map_next(&it))
		must(rt_map_put_string(copy, it.bytes, NULL));
	must(rt_map_put_string(copy, name, NULL));
	racetrack_release(&published);
	__atomic_store_n(&published, copy, __ATOMIC_RELEASE);
}

/* 4. One owner, fed by a channel of one place. */
static struct {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	int full;
	uint64_t article;
	int sold;
} sales = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 0, 0};

static void send_sale(uint64_t article, int sold)
{
	pthread_mutex_lock(&sales.lock);
	while (sales.full)
		pthread_cond_wait(&sales.changed, &sales.lock);
	sales.full = 1;
	sales.article = article;
	sales.sold = sold;
	pthread_cond_broadcast(&sales.changed);
	pthread_mutex_unlock(&sales.lock);
}

static void *own_sales(void *unused)
{
	struct rt_map sold;
	int items = 0;
	rt_map_init(&sold, RT_MAP_INTEGERS, sizeof(int));
	for (int received = 0; received < 2; received++) {
		pthread_mutex_lock(&sales.lock);
		while (!sales.full)
			pthread_cond_wait(&sales.changed, &sales.lock);
		must(rt_map_put(&sold, sales.article, &sales.sold));
		items += sales.sold;
		sales.full = 0;
		pthread_cond_broadcast(&sales.changed);
		pthread_mutex_unlock(&sales.lock);
	}
	printf("%d items of %zu articles sold\n", items, rt_map_len(&sold));
	rt_map_fini(&sold);
	return unused;
}

static void *shop(void *unused)
{
	int price = 0;
	pthread_rwlock_rdlock(&prices_lock);
	must(rt_map_get(&prices, 1, &price));
	pthread_rwlock_unlock(&prices_lock);
	set_stock(8, 12);
	rt_map_get_string(names_now(), "pear", NULL);
	send_sale(8, 3);
	return unused;
}

static void *restock(void *new_names)
{
	int price = 250;
	pthread_rwlock_wrlock(&prices_lock);
	must(rt_map_put(&prices, 2, &price));
	pthread_rwlock_unlock(&prices_lock);
	set_stock(4, 30);
	add_name(new_names, "plum");
	send_sale(4, 1);
	return NULL;
}

int main(void)
{
	struct rt_map names, new_names;
	pthread_t owner;
	int price = 100;
	rt_map_init(&prices, RT_MAP_INTEGERS, sizeof price);
	must(rt_map_put(&prices, 1, &price));
	for (int i = 0; i < SHARDS; i++) {
		pthread_mutex_init(&shards[i].lock, NULL);
		rt_map_init(&shards[i].stock, RT_MAP_INTEGERS, sizeof(int));
	}
	rt_map_init(&names, RT_MAP_STRINGS, 0);
	must(rt_map_put_string(&names, "pear", NULL));
	published = &names;

	must(pthread_create(&owner, NULL, own_sales, NULL));
	run_both(shop, restock, NULL, &new_names);
	pthread_join(owner, NULL);

	printf("%zu prices, %zu names\n", rt_map_len(&prices), rt_map_len(&new_names));
	rt_map_fini(&prices);
	for (int i = 0; i < SHARDS; i++)
		rt_map_fini(&shards[i].stock);
	rt_map_fini(&names);
	rt_map_fini(&new_names);
	return 0;
}
