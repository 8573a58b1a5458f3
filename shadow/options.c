/* The parser of the options string. See options.h. */
#include "options.h"

#include "option_values.h"
#include "text.h"

enum option_type { TYPE_BOOL, TYPE_INT, TYPE_STRING };

struct option_row {
	const char *name;
	enum option_type type;
	size_t offset;
	const char *initial;
};

static const struct option_row option_rows[] = {
#define RT_OPTION(name, type, initial, text) {#name, TYPE_##type, offsetof(struct rt_options, name), initial},
#include "options.def"
#undef RT_OPTION
};

/* What a type alone can't say about a value. */
static const struct option_bound {
	size_t offset;
	int64_t low, high;
} option_bounds[] = {
	{offsetof(struct rt_options, exitcode), 0, 255},
	{offsetof(struct rt_options, verbosity), 0, 2},
	{offsetof(struct rt_options, stack_depth), 8, 4096},
};

/* In a word, N% stands for a percentage, of which the sign may be left out. */
static const struct option_words {
	size_t offset;
	const char *words[5]; /* ends with NULL */
} option_words[] = {
	{offsetof(struct rt_options, shadow), {"auto", "linear", "directory", NULL}},
	{offsetof(struct rt_options, rewrite), {"off", "main", "all", "sample:N%", NULL}},
};

/* Lists of modules and functions. */
static const size_t option_lists[] = {
	offsetof(struct rt_options, rewrite_only), offsetof(struct rt_options, rewrite_skip)};
static const char list_accepted[] =
	"MODULE, MODULE:FUNCTION or MODULE:0xFROM-0xEND, with * and ? as wildcards, comma-separated";

struct message {
	char text[1024];
	size_t used;
};

struct parser {
	struct rt_options *options;
	rt_options_error_fn *on_error;
	void *context;
	bool failed;
};

enum { SHOWN_BYTES = 64, NAME_BYTES = 32 };

static void add_slice(struct message *message, struct slice slice)
{
	for (size_t i = 0; i < slice.bytes && message->used + 1 < sizeof(message->text); i++) {
		unsigned char byte = (unsigned char)slice.at[i];
		message->text[message->used++] = byte < 0x20 || byte == 0x7f ? '?' : (char)byte;
	}
	message->text[message->used] = 0;
}

static void add_text(struct message *message, const char *text)
{
	add_slice(message, slice_of(text));
}

/* A word of the user's, in quotes, cut where it is long. */
static void add_word(struct message *message, struct slice word)
{
	bool cut = word.bytes > SHOWN_BYTES;
	add_text(message, "'");
	add_slice(message, cut ? (struct slice){word.at, SHOWN_BYTES} : word);
	add_text(message, cut ? "...'" : "'");
}

static void add_number(struct message *message, int64_t number)
{
	char digits[24];
	size_t at = sizeof(digits);
	do
		digits[--at] = (char)('0' + number % 10);
	while ((number /= 10) > 0);
	add_slice(message, (struct slice){digits + at, sizeof(digits) - at});
}

static void fail_with(struct parser *parser, const struct message *message)
{
	parser->failed = true;
	if (parser->on_error)
		parser->on_error(parser->context, message->text);
}

static void fail_value(struct parser *parser, const struct option_row *row, struct slice value,
	const struct message *accepted)
{
	struct message message;
	message.used = 0;
	add_text(&message, "option ");
	add_text(&message, row->name);
	add_text(&message, ": ");
	add_word(&message, value);
	add_text(&message, " is not accepted; accepted: ");
	add_text(&message, accepted->text);
	fail_with(parser, &message);
}

