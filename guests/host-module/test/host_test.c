// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/*
 * Hardware of variables, and a consumer that a test commands: what the tests of the module share out, and change behind
 * its back.
 *
 *   scmid,test-hardware   a clock that divides its parent by 1 to 16, two power domains, four resets (the odd ones have no
 *                         pulses), and a regulator "adjustable" of 800 to 1200 mV by 12.5 mV; attributes show them
 *   scmid,test-consumer   of clocks, a and b: attributes set rate and parent of its first clock, and enable it
 */
#include <linux/clk.h>
#include <linux/clk-provider.h>
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/platform_device.h>
#include <linux/pm_domain.h>
#include <linux/regulator/driver.h>
#include <linux/reset-controller.h>

#define DOMAINS 2
#define RESETS 4

struct hardware {
	struct clk_hw clock;
	unsigned int divider, rates_set;
	struct reset_controller_dev resets;
	unsigned long asserted;
	unsigned int pulses;
	struct hardware_domain {
		struct generic_pm_domain domain;
		bool is_on;
	} domains[DOMAINS];
	struct generic_pm_domain *domain_table[DOMAINS];
	struct genpd_onecell_data domain_data;
	unsigned int level;
	bool supply_on;
};

/* The clock --------------------------------------------------------------------------------------------------------- */

static struct hardware *of_clock(struct clk_hw *clock) { return container_of(clock, struct hardware, clock); }

static unsigned long recalc_rate(struct clk_hw *clock, unsigned long parent) { return parent / of_clock(clock)->divider; }

static unsigned int divider_for(unsigned long rate, unsigned long parent)
{
	return clamp(DIV_ROUND_UP(parent, max(rate, 1UL)), 1UL, 16UL);
}

static int determine_rate(struct clk_hw *clock, struct clk_rate_request *request)
{
	request->rate = request->best_parent_rate / divider_for(request->rate, request->best_parent_rate);
	return 0;
}

static int set_rate(struct clk_hw *clock, unsigned long rate, unsigned long parent)
{
	struct hardware *its = of_clock(clock);

	usleep_range(500, 1000); /* as a PLL that locks */
	its->divider = divider_for(rate, parent);
	its->rates_set++;
	return 0;
}

static const struct clk_ops clock_ops = {
	.recalc_rate = recalc_rate, .determine_rate = determine_rate, .set_rate = set_rate,
};

static int make_clock(struct device *dev, struct hardware *its)
{
	static const struct clk_parent_data parent = { .index = 0 };
	struct clk_init_data init = { .name = "test-divided", .ops = &clock_ops, .parent_data = &parent, .num_parents = 1 };
	int error;

	its->divider = 4;
	its->clock.init = &init;
	error = devm_clk_hw_register(dev, &its->clock);
	return error ? error : devm_of_clk_add_hw_provider(dev, of_clk_hw_simple_get, &its->clock);
}

/* Resets ------------------------------------------------------------------------------------------------------------ */

static struct hardware *of_resets(struct reset_controller_dev *resets)
{
	return container_of(resets, struct hardware, resets);
}

static int assert_reset(struct reset_controller_dev *resets, unsigned long id)
{
	set_bit(id, &of_resets(resets)->asserted);
	return 0;
}

static int deassert_reset(struct reset_controller_dev *resets, unsigned long id)
{
	if (test_and_clear_bit(id, &of_resets(resets)->asserted))
		of_resets(resets)->pulses++;
	return 0;
}

static int pulse(struct reset_controller_dev *resets, unsigned long id)
{
	if (id % 2)
		return -ENOTSUPP;
	of_resets(resets)->pulses += 100;
	return 0;
}

static const struct reset_control_ops reset_ops = { .assert = assert_reset, .deassert = deassert_reset, .reset = pulse };

static int make_resets(struct device *dev, struct hardware *its)
{
	its->resets.owner = THIS_MODULE;
	its->resets.ops = &reset_ops;
	its->resets.of_node = dev->of_node;
	its->resets.nr_resets = RESETS;
	return devm_reset_controller_register(dev, &its->resets);
}

