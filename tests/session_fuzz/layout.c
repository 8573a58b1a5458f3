/* Prints where the tables of a session's file lie: name, offset, bytes, bytes of an entry. */
#include "shadow/session_layout.h"

#include <stdio.h>

#define SAY(table)                                                                                           \
	printf(#table " %zu %zu %zu\n", offsetof(struct rt_session_tables, table), sizeof(at->table),        \
		sizeof(at->table[0]))

int main(void)
{
	struct rt_session_tables *at = NULL;
	printf("header %zu %zu 4\n", offsetof(struct rt_session_tables, header),
		sizeof(struct rt_session_header));
	SAY(processes);
	SAY(there);
	SAY(descriptions);
	SAY(blocks);
	SAY(owners);
	SAY(extents);
	SAY(objects);
	SAY(mappings);
	SAY(syncs);
	SAY(chunks);
	SAY(modules);
	SAY(stacks);
	SAY(seen);
	SAY(lists);
	SAY(text);
	printf("cells %zu %zu 16\n", (size_t)RT_SESSION_SHADOW, (size_t)RT_SESSION_SHADOW_BYTES);
	return 0;
}