/* Levenshtein's distance; names are short, and a longer word is no misspelling of one. */
static unsigned find_distance(struct slice word, struct slice name)
{
	unsigned row[NAME_BYTES + 1];
	if (word.bytes > NAME_BYTES || name.bytes > NAME_BYTES)
		return NAME_BYTES;
	for (unsigned j = 0; j <= name.bytes; j++)
		row[j] = j;
	for (unsigned i = 1; i <= word.bytes; i++) {
		unsigned diagonal = row[0];
		row[0] = i;
		for (unsigned j = 1; j <= name.bytes; j++) {
			unsigned best = diagonal + (word.at[i - 1] != name.at[j - 1]);
			diagonal = row[j];
			best = best < row[j] + 1 ? best : row[j] + 1;
			row[j] = best < row[j - 1] + 1 ? best : row[j - 1] + 1;
		}
	}
	return row[name.bytes];
}

static void fail_name(struct parser *parser, struct slice word)
{
	struct message message;
	const char *nearest = NULL;
	unsigned least = (unsigned)(word.bytes / 3 + 2);
	message.used = 0;
	add_text(&message, "unknown option ");
	add_word(&message, word);
	for (size_t i = 0; i < RT_COUNT(option_rows); i++) {
		unsigned distance = find_distance(word, slice_of(option_rows[i].name));
		if (distance < least) {
			least = distance;
			nearest = option_rows[i].name;
		}
	}
	if (nearest) {
		add_text(&message, ", did you mean ");
		add_text(&message, nearest);
		add_text(&message, "?");
	}
	add_text(&message, nearest ? " Accepted: " : "; accepted: ");
	for (size_t i = 0; i < RT_COUNT(option_rows); i++) {
		add_text(&message, i ? ", " : "");
		add_text(&message, option_rows[i].name);
	}
	fail_with(parser, &message);
}

static void set_int(struct parser *parser, const struct option_row *row, struct slice value)
{
	int64_t number, low = 0, high = INT64_MAX;
	struct message accepted;
	for (size_t i = 0; i < RT_COUNT(option_bounds); i++)
		if (option_bounds[i].offset == row->offset) {
			low = option_bounds[i].low;
			high = option_bounds[i].high;
		}
	if (read_int(value, &number) && number >= low && number <= high) {
		*(int64_t *)((char *)parser->options + row->offset) = number;
		return;
	}
	accepted.used = 0;
	add_text(&accepted, "a number, decimal or 0x...");
	if (high != INT64_MAX) {
		add_text(&accepted, ", from ");
		add_number(&accepted, low);
		add_text(&accepted, " to ");
		add_number(&accepted, high);
	}
	fail_value(parser, row, value, &accepted);
}

/* The words this option is restricted to, or NULL: any text. */
static const char *const *find_words(const struct option_row *row)
{
	for (size_t i = 0; i < RT_COUNT(option_words); i++)
		if (option_words[i].offset == row->offset)
			return option_words[i].words;
	return NULL;
}

static bool takes_list(const struct option_row *row)
{
	for (size_t i = 0; i < RT_COUNT(option_lists); i++)
		if (option_lists[i] == row->offset)
			return true;
	return false;
}

static void set_string(struct parser *parser, const struct option_row *row, struct slice value)
{
	char *field = (char *)parser->options + row->offset;
	const char *const *words = find_words(row);
	bool known = !words;
	struct message accepted;
	accepted.used = 0;
	for (; words && *words; words++) {
		known = known || slice_is_word(value, *words);
		add_text(&accepted, accepted.used ? ", " : "");
		add_text(&accepted, *words);
	}
	if (takes_list(row) && !is_list(value)) {
		known = false;
		add_text(&accepted, list_accepted);
	}
	if (known && value.bytes < RT_OPTION_STRING_BYTES) {
		rt_bytes_copy(field, value.at, value.bytes);
		field[value.bytes] = 0;
		return;
	}
	if (known) {
		add_text(&accepted, "at most ");
		add_number(&accepted, RT_OPTION_STRING_BYTES - 1);
		add_text(&accepted, " bytes");
	}
	fail_value(parser, row, value, &accepted);
}

static void set_option(struct parser *parser, const struct option_row *row, struct slice value)
{
	bool yes;
	struct message accepted;
	switch (row->type) {
	case TYPE_BOOL:
		if (read_bool(value, &yes)) {
			*(bool *)((char *)parser->options + row->offset) = yes;
			return;
		}
		accepted.used = 0;
		add_text(&accepted, "1, yes, true, on, 0, no, false, off");
		fail_value(parser, row, value, &accepted);
		return;
	case TYPE_INT:
		set_int(parser, row, value);
		return;
	case TYPE_STRING:
		set_string(parser, row, value);
		return;
	}
}