/* Power domains ----------------------------------------------------------------------------------------------------- */

static int set_domain(struct generic_pm_domain *domain, bool on)
{
	container_of(domain, struct hardware_domain, domain)->is_on = on;
	return 0;
}

static int domain_on(struct generic_pm_domain *domain) { return set_domain(domain, true); }

static int domain_off(struct generic_pm_domain *domain) { return set_domain(domain, false); }

static int make_domains(struct device *dev, struct hardware *its)
{
	static const char *const names[DOMAINS] = { "test-domain-0", "test-domain-1" };

	for (int i = 0; i < DOMAINS; i++) {
		int error;

		its->domains[i].domain.name = names[i];
		its->domains[i].domain.power_on = domain_on;
		its->domains[i].domain.power_off = domain_off;
		error = pm_genpd_init(&its->domains[i].domain, NULL, true);
		if (error)
			return error;
		its->domain_table[i] = &its->domains[i].domain;
	}
	its->domain_data.domains = its->domain_table;
	its->domain_data.num_domains = DOMAINS;
	return of_genpd_add_provider_onecell(dev->of_node, &its->domain_data);
}

/* The regulator ----------------------------------------------------------------------------------------------------- */

static int get_level(struct regulator_dev *regulator)
{
	return ((struct hardware *)rdev_get_drvdata(regulator))->level;
}

static int set_level(struct regulator_dev *regulator, unsigned int level)
{
	((struct hardware *)rdev_get_drvdata(regulator))->level = level;
	return 0;
}

static int supply_is_on(struct regulator_dev *regulator)
{
	return ((struct hardware *)rdev_get_drvdata(regulator))->supply_on;
}

static int set_supply(struct regulator_dev *regulator, bool on)
{
	((struct hardware *)rdev_get_drvdata(regulator))->supply_on = on;
	return 0;
}

static int supply_on(struct regulator_dev *regulator) { return set_supply(regulator, true); }

static int supply_off(struct regulator_dev *regulator) { return set_supply(regulator, false); }

static const struct regulator_ops supply_ops = {
	.list_voltage = regulator_list_voltage_linear, .map_voltage = regulator_map_voltage_linear,
	.get_voltage_sel = get_level, .set_voltage_sel = set_level,
	.enable = supply_on, .disable = supply_off, .is_enabled = supply_is_on,
};

static const struct regulator_desc supply_description = {
	.name = "adjustable", .of_match = "adjustable", .ops = &supply_ops, .type = REGULATOR_VOLTAGE, .owner = THIS_MODULE,
	.min_uV = 800000, .uV_step = 12500, .n_voltages = 33,
};

static int make_supply(struct device *dev, struct hardware *its)
{
	struct regulator_config config = { .dev = dev, .driver_data = its };

	return PTR_ERR_OR_ZERO(devm_regulator_register(dev, &supply_description, &config));
}

/* What it has come to ----------------------------------------------------------------------------------------------- */

#define SHOW(name, ...) \
	static ssize_t name##_show(struct device *dev, struct device_attribute *attribute, char *to) \
	{ \
		struct hardware *its = dev_get_drvdata(dev); \
		return sysfs_emit(to, __VA_ARGS__); \
	} \
	static DEVICE_ATTR_RO(name)

SHOW(rates_set, "%u\n", its->rates_set);
SHOW(asserted, "%lx\n", its->asserted);
SHOW(pulses, "%u\n", its->pulses);
SHOW(domains, "%d%d\n", its->domains[0].is_on, its->domains[1].is_on);
SHOW(microvolts, "%u\n", 800000 + 12500 * its->level);
SHOW(supply, "%d\n", its->supply_on);

static struct attribute *hardware_attrs[] = {
	&dev_attr_rates_set.attr, &dev_attr_asserted.attr, &dev_attr_pulses.attr, &dev_attr_domains.attr,
	&dev_attr_microvolts.attr, &dev_attr_supply.attr, NULL
};
ATTRIBUTE_GROUPS(hardware);

