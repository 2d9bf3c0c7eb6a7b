/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* The device's side of a window of shared memory, in front of an SCMI platform: its whole API. */
#ifndef SCMI_WINDOW_DEVICE_H
#define SCMI_WINDOW_DEVICE_H

#include "scmi_platform.h"

/*
 * A window is shared with one agent, whose driver may be guests/ring, scmid, or Linux. docs/window-layouts.md is the
 * contract; here is the side that it calls the server. What the driver writes is never trusted: each index and length is
 * loaded once and checked, messages are copied before they are looked at, and no address outside the window is followed.
 * A driver that breaks a rule ends its session, and nothing else.
 *
 * Use: scmi_window_start once, then scmi_window_poll again and again, at every doorbell and whenever
 * scmi_platform_complete or one of the tellers was called; at least twice a second in any case. Without doorbells as often
 * as latency matters. The lock of the platform is held around each call.
 */

enum scmi_window_layout { SCMI_WINDOW_MMIO, SCMI_WINDOW_FAT };

/* The longest reply that is made, in bytes, 128 to 4096: lists are longer with more. A request has 20 bytes at most, and
 * what is longer is answered as what is too long. */
#ifndef SCMI_WINDOW_REPLY_MAX
#define SCMI_WINDOW_REPLY_MAX 256
#endif

struct scmi_window_config {
	enum scmi_window_layout layout;
	/* Normal memory, of the same shareability and cacheability on both sides, filled with zeros by whoever made it.
	 * Aligned to 4096; its size in bytes is a multiple of 4096 from 8192. */
	void *memory;
	uint32_t size;
	/* What the driver calls the address of `memory`; a multiple of 4096. Of no meaning for SCMI_WINDOW_FAT. */
	uint64_t guest_address;
	/* SCMI_WINDOW_FAT: entries of each queue, a power of two from 2 to 256, 0 means 32; bytes of a slot, a multiple of
	 * 64 from 128 to 4096, 0 means 192. */
	uint32_t entries, slot_size;
	/* Any number that is not the same at each start: random, or a count. */
	uint32_t epoch;
	/* Rings the driver's doorbell for a queue, 0 or 1; NULL: the driver polls. */
	void (*kick)(void *context, unsigned queue);
	void *context;
	struct scmi_platform *platform;
	unsigned agent; /* position in the platform's table */
};

/* State; only what is marked public is for reading by others. */
struct scmi_window_queue {
	uint32_t entries;
	uint64_t addresses[3];            /* mmio: of the three parts, as the driver said */
	uint32_t descriptors, available, used, slots; /* offsets */
	uint16_t taken, done;
	bool runs;
};

struct scmi_window {
	struct scmi_window_config config;
	uint32_t sessions, violations;    /* public: how often one began, and how often a driver broke a rule */
	uint32_t state, server_epoch, driver_epoch, wt_ack, events[2];
	enum { SCMI_WINDOW_MEETING, SCMI_WINDOW_RUNNING, SCMI_WINDOW_OVER } session;
	uint32_t status, device_features_sel, driver_features_sel, driver_features[2], queue_sel, interrupt_status;
	bool strange_features, is_held;   /* held: the reply to a command is late, and no other is taken */
	uint32_t small_buffers, published, pause, commands, cookie;
	struct scmi_window_queue queues[2];
	uint8_t reply[SCMI_WINDOW_REPLY_MAX];
};

/* Takes the configuration (a copy), and begins to serve: 0, or SCMI_BAD_CONFIG. The agent is reset. */
int32_t scmi_window_start(struct scmi_window *window, const struct scmi_window_config *config);

/* One turn: takes at most one ring full of commands, and sends what waits for the agent. Returns whether there was
 * anything; if not, one may sleep until the next doorbell. `now` counts milliseconds and wraps around. */
bool scmi_window_poll(struct scmi_window *window, uint32_t now);

/* The orderly end: the driver sees that nobody is there. The agent is reset. */
void scmi_window_stop(struct scmi_window *window);

#endif