static bool is_separator(char c)
{
	return c == ':' || c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool has_colons(const struct option_row *row)
{
	return takes_list(row) || row->offset == offsetof(struct rt_options, rewrite);
}

/* A ':' that no name=value follows, nor the end. */
static bool is_part_of_value(const char *at)
{
	const char *p = at + 1;
	while (*p && *p != '=' && !is_separator(*p))
		p++;
	return *at == ':' && p != at + 1 && *p != '=';
}

/* pre: *at stands behind the '='. Moves *at behind the value, which may have colons of its own. False for a quote that is
 * never closed. */
static bool take_value(const char **at, struct slice *value, bool has_colons)
{
	const char *p = *at;
	char quote = *p == '"' || *p == '\'' ? *p++ : 0;
	value->at = p;
	while (*p && (quote ? *p != quote : !is_separator(*p) || (has_colons && is_part_of_value(p))))
		p++;
	value->bytes = (size_t)(p - value->at);
	*at = p + (quote && *p);
	return !quote || *p;
}

static const struct option_row *find_row(struct slice name)
{
	for (size_t i = 0; i < RT_COUNT(option_rows); i++)
		if (slice_is(name, option_rows[i].name))
			return &option_rows[i];
	return NULL;
}

static void parse_one(struct parser *parser, const char **at)
{
	struct slice name = {*at, 0}, value;
	struct message message;
	const struct option_row *row;
	while (**at && **at != '=' && !is_separator(**at))
		++*at;
	name.bytes = (size_t)(*at - name.at);
	if (**at != '=') {
		message.used = 0;
		add_word(&message, name);
		add_text(&message, " is not an option; accepted: name=value, separated by ':'");
		fail_with(parser, &message);
		return;
	}
	++*at;
	row = find_row(name);
	if (!take_value(at, &value, row && has_colons(row))) {
		message.used = 0;
		add_text(&message, "option ");
		add_word(&message, name);
		add_text(&message, ": the quote is never closed");
		fail_with(parser, &message);
		return;
	}
	if (row)
		set_option(parser, row, value);
	else
		fail_name(parser, name);
}

/* Field by field: for an initialiser a compiler may call memset. */
static void start_parser(
	struct parser *parser, struct rt_options *options, rt_options_error_fn *on_error, void *context)
{
	parser->options = options;
	parser->on_error = on_error;
	parser->context = context;
	parser->failed = false;
}

void rt_options_init(struct rt_options *options)
{
	struct parser parser;
	start_parser(&parser, options, NULL, NULL);
	for (size_t i = 0; i < RT_COUNT(option_rows); i++)
		set_option(&parser, &option_rows[i], slice_of(option_rows[i].initial));
}

bool rt_options_parse(
	struct rt_options *options, const char *text, rt_options_error_fn *on_error, void *context)
{
	struct parser parser;
	start_parser(&parser, options, on_error, context);
	while (*text) {
		if (is_separator(*text))
			text++;
		else
			parse_one(&parser, &text);
	}
	return !parser.failed;
}

void rt_options_say(void (*say)(const char *text, const char *more))
{
	static const char *const rows[][3] = {
#define RT_OPTION(name, type, initial, text) {#name, initial, text},
#include "options.def"
#undef RT_OPTION
	};
	say("RACETRACK_OPTIONS=name=value:name=value, with", "");
	for (size_t i = 0; i < RT_COUNT(rows); i++) {
		char line[512];
		struct rt_text text = rt_text_init(line, sizeof(line));
		rt_text_add(&text, rows[i][0]);
		rt_text_add(&text, " (");
		rt_text_add(&text, rows[i][1]);
		rt_text_add(&text, "): ");
		rt_text_add(&text, rows[i][2]);
		say("  ", line);
	}
}
