/* A server of both ring layouts that does what a test says: the contract, written a second time, from its other side. */
#define _GNU_SOURCE
#include "fake-server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOAD(pointer) __atomic_load_n(pointer, __ATOMIC_ACQUIRE)
#define STORE(pointer, value) __atomic_store_n(pointer, value, __ATOMIC_RELEASE)

enum { REG_FEATURES = 0x10, REG_QUEUE_MAX = 0x34, REG_QUEUE_READY = 0x44, REG_STATUS = 0x70 };

static uint32_t *word(const struct fake *fake, uint32_t offset) { return (uint32_t *)(void *)(fake->memory + offset); }

static uint16_t *half(const struct fake *fake, uint32_t offset) { return (uint16_t *)(void *)(fake->memory + offset); }

static uint32_t control(const struct fake *fake) { return fake->flavour == SCMI_RING_MMIO ? 0x200 : 0; }

uint32_t fake_get(const struct fake *fake, uint32_t field) { return LOAD(word(fake, control(fake) + field)); }

void fake_set(struct fake *fake, uint32_t field, uint32_t value) { STORE(word(fake, control(fake) + field), value); }

static void bump(struct fake *fake, uint32_t field) { fake_set(fake, field, fake_get(fake, field) + 1); }

static uint32_t pages(uint32_t bytes) { return (bytes + 4095) / 4096 * 4096; }

void fake_open(struct fake *fake, enum scmi_ring_flavour flavour, uint32_t size)
{
	void *memory;
	memset(fake, 0, sizeof *fake);
	if (posix_memalign(&memory, 4096, size) != 0)
		abort();
	memset(memory, 0, size);
	fake->memory = memory;
	fake->flavour = flavour;
	fake->size = size;
	fake->entries = FAKE_ENTRIES;
	fake->slot = FAKE_SLOT;
	fake->features[0] = fake->features[1] = 1;
	fake->queue_max = 64;
}

void fake_close(struct fake *fake) { free(fake->memory); }

/* The page of registers as a driver reads it. */
static void show_registers(struct fake *fake)
{
	STORE(word(fake, 0x00), 0x74726976);
	STORE(word(fake, 0x04), 2);
	STORE(word(fake, 0x08), 32);
	STORE(word(fake, REG_FEATURES), fake->device_features_sel < 2 ? fake->features[fake->device_features_sel] : 0);
	STORE(word(fake, REG_QUEUE_MAX), fake->queue_sel < 2 ? fake->queue_max : 0);
	STORE(word(fake, REG_QUEUE_READY), fake->queue_sel < 2 && fake->queues[fake->queue_sel].ready);
	STORE(word(fake, REG_STATUS), fake->status);
}

static void reset_device(struct fake *fake)
{
	memset(fake->queues, 0, sizeof fake->queues);
	fake->status = fake->device_features_sel = fake->driver_features_sel = fake->queue_sel = 0;
	fake->driver_features[0] = fake->driver_features[1] = 0;
	fake->held_count = 0;
}

static void show_geometry(struct fake *fake)
{
	uint32_t n = fake->entries, next = 0x1000, slots = pages(n * fake->slot), used = pages(18 * n + 6);
	fake_set(fake, FAKE_GEOMETRY, n);
	fake_set(fake, FAKE_GEOMETRY + 0x04, fake->slot);
	for (uint32_t i = 0; i < 2; i++) {
		fake_set(fake, FAKE_GEOMETRY + 0x08 + 8 * i, next);
		fake_set(fake, FAKE_GEOMETRY + 0x0c + 8 * i, next + slots);
		fake->queues[i] = (struct fake_queue){n, next + slots, next + slots + 16 * n, next + slots + used, next, true, 0, 0};
		next += slots + used + pages(8 * n + 6);
	}
	fake_set(fake, FAKE_GEOMETRY + 0x18, used);
	fake_set(fake, FAKE_GEOMETRY + 0x1c, next);
}

static void reset(struct fake *fake)
{
	reset_device(fake);
	if (fake->flavour == SCMI_RING_FAT) {
		show_geometry(fake);
		for (int i = 0; i < 2 && fake->queues[1].used + 6 + 8 * fake->entries <= fake->size; i++)
			STORE(half(fake, fake->queues[i].used + 2), 0);
	} else {
		show_registers(fake);
	}
	fake->transaction = fake_get(fake, FAKE_WT_SEQ);
	fake_set(fake, FAKE_WT_ACK, fake->transaction);
	fake->driver_epoch = fake_get(fake, FAKE_DRIVER_EPOCH);
}

void fake_start(struct fake *fake, uint32_t epoch)
{
	fake_set(fake, FAKE_STATE, 0);
	fake->server_epoch = epoch;
	fake_set(fake, FAKE_SERVER_EPOCH, epoch);
	reset(fake);
	fake_set(fake, FAKE_DRIVER_EPOCH_SEEN, fake->driver_epoch);
	fake_set(fake, FAKE_VERSION, 1);
	fake_set(fake, FAKE_MAGIC, fake->flavour == SCMI_RING_MMIO ? 0x424d4353 : 0x56464353);
	fake_set(fake, FAKE_STATE, 1);
	bump(fake, FAKE_EVENT0);
}

void fake_stop(struct fake *fake)
{
	fake_set(fake, FAKE_STATE, 0);
	bump(fake, FAKE_EVENT0);
}

static void set_part(uint32_t *offset, const struct fake *fake, uint32_t value)
{
	*offset = value - (uint32_t)fake->guest_address;
}

