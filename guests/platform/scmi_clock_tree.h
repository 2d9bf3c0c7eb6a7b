/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Clocks in registers by description, beside the SCMI platform library: its whole API. */
#ifndef SCMI_CLOCK_TREE_H
#define SCMI_CLOCK_TREE_H

#include "scmi_platform.h"

/*
 * A table says of each clock what it runs from, what divides and multiplies it, and what stops it. From that come the
 * library's table of clocks, what an agent may do with each, and all callbacks of clocks. Registers are the only memory of
 * rates, parents and gates.
 *
 * What a clock needs runs as long as the clock does: an agent's wish is one user, and so is each clock below that has some.
 * A new parent runs before a clock runs from it. A change after which a clock that runs would be outside its bounds is not
 * made. Each clock that has another rate by a change is told of.
 *
 * A divider, a multiplexer and a multiplier are set at once, or within the short time that `set` may wait. Rates are exact
 * up to the end; the product of a source's rate and of the multipliers above a clock fits into 64 bits.
 *
 * Use: fill in a struct scmi_tree; scmi_tree_start, before scmi_platform_init; the five functions below as callbacks. Their
 * context is the struct scmi_tree, or a struct that begins with one. One thread at a time, as in the library.
 */

struct scmi_tree_field {
	uint16_t reg;   /* as `read` and `write` take it */
	uint8_t shift, width; /* 1 to 31 bits; none: there is no such field */
};

struct scmi_tree_clock {
	const char *name;
	/* What it can be set to or has, see struct scmi_clock. */
	const uint64_t *rates;
	uint32_t rate_count;
	bool is_range;
	bool is_critical;          /* it runs for ever, and agents may not switch it */
	bool is_bounded;           /* while it runs its rate is within the range */
	uint32_t fixed;            /* Hz of a source; 0 for others */
	const uint16_t *parents;   /* by index; a source has none */
	uint32_t parent_count;
	const uint8_t *selects;    /* values of `mux` by parent; NULL: they count from 0 */
	struct scmi_tree_field mux; /* without it the clock runs from the first parent for ever */
	/* By the value of `divider`, 0 for what is reserved; without a field the first one divides for ever. NULL: nothing
	 * divides it. */
	const uint16_t *divisors;
	struct scmi_tree_field divider;
	/* Of a PLL: the field's value is the factor, within these. One with a multiplier is set by that. */
	struct scmi_tree_field multiplier;
	uint16_t least, greatest;
	/* One bit each. `ready` says that it runs; `is_slow`: it is started, and nobody waits until it does. */
	struct scmi_tree_field gate, ready;
	bool is_slow;
};

/* State of one clock; nothing of it is for others but `users`. */
struct scmi_tree_state {
	uint16_t users;         /* public: it is on as long as there are some */
	bool is_wanted;         /* by agents, who are one of the users */
	uint64_t before;
};

struct scmi_tree {
	const struct scmi_tree_clock *clocks;
	unsigned count;
	/* The caller's memory, an array of `count` each. scmi_tree_start fills in what the library wants: its table of clocks,
	 * and what an agent may do with them, as grants of all clocks in the table's order. */
	struct scmi_tree_state *states;
	struct scmi_clock *table;
	struct scmi_grant *grants;
	struct scmi_platform *platform; /* is told of new rates */
	uint32_t (*read)(unsigned reg);
	void (*write)(unsigned reg, uint32_t value);
	/* How often `ready` is read before a clock that does not come is given up. */
	uint32_t patience;
	/* Sets a divider, a multiplexer or a multiplier where it is not written just so. False: hardware does not follow.
	 * NULL: it is written. */
	bool (*set)(struct scmi_tree *tree, struct scmi_tree_field field, uint32_t value);
	/* After each change. NULL: nothing is to be done. */
	void (*settle)(struct scmi_tree *tree);
	struct {                /* a field, and what it would hold: to see what comes of that before it is written */
		struct scmi_tree_field field;
		uint32_t value;
	} trial;
};

/* Fills `table` and `grants`, and switches on what is critical. False: hardware does not follow. */
bool scmi_tree_start(struct scmi_tree *tree);

/* For `set` and `settle`: a field as it is, and another value for it; whether it comes to hold a value in time. */
uint32_t scmi_tree_get(const struct scmi_tree *tree, struct scmi_tree_field field);
void scmi_tree_put(const struct scmi_tree *tree, struct scmi_tree_field field, uint32_t value);
bool scmi_tree_await(const struct scmi_tree *tree, struct scmi_tree_field field, uint32_t value);

/* Callbacks of struct scmi_platform_driver, of the same names. */
int32_t scmi_tree_rate(void *context, unsigned index, uint32_t ticket, uint64_t *rate);
int32_t scmi_tree_set_rate(void *context, unsigned index, uint32_t ticket, uint64_t rate, enum scmi_rounding rounding,
		uint64_t *reached);
int32_t scmi_tree_is_on(void *context, unsigned index, uint32_t ticket, bool *is_on);
int32_t scmi_tree_switch(void *context, unsigned index, uint32_t ticket, bool on);
int32_t scmi_tree_parent(void *context, unsigned index, uint32_t ticket, uint16_t *parent);
int32_t scmi_tree_set_parent(void *context, unsigned index, uint32_t ticket, unsigned parent);

#endif
