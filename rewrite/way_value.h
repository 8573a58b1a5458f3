/* What is known of a value on a way: made of nothing, of something, or of other values.
 *
 * Who may include it: way.c. */
#ifndef RACETRACK_REWRITE_WAY_VALUE_H
#define RACETRACK_REWRITE_WAY_VALUE_H

#include "way.h"

static inline void join(struct rt_made *made, const struct rt_made *more)
{
	made->entry |= more->entry;
	made->loads |= more->loads;
	made->rest |= more->rest;
	made->unknown |= more->unknown;
}

static inline struct rt_value new_value(struct rt_way *way)
{
	return (struct rt_value){.bits = UINT64_MAX, .over = RT_REG_NONE, .name = way->names++};
}

static inline struct rt_value unknown_value(struct rt_way *way)
{
	struct rt_value value = new_value(way);
	value.made.unknown = true;
	return value;
}

static inline struct rt_value constant_value(int64_t constant, uint8_t bytes)
{
	unsigned left = 64 - 8u * bytes;
	constant = (int64_t)((uint64_t)constant << left) >> left;
	return (struct rt_value){.bits = (uint64_t)constant,
		.over = RT_REG_NONE,
		.name = RT_WAY_NAMES,
		.is_constant = true,
		.constant = constant};
}

static inline struct rt_value entry_value(unsigned name)
{
	return (struct rt_value){
		.made.entry = 1u << name, .bits = UINT64_MAX, .over = RT_REG_NONE, .name = (uint16_t)name};
}

static inline bool is_exact(const struct rt_value *value)
{
	return !value->is_constant && value->name < RT_WAY_NAMES;
}

static inline struct rt_value derived(
	struct rt_way *way, const struct rt_value *one, const struct rt_value *another)
{
	struct rt_value value = new_value(way);
	join(&value.made, &one->made);
	if (another)
		join(&value.made, &another->made);
	return value;
}

#endif