static void set_queue_register(struct fake *fake, uint32_t offset, uint32_t value)
{
	struct fake_queue *queue = &fake->queues[fake->queue_sel & 1];
	if (offset == 0x38)
		queue->entries = value;
	if (offset == 0x80)
		set_part(&queue->descriptors, fake, value);
	if (offset == 0x90)
		set_part(&queue->available, fake, value);
	if (offset == 0xa0)
		set_part(&queue->used, fake, value);
	if (offset == 0x44) {
		queue->ready = value == 1;
		queue->taken = queue->done = 0;
		STORE(half(fake, queue->used + 2), 0);
	}
}

static void write_register(struct fake *fake, uint32_t offset, uint32_t value)
{
	fake->writes++;
	if (offset == REG_STATUS && value == 0) {
		reset_device(fake);
	} else if (offset == REG_STATUS) {
		fake->status = (value & 8) != 0 && fake->refuse_features ? value & ~8u : value;
	} else if (offset == 0x14) {
		fake->device_features_sel = value;
	} else if (offset == 0x24) {
		fake->driver_features_sel = value;
	} else if (offset == 0x20) {
		fake->driver_features[fake->driver_features_sel & 1] = value;
	} else if (offset == 0x30) {
		fake->queue_sel = value;
	} else {
		set_queue_register(fake, offset, value);
	}
	show_registers(fake);
}

static void meet(struct fake *fake)
{
	fake->meetings++;
	reset(fake);
	fake_set(fake, FAKE_SERVER_EPOCH, fake->server_epoch);
	fake_set(fake, FAKE_STATE, 1);
	fake_set(fake, FAKE_DRIVER_EPOCH_SEEN, fake->driver_epoch);
	bump(fake, FAKE_EVENT0);
}

uint8_t *fake_buffer(struct fake *fake, unsigned index, uint32_t at)
{
	struct fake_queue *queue = &fake->queues[index];
	uint64_t address;
	memcpy(&address, fake->memory + queue->descriptors + 16 * at, sizeof address);
	return fake->memory + (address - fake->guest_address);
}

static void take(struct fake *fake)
{
	struct fake_queue *queue = &fake->queues[0];
	while (queue->ready && queue->taken != LOAD(half(fake, queue->available + 2)) && fake->held_count < FAKE_HELD) {
		uint32_t head = LOAD(half(fake, queue->available + 4 + 2 * (queue->taken++ & (queue->entries - 1))));
		struct fake_command *command = &fake->held[fake->held_count++];
		command->head = head;
		memcpy(&command->header, fake_buffer(fake, 0, head), 4);
		memcpy(&command->length, fake->memory + queue->descriptors + 16 * head + 8, 4);
		fake->commands++;
	}
}

/* Whether the driver has said that the rings are set up for this epoch. */
static bool serving(const struct fake *fake)
{
	return fake_get(fake, FAKE_DRIVER_EPOCH) == fake->driver_epoch && fake_get(fake, FAKE_STATE) == 1
		&& fake_get(fake, FAKE_SERVER_EPOCH_SEEN) == fake->server_epoch;
}

void fake_turn(struct fake *fake)
{
	if (fake->deaf)
		return;
	if (fake_get(fake, FAKE_DRIVER_EPOCH) != fake->driver_epoch)
		meet(fake);
	if (!serving(fake))
		return;
	uint32_t sequence = fake_get(fake, FAKE_WT_SEQ);
	if (sequence != fake->transaction && !fake->no_writes) {
		write_register(fake, fake_get(fake, FAKE_WT_OFFSET), fake_get(fake, FAKE_WT_VALUE));
		fake->transaction = sequence;
		fake_set(fake, FAKE_WT_ACK, sequence);
	}
	if (!fake->no_service && (fake->flavour == SCMI_RING_FAT || (fake->status & 4) != 0))
		take(fake);
}

void fake_use(struct fake *fake, unsigned index, uint32_t id, uint32_t length)
{
	struct fake_queue *queue = &fake->queues[index];
	uint32_t element = queue->used + 4 + 8 * (queue->done++ & (queue->entries - 1));
	STORE(word(fake, element), id);
	STORE(word(fake, element + 4), length);
	STORE(half(fake, queue->used + 2), queue->done);
	bump(fake, FAKE_EVENT0 + 4 * index);
}

void fake_answer(struct fake *fake, uint32_t index, int32_t status, const void *values, uint32_t length)
{
	struct fake_command command = fake->held[index];
	uint8_t *reply = fake_buffer(fake, 0, command.head + 1);
	memmove(&fake->held[index], &fake->held[index + 1], (--fake->held_count - index) * sizeof command);
	memcpy(reply, &command.header, 4);
	memcpy(reply + 4, &status, 4);
	if (length > 0)
		memcpy(reply + 8, values, length);
	fake_use(fake, 0, command.head, 8 + length);
}

void fake_echo(struct fake *fake)
{
	while (fake->held_count > 0) {
		uint32_t last = fake->held_count - 1, length = fake->held[last].length - 4;
		uint32_t most = FAKE_SLOT - 8;
		fake_answer(fake, last, 0, fake_buffer(fake, 0, fake->held[last].head) + 4, length < most ? length : most);
	}
}

bool fake_event(struct fake *fake, uint32_t header, const void *payload, uint32_t length)
{
	struct fake_queue *queue = &fake->queues[1];
	if (!serving(fake) || !queue->ready || queue->taken == LOAD(half(fake, queue->available + 2)))
		return false;
	uint32_t index = LOAD(half(fake, queue->available + 4 + 2 * (queue->taken++ & (queue->entries - 1))));
	uint8_t *event = fake_buffer(fake, 1, index);
	memcpy(event, &header, 4);
	if (length > 0)
		memcpy(event + 4, payload, length);
	fake_use(fake, 1, index, 4 + length);
	return true;
}