static int probe_hardware(struct platform_device *device)
{
	struct hardware *its = devm_kzalloc(&device->dev, sizeof(*its), GFP_KERNEL);
	int error;

	if (!its)
		return -ENOMEM;
	platform_set_drvdata(device, its);
	error = make_clock(&device->dev, its);
	if (!error)
		error = make_resets(&device->dev, its);
	if (!error)
		error = make_supply(&device->dev, its);
	if (!error)
		error = make_domains(&device->dev, its); /* the last, since it is not undone by itself */
	return error;
}

static const struct of_device_id hardware_matches[] = { { .compatible = "scmid,test-hardware" }, { } };

static struct platform_driver hardware_driver = {
	.probe = probe_hardware,
	.driver = {
		.name = "scmid-test-hardware", .of_match_table = hardware_matches, .dev_groups = hardware_groups,
		.suppress_bind_attrs = true,
	},
};

/* The consumer ------------------------------------------------------------------------------------------------------ */

struct consumer {
	struct clk *clocks[2];
	bool is_on;
};

static ssize_t rate_store(struct device *dev, struct device_attribute *attribute, const char *from, size_t count)
{
	struct consumer *its = dev_get_drvdata(dev);
	unsigned long rate;
	int error = kstrtoul(from, 0, &rate);

	if (!error)
		error = clk_set_rate(its->clocks[0], rate);
	return error ? error : count;
}
static DEVICE_ATTR_WO(rate);

/* The second clock becomes the parent of the first. */
static ssize_t parent_store(struct device *dev, struct device_attribute *attribute, const char *from, size_t count)
{
	struct consumer *its = dev_get_drvdata(dev);
	int error = clk_set_parent(its->clocks[0], its->clocks[1]);

	return error ? error : count;
}
static DEVICE_ATTR_WO(parent);

static ssize_t enable_store(struct device *dev, struct device_attribute *attribute, const char *from, size_t count)
{
	struct consumer *its = dev_get_drvdata(dev);
	bool on;
	int error = kstrtobool(from, &on);

	if (!error && on && !its->is_on)
		error = clk_prepare_enable(its->clocks[0]);
	if (!error && !on && its->is_on)
		clk_disable_unprepare(its->clocks[0]);
	if (error)
		return error;
	its->is_on = on;
	return count;
}
static DEVICE_ATTR_WO(enable);

static struct attribute *consumer_attrs[] = {
	&dev_attr_rate.attr, &dev_attr_parent.attr, &dev_attr_enable.attr, NULL
};
ATTRIBUTE_GROUPS(consumer);

static int probe_consumer(struct platform_device *device)
{
	struct consumer *its = devm_kzalloc(&device->dev, sizeof(*its), GFP_KERNEL);

	if (!its)
		return -ENOMEM;
	platform_set_drvdata(device, its);
	its->clocks[0] = devm_clk_get(&device->dev, "a");
	its->clocks[1] = devm_clk_get_optional(&device->dev, "b");
	if (IS_ERR(its->clocks[0]))
		return PTR_ERR(its->clocks[0]);
	return PTR_ERR_OR_ZERO(its->clocks[1]);
}

static const struct of_device_id consumer_matches[] = { { .compatible = "scmid,test-consumer" }, { } };

static struct platform_driver consumer_driver = {
	.probe = probe_consumer,
	.driver = {
		.name = "scmid-test-consumer", .of_match_table = consumer_matches, .dev_groups = consumer_groups,
		.suppress_bind_attrs = true,
	},
};

/* Never unloaded: domains in use cannot be taken back. */
static int __init begin(void)
{
	int error = platform_driver_register(&hardware_driver);

	return error ? error : platform_driver_register(&consumer_driver);
}
module_init(begin);

MODULE_DESCRIPTION("Hardware and a consumer for the tests of scmid_host");
MODULE_LICENSE("GPL");
