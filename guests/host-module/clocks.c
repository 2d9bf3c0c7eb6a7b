// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/* The kernel's clocks, as an SCMI platform hands them out: by a consumer's calls, so that the kernel's counts stay right. */
#include <linux/clk-provider.h>
#include <linux/device.h>
#include <linux/of.h>

#include "scmid_host.h"

/* The highest rate that is asked for: far beyond any clock, and far from where drivers' multiplications overflow. */
static const unsigned long FASTEST = BITS_PER_LONG == 64 ? (unsigned long)(1ULL << 40) : U32_MAX;

/* What the kernel would make of a rate; 0 if nothing. */
static unsigned long rounded(struct clk *clk, unsigned long rate)
{
	long result = clk_round_rate(clk, rate);

	return result > 0 ? result : 0;
}

/*
 * The lowest rate at or above `rate`, or the highest at or below it; 0 if there is none. Drivers round as they like, but a
 * higher wish never brings a lower rate: where a driver has rounded the other way, the wish is searched that brings it.
 */
static unsigned long next_rate(struct clk *clk, unsigned long rate, bool is_up)
{
	unsigned long low, high, result;

	rate = max(rate, 1UL);
	low = is_up ? rate : 1;
	high = is_up ? FASTEST : rate;
	result = rounded(clk, rate);
	if (result && (is_up ? result >= rate : result <= rate))
		return result;
	if (is_up ? rounded(clk, high) < rate : !result)
		return 0;
	/* Of the wishes up to `low` each brings too little, or none; for `high` it is not so. */
	while (high - low > 1) {
		unsigned long middle = low + (high - low) / 2, its = rounded(clk, middle);

		if (is_up ? its < rate : its <= rate)
			low = middle;
		else
			high = middle;
	}
	result = rounded(clk, is_up ? high : low);
	return is_up || result <= rate ? result : 0;
}

/* A list of the rates, from the highest down; or a range, if they are many. */
static void describe(struct host_clock *its, struct scmi_clock *clock)
{
	unsigned long rate = next_rate(its->clk, FASTEST, false);
	unsigned int count = 0;

	while (rate && count < HOST_RATES) {
		its->rates[count++] = rate;
		rate = rate > 1 ? next_rate(its->clk, rate - 1, false) : 0;
	}
	if (count == 0) /* a clock that is not to be set */
		its->rates[count++] = clk_get_rate(its->clk);
	clock->is_range = rate != 0;
	if (clock->is_range) {
		its->rates[1] = its->rates[0];
		its->rates[0] = next_rate(its->clk, 1, true);
		its->rates[2] = 1;
		count = 3;
	} else {
		for (unsigned int i = 0; i < count / 2; i++)
			swap(its->rates[i], its->rates[count - 1 - i]);
	}
	clock->rates = its->rates;
	clock->rate_count = count;
}

void host_describe_clocks(struct host *host)
{
	for (unsigned int i = 0; i < host->config.counts[SCMI_CLOCKS]; i++)
		describe(&host->clocks[i], &host->clock_table[i]);
}

/* In process context, and with the kernel's lock of all clocks. */
static int rate_changed(struct notifier_block *notifier, unsigned long event, void *data)
{
	struct host_clock *its = container_of(notifier, struct host_clock, notifier);
	struct clk_notifier_data *rates = data;

	if (event == POST_RATE_CHANGE && rates->old_rate != rates->new_rate)
		host_note_change(its->host, &its->change, rates->new_rate);
	return NOTIFY_OK;
}

/* The clocks of the table that a clock can run from. */
static int take_parents(struct host *host, unsigned int index)
{
	unsigned int count = host->config.counts[SCMI_CLOCKS], found = 0;
	struct scmi_clock *clock = &host->clock_table[index];
	u16 *parents = devm_kcalloc(host->dev, count, sizeof(*parents), GFP_KERNEL);

	if (!parents)
		return -ENOMEM;
	for (unsigned int i = 0; i < count; i++) {
		if (i == index || clk_is_match(host->clocks[i].clk, host->clocks[index].clk) ||
		    !clk_has_parent(host->clocks[index].clk, host->clocks[i].clk))
			continue;
		if (found == 255)
			return dev_err_probe(host->dev, -E2BIG, "clock %s can run from more than 255 of the clocks\n",
					     clock->name);
		parents[found++] = i;
	}
	clock->parents = parents;
	clock->parent_count = found;
	return 0;
}

