/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Clocks in registers by description. */
#include "scmi_clock_tree.h"

/* Fields ------------------------------------------------------------------------------------------------------------- */

static bool exists(struct scmi_tree_field field) { return field.width != 0; }

static bool is_same(struct scmi_tree_field a, struct scmi_tree_field b)
{
	return a.reg == b.reg && a.shift == b.shift && a.width == b.width;
}

static uint32_t mask_of(struct scmi_tree_field field) { return (((uint32_t)1 << field.width) - 1) << field.shift; }

uint32_t scmi_tree_get(const struct scmi_tree *tree, struct scmi_tree_field field)
{
	if (exists(tree->trial.field) && is_same(field, tree->trial.field))
		return tree->trial.value;
	return (tree->read(field.reg) & mask_of(field)) >> field.shift;
}

void scmi_tree_put(const struct scmi_tree *tree, struct scmi_tree_field field, uint32_t value)
{
	tree->write(field.reg, (tree->read(field.reg) & ~mask_of(field)) | value << field.shift);
}

bool scmi_tree_await(const struct scmi_tree *tree, struct scmi_tree_field field, uint32_t value)
{
	for (uint32_t i = 0; i <= tree->patience; i++) {
		if (scmi_tree_get(tree, field) == value)
			return true;
	}
	return false;
}

static void try_value(struct scmi_tree *tree, struct scmi_tree_field field, uint32_t value)
{
	tree->trial.field = field;
	tree->trial.value = value;
}

static void end_trial(struct scmi_tree *tree) { tree->trial.field.width = 0; }

static void settle(struct scmi_tree *tree)
{
	if (tree->settle != NULL)
		tree->settle(tree);
}

/* What is ----------------------------------------------------------------------------------------------------------- */

/* The position of the parent among the possible ones. */
static uint32_t position(const struct scmi_tree *tree, const struct scmi_tree_clock *clock)
{
	if (exists(clock->mux)) {
		uint32_t value = scmi_tree_get(tree, clock->mux);
		for (uint32_t i = 0; i < clock->parent_count; i++) {
			if ((clock->selects != NULL ? clock->selects[i] : i) == value)
				return i;
		}
	}
	return 0;
}

static uint16_t parent_of(const struct scmi_tree *tree, const struct scmi_tree_clock *clock)
{
	return clock->parents[position(tree, clock)];
}

static uint64_t rate_of(const struct scmi_tree *tree, unsigned index)
{
	uint64_t multiplied = 1, divided = 1;

	for (const struct scmi_tree_clock *clock = &tree->clocks[index];; clock = &tree->clocks[parent_of(tree, clock)]) {
		if (exists(clock->multiplier))
			multiplied *= scmi_tree_get(tree, clock->multiplier);
		if (clock->divisors != NULL) {
			/* What is reserved, as somebody else may have left it, divides by 1. */
			uint16_t divisor = clock->divisors[exists(clock->divider) ? scmi_tree_get(tree, clock->divider) : 0];
			divided *= divisor == 0 ? 1 : divisor;
		}
		if (clock->parent_count == 0)
			return clock->fixed * multiplied / divided;
	}
}

static bool is_running(const struct scmi_tree *tree, unsigned index)
{
	for (const struct scmi_tree_clock *clock = &tree->clocks[index];; clock = &tree->clocks[parent_of(tree, clock)]) {
		if ((exists(clock->gate) && scmi_tree_get(tree, clock->gate) == 0)
				|| (exists(clock->ready) && scmi_tree_get(tree, clock->ready) == 0))
			return false;
		if (clock->parent_count == 0)
			return true;
	}
}

static bool is_within(const struct scmi_tree_clock *clock, uint64_t rate)
{
	return !clock->is_bounded || (rate >= clock->rates[0] && rate <= clock->rates[1]);
}

static bool is_legal(const struct scmi_tree *tree, unsigned index)
{
	return tree->states[index].users == 0 || is_within(&tree->clocks[index], rate_of(tree, index));
}

