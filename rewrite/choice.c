#include "choice.h"

#include "locking.h"
#include "survey.h"

#include "shadow/allocator.h"
#include "shadow/losses.h"
#include "shadow/process.h"
#include "shadow/sample.h"
#include "shadow/sys.h"
#include "shadow/text.h"
#include "shadow/trait.h"

/* Part of the machinery, or nothing a program shares data with. */
static const struct {
	const char *pattern, *why;
} never[] = {
	{"ld-linux*.so*", "the dynamic loader"},
	{"libc.so*", "the C library, whose functions are seen when they are called"},
	{"libracetrack*.so*", "part of racetrack"},
	{"libZydis.so*", "part of racetrack"},
	{"libZycore.so*", "part of racetrack"},
	{"libunwind*.so*", "part of racetrack"},
	{"libtsan.so*", "another sanitizer"},
	{"libasan.so*", "another sanitizer"},
};
/* Whose part is to order threads, wherever they lie: programs bring them along, too. */
static const char *const runtimes[] = {
	"libgomp*.so*", "libomp*.so*", "libiomp*.so*", "libtbb*.so*", "liburcu*.so*"};
/* Libraries whose own locks order nothing of the program's that is not seen: those of libstdc++ are functions that are seen when they
 * are called, those of the JVM are taken by code that is made at run time. */
static const char *const no_locks[] = {"libstdc++.so*", "libjvm.so*"};
/* C++'s own, whose containers are as thread-safe as whoever calls them. */
static const char *const plain[] = {
	"libstdc++.so*", "libc++.so*", "libc++abi.so*", "libgcc_s.so*", "libm.so*"};
static const char *const system_folders[] = {"/lib/", "/lib64/", "/usr/lib/", "/usr/lib64/", "/usr/libexec/"};

/* ---- patterns ---- */

/* Of a name and a pattern in which `*` stands for any text and `?` for a character. */
static bool matches(const char *pattern, size_t bytes, const char *name, size_t name_bytes)
{
	const char *end = pattern + bytes, *name_end = name + name_bytes, *star = NULL, *from = NULL;
	while (name < name_end) {
		if (pattern < end && *pattern == '*') {
			star = ++pattern;
			from = name;
		} else if (pattern < end && (*pattern == '?' || *pattern == *name)) {
			pattern++;
			name++;
		} else if (star) {
			pattern = star;
			name = ++from;
		} else {
			return false;
		}
	}
	while (pattern < end && *pattern == '*')
		pattern++;
	return pattern == end;
}

struct slice {
	const char *at;
	size_t bytes;
};

static bool slice_matches(struct slice pattern, const char *name)
{
	return matches(pattern.at, pattern.bytes, name, rt_string_bytes(name, SIZE_MAX));
}

/* ---- items of rewrite_only and rewrite_skip ---- */

enum { ITEMS_MOST = RT_OPTION_STRING_BYTES / 2 };

struct item {
	struct slice whole, module, function; /* function.bytes 0: all of the module */
	uint64_t low, high;                   /* low < high: instead of a name, addresses [low, high) */
};

/* What an item was good for, until now. */
struct use {
	bool names_module, is_used;
	const char *refused; /* why a module that it names is not rewritten */
};

static struct list {
	const char *option, *text;
	struct use uses[ITEMS_MOST];
} only = {.option = "rewrite_only", .text = rt_options.rewrite_only},
  skip = {.option = "rewrite_skip", .text = rt_options.rewrite_skip};

static struct slice slice_until(const char *at, const char *end, char stop)
{
	struct slice slice = {at, 0};
	while (at + slice.bytes < end && at[slice.bytes] != stop)
		slice.bytes++;
	return slice;
}

/* Moves *at behind "0x" and digits. */
static bool read_address(const char **at, const char *end, uint64_t *address)
{
	const char *p = *at;
	if (end - p < 3 || p[0] != '0' || p[1] != 'x')
		return false;
	for (p += 2, *address = 0; p < end; p++) {
		unsigned digit =
			*p >= '0' && *p <= '9' ? (unsigned)(*p - '0') : (unsigned)(*p | 0x20) - 'a' + 10;
		if (digit > 15)
			break;
		*address = *address << 4 | digit;
	}
	*at = p;
	return true;
}

static void read_range(struct item *item)
{
	const char *at = item->function.at, *end = at + item->function.bytes;
	uint64_t low, high;
	if (!read_address(&at, end, &low))
		return;
	high = low + 1;
	if (at < end && (*at++ != '-' || !read_address(&at, end, &high)))
		return;
	if (at == end) {
		item->low = low;
		item->high = high;
	}
}

