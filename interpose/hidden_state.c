/* Functions that keep something between their calls: see hidden_state.h. */
#include "hidden_state.h"
#include "result.h"
#include "span.h"

void rt_hidden_use(struct rt_thread *self, struct rt_site *site, struct rt_hidden *hidden, const void *at,
	size_t bytes, enum rt_access_kind kind)
{
	if (rt_allocator_holds(site->pc) || !rt_sample_takes(site->pc))
		return;
	if (!__atomic_exchange_n(&hidden->is_named, true, __ATOMIC_RELAXED))
		rt_range_name(self, at, bytes, hidden->name);
	rt_access(self, site, at, bytes, kind, RT_CLASS_HIDDEN);
}

/* ---- what is kept between calls: told before, with what the call reads besides ---- */

#define STATE_BODY(function, state, kind, call, ...)                                                         \
	RT_TELL(function, {                                                                                  \
		__VA_ARGS__;                                                                                 \
		RT_USES_HIDDEN(state, kind);                                                                 \
	});                                                                                                  \
	return call

static struct rt_hidden environment = {.name = "the environment"};

char *rt_wrap_getenv(const char *name)
{
	STATE_BODY(getenv, environment, RT_READ, rt_real.getenv(name), RT_READS_TEXT(name));
}

char *rt_wrap_secure_getenv(const char *name)
{
	STATE_BODY(secure_getenv, environment, RT_READ, rt_real.secure_getenv(name), RT_READS_TEXT(name));
}

int rt_wrap_setenv(const char *name, const char *value, int replace)
{
	STATE_BODY(setenv, environment, RT_WRITE, rt_real.setenv(name, value, replace), {
		RT_READS_TEXT(name);
		RT_READS_TEXT(value);
	});
}

int rt_wrap_putenv(char *text)
{
	STATE_BODY(putenv, environment, RT_WRITE, rt_real.putenv(text), RT_READS_TEXT(text));
}

int rt_wrap_unsetenv(const char *name)
{
	STATE_BODY(unsetenv, environment, RT_WRITE, rt_real.unsetenv(name), RT_READS_TEXT(name));
}

int rt_wrap_clearenv(void)
{
	STATE_BODY(clearenv, environment, RT_WRITE, rt_real.clearenv(), (void)0);
}

static struct rt_hidden locale = {.name = "the process's locale"};

char *rt_wrap_setlocale(int category, const char *name)
{
	STATE_BODY(setlocale, locale, name ? RT_WRITE : RT_READ, rt_real.setlocale(category, name),
		RT_READS_TEXT(name));
}

char *rt_wrap_nl_langinfo(nl_item item)
{
	STATE_BODY(nl_langinfo, locale, RT_READ, rt_real.nl_langinfo(item), (void)0);
}

static struct rt_hidden generator = {.name = "the state of drand48"};

double rt_wrap_drand48(void)
{
	STATE_BODY(drand48, generator, RT_WRITE, rt_real.drand48(), (void)0);
}

long rt_wrap_lrand48(void)
{
	STATE_BODY(lrand48, generator, RT_WRITE, rt_real.lrand48(), (void)0);
}

long rt_wrap_mrand48(void)
{
	STATE_BODY(mrand48, generator, RT_WRITE, rt_real.mrand48(), (void)0);
}

unsigned short *rt_wrap_seed48(unsigned short from[3])
{
	STATE_BODY(seed48, generator, RT_WRITE, rt_real.seed48(from), RT_READS(from, 3 * sizeof(*from)));
}

double rt_wrap_erand48(unsigned short state[3])
{
	STATE_BODY(erand48, generator, RT_READ, rt_real.erand48(state), RT_WRITES(state, 3 * sizeof(*state)));
}

long rt_wrap_nrand48(unsigned short state[3])
{
	STATE_BODY(nrand48, generator, RT_READ, rt_real.nrand48(state), RT_WRITES(state, 3 * sizeof(*state)));
}

long rt_wrap_jrand48(unsigned short state[3])
{
	STATE_BODY(jrand48, generator, RT_READ, rt_real.jrand48(state), RT_WRITES(state, 3 * sizeof(*state)));
}
void rt_wrap_srand48(long seed)
{
	STATE_BODY(srand48, generator, RT_WRITE, rt_real.srand48(seed), (void)0);
}

void rt_wrap_lcong48(unsigned short from[7])
{
	STATE_BODY(lcong48, generator, RT_WRITE, rt_real.lcong48(from), RT_READS(from, 7 * sizeof(*from)));
}

static struct rt_hidden sign = {.name = "signgam"};

double rt_wrap_lgamma(double x)
{
	STATE_BODY(lgamma, sign, RT_WRITE, rt_real.lgamma(x), (void)0);
}

float rt_wrap_lgammaf(float x)
{
	STATE_BODY(lgammaf, sign, RT_WRITE, rt_real.lgammaf(x), (void)0);
}

long double rt_wrap_lgammal(long double x)
{
	STATE_BODY(lgammal, sign, RT_WRITE, rt_real.lgammal(x), (void)0);
}

static struct rt_hidden hash_table = {.name = "the table of hsearch"};

int rt_wrap_hcreate(size_t count)
{
	STATE_BODY(hcreate, hash_table, RT_WRITE, rt_real.hcreate(count), (void)0);
}

ENTRY *rt_wrap_hsearch(ENTRY item, ACTION action)
{
	STATE_BODY(hsearch, hash_table, action == ENTER ? RT_WRITE : RT_READ, rt_real.hsearch(item, action),
		RT_READS_TEXT(item.key));
}
void rt_wrap_hdestroy(void)
{
	STATE_BODY(hdestroy, hash_table, RT_WRITE, rt_real.hdestroy(), (void)0);
}

struct rt_hidden rt_hidden_users = {.name = "the place in the list of users"};
struct rt_hidden rt_hidden_groups = {.name = "the place in the list of groups"};

void rt_wrap_setpwent(void)
{
	STATE_BODY(setpwent, rt_hidden_users, RT_WRITE, rt_real.setpwent(), (void)0);
}

void rt_wrap_endpwent(void)
{
	STATE_BODY(endpwent, rt_hidden_users, RT_WRITE, rt_real.endpwent(), (void)0);
}

void rt_wrap_setgrent(void)
{
	STATE_BODY(setgrent, rt_hidden_groups, RT_WRITE, rt_real.setgrent(), (void)0);
}

void rt_wrap_endgrent(void)
{
	STATE_BODY(endgrent, rt_hidden_groups, RT_WRITE, rt_real.endgrent(), (void)0);
}

/* The rest of a text is known to the C library alone; only the call that starts on a text is seen whole. */
static struct rt_hidden rest = {.name = "the rest of the text that strtok cuts"};

char *rt_wrap_strtok(char *text, const char *set)
{
	STATE_BODY(strtok, rest, RT_WRITE, rt_real.strtok(text, set), {
		if (text)
			rt_token_tell(self, &site, text, set, true);
	});
}