static bool are_all_legal(const struct scmi_tree *tree)
{
	for (unsigned index = 0; index < tree->count; index++) {
		if (!is_legal(tree, index))
			return false;
	}
	return true;
}

/* Changes ----------------------------------------------------------------------------------------------------------- */

static void release(struct scmi_tree *tree, unsigned index);

/* One more user: the first one has it on, and all that it runs from. */
static int32_t acquire(struct scmi_tree *tree, unsigned index)
{
	const struct scmi_tree_clock *clock = &tree->clocks[index];
	struct scmi_tree_state *state = &tree->states[index];
	int32_t status;

	if (state->users++ > 0)
		return SCMI_SUCCESS;
	status = is_legal(tree, index) ? SCMI_SUCCESS : SCMI_INVALID_PARAMETERS;
	if (status == SCMI_SUCCESS && clock->parent_count > 0)
		status = acquire(tree, parent_of(tree, clock));
	if (status != SCMI_SUCCESS) {
		state->users--;
		return status;
	}
	if (exists(clock->gate)) {
		scmi_tree_put(tree, clock->gate, 1);
		if (exists(clock->ready) && !clock->is_slow && !scmi_tree_await(tree, clock->ready, 1)) {
			release(tree, index);
			return SCMI_HARDWARE_ERROR;
		}
	}
	return SCMI_SUCCESS;
}

static void release(struct scmi_tree *tree, unsigned index)
{
	const struct scmi_tree_clock *clock = &tree->clocks[index];

	if (--tree->states[index].users > 0)
		return;
	if (exists(clock->gate))
		scmi_tree_put(tree, clock->gate, 0);
	if (clock->parent_count > 0)
		release(tree, parent_of(tree, clock));
}

/* Sets a field, and tells of all rates that are others by it. */
static int32_t change(struct scmi_tree *tree, struct scmi_tree_field field, uint32_t value, uint32_t ticket)
{
	bool done = true;

	for (unsigned index = 0; index < tree->count; index++)
		tree->states[index].before = rate_of(tree, index);
	if (tree->set != NULL)
		done = tree->set(tree, field, value);
	else
		scmi_tree_put(tree, field, value);
	for (unsigned index = 0; index < tree->count; index++) {
		uint64_t after = rate_of(tree, index);
		if (after != tree->states[index].before)
			scmi_clock_changed(tree->platform, index, after, ticket);
	}
	return done ? SCMI_SUCCESS : SCMI_HARDWARE_ERROR;
}

/* Callbacks --------------------------------------------------------------------------------------------------------- */

int32_t scmi_tree_rate(void *context, unsigned index, uint32_t ticket, uint64_t *rate)
{
	(void)ticket;
	*rate = rate_of(context, index);
	return SCMI_SUCCESS;
}

static uint64_t distance(uint64_t a, uint64_t b) { return a > b ? a - b : b - a; }

static bool is_better(uint64_t rate, uint64_t than, bool has_one, uint64_t wanted, enum scmi_rounding rounding)
{
	if ((rounding == SCMI_ROUND_DOWN && rate > wanted) || (rounding == SCMI_ROUND_UP && rate < wanted))
		return false;
	return !has_one || distance(rate, wanted) < distance(than, wanted);
}

static struct scmi_tree_field setting_of(const struct scmi_tree_clock *clock)
{
	return exists(clock->multiplier) ? clock->multiplier : clock->divider;
}

static bool is_setting(const struct scmi_tree_clock *clock, uint32_t value)
{
	return exists(clock->multiplier) ? value >= clock->least && value <= clock->greatest : clock->divisors[value] != 0;
}

int32_t scmi_tree_set_rate(void *context, unsigned index, uint32_t ticket, uint64_t rate, enum scmi_rounding rounding,
		uint64_t *reached)
{
	struct scmi_tree *tree = context;
	const struct scmi_tree_clock *clock = &tree->clocks[index];
	struct scmi_tree_field field = setting_of(clock);
	uint32_t best = 0;
	bool has_one = false;

	for (uint32_t value = 0; exists(field) && value < (uint32_t)1 << field.width; value++) {
		if (!is_setting(clock, value))
			continue;
		try_value(tree, field, value);
		uint64_t found = rate_of(tree, index);
		bool is_one = is_within(clock, found) && is_better(found, *reached, has_one, rate, rounding)
			&& are_all_legal(tree);
		end_trial(tree);
		if (is_one) {
			has_one = true;
			best = value;
			*reached = found;
		}
	}
	if (!has_one)
		return SCMI_INVALID_PARAMETERS;
	return best == scmi_tree_get(tree, field) ? SCMI_SUCCESS : change(tree, field, best, ticket);
}

