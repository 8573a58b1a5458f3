#include "eh_frame.h"

enum { AUGMENTATION_BYTES = 8 };

static bool is_inside(struct rt_eh_memory memory, uintptr_t at)
{
	return at >= memory.low && at < memory.high;
}

bool rt_eh_read_header(struct rt_eh_memory memory, uintptr_t at, struct rt_eh_header *header)
{
	rt_bytes_zero(header, sizeof(*header));
	if (!is_inside(memory, at) || memory.high - at < 4)
		return false;
	const uint8_t *bytes = (const uint8_t *)at;
	struct rt_reader reader = {bytes + 4, (const uint8_t *)memory.high, false};
	uint8_t version = bytes[0], frames = bytes[1], count = bytes[2], table = bytes[3];
	if (version != 1)
		return false;
	header->header = at;
	header->frames = frames == RT_ENCODING_OMIT ? 0 : rt_read_encoded(&reader, frames);
	if (count == RT_ENCODING_OMIT || table != RT_ENCODING_TABLE)
		return !reader.failed;
	header->count = rt_read_encoded(&reader, count);
	header->pairs = (const int32_t *)reader.at;
	uint64_t most = (uint64_t)(reader.end - reader.at) / (2 * sizeof(int32_t));
	if (header->count > most)
		header->count = most;
	return !reader.failed;
}

uintptr_t rt_eh_find(const struct rt_eh_header *header, uintptr_t pc)
{
	int64_t wanted = (int64_t)(pc - header->header);
	uint64_t low = 0, high = header->count;
	while (low < high) {
		uint64_t middle = (low + high) / 2;
		if (header->pairs[2 * middle] <= wanted)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? header->header + (uintptr_t)(intptr_t)header->pairs[2 * (low - 1) + 1] : 0;
}

/* What is behind the length of the record at `at`. False: the end, or damage. */
static bool read_record(struct rt_eh_memory memory, uintptr_t at, struct rt_reader *record)
{
	if (!is_inside(memory, at))
		return false;
	struct rt_reader reader = {(const uint8_t *)at, (const uint8_t *)memory.high, false};
	uint64_t bytes = rt_read_fixed(&reader, 4);
	if (!bytes || bytes > (uint64_t)(reader.end - reader.at))
		return false;
	*record = (struct rt_reader){reader.at, reader.at + bytes, false};
	return true;
}

/* Of data whose letters are not all known, what follows can't be read. */
static bool read_augmentation(struct rt_eh_cie *cie, const uint8_t *letters, struct rt_reader data)
{
	for (; *letters; letters++) {
		switch (*letters) {
		case 'R':
			cie->encoding = (uint8_t)rt_read_fixed(&data, 1);
			break;
		case 'P':
			rt_read_encoded(&data, (uint8_t)rt_read_fixed(&data, 1) & RT_ENCODING_FORM);
			break;
		case 'L':
			cie->lsda_encoding = (uint8_t)rt_read_fixed(&data, 1);
			break;
		case 'S':
			cie->signal_frame = true;
			break;
		default:
			return false;
		}
	}
	return !data.failed;
}

static bool read_cie(struct rt_eh_memory memory, uintptr_t at, struct rt_eh_cie *cie)
{
	struct rt_reader reader;
	rt_bytes_zero(cie, sizeof(*cie));
	if (!read_record(memory, at, &reader) || rt_read_fixed(&reader, 4))
		return false;
	cie->lsda_encoding = RT_ENCODING_OMIT;
	uint8_t version = (uint8_t)rt_read_fixed(&reader, 1);
	const uint8_t *letters = reader.at;
	unsigned count = 0;
	while (rt_read_fixed(&reader, 1))
		if (count++ == AUGMENTATION_BYTES)
			return false;
	cie->code_align = rt_read_uleb(&reader);
	cie->data_align = rt_read_sleb(&reader);
	cie->return_register = version == 1 ? rt_read_fixed(&reader, 1) : rt_read_uleb(&reader);
	cie->augmented = count && *letters == 'z';
	if (reader.failed || (count && !cie->augmented))
		return false;
	if (cie->augmented) {
		struct rt_reader data = rt_read_block(&reader);
		if (!read_augmentation(cie, letters + 1, data))
			return false;
	}
	cie->program = reader;
	cie->at = at;
	return !reader.failed;
}

bool rt_eh_read_fde(struct rt_eh_memory memory, uintptr_t at, struct rt_eh_fde *fde)
{
	struct rt_reader reader;
	if (!read_record(memory, at, &reader))
		return false;
	uint64_t distance = rt_read_fixed(&reader, 4);
	if (!distance || reader.failed)
		return false;
	uintptr_t cie = at + 4 - distance;
	if (fde->cie.at != cie && !read_cie(memory, cie, &fde->cie)) {
		fde->cie.at = 0;
		return false;
	}
	fde->start = rt_read_encoded(&reader, fde->cie.encoding);
	fde->bytes = rt_read_encoded(&reader, fde->cie.encoding & RT_ENCODING_FORM);
	fde->lsda = 0;
	if (fde->cie.augmented) {
		struct rt_reader data = rt_read_block(&reader);
		if (fde->cie.lsda_encoding != RT_ENCODING_OMIT)
			fde->lsda = rt_read_encoded(&data, fde->cie.lsda_encoding);
		reader.failed |= data.failed;
	}
	fde->program = reader;
	return !reader.failed;
}

uintptr_t rt_eh_next(struct rt_eh_memory memory, uintptr_t at)
{
	struct rt_reader record;
	return read_record(memory, at, &record) ? (uintptr_t)record.end : 0;
}
