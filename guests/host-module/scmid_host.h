/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* What the files of the module share: the platform of one node of the device tree, and what it hands out. */
#ifndef SCMID_HOST_H
#define SCMID_HOST_H

#include <linux/clk.h>
#include <linux/kref.h>
#include <linux/miscdevice.h>
#include <linux/notifier.h>
#include <linux/regulator/consumer.h>
#include <linux/reset.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "scmi_platform.h"

/*
 * One thread at a time is in the platform library: the work of host->work. Files hand it messages and take messages from
 * it by two rings, and what the kernel tells (of rates and domains) waits beside them. So callbacks may sleep, and hold no
 * lock of ours while the kernel's are taken.
 */

/* Bytes of a message, of both ways. */
#define HOST_MESSAGE_MAX 512
/* Messages that wait for their turn, and for their reader. */
#define HOST_COMMANDS 4
#define HOST_ANSWERS 16

struct host_message {
	u32 length;
	u8 bytes[HOST_MESSAGE_MAX];
};

struct host_ring {
	struct host_message *messages;
	unsigned int size, first, count;
};

/* What the kernel has told of a clock or a domain, and the agent has not been told yet: only the newest. */
struct host_change {
	bool waits;
	u32 ticket; /* of the command that did it, or 0 */
	u64 value;
};

struct host_clock {
	struct host *host;
	struct clk *clk;
	struct notifier_block notifier;
	struct host_change change;
	u64 *rates; /* HOST_RATES */
	bool is_held;
};

struct host_domain {
	struct host *host;
	struct device *device; /* attached to it and to nothing else */
	struct notifier_block notifier;
	struct host_change change;
	bool is_held;
};

struct host_supply {
	struct regulator *regulator;
	bool is_held, is_wish; /* on; for a level */
};

struct host {
	struct device *dev;
	struct kref references;   /* of the device and of its open file */
	char name[64];
	struct miscdevice file;
	struct list_head others;  /* hosts, so that names differ */

	/* Under `lock`, which is never held with another. */
	spinlock_t lock;
	bool is_gone, is_open, ends;
	struct host_ring commands, answers;
	wait_queue_head_t waiters;

	struct workqueue_struct *queue;
	struct work_struct work;

	/* Under `changes`, within the kernel's own locks, such as those of domains that are switched with interrupts off. */
	raw_spinlock_t changes;
	bool has_changes;
	struct task_struct *changer;  /* who carries out a command that may change something, and its ticket */
	u32 ticket;

	/* Of the work alone. */
	bool has_session;
	struct host_message command, answer;
	struct scmi_platform platform;
	struct scmi_platform_config config;
	struct scmi_agent agent;
	struct scmi_agent_state state;
	u8 *flags;
	size_t flags_size;
	struct scmi_clock *clock_table;
	struct host_clock *clocks;
	struct scmi_power_domain *domain_table;
	struct host_domain *domains;
	struct scmi_reset *reset_table;
	struct reset_control **resets;
	struct scmi_supply *supply_table;
	struct host_supply *supplies;
};

/* More rates of a clock than these are told as a range. */
#define HOST_RATES 64

/* Take what the node names of a kind; 0 or an error that has been told. */
int host_take_clocks(struct host *host);
int host_take_domains(struct host *host);
int host_take_resets(struct host *host);
int host_take_supplies(struct host *host);

/* The rates that clocks can have now. */
void host_describe_clocks(struct host *host);

/* Gives back the wishes for levels that an agent has left. */
void host_forget_levels(struct host *host);

/* Before a callback does what may change a clock or a domain, and after: the library is told of what changed. */
void host_begin_change(struct host *host, u32 ticket);
void host_end_change(struct host *host);
/* From a notifier, in any context. */
void host_note_change(struct host *host, struct host_change *change, u64 value);

/* The names of a property of strings, or of a supply; 0 or an error that has been told. */
int host_check_name(struct host *host, const char *property, const char *name);

/* SCMI's status for what a function of the kernel returned. */
s32 host_status(int error);

/* The callbacks. */
s32 host_clock_rate(void *context, unsigned int index, u32 ticket, u64 *rate);
s32 host_clock_set_rate(void *context, unsigned int index, u32 ticket, u64 rate, enum scmi_rounding rounding,
		u64 *reached);
s32 host_clock_is_on(void *context, unsigned int index, u32 ticket, bool *is_on);
s32 host_clock_switch(void *context, unsigned int index, u32 ticket, bool on);
s32 host_clock_parent(void *context, unsigned int index, u32 ticket, u16 *parent);
s32 host_clock_set_parent(void *context, unsigned int index, u32 ticket, unsigned int parent);
s32 host_power_is_on(void *context, unsigned int index, u32 ticket, bool *is_on);
s32 host_power_switch(void *context, unsigned int index, u32 ticket, bool on);
s32 host_reset(void *context, unsigned int index, u32 ticket, enum scmi_reset_action action);
s32 host_supply_level(void *context, unsigned int index, u32 ticket, s32 *level);
s32 host_supply_set_level(void *context, unsigned int index, u32 ticket, s32 level, s32 *reached);
s32 host_supply_is_on(void *context, unsigned int index, u32 ticket, bool *is_on);
s32 host_supply_switch(void *context, unsigned int index, u32 ticket, bool on);

#endif
