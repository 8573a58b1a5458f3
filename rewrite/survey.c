#include "survey.h"

#include "cache.h"
#include "decode.h"
#include "list.h"
#include "named.h"
#include "shadow/process.h"
#include "shadow/text.h"

enum { RECORDS_MOST = 2048 };

/* What was found of a module. */
struct record {
	struct rt_digest key;  /* high 0: where it begins, in this process alone */
	uint32_t known, found; /* bits */
};

struct header {
	uint64_t count; /* of records, which follow */
	struct rt_digest digest;
};

static struct {
	char name[RT_STORE_NAME]; /* of the file; "": what is found is not kept */
	bool is_new;              /* something that the file does not have */
	RT_LIST(struct record) records;
	RT_LIST(struct met {
		uintptr_t low;
		uint32_t record;
	})
	met; /* modules that were asked for */
} survey;

/* ---- the file ---- */

static void name_file(const struct rt_digest *makers)
{
	struct rt_text text = rt_text_init(survey.name, sizeof(survey.name));
	rt_text_add(&text, "survey-");
	rt_text_number(&text, makers->low);
	rt_text_add(&text, "-");
	rt_text_number(&text, makers->high);
}

static bool read_records(int file, uint64_t bytes)
{
	struct header header;
	if (bytes < sizeof(header) || !rt_store_read(file, &header, sizeof(header)) ||
		header.count > RECORDS_MOST || bytes != sizeof(header) + header.count * sizeof(struct record))
		return false;
	for (uint64_t i = 0; i < header.count; i++)
		if (!rt_list_add(&survey.records))
			return false;
	bytes = header.count * sizeof(struct record);
	return rt_store_read(file, survey.records.at, bytes) &&
	       rt_digest_equal(rt_digest_of(survey.records.at, bytes), header.digest);
}

void rt_survey_open(void)
{
	const struct rt_digest *makers = rt_store_is_open() ? rt_cache_makers() : NULL;
	uint64_t bytes;
	survey.name[0] = 0;
	if (!makers)
		return;
	name_file(makers);
	int file = rt_store_find(survey.name, &bytes);
	if (file < 0)
		return;
	if (!read_records(file, bytes)) {
		rt_list_fini(&survey.records);
		rt_store_remove(survey.name);
		if (rt_options.verbosity)
			rt_process_say(
				"the cache's file of what was found in libraries is damaged, and not used",
				"");
	}
	rt_sys_close(file);
}

/* Without what is only this process's; the oldest go first. */
static void drop_records(void)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < survey.records.count; i++)
		if (survey.records.at[i].key.high)
			survey.records.at[count++] = survey.records.at[i];
	uint32_t first = count > RECORDS_MOST ? count - RECORDS_MOST : 0;
	for (uint32_t i = first; i < count; i++)
		survey.records.at[i - first] = survey.records.at[i];
	survey.records.count = count - first;
}

static void write_records(void)
{
	drop_records();
	size_t bytes = survey.records.count * sizeof(struct record);
	struct header header = {survey.records.count, rt_digest_of(survey.records.at, bytes)};
	int file = rt_store_begin(sizeof(header) + bytes);
	if (file >= 0)
		rt_store_end(file, survey.name,
			rt_store_write(file, &header, sizeof(header)) &&
				rt_store_write(file, survey.records.at, bytes));
}

void rt_survey_close(void)
{
	if (survey.name[0] && survey.is_new)
		write_records();
	survey.is_new = false;
	rt_list_fini(&survey.records);
	rt_list_fini(&survey.met);
}

/* ---- modules ---- */

static struct rt_digest key_of(const struct rt_module *module)
{
	struct rt_digest key = {module->whole.low, 0};
	struct rt_file *file = survey.name[0] && module->build_id_bytes ? rt_alloc(sizeof(*file)) : NULL;
	struct stat status;
	if (!file)
		return key;
	rt_file_find(file, module);
	if (rt_file_status(file, &status)) {
		const int64_t facts[] = {
			status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec, module->text.bytes};
		key = rt_digest_of(module->build_id, module->build_id_bytes);
		rt_digest_add(&key, facts, sizeof(facts));
	}
	rt_free(file, sizeof(*file));
	return key;
}

/* NULL: no memory. Valid until the next one. */
static struct record *find_record(struct rt_digest key)
{
	for (uint32_t i = 0; i < survey.records.count; i++)
		if (rt_digest_equal(survey.records.at[i].key, key))
			return &survey.records.at[i];
	struct record *record = rt_list_add(&survey.records);
	if (record)
		*record = (struct record){key, 0, 0};
	return record;
}

/* As that. */
static struct record *record_of(const struct rt_module *module)
{
	for (uint32_t i = 0; i < survey.met.count; i++)
		if (survey.met.at[i].low == module->whole.low)
			return &survey.records.at[survey.met.at[i].record];
	struct record *record = find_record(key_of(module));
	struct met *met = record ? rt_list_add(&survey.met) : NULL;
	if (met)
		*met = (struct met){module->whole.low, (uint32_t)(record - survey.records.at)};
	return record;
}

static bool has_atomic_names(const struct rt_module *module)
{
	struct rt_file *file = rt_alloc(sizeof(*file));
	if (!file)
		return false;
	rt_file_find(file, module);
	bool has = rt_named_any_atomic(module, file);
	rt_free(file, sizeof(*file));
	return has;
}

unsigned rt_survey(const struct rt_module *module, unsigned wanted)
{
	struct record *record = rt_decode_is_open() ? record_of(module) : NULL;
	unsigned missing = record ? wanted & ~record->known : wanted;
	unsigned found = missing & RT_SIGNS_ALL ? rt_signs_find(module, missing & RT_SIGNS_ALL) : 0;
	if (missing & RT_SURVEY_ATOMIC_NAMES && has_atomic_names(module))
		found |= RT_SURVEY_ATOMIC_NAMES;
	if (!record)
		return found;
	survey.is_new |= missing && record->key.high;
	record->known |= missing;
	record->found |= found;
	return record->found & wanted;
}
