// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/* The kernel's power domains, resets and regulators, as an SCMI platform hands them out. */
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/of.h>
#include <linux/pm_domain.h>
#include <linux/pm_runtime.h>
#include <linux/slab.h>
#include <linux/sort.h>

#include "scmid_host.h"

/* Power domains ------------------------------------------------------------------------------------------------- */

/* In whichever context the domain is switched in, and with its lock. */
static int domain_changed(struct notifier_block *notifier, unsigned long event, void *data)
{
	struct host_domain *its = container_of(notifier, struct host_domain, notifier);

	if (event == GENPD_NOTIFY_ON || event == GENPD_NOTIFY_OFF)
		host_note_change(its->host, &its->change, event == GENPD_NOTIFY_ON);
	return NOTIFY_OK;
}

static void leave_domain(void *data)
{
	struct host_domain *its = data;

	dev_pm_genpd_remove_notifier(its->device);
	dev_pm_domain_detach(its->device, true);
}

int host_take_domains(struct host *host)
{
	unsigned int count = host->config.counts[SCMI_POWER_DOMAINS];

	host->domains = devm_kcalloc(host->dev, count, sizeof(*host->domains), GFP_KERNEL);
	if (!host->domains)
		return -ENOMEM;
	/* A single domain has been attached to the node's own device, which would hold it on. */
	if (count)
		dev_pm_domain_detach(host->dev, true);
	for (unsigned int i = 0; i < count; i++) {
		struct host_domain *its = &host->domains[i];
		const char *name = host->domain_table[i].name;
		int error;

		its->host = host;
		its->device = dev_pm_domain_attach_by_id(host->dev, i);
		if (IS_ERR_OR_NULL(its->device))
			return dev_err_probe(host->dev, its->device ? PTR_ERR(its->device) : -ENODEV,
					     "power domain %s cannot be had\n", name);
		its->notifier.notifier_call = domain_changed;
		error = dev_pm_genpd_add_notifier(its->device, &its->notifier);
		if (error) {
			dev_pm_domain_detach(its->device, true);
			return dev_err_probe(host->dev, error, "power domain %s does not tell of its state\n", name);
		}
		error = devm_add_action_or_reset(host->dev, leave_domain, its);
		if (error)
			return error;
	}
	return 0;
}

s32 host_power_is_on(void *context, unsigned int index, u32 ticket, bool *is_on)
{
	struct host *host = context;

	*is_on = READ_ONCE(pd_to_genpd(host->domains[index].device->pm_domain)->status) == GENPD_STATE_ON;
	return SCMI_SUCCESS;
}

s32 host_power_switch(void *context, unsigned int index, u32 ticket, bool on)
{
	struct host *host = context;
	struct host_domain *its = &host->domains[index];
	int error = 0;

	if (its->is_held == on)
		return SCMI_SUCCESS;
	host_begin_change(host, ticket);
	/* That a domain stays on for others, or cannot be switched off just now, is no error of who lets go. */
	if (on)
		error = pm_runtime_resume_and_get(its->device);
	else
		pm_runtime_put_sync(its->device);
	host_end_change(host);
	if (!error)
		its->is_held = on;
	return host_status(error);
}

/* Resets -------------------------------------------------------------------------------------------------------- */

int host_take_resets(struct host *host)
{
	unsigned int count = host->config.counts[SCMI_RESETS];

	host->resets = devm_kcalloc(host->dev, count, sizeof(*host->resets), GFP_KERNEL);
	if (!host->resets)
		return -ENOMEM;
	for (unsigned int i = 0; i < count; i++) {
		host->reset_table[i].latency = U32_MAX; /* not known */
		host->resets[i] = devm_reset_control_get_exclusive(host->dev, host->reset_table[i].name);
		if (IS_ERR(host->resets[i]))
			return dev_err_probe(host->dev, PTR_ERR(host->resets[i]), "reset %s cannot be had\n",
					     host->reset_table[i].name);
	}
	return 0;
}

s32 host_reset(void *context, unsigned int index, u32 ticket, enum scmi_reset_action action)
{
	struct host *host = context;
	struct reset_control *reset = host->resets[index];
	int error;

	if (action == SCMI_RESET_ASSERT)
		return host_status(reset_control_assert(reset));
	if (action == SCMI_RESET_DEASSERT)
		return host_status(reset_control_deassert(reset));
	error = reset_control_reset(reset);
	if (error != -ENOTSUPP && error != -EOPNOTSUPP)
		return host_status(error);
	/* The controller has no pulses of its own. */
	error = reset_control_assert(reset);
	if (error)
		return host_status(error);
	usleep_range(10, 50);
	return host_status(reset_control_deassert(reset));
}

/* Supplies ------------------------------------------------------------------------------------------------------ */

static int compare_levels(const void *a, const void *b)
{
	s32 left = *(const s32 *)a, right = *(const s32 *)b;

	return left < right ? -1 : left > right;
}