/* The next of the list from *at on, which moves behind it; false: there is none. */
static bool next_item(const char **at, struct item *item)
{
	const char *end = *at + rt_string_bytes(*at, SIZE_MAX);
	if (*at == end)
		return false;
	*item = (struct item){.whole = slice_until(*at, end, ',')};
	const char *item_end = *at + item->whole.bytes;
	item->module = slice_until(*at, item_end, ':');
	item->function.at = item->module.at + item->module.bytes + 1;
	if (item->function.at < item_end) {
		item->function.bytes = (size_t)(item_end - item->function.at);
		read_range(item);
	}
	*at = item_end + (item_end < end);
	return true;
}

static bool names_module(const struct item *item, const struct rt_module *module, const struct rt_file *file)
{
	return slice_matches(item->module, rt_file_base(file->path)) ||
	       (module->path[0] && slice_matches(item->module, rt_file_base(module->path)));
}

/* ---- modules ---- */

bool rt_choice_any(void)
{
	return !rt_string_equal(rt_options.rewrite, "off");
}

static bool is_system(const char *path)
{
	for (unsigned i = 0; i < RT_COUNT(system_folders); i++)
		if (rt_bytes_equal(path, system_folders[i], rt_string_bytes(system_folders[i], SIZE_MAX)))
			return true;
	return false;
}

static bool is_one_of(const struct rt_module *module, const char *const *patterns, unsigned count)
{
	const char *base = rt_file_base(module->path);
	for (unsigned i = 0; i < count; i++)
		if (slice_matches((struct slice){patterns[i], rt_string_bytes(patterns[i], SIZE_MAX)}, base))
			return true;
	return false;
}

/* But for the order that it gives: see locking.h. */
static bool is_left_out(const struct rt_module *module)
{
	return rt_allocator_holds(module->whole.low) || is_one_of(module, runtimes, RT_COUNT(runtimes)) ||
	       (module->path[0] && !rt_string_equal(rt_options.rewrite, "all") && is_system(module->path));
}

static bool orders_nothing(const struct rt_module *module)
{
	return is_one_of(module, no_locks, RT_COUNT(no_locks)) ||
	       (!rt_locking_module(module) && !rt_survey(module, RT_SURVEY_ATOMIC_NAMES));
}

static const char *why_never(const struct rt_module *module)
{
	struct slice base = {rt_file_base(module->path), 0};
	base.bytes = rt_string_bytes(base.at, SIZE_MAX);
	if ((uintptr_t)&never - module->whole.low < module->whole.high - module->whole.low)
		return "part of racetrack"; /* whatever its file is called */
	for (unsigned i = 0; i < RT_COUNT(never); i++)
		if (matches(never[i].pattern, rt_string_bytes(never[i].pattern, SIZE_MAX), base.at,
			    base.bytes))
			return never[i].why;
	return NULL;
}

static const char *refuse_always(const struct rt_module *module)
{
	const char *why = why_never(module);
	if (!why && is_left_out(module) && orders_nothing(module))
		return "a library of the system's: those are rewritten with rewrite=all";
	return why;
}

void rt_choice_tell_unseen(const struct rt_module *module, bool is_partial)
{
	enum rt_trait how = is_one_of(module, plain, RT_COUNT(plain)) ? RT_TRAIT_PLAIN
			    : is_partial                              ? RT_TRAIT_UNSEEN_MOST
								      : RT_TRAIT_UNSEEN;
	if (is_left_out(module) && !why_never(module) &&
		(how != RT_TRAIT_UNSEEN || rt_survey(module, RT_SIGN_LOCK)))
		rt_trait_add(how, module->whole.low, module->whole.high);
}

/* Whether an item names the module, and whether one names all of it. */
static void look_for(struct list *list, const struct rt_module *module, const struct rt_file *file,
	const char *refused, bool *some, bool *all)
{
	struct item item;
	const char *at = list->text;
	*some = *all = false;
	for (struct use *use = list->uses; next_item(&at, &item); use++) {
		if (!names_module(&item, module, file))
			continue;
		*some = true;
		*all |= !item.function.bytes;
		use->names_module |= !refused;
		use->is_used |= !item.function.bytes && (!refused || list == &skip);
		use->refused = refused;
	}
}

bool rt_choice_is_partial(const struct rt_module *module)
{
	return is_left_out(module);
}

const char *rt_choice_refuse(const struct rt_module *module, const struct rt_file *file)
{
	const char *refused = refuse_always(module);
	bool named, wholly_named, skipped, wholly_skipped;
	look_for(&only, module, file, refused, &named, &wholly_named);
	look_for(&skip, module, file, refused, &skipped, &wholly_skipped);
	if (refused)
		return refused;
	if (only.text[0] && !named && !is_left_out(module))
		return "option rewrite_only does not name it";
	return wholly_skipped ? "option rewrite_skip names it" : NULL;
}

/* ---- functions ---- */

