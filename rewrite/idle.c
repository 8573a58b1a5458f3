#include "idle.h"

#include "loop.h"
#include "way.h"

enum {
	LONG = 320,        /* instructions of a way */
	STEPS_MOST = 4096, /* of all ways of a loop */
	CHOICES_MOST = 32, /* on a way */
	TIMES_MOST =
		2, /* to an instruction, by choice: in a loop in the loop what it found is looked at as its next round begins */
	ROUNDS = 3, /* until constants have gone from register to register */
};

/* Ways are tried one after the other, told by what is chosen where both is possible: a bit for each time, as a number that is
 * counted up. */
struct search {
	struct rt_body *body;
	uint32_t entry;
	struct rt_way way;
	uint32_t insns[LONG];
	unsigned length;
	uint32_t chosen;
	unsigned choices, fixed; /* as many were made; those before are as `chosen` says */
	unsigned steps;
	bool works; /* there are other ways round, which do something: those that say that they wait are none of them */
};

/* `chosen`: it may also go elsewhere. */
static bool may_go(const struct search *search, uint32_t to, bool chosen)
{
	const uint32_t marks = to == RT_NO_INSN ? 0 : search->body->marks[to];
	unsigned times = 0;
	if (to == search->entry || !(marks & RT_MARK_AROUND))
		return to == search->entry;
	for (unsigned i = 0; chosen && marks & RT_MARK_APART && i < search->length; i++)
		times += search->insns[i] == to;
	return times < TIMES_MOST;
}

static bool choose(struct search *search, const struct rt_insn *branch, unsigned ways)
{
	bool taken = ways == 2;
	if (ways == 3) {
		taken = search->choices < search->fixed && search->chosen >> search->choices & 1;
		search->chosen &= ~(1u << search->choices);
		search->chosen |= (uint32_t)taken << search->choices++;
	}
	rt_way_choose(&search->way, branch, taken);
	return taken;
}

/* On from `at`. RT_NO_INSN: nowhere. */
static uint32_t go(struct search *search, uint32_t at)
{
	const struct rt_body *body = search->body;
	const struct rt_insn *insn = &body->insns[at];
	uint32_t to = insn->flow == RT_FLOW_JUMP ? body->targets[at] : body->next[at];
	if (insn->flow == RT_FLOW_BRANCH) {
		unsigned ways = rt_way_choices(&search->way, insn);
		bool chosen = ways == 3;
		ways &= (may_go(search, body->targets[at], chosen) ? 2u : 0) |
			(may_go(search, to, chosen) ? 1u : 0);
		if (!ways || search->choices == CHOICES_MOST)
			return RT_NO_INSN;
		to = choose(search, insn, ways) ? body->targets[at] : to;
	}
	return may_go(search, to, false) ? to : (uint32_t)RT_NO_INSN;
}

static void forget_way(struct search *search)
{
	for (unsigned i = 0; i < search->length; i++)
		search->body->marks[search->insns[i]] &= ~RT_MARK_APART;
}

/* From the entry to the entry. False: this way is none. */
static bool walk(struct search *search)
{
	uint32_t at = search->entry;
	search->length = search->choices = 0;
	rt_way_begin(&search->way, search->body);
	do {
		search->body->marks[at] |= RT_MARK_APART;
		search->insns[search->length++] = at;
		rt_way_step(&search->way, at);
		search->way.is_lost |=
			search->body->insns[at].flow == RT_FLOW_CALL && !rt_loop_yields(search->body, at);
		at = search->way.is_lost ? (uint32_t)RT_NO_INSN : go(search, at);
	} while (at != RT_NO_INSN && at != search->entry && search->length < LONG);
	forget_way(search);
	search->steps += search->length;
	return at == search->entry;
}

