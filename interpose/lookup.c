#include "lookup.h"

#include <dlfcn.h>
#include <elf.h>

/* A module's symbols. The loader has made addresses of its table's offsets. */
struct symbols {
	const ElfW(Sym) * all;
	const char *strings;
	const uint32_t *gnu_hash, *hash;
	const ElfW(Versym) * versions;
	size_t strings_bytes;
};

/* False: none, or the kernel's own module, whose table nobody relocates. */
static bool read_dynamic(const struct link_map *module, struct symbols *symbols)
{
	*symbols = (struct symbols){0};
	for (const ElfW(Dyn) *entry = module->l_ld; entry && entry->d_tag != DT_NULL; entry++) {
		const void *at = (const void *)entry->d_un.d_ptr;
		if (entry->d_tag == DT_SYMTAB)
			symbols->all = at;
		else if (entry->d_tag == DT_STRTAB)
			symbols->strings = at;
		else if (entry->d_tag == DT_GNU_HASH)
			symbols->gnu_hash = at;
		else if (entry->d_tag == DT_HASH)
			symbols->hash = at;
		else if (entry->d_tag == DT_VERSYM)
			symbols->versions = at;
		else if (entry->d_tag == DT_STRSZ)
			symbols->strings_bytes = entry->d_un.d_val;
	}
	return symbols->all && symbols->strings && (uintptr_t)symbols->strings >= module->l_addr;
}

static uint32_t hash_name(const char *name)
{
	uint32_t hash = 5381;
	for (; *name; name++)
		hash = hash * 33 + (unsigned char)*name;
	return hash;
}

/* A function, in its newest version. */
static bool is_it(const struct symbols *symbols, uint32_t i, const char *name)
{
	enum { HIDDEN = 0x8000 };
	const ElfW(Sym) *symbol = &symbols->all[i];
	unsigned type = ELF64_ST_TYPE(symbol->st_info);
	return symbol->st_shndx != SHN_UNDEF && symbol->st_value &&
	       ELF64_ST_BIND(symbol->st_info) != STB_LOCAL &&
	       (type == STT_FUNC || type == STT_GNU_IFUNC || type == STT_NOTYPE) &&
	       !(symbols->versions && symbols->versions[i] & HIDDEN) &&
	       rt_string_equal(symbols->strings + symbol->st_name, name);
}

/* Sizes; a filter's words; the first symbol of each bucket; a word for each symbol, odd at a bucket's end. */
static const ElfW(Sym) * find_by_gnu_hash(const struct symbols *symbols, const char *name, uint32_t hash)
{
	const uint32_t *table = symbols->gnu_hash;
	uint32_t bucket_count = table[0], first = table[1], filter_words = table[2];
	const uint32_t *buckets = table + 4 + filter_words * (sizeof(ElfW(Addr)) / sizeof(uint32_t));
	const uint32_t *chains = buckets + bucket_count;
	uint32_t i = bucket_count ? buckets[hash % bucket_count] : 0;
	for (bool more = i >= first && i; more; i++) {
		if ((chains[i - first] | 1) == (hash | 1) && is_it(symbols, i, name))
			return &symbols->all[i];
		more = !(chains[i - first] & 1);
	}
	return NULL;
}

/* Old libraries only: one by one, as the table knows their number. */
static const ElfW(Sym) * find_by_hash(const struct symbols *symbols, const char *name)
{
	for (uint32_t i = 0; symbols->hash && i < symbols->hash[1]; i++)
		if (is_it(symbols, i, name))
			return &symbols->all[i];
	return NULL;
}

static const ElfW(Sym) * find_symbol(const struct link_map *module, const char *name, uint32_t hash)
{
	struct symbols symbols;
	if (!read_dynamic(module, &symbols))
		return NULL;
	return symbols.gnu_hash ? find_by_gnu_hash(&symbols, name, hash) : find_by_hash(&symbols, name);
}

static void *find_in(const struct link_map *module, const char *name, uint32_t hash)
{
	const ElfW(Sym) *symbol = find_symbol(module, name, hash);
	if (!symbol)
		return NULL;
	void *found = (void *)(module->l_addr + symbol->st_value);
	return ELF64_ST_TYPE(symbol->st_info) == STT_GNU_IFUNC ? ((void *(*)(void))found)() : found;
}

