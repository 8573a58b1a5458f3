/* Trees of files, and folders. What the caller's functions touch, they tell by themselves. */
#include "result.h"

/* Before: the caller's functions run in between. */
#define WALKS(name, parameters, call)                                                                        \
	int rt_wrap_##name parameters                                                                        \
	{                                                                                                    \
		RT_TELL(name, RT_READS_TEXT(path));                                                          \
		return call;                                                                                 \
	}

WALKS(ftw, (const char *path, __ftw_func_t each, int most), rt_real.ftw(path, each, most))
WALKS(ftw64, (const char *path, __ftw64_func_t each, int most), rt_real.ftw64(path, each, most))
WALKS(nftw, (const char *path, __nftw_func_t each, int most, int flags),
	rt_real.nftw(path, each, most, flags))
WALKS(nftw64, (const char *path, __nftw64_func_t each, int most, int flags),
	rt_real.nftw64(path, each, most, flags))

#define SCANS(name, entry)                                                                                   \
	int rt_wrap_##name(int folder, const char *path, struct entry ***to,                                 \
		int (*takes)(const struct entry *),                                                          \
		int (*compare)(const struct entry **, const struct entry **))                                \
	{                                                                                                    \
		RT_RESULT_BODY(name, rt_real.name(folder, path, to, takes, compare), result >= 0, {          \
			RT_READS_TEXT(path);                                                                 \
			RT_WRITES_VALUE(to);                                                                 \
		});                                                                                          \
	}

SCANS(scandirat, dirent)
SCANS(scandirat64, dirent64)

/* ---- hierarchies: the caller has what says where the walk is, and gets entries that it owns together with it ---- */

FTS *rt_wrap_fts_open(char *const paths[], int flags, int (*compare)(const FTSENT **, const FTSENT **))
{
	RT_TELL(fts_open, {
		for (char *const *path = paths; *path; path++) {
			RT_READS_VALUE(path);
			RT_READS_STRING(*path);
		}
	});
	return rt_real.fts_open(paths, flags, compare);
}

FTSENT *rt_wrap_fts_read(FTS *walk)
{
	RT_TELL(fts_read, RT_WRITES_VALUE(walk));
	FTSENT *entry = rt_real.fts_read(walk);
	if (entry)
		RT_TELL(fts_read, RT_WRITES_VALUE(entry));
	return entry;
}

FTSENT *rt_wrap_fts_children(FTS *walk, int flags)
{
	RT_TELL(fts_children, RT_WRITES_VALUE(walk));
	return rt_real.fts_children(walk, flags);
}

int rt_wrap_fts_set(FTS *walk, FTSENT *entry, int what)
{
	RT_RESULT_BODY(fts_set, rt_real.fts_set(walk, entry, what), !result,
		RT_WRITES(&entry->fts_instr, sizeof(entry->fts_instr)));
}

int rt_wrap_fts_close(FTS *walk)
{
	RT_TELL(fts_close, RT_WRITES_VALUE(walk));
	return rt_real.fts_close(walk);
}