int host_take_clocks(struct host *host)
{
	unsigned int count = host->config.counts[SCMI_CLOCKS];
	int error;

	host->clocks = devm_kcalloc(host->dev, count, sizeof(*host->clocks), GFP_KERNEL);
	if (!host->clocks)
		return -ENOMEM;
	for (unsigned int i = 0; i < count; i++) {
		struct host_clock *its = &host->clocks[i];
		const char *name = host->clock_table[i].name;

		its->host = host;
		its->clk = devm_clk_get(host->dev, name);
		if (IS_ERR(its->clk))
			return dev_err_probe(host->dev, PTR_ERR(its->clk), "clock %s cannot be had\n", name);
		its->rates = devm_kcalloc(host->dev, HOST_RATES, sizeof(*its->rates), GFP_KERNEL);
		if (!its->rates)
			return -ENOMEM;
		its->notifier.notifier_call = rate_changed;
		error = devm_clk_notifier_register(host->dev, its->clk, &its->notifier);
		if (error)
			return dev_err_probe(host->dev, error, "clock %s does not tell of its rates\n", name);
	}
	for (unsigned int i = 0; i < count; i++) {
		error = take_parents(host, i);
		if (error)
			return error;
	}
	host_describe_clocks(host);
	return 0;
}

s32 host_clock_rate(void *context, unsigned int index, u32 ticket, u64 *rate)
{
	struct host *host = context;

	*rate = clk_get_rate(host->clocks[index].clk);
	return SCMI_SUCCESS;
}

/* The rate to set for a wish; 0 if there is none. */
static unsigned long rate_for(struct clk *clk, u64 wish, enum scmi_rounding rounding)
{
	unsigned long rate = wish < FASTEST ? wish : FASTEST, below, above;

	if (rounding == SCMI_ROUND_UP && wish > FASTEST)
		return 0;
	if (rounding != SCMI_ROUND_NEAREST)
		return next_rate(clk, rate, rounding == SCMI_ROUND_UP);
	below = next_rate(clk, rate, false);
	if (below == rate)
		return below;
	above = next_rate(clk, rate, true);
	return !above || (below && rate - below <= above - rate) ? below : above;
}

s32 host_clock_set_rate(void *context, unsigned int index, u32 ticket, u64 wish, enum scmi_rounding rounding, u64 *reached)
{
	struct host *host = context;
	struct clk *clk = host->clocks[index].clk;
	unsigned long rate = rate_for(clk, wish, rounding);
	int error;

	if (!rate)
		return SCMI_INVALID_PARAMETERS;
	host_begin_change(host, ticket);
	error = clk_set_rate(clk, rate);
	host_end_change(host);
	*reached = clk_get_rate(clk);
	return host_status(error);
}

s32 host_clock_is_on(void *context, unsigned int index, u32 ticket, bool *is_on)
{
	struct host *host = context;

	*is_on = __clk_is_enabled(host->clocks[index].clk);
	return SCMI_SUCCESS;
}

s32 host_clock_switch(void *context, unsigned int index, u32 ticket, bool on)
{
	struct host *host = context;
	struct host_clock *its = &host->clocks[index];
	int error = 0;

	if (its->is_held == on)
		return SCMI_SUCCESS;
	host_begin_change(host, ticket);
	if (on)
		error = clk_prepare_enable(its->clk);
	else
		clk_disable_unprepare(its->clk);
	host_end_change(host);
	if (!error)
		its->is_held = on;
	return host_status(error);
}

s32 host_clock_parent(void *context, unsigned int index, u32 ticket, u16 *parent)
{
	struct host *host = context;
	const struct scmi_clock *clock = &host->clock_table[index];
	struct clk *now = clk_get_parent(host->clocks[index].clk);

	for (unsigned int i = 0; i < clock->parent_count; i++) {
		if (clk_is_match(now, host->clocks[clock->parents[i]].clk)) {
			*parent = clock->parents[i];
			return SCMI_SUCCESS;
		}
	}
	return SCMI_DENIED; /* it runs from one that is not shared */
}

s32 host_clock_set_parent(void *context, unsigned int index, u32 ticket, unsigned int parent)
{
	struct host *host = context;
	int error;

	host_begin_change(host, ticket);
	error = clk_set_parent(host->clocks[index].clk, host->clocks[parent].clk);
	host_end_change(host);
	return host_status(error);
}