int32_t scmi_tree_is_on(void *context, unsigned index, uint32_t ticket, bool *is_on)
{
	(void)ticket;
	*is_on = is_running(context, index);
	return SCMI_SUCCESS;
}

int32_t scmi_tree_switch(void *context, unsigned index, uint32_t ticket, bool on)
{
	struct scmi_tree *tree = context;
	int32_t status = SCMI_SUCCESS;

	(void)ticket;
	if (on != tree->states[index].is_wanted) { /* an agent may ask for off that never asked for on */
		if (on)
			status = acquire(tree, index);
		else
			release(tree, index);
		if (status == SCMI_SUCCESS)
			tree->states[index].is_wanted = on;
	}
	settle(tree);
	return status;
}

int32_t scmi_tree_parent(void *context, unsigned index, uint32_t ticket, uint16_t *parent)
{
	const struct scmi_tree *tree = context;

	(void)ticket;
	*parent = parent_of(tree, &tree->clocks[index]);
	return SCMI_SUCCESS;
}

/* The new parent runs before the clock runs from it, and the old one until it does. */
int32_t scmi_tree_set_parent(void *context, unsigned index, uint32_t ticket, unsigned parent)
{
	struct scmi_tree *tree = context;
	const struct scmi_tree_clock *clock = &tree->clocks[index];
	unsigned before = parent_of(tree, clock), at = 0;
	bool is_used = tree->states[index].users > 0, are_legal;

	while (clock->parents[at] != parent)
		at++;
	uint32_t value = clock->selects != NULL ? clock->selects[at] : at;
	if (parent == before)
		return SCMI_SUCCESS;
	try_value(tree, clock->mux, value);
	are_legal = are_all_legal(tree);
	end_trial(tree);
	if (!are_legal)
		return SCMI_INVALID_PARAMETERS;
	int32_t status = is_used ? acquire(tree, parent) : SCMI_SUCCESS;
	if (status == SCMI_SUCCESS) {
		status = change(tree, clock->mux, value, ticket);
		if (is_used)
			release(tree, status == SCMI_SUCCESS ? before : parent);
	}
	settle(tree);
	return status;
}

/* Start ------------------------------------------------------------------------------------------------------------- */

static uint16_t rights_of(const struct scmi_tree_clock *clock)
{
	unsigned rights = SCMI_MAY_READ;

	if (!clock->is_critical)
		rights |= SCMI_MAY_SWITCH;
	if (exists(setting_of(clock)))
		rights |= SCMI_MAY_SET_RATE;
	if (exists(clock->mux))
		rights |= SCMI_MAY_SET_PARENT;
	return (uint16_t)rights;
}

bool scmi_tree_start(struct scmi_tree *tree)
{
	end_trial(tree);
	for (unsigned index = 0; index < tree->count; index++) {
		const struct scmi_tree_clock *clock = &tree->clocks[index];
		tree->states[index] = (struct scmi_tree_state){.users = 0};
		tree->table[index] = (struct scmi_clock){.name = clock->name, .rates = clock->rates,
			.rate_count = clock->rate_count, .is_range = clock->is_range, .is_critical = clock->is_critical,
			.parents = clock->parents, .parent_count = clock->parent_count};
		tree->grants[index] = (struct scmi_grant){.index = (uint16_t)index, .rights = rights_of(clock)};
	}
	for (unsigned index = 0; index < tree->count; index++) {
		if (tree->clocks[index].is_critical && acquire(tree, index) != SCMI_SUCCESS)
			return false;
	}
	settle(tree);
	return true;
}