struct naming {
	const struct rt_module *module;
	const struct item *item;
	uint64_t *bits;
	bool found;
};

static void name_function(struct naming *naming, const struct rt_function *function)
{
	if (!function)
		return;
	rt_bit_set(naming->bits, (uint32_t)(function - naming->module->functions));
	naming->found = true;
}

static void see_symbol(const char *name, uint32_t offset, void *data)
{
	struct naming *naming = data;
	struct slice pattern = naming->item->function;
	size_t bytes = rt_string_bytes(name, SIZE_MAX), stem = 0;
	while (stem < bytes && (!stem || name[stem] != '.'))
		stem++;
	if (bytes && (matches(pattern.at, pattern.bytes, name, bytes) ||
			     matches(pattern.at, pattern.bytes, name, stem)))
		name_function(naming, rt_module_function(naming->module, offset));
}

static void name_range(struct naming *naming)
{
	const struct rt_module *module = naming->module;
	uint64_t text = module->text.start - module->base;
	for (uint32_t i = 0; i < module->function_count; i++)
		if (text + module->functions[i].start < naming->item->high &&
			text + module->functions[i].end > naming->item->low)
			name_function(naming, &module->functions[i]);
}

static void name_all(struct naming *naming)
{
	for (uint32_t i = 0; i < naming->module->function_count; i++)
		rt_bit_set(naming->bits, i);
}

/* Sets the bits of the functions that the list names. */
static void find_named(
	struct list *list, const struct rt_module *module, const struct rt_file *file, uint64_t *bits)
{
	struct item item;
	const char *at = list->text;
	for (struct use *use = list->uses; next_item(&at, &item); use++) {
		struct naming naming = {module, &item, bits, false};
		if (!names_module(&item, module, file))
			continue;
		if (!item.function.bytes)
			name_all(&naming);
		else if (item.low < item.high)
			name_range(&naming);
		else
			rt_file_symbols(file, module, see_symbol, &naming);
		use->is_used |= naming.found;
	}
}

uint64_t *rt_choice_functions(const struct rt_module *module, const struct rt_file *file)
{
	size_t bytes = rt_choice_bytes(module);
	uint64_t *chosen = rt_alloc(bytes), *skipped = rt_alloc(bytes);
	bool all = is_left_out(module) || rt_sample_is_all();
	if (!chosen || !skipped) {
		rt_free(chosen, bytes);
		rt_free(skipped, bytes);
		return NULL;
	}
	if (only.text[0] && !is_left_out(module))
		find_named(&only, module, file, chosen);
	else
		name_all(&(struct naming){.module = module, .bits = chosen});
	find_named(&skip, module, file, skipped);
	for (uint32_t i = 0; i < bytes / sizeof(*chosen); i++)
		chosen[i] &= ~skipped[i];
	rt_free(skipped, bytes);
	for (uint32_t i = 0; i < module->function_count && !all; i++)
		if (!rt_sample_takes(module->text.start + module->functions[i].start))
			rt_bit_clear(chosen, i);
	return chosen;
}

static bool names_functions(
	const struct list *list, const struct rt_module *module, const struct rt_file *file)
{
	struct item item;
	for (const char *at = list->text; next_item(&at, &item);)
		if (item.function.bytes && names_module(&item, module, file))
			return true;
	return false;
}

bool rt_choice_is_whole(const struct rt_module *module, const struct rt_file *file)
{
	return rt_sample_is_all() && !names_functions(&only, module, file) &&
	       !names_functions(&skip, module, file);
}

/* ---- what was good for nothing ---- */

static void say_unused(const struct list *list, const struct item *item, const struct use *use)
{
	char line[RT_OPTION_STRING_BYTES + 256], word[RT_OPTION_STRING_BYTES];
	struct rt_text text = rt_text_init(line, sizeof(line));
	rt_bytes_copy(word, item->whole.at, item->whole.bytes);
	word[item->whole.bytes] = 0;
	rt_text_add(&text, "option ");
	rt_text_add(&text, list->option);
	rt_text_add(&text, ": '");
	rt_text_add(&text, word);
	rt_text_add(&text, use->names_module ? "' names no function that is known"
					     : "' names nothing that is rewritten");
	if (!use->names_module && use->refused) {
		rt_text_add(&text, ": ");
		rt_text_add(&text, use->refused);
	}
	rt_losses_tell(line);
}

void rt_choice_say_unused(void)
{
	struct list *const lists[] = {&only, &skip};
	for (unsigned i = 0; i < RT_COUNT(lists); i++) {
		struct item item;
		const char *at = lists[i]->text;
		for (struct use *use = lists[i]->uses; next_item(&at, &item); use++)
			if (!use->is_used)
				say_unused(lists[i], &item, use);
	}
}
