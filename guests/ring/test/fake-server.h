/* A server of both ring layouts that does what a test says, wrong things included; for one thread, without a clock. */
#ifndef FAKE_SERVER_H
#define FAKE_SERVER_H

#include <stdbool.h>
#include <stdint.h>

#include "../scmi_ring.h"

enum { FAKE_ENTRIES = 16, FAKE_SLOT = 192, FAKE_HELD = 256 };

struct fake_queue {
	uint32_t entries, descriptors, available, used, buffers;
	bool ready;
	uint16_t taken, done; /* positions in available and used */
};

/* A command that was taken and not answered. */
struct fake_command {
	uint32_t head, header, length;
};

struct fake {
	enum scmi_ring_flavour flavour; /* MMIO or FAT */
	uint8_t *memory;
	uint32_t size;
	uint64_t guest_address;
	uint32_t driver_epoch, server_epoch, transaction;
	/* What the fat virtqueue shows, and what the device offers. */
	uint32_t entries, slot;
	uint32_t features[2], queue_max;
	bool refuse_features;
	/* What it leaves out. */
	bool deaf, no_writes, no_service;
	/* The registers of virtio-mmio. */
	uint32_t status, device_features_sel, driver_features_sel, driver_features[2], queue_sel;
	struct fake_queue queues[2];
	struct fake_command held[FAKE_HELD]; /* in the order they came */
	uint32_t held_count;
	/* How often: new driver epochs, register writes, commands. */
	uint32_t meetings, writes, commands;
};

/* Memory of its own, of exactly that size, filled with zeros, and a server that is not started. */
void fake_open(struct fake *fake, enum scmi_ring_flavour flavour, uint32_t size);
void fake_close(struct fake *fake);

/* As the contract has it, with the epoch given. */
void fake_start(struct fake *fake, uint32_t epoch);
/* An orderly stop. */
void fake_stop(struct fake *fake);
/* One turn: driver_epoch, a register write, and commands, which are held. */
void fake_turn(struct fake *fake);
/* Answers the held command `index` with the values given; the header and the status go before them. */
void fake_answer(struct fake *fake, uint32_t index, int32_t status, const void *values, uint32_t length);
/* Answers all that is held, the latest first, each with its own payload. */
void fake_echo(struct fake *fake);
/* Sends an event, in the next buffer. False: there is none. */
bool fake_event(struct fake *fake, uint32_t header, const void *payload, uint32_t length);

/* A used element as it stands there, and used.idx behind it. */
void fake_use(struct fake *fake, unsigned queue, uint32_t id, uint32_t length);
/* What the driver has in a buffer of q0 or q1. */
uint8_t *fake_buffer(struct fake *fake, unsigned queue, uint32_t index);

/* The control block, by field offset. */
uint32_t fake_get(const struct fake *fake, uint32_t field);
void fake_set(struct fake *fake, uint32_t field, uint32_t value);

enum {
	FAKE_MAGIC = 0x00, FAKE_VERSION = 0x04, FAKE_STATE = 0x08, FAKE_SERVER_EPOCH = 0x0c, FAKE_WT_ACK = 0x10,
	FAKE_EVENT0 = 0x14, FAKE_DRIVER_EPOCH_SEEN = 0x1c, FAKE_DRIVER_EPOCH = 0x40, FAKE_SERVER_EPOCH_SEEN = 0x44,
	FAKE_WT_OFFSET = 0x48, FAKE_WT_VALUE = 0x4c, FAKE_WT_SEQ = 0x50, FAKE_KICK0 = 0x54, FAKE_KICK1 = 0x58,
	FAKE_GEOMETRY = 0x80
};

#endif
