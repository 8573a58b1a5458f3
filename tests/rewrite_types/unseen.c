/* Two threads write what nothing orders, called by a library of the system's that has atomic instructions and is not looked at, on
 * both sides, on one, and by the C library. */
#include <glib-object.h>
#include <stdlib.h>
#include <string.h>

#include "gate.h"

enum { BYTES = 24 };

static char by_library[BYTES];   /* inferred: what orders the two may be in it */
static char by_one_side[BYTES];  /* certain */
static char by_c_library[BYTES]; /* certain */
static struct gate gate;
static volatile size_t bytes = BYTES; /* the compiler must not know it */

static void fill(gpointer to)
{
	memset(to, 1, bytes);
}

static void fill_by_library(gpointer to)
{
	GValue nothing = G_VALUE_INIT;
	GClosure *closure = g_cclosure_new_swap(G_CALLBACK(fill), to, NULL);
	g_closure_ref(closure);
	g_closure_sink(closure);
	g_closure_set_marshal(closure, g_cclosure_marshal_VOID__VOID);
	g_value_init(&nothing, G_TYPE_POINTER);
	g_closure_invoke(closure, NULL, 1, &nothing, NULL);
	g_closure_unref(closure);
}

static int compare(const void *one, const void *other)
{
	(void)other;
	(void)one;
	fill(by_c_library);
	return 0;
}

static void *work(void *after)
{
	char two[2] = {0, 0};
	gate_wait(&gate, after ? 1 : 0);
	fill_by_library(by_library);
	if (after)
		fill_by_library(by_one_side);
	else
		fill(by_one_side);
	qsort(two, sizeof(two), 1, compare);
	gate_open(&gate, after ? 2 : 1);
	gate_wait(&gate, 2);
	return NULL;
}

int main(void)
{
	pthread_t threads[2];
	for (size_t i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, work, i ? &gate : NULL);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