/* The levels that the regulator may be set to, within its constraints; the one that it has, if none. */
static int describe_levels(struct host *host, struct scmi_supply *supply, struct regulator *regulator)
{
	int count = max(regulator_count_voltages(regulator), 0), now = max(regulator_get_voltage(regulator), 0);
	s32 *levels = devm_kcalloc(host->dev, max(count, 1), sizeof(*levels), GFP_KERNEL), step;
	u32 found = 0, different = 0;

	if (!levels)
		return -ENOMEM;
	for (int i = 0; i < count; i++) {
		int level = regulator_list_voltage(regulator, i);

		if (level > 0 && regulator_is_supported_voltage(regulator, level, level) > 0)
			levels[found++] = level;
	}
	sort(levels, found, sizeof(*levels), compare_levels, NULL);
	for (u32 i = 0; i < found; i++) {
		if (different == 0 || levels[different - 1] != levels[i])
			levels[different++] = levels[i];
	}
	if (different == 0)
		levels[different++] = now;
	supply->levels = levels;
	supply->level_count = different;
	if (different <= 3)
		return 0;
	step = levels[1] - levels[0];
	for (u32 i = 2; i < different; i++) {
		if (levels[i] - levels[i - 1] != step)
			return 0;
	}
	levels[1] = levels[different - 1];
	levels[2] = step;
	supply->level_count = 3;
	supply->is_range = true;
	return 0;
}

static void put_supplies(void *data)
{
	struct host *host = data;

	for (unsigned int i = 0; i < host->config.counts[SCMI_SUPPLIES]; i++) {
		if (host->supplies[i].regulator)
			regulator_put(host->supplies[i].regulator);
	}
}

static struct regulator *get_supply(struct host *host, unsigned int index)
{
	return regulator_get_optional(host->dev, host->supply_table[index].name);
}

int host_take_supplies(struct host *host)
{
	unsigned int count = host->config.counts[SCMI_SUPPLIES];
	int error;

	host->supplies = devm_kcalloc(host->dev, count, sizeof(*host->supplies), GFP_KERNEL);
	if (!host->supplies)
		return -ENOMEM;
	error = devm_add_action(host->dev, put_supplies, host);
	if (error)
		return error;
	for (unsigned int i = 0; i < count; i++) {
		struct regulator *regulator = get_supply(host, i);

		if (IS_ERR_OR_NULL(regulator))
			return dev_err_probe(host->dev, regulator ? PTR_ERR(regulator) : -ENODEV,
					     "supply %s cannot be had\n", host->supply_table[i].name);
		host->supplies[i].regulator = regulator;
		error = describe_levels(host, &host->supply_table[i], regulator);
		if (error)
			return error;
	}
	return 0;
}

/* A regulator takes back no wish for a level, but ends with its consumer. What it has stays until others want another. */
void host_forget_levels(struct host *host)
{
	for (unsigned int i = 0; i < host->config.counts[SCMI_SUPPLIES]; i++) {
		struct host_supply *its = &host->supplies[i];

		if (!its->is_wish || its->is_held)
			continue;
		its->is_wish = false;
		if (its->regulator)
			regulator_put(its->regulator);
		its->regulator = get_supply(host, i);
		if (IS_ERR_OR_NULL(its->regulator)) {
			dev_err(host->dev, "supply %s cannot be had again\n", host->supply_table[i].name);
			its->regulator = NULL;
		}
	}
}

s32 host_supply_level(void *context, unsigned int index, u32 ticket, s32 *level)
{
	struct host *host = context;
	const struct scmi_supply *supply = &host->supply_table[index];
	struct regulator *regulator = host->supplies[index].regulator;
	int now;

	if (!regulator)
		return SCMI_HARDWARE_ERROR;
	now = regulator_get_voltage(regulator);
	/* A switch behind which nobody knows the voltage. */
	*level = now < 0 && supply->level_count == 1 && supply->levels[0] == 0 ? 0 : now;
	return *level < 0 ? host_status(now) : SCMI_SUCCESS;
}

s32 host_supply_set_level(void *context, unsigned int index, u32 ticket, s32 level, s32 *reached)
{
	struct host *host = context;
	struct host_supply *its = &host->supplies[index];
	int error;

	if (!its->regulator)
		return SCMI_HARDWARE_ERROR;
	if (level == 0) /* the level that nobody knows */
		return SCMI_SUCCESS;
	error = regulator_set_voltage(its->regulator, level, level);
	if (error)
		return host_status(error);
	its->is_wish = true;
	(void)host_supply_level(host, index, ticket, reached);
	return SCMI_SUCCESS;
}

s32 host_supply_is_on(void *context, unsigned int index, u32 ticket, bool *is_on)
{
	struct host *host = context;
	int result;

	if (!host->supplies[index].regulator)
		return SCMI_HARDWARE_ERROR;
	result = regulator_is_enabled(host->supplies[index].regulator);
	*is_on = result > 0;
	return host_status(min(result, 0));
}

s32 host_supply_switch(void *context, unsigned int index, u32 ticket, bool on)
{
	struct host *host = context;
	struct host_supply *its = &host->supplies[index];
	int error;

	if (its->is_held == on)
		return SCMI_SUCCESS;
	if (!its->regulator)
		return SCMI_HARDWARE_ERROR;
	error = on ? regulator_enable(its->regulator) : regulator_disable(its->regulator);
	if (!error)
		its->is_held = on;
	return host_status(error);
}
