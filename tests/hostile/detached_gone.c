// hostile: detached threads unmap, at once, the page in which pthread_create stored their handle
// open: the handle is read after the thread started
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <sys/mman.h>
struct page {
	pthread_t thread;
	sem_t *over;
};
static void *work(void *argument)
{
	struct page *page = argument;
	sem_t *over = page->over;
	munmap(page, 4096);
	sem_post(over);
	return NULL;
}
int main(void)
{
	sem_t over;
	pthread_attr_t attributes;
	sem_init(&over, 0, 0);
	pthread_attr_init(&attributes);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	for (int i = 0; i < 5000; i++) {
		struct page *page =
			mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		page->over = &over;
		while (pthread_create(&page->thread, &attributes, work, page))
			;
		sem_wait(&over);
	}
	puts("done");
	return 0;
}
