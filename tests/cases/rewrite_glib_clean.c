// GLib's locks, queues, pools and loops: made of atomic instructions and futexes in a library of the system's.
// cflags: -I/usr/include/glib-2.0 -I/usr/lib/x86_64-linux-gnu/glib-2.0/include -Wl,--no-as-needed -lglib-2.0
#include <glib.h>
#include <stdio.h>

enum { ITEMS = 60 };

static GMutex mutex;
static GRecMutex recursive;
static GRWLock readers;
static GMainLoop *loop;
static int counted, again, shared, posted;

static void work(gpointer item, gpointer unused)
{
	(void)unused;
	*(int *)item += 1;
	g_mutex_lock(&mutex);
	counted += *(int *)item;
	g_mutex_unlock(&mutex);
	g_rec_mutex_lock(&recursive);
	g_rec_mutex_lock(&recursive);
	again++;
	g_rec_mutex_unlock(&recursive);
	g_rec_mutex_unlock(&recursive);
	g_rw_lock_writer_lock(&readers);
	shared++;
	g_rw_lock_writer_unlock(&readers);
	g_rw_lock_reader_lock(&readers);
	if (shared < 0)
		puts("less than none");
	g_rw_lock_reader_unlock(&readers);
}

static gpointer produce(gpointer queue)
{
	for (int i = 0; i < ITEMS; i++) {
		int *item = g_new(int, 1);
		*item = i;
		g_async_queue_push(queue, item);
	}
	return NULL;
}

static gboolean take(gpointer item)
{
	posted += *(int *)item;
	g_free(item);
	if (posted == ITEMS)
		g_main_loop_quit(loop);
	return G_SOURCE_REMOVE;
}

static gpointer post(gpointer unused)
{
	for (int i = 0; i < ITEMS; i++) {
		int *item = g_new(int, 1);
		*item = 1;
		g_idle_add(take, item);
	}
	return unused;
}

static gpointer make(gpointer unused)
{
	int *made = g_new(int, 1);
	(void)unused;
	*made = 5;
	return made;
}

static gpointer make_once(gpointer unused)
{
	static GOnce once = G_ONCE_INIT;
	(void)unused;
	return GINT_TO_POINTER(*(int *)g_once(&once, make, NULL));
}

int main(void)
{
	int items[ITEMS] = {0}, sum = 0;
	GThreadPool *pool = g_thread_pool_new(work, NULL, 3, FALSE, NULL);
	for (int i = 0; i < ITEMS; i++)
		g_thread_pool_push(pool, &items[i], NULL);
	g_thread_pool_free(pool, FALSE, TRUE);
	for (int i = 0; i < ITEMS; i++)
		sum += items[i];
	GAsyncQueue *queue = g_async_queue_new();
	GThread *thread = g_thread_new("producer", produce, queue), *others[3];
	for (int i = 0; i < ITEMS; i++) {
		int *item = g_async_queue_pop(queue);
		sum += *item;
		g_free(item);
	}
	g_thread_join(thread);
	loop = g_main_loop_new(NULL, FALSE);
	thread = g_thread_new("poster", post, NULL);
	g_main_loop_run(loop);
	g_thread_join(thread);
	for (int i = 0; i < 3; i++)
		others[i] = g_thread_new("once", make_once, NULL);
	for (int i = 0; i < 3; i++)
		sum += GPOINTER_TO_INT(g_thread_join(others[i]));
	printf("%d %d %d %d %d\n", sum, counted, again, shared, posted);
	return 0;
}