static const struct link_map *find_own(void)
{
	static struct link_map *own;
	Dl_info info;
	if (!own && !dladdr1(&own, &info, (void **)&own, RTLD_DL_LINKMAP))
		own = NULL;
	return own;
}

void *rt_lookup(const char *name)
{
	const struct link_map *own = find_own(), *module;
	uint32_t hash = hash_name(name);
	void *found = NULL;
	for (module = own ? own->l_next : NULL; module && !found; module = module->l_next)
		found = find_in(module, name, hash);
	/* The program itself is the first. */
	for (module = own ? own->l_prev : NULL; module && module->l_prev && !found; module = module->l_prev)
		found = find_in(module, name, hash);
	return found;
}

/* Where the table of what is defined has nothing: up to where another table begins. */
static size_t count_to_next(const struct symbols *symbols)
{
	const void *const others[] = {symbols->strings, symbols->gnu_hash, symbols->versions};
	uintptr_t from = (uintptr_t)symbols->all, end = UINTPTR_MAX;
	for (size_t i = 0; i < RT_COUNT(others); i++) {
		uintptr_t at = (uintptr_t)others[i];
		end = at > from && at < end ? at : end;
	}
	return end == UINTPTR_MAX ? 0 : (end - from) / sizeof(ElfW(Sym));
}

/* No table says how many symbols there are: what is defined comes last, and the last bucket's end is the end. */
static size_t count_symbols(const struct symbols *symbols)
{
	if (symbols->hash || !symbols->gnu_hash)
		return symbols->hash ? symbols->hash[1] : 0;
	const uint32_t *table = symbols->gnu_hash;
	uint32_t bucket_count = table[0], first = table[1], filter_words = table[2], last = 0;
	const uint32_t *buckets = table + 4 + filter_words * (sizeof(ElfW(Addr)) / sizeof(uint32_t));
	const uint32_t *chains = buckets + bucket_count;
	for (uint32_t i = 0; i < bucket_count; i++)
		last = buckets[i] > last ? buckets[i] : last;
	if (last < first || !last)
		return count_to_next(symbols);
	while (!(chains[last - first] & 1))
		last++;
	return last + 1;
}

static bool begins_with_any(const char *name, const char *const *beginnings)
{
	for (; *beginnings; beginnings++)
		if (rt_bytes_equal(name, *beginnings, rt_string_bytes(*beginnings, SIZE_MAX)))
			return true;
	return false;
}

bool rt_lookup_wanted(const char *const *beginnings)
{
	for (const struct link_map *module = _r_debug.r_map; module; module = module->l_next) {
		struct symbols symbols;
		size_t count = read_dynamic(module, &symbols) ? count_symbols(&symbols) : 0;
		for (size_t i = 1; i < count; i++)
			if (symbols.all[i].st_shndx == SHN_UNDEF &&
				symbols.all[i].st_name < symbols.strings_bytes &&
				begins_with_any(symbols.strings + symbols.all[i].st_name, beginnings))
				return true;
	}
	return false;
}

bool rt_lookup_first(const char *name, struct rt_definition *found)
{
	const struct link_map *own = find_own(), *module = own;
	const ElfW(Sym) *symbol = NULL;
	uint32_t hash = hash_name(name);
	while (module && module->l_prev)
		module = module->l_prev;
	for (; module; module = module->l_next)
		if (module != own && (symbol = find_symbol(module, name, hash)))
			break;
	if (!symbol || ELF64_ST_TYPE(symbol->st_info) == STT_GNU_IFUNC)
		return false;
	*found = (struct rt_definition){
		module, &symbol->st_value, (void *)(module->l_addr + symbol->st_value)};
	return true;
}

void *rt_lookup_in(const struct link_map *module, const char *name)
{
	return find_in(module, name, hash_name(name));
}

bool rt_lookup_is_before(const struct link_map *module)
{
	while (module && module != find_own())
		module = module->l_next;
	return module != NULL;
}