/* The next number. False: there is none. */
static bool turn(struct search *search)
{
	while (search->choices && search->chosen >> (search->choices - 1) & 1)
		search->choices--;
	if (!search->choices)
		return false;
	search->fixed = search->choices;
	search->chosen |= 1u << (search->fixed - 1);
	return true;
}

/* Those of variables at a fixed place: they stay or they don't, whatever else is looked at. */
static uint32_t static_loads(const struct rt_way *way)
{
	uint32_t found = 0;
	for (unsigned i = 0; i < way->load_count; i++) {
		const struct rt_made *address = &way->loads[i].address;
		bool is = !address->entry && !address->loads && !address->rest &&
			  way->body->insns[way->loads[i].insn].memory[0].base == RT_REG_PC;
		found |= is ? 1u << i : 0;
	}
	return found;
}

/* How the branch may be decided for good: by one look, at one place or at several at once. Several looks in a row are what a search
 * through a structure takes, which never meets what it would not end with. `looks`: the loads that decided before. */
static bool is_settled(const struct search *search, uint32_t looks)
{
	const struct rt_way_flags *flags = &search->way.flags;
	uint32_t fixed = static_loads(&search->way), loads = flags->made.loads & ~fixed;
	if (flags->made.unknown)
		return false;
	if (flags->made.loads)
		return !loads || !(looks & ~fixed) || (looks & ~fixed) == loads;
	return flags->is_exact || !looks;
}

/* The same way once more, from what it came to before: it is lost where a branch is not decided so any more. The loads that decide;
 * 0: something else does. Where it says that it waits it may look at whatever it likes. */
static uint32_t follow(struct search *search)
{
	struct rt_way *way = &search->way;
	uint32_t looks = 0;
	bool settled = true, pauses = false;
	rt_way_again(way);
	for (unsigned i = 0; i < search->length && !way->is_lost; i++) {
		uint32_t at = search->insns[i], to = search->insns[i + 1 < search->length ? i + 1 : 0];
		const struct rt_insn *insn = &search->body->insns[at];
		rt_way_step(way, at);
		pauses |= rt_loop_pauses(search->body, at);
		if (insn->flow != RT_FLOW_BRANCH)
			continue;
		bool taken = search->body->targets[at] == to;
		unsigned ways = rt_way_choices(way, insn);
		way->is_lost |= !(ways >> taken & 1);
		settled &= ways != 3 || is_settled(search, looks);
		looks |= ways == 3 ? way->flags.made.loads : 0;
		rt_way_choose(way, insn, taken);
	}
	return pauses || (settled && !search->works) ? looks : 0;
}

static void add(struct rt_idle_loads *loads, const struct rt_way *way, uint32_t which)
{
	for (unsigned i = 0; i < way->load_count; i++) {
		bool is_there = !(which >> i & 1);
		for (unsigned n = 0; n < loads->count; n++)
			is_there |= loads->at[n] == way->loads[i].insn;
		if (!is_there && loads->count < RT_IDLE_MOST)
			loads->at[loads->count++] = way->loads[i].insn;
	}
}

void rt_idle_find(struct rt_body *body, uint32_t entry, bool works, struct rt_idle *idle)
{
	struct search search;
	search.works = works;
	search.body = body;
	search.entry = entry;
	search.way.slot_count = 0;
	search.chosen = search.fixed = search.steps = 0;
	idle->settled.count = idle->passed.count = 0;
	for (uint32_t i = 0; i < body->count; i++)
		body->marks[i] &= ~RT_MARK_APART;
	do {
		if (!walk(&search) || !rt_way_is_round(&search.way, body->live[entry]))
			continue;
		add(&idle->passed, &search.way, rt_way_exact_loads(&search.way, body->live[entry]));
		uint32_t looks = 0;
		for (unsigned round = 1; round < ROUNDS; round++)
			looks = follow(&search);
		if (!search.way.is_lost)
			add(&idle->settled, &search.way, looks);
	} while (turn(&search) && search.steps < STEPS_MOST);
}
