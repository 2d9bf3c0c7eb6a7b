/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* The device's side of the virtio-mmio ring and of the fat virtqueue. */
#include "scmi_window_device.h"

#ifdef __KERNEL__
#include <linux/string.h>
#else
#include <string.h>
#endif

#if !defined(__BYTE_ORDER__) || __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "the rings are little-endian, and this device is for processors that are, too"
#endif

/* All that a compiler other than GCC and Clang must bring. Loads acquire, stores release, the fence is full. */
#define LOAD(pointer) __atomic_load_n(pointer, __ATOMIC_ACQUIRE)
#define STORE(pointer, value) __atomic_store_n(pointer, value, __ATOMIC_RELEASE)
#define FENCE() __atomic_thread_fence(__ATOMIC_SEQ_CST)

/* The control block: the server's line, the driver's line, the fat virtqueue's geometry line. */
enum {
	MAGIC = 0x00, VERSION = 0x04, STATE = 0x08, SERVER_EPOCH = 0x0c, WT_ACK = 0x10, EVENT = 0x14,
	DRIVER_EPOCH_SEEN = 0x1c, DRIVER_EPOCH = 0x40, SERVER_EPOCH_SEEN = 0x44, WT_OFFSET = 0x48, WT_VALUE = 0x4c,
	WT_SEQ = 0x50, GEOMETRY = 0x80
};
enum { MMIO_CONTROL_BLOCK = 0x200, MAGIC_MMIO = 0x424d4353, MAGIC_FAT = 0x56464353, LAYOUT_VERSION = 1 };
enum { STATE_DOWN = 0, STATE_READY = 1, STATE_BROKEN = 2 };

/* virtio-mmio version 2. */
enum {
	MAGIC_VALUE = 0x000, DEVICE_VERSION = 0x004, DEVICE_ID = 0x008, VENDOR_ID = 0x00c, DEVICE_FEATURES = 0x010,
	DEVICE_FEATURES_SEL = 0x014, DRIVER_FEATURES = 0x020, DRIVER_FEATURES_SEL = 0x024, QUEUE_SEL = 0x030,
	QUEUE_NUM_MAX = 0x034, QUEUE_NUM = 0x038, QUEUE_READY = 0x044, INTERRUPT_STATUS = 0x060, INTERRUPT_ACK = 0x064,
	STATUS = 0x070, QUEUE_ADDRESSES = 0x080, SHM_LENGTH = 0x0b0, SHM_BASE = 0x0b8, IMAGE_END = 0x200
};
enum { VIRT = 0x74726976, SCMI_DEVICE = 32, SCMI_VENDOR = 0x494d4353, MMIO_ENTRIES = 64 };
enum { DRIVER_OK = 4, FEATURES_OK = 8, P2A_CHANNELS = 1, VERSION_1 = 1 };

enum { DESCRIPTOR_NEXT = 1, DESCRIPTOR_WRITE = 2, DESCRIPTOR_INDIRECT = 4, DESCRIPTOR_BYTES = 16 };
enum { DESCRIPTORS, AVAILABLE, USED };
enum { FIRST_FREE = 0x1000, PAGE = 4096, FAT_ENTRIES = 32, FAT_SLOT = 192, HEADER = 4 };
/* More than any request, so that what is longer is seen to be too long. */
enum { REQUEST_BYTES = 64, LONGEST_REQUEST = 4096 };
enum { SECOND = 1000, SMALL_BUFFERS = 64, PAUSE = 100 };

/* Memory -------------------------------------------------------------------------------------------------------- */

static uint8_t *at(const struct scmi_window *window, uint32_t offset)
{
	return (uint8_t *)window->config.memory + offset;
}

static uint32_t *word(const struct scmi_window *window, uint32_t offset)
{
	return (uint32_t *)(void *)at(window, offset);
}

static uint16_t *half(const struct scmi_window *window, uint32_t offset)
{
	return (uint16_t *)(void *)at(window, offset);
}

static bool is_fat(const struct scmi_window *window) { return window->config.layout == SCMI_WINDOW_FAT; }

static uint32_t *control(const struct scmi_window *window, uint32_t field)
{
	return word(window, field + (is_fat(window) ? 0 : MMIO_CONTROL_BLOCK));
}

static uint32_t align(uint32_t value) { return (value + PAGE - 1) & ~(uint32_t)(PAGE - 1); }

static bool is_power_of_two(uint32_t value, uint32_t most)
{
	return value >= 1 && value <= most && (value & (value - 1)) == 0;
}

static void count_event(struct scmi_window *window, unsigned queue)
{
	FENCE();
	STORE(control(window, EVENT + 4 * queue), ++window->events[queue]);
	if (window->config.kick != NULL) {
		FENCE();
		window->config.kick(window->config.context, queue);
	}
}

static void set_state(struct scmi_window *window, uint32_t state)
{
	window->state = state;
	STORE(control(window, STATE), state);
}

/* The driver has broken a rule: nothing of it is heeded any more but a new driver_epoch. */
static bool violate(struct scmi_window *window)
{
	window->violations++;
	set_state(window, STATE_BROKEN);
	count_event(window, 0);
	return false;
}

/* What is shown ------------------------------------------------------------------------------------------------- */

static uint32_t vring_bytes(uint32_t entries) { return align(18 * entries + 6) + align(8 * entries + 6); }

static void publish_geometry(const struct scmi_window *window)
{
	uint32_t n = window->config.entries, slot = window->config.slot_size;
	for (uint32_t i = 0; i < 2; i++) {
		STORE(control(window, GEOMETRY + 8 + 8 * i), window->queues[i].slots);
		STORE(control(window, GEOMETRY + 12 + 8 * i), window->queues[i].descriptors);
	}
	STORE(control(window, GEOMETRY), n);
	STORE(control(window, GEOMETRY + 4), slot);
	STORE(control(window, GEOMETRY + 0x18), align(18 * n + 6));
	STORE(control(window, GEOMETRY + 0x1c), FIRST_FREE + 2 * (align(n * slot) + vring_bytes(n)));
}

static uint32_t image(const struct scmi_window *window, uint32_t offset)
{
	bool is_queue = window->queue_sel < 2;
	switch (offset) {
	case MAGIC_VALUE:
		return VIRT;
	case DEVICE_VERSION:
		return 2;
	case DEVICE_ID:
		return SCMI_DEVICE;
	case VENDOR_ID:
		return SCMI_VENDOR;
	case DEVICE_FEATURES: /* P2A_CHANNELS in word 0, VERSION_1 in word 1 */
		return window->device_features_sel < 2;
	case QUEUE_NUM_MAX:
		return is_queue ? MMIO_ENTRIES : 0;
	case QUEUE_READY:
		return is_queue && window->queues[window->queue_sel].runs;
	case INTERRUPT_STATUS:
		return window->interrupt_status;
	case STATUS:
		return window->status;
	case SHM_LENGTH:
	case SHM_LENGTH + 4:
	case SHM_BASE:
	case SHM_BASE + 4:
		return ~0u;
	default:
		return 0;
	}
}

static void publish_image(const struct scmi_window *window)
{
	for (uint32_t offset = 0; offset < IMAGE_END; offset += 4)
		STORE(word(window, offset), image(window, offset));
}

/* All lines of the server, so that a scribble heals; driver_epoch_seen is the caller's. */
static void publish(struct scmi_window *window)
{
	if (is_fat(window))
		publish_geometry(window);
	else
		publish_image(window);
	STORE(control(window, VERSION), LAYOUT_VERSION);
	STORE(control(window, MAGIC), is_fat(window) ? MAGIC_FAT : MAGIC_MMIO);
	STORE(control(window, SERVER_EPOCH), window->server_epoch);
	STORE(control(window, WT_ACK), window->wt_ack);
	for (unsigned i = 0; i < 2; i++)
		STORE(control(window, EVENT + 4 * i), window->events[i]);
	STORE(control(window, STATE), window->state);
}

/* Queues -------------------------------------------------------------------------------------------------------- */

static void start_queue(const struct scmi_window *window, struct scmi_window_queue *queue)
{
	queue->taken = queue->done = 0;
	STORE(half(window, queue->used + 2), 0);
	queue->runs = true;
}

static void reset_device(struct scmi_window *window)
{
	struct scmi_window_queue *queues = window->queues;
	window->is_held = false;
	window->small_buffers = 0;
	if (is_fat(window)) {
		uint32_t n = window->config.entries, next = FIRST_FREE;
		for (unsigned i = 0; i < 2; i++) {
			uint32_t slots = next, vring = slots + align(n * window->config.slot_size);
			queues[i] = (struct scmi_window_queue){.entries = n, .slots = slots, .descriptors = vring,
				.available = vring + 16 * n, .used = vring + align(18 * n + 6)};
			STORE(half(window, queues[i].used + 2), 0);
			next = vring + vring_bytes(n);
		}
		return;
	}
	memset(queues, 0, sizeof window->queues);
	window->status = window->device_features_sel = window->driver_features_sel = window->queue_sel = 0;
	window->driver_features[0] = window->driver_features[1] = window->interrupt_status = 0;
	window->strange_features = false;
}

/* The offset of a piece of the window that the driver has named, or 0: no such piece. */
static uint32_t locate(const struct scmi_window *window, uint64_t address, uint32_t bytes, uint32_t alignment)
{
	uint64_t offset = address - window->config.guest_address;
	if (address < window->config.guest_address || offset < FIRST_FREE || offset > window->config.size
			|| bytes > window->config.size - offset || offset % alignment != 0)
		return 0;
	return (uint32_t)offset;
}

static bool make_ready(struct scmi_window *window, struct scmi_window_queue *queue)
{
	uint32_t n = queue->entries;
	if (!is_power_of_two(n, MMIO_ENTRIES))
		return false;
	queue->descriptors = locate(window, queue->addresses[DESCRIPTORS], DESCRIPTOR_BYTES * n, 16);
	queue->available = locate(window, queue->addresses[AVAILABLE], 6 + 2 * n, 2);
	queue->used = locate(window, queue->addresses[USED], 6 + 8 * n, 4);
	if (queue->descriptors == 0 || queue->available == 0 || queue->used == 0)
		return false;
	start_queue(window, queue);
	return true;
}

/* The head of the next buffer, which is not taken yet. False: there is none. */
static bool peek(struct scmi_window *window, const struct scmi_window_queue *queue, uint32_t *head)
{
	uint16_t ahead = (uint16_t)(LOAD(half(window, queue->available + 2)) - queue->taken);
	if (ahead == 0)
		return false;
	*head = LOAD(half(window, queue->available + 4 + 2 * (queue->taken & (queue->entries - 1))));
	if (ahead > queue->entries || *head >= queue->entries)
		return violate(window);
	return true;
}

static void complete(struct scmi_window *window, unsigned index, uint32_t head, uint32_t length)
{
	struct scmi_window_queue *queue = &window->queues[index];
	uint32_t element = queue->used + 4 + 8 * (queue->done++ & (queue->entries - 1));
	STORE(word(window, element), head);
	STORE(word(window, element + 4), length);
	STORE(half(window, queue->used + 2), queue->done);
	if (!is_fat(window)) {
		window->interrupt_status |= 1;
		STORE(word(window, INTERRUPT_STATUS), window->interrupt_status);
	}
	count_event(window, index);
}

/* The parts of a buffer, as they are found by walking its descriptors once. */
struct parts {
	uint8_t *to;           /* what the driver wrote goes there, as far as there is room */
	uint32_t room;
	const uint8_t *from;   /* this goes to the driver; NULL: only lengths are wanted */
	uint32_t length;
	uint32_t readable, writable; /* bytes of both kinds that there are, or more than 2^31 */
};

static void visit(const struct scmi_window *window, struct parts *parts, uint32_t offset, uint32_t length, bool is_writable)
{
	uint32_t *total = is_writable ? &parts->writable : &parts->readable;
	uint32_t limit = is_writable ? (parts->from == NULL ? 0 : parts->length) : parts->room;
	uint32_t left = *total < limit ? limit - *total : 0, count = length < left ? length : left;
	if (count > 0 && is_writable)
		memcpy(at(window, offset), parts->from + *total, count);
	else if (count > 0)
		memcpy(parts->to + *total, at(window, offset), count);
	*total = *total > (1u << 31) ? *total : *total + length; /* a window has less */
}

/* False: the driver broke a rule. Each walk checks all that it follows, whatever an earlier one has seen. */
static bool walk(struct scmi_window *window, unsigned index, uint32_t head, struct parts *parts)
{
	const struct scmi_window_queue *queue = &window->queues[index];
	uint32_t slot = window->config.slot_size;
	parts->readable = parts->writable = 0;
	if (is_fat(window) && index == 0) {
		uint32_t length = LOAD(word(window, queue->descriptors + DESCRIPTOR_BYTES * head + 8));
		if (head % 2 != 0 || length > slot)
			return violate(window);
		visit(window, parts, queue->slots + head * slot, length, false);
		visit(window, parts, queue->slots + (head + 1) * slot, slot, true);
		return true;
	}
	if (is_fat(window)) {
		visit(window, parts, queue->slots + head * slot, slot, true);
		return true;
	}
	bool was_writable = false;
	for (uint32_t count = 0; count < queue->entries; count++) {
		uint32_t entry = queue->descriptors + DESCRIPTOR_BYTES * head;
		uint64_t address = LOAD(word(window, entry)) | (uint64_t)LOAD(word(window, entry + 4)) << 32;
		uint32_t length = LOAD(word(window, entry + 8));
		unsigned flags = LOAD(half(window, entry + 12)), next = LOAD(half(window, entry + 14));
		bool is_writable = (flags & DESCRIPTOR_WRITE) != 0;
		if ((flags & DESCRIPTOR_INDIRECT) != 0 || (was_writable && !is_writable))
			return violate(window);
		if (length > 0) {
			uint32_t offset = locate(window, address, length, 1);
			if (offset == 0)
				return violate(window);
			visit(window, parts, offset, length, is_writable);
		}
		if ((flags & DESCRIPTOR_NEXT) == 0)
			return true;
		if (next >= queue->entries)
			return violate(window);
		was_writable = is_writable;
		head = next;
	}
	return violate(window); /* it has no end */
}

/* Commands and events ------------------------------------------------------------------------------------------- */

/* Sends a reply, if it fits; one that came late finds the buffer as the driver has left it. */
static bool answer(struct scmi_window *window, uint32_t head, uint32_t length)
{
	struct parts parts = {.from = NULL};
	if (!walk(window, 0, head, &parts))
		return false;
	if (length > parts.writable)
		length = 0;
	parts.from = window->reply;
	parts.length = length;
	if (length > 0 && !walk(window, 0, head, &parts))
		return false;
	complete(window, 0, head, length);
	return true;
}

static bool serve_one(struct scmi_window *window)
{
	struct scmi_window_queue *queue = &window->queues[0];
	uint8_t request[REQUEST_BYTES];
	struct parts parts = {.to = request, .room = sizeof request};
	uint32_t head, cookie;
	uint32_t late = scmi_platform_late_reply(window->config.platform, window->config.agent, window->reply, &cookie);
	if (late > 0) {
		if (!window->is_held || cookie != window->cookie)
			return true; /* its queue was stopped in between */
		window->is_held = false;
		return answer(window, cookie & 0xffff, late);
	}
	if (window->is_held || !peek(window, queue, &head) || !walk(window, 0, head, &parts))
		return false;
	queue->taken++;
	if (parts.readable < HEADER || parts.readable > LONGEST_REQUEST)
		return answer(window, head, 0);
	uint32_t length = parts.readable < sizeof request ? parts.readable : (uint32_t)sizeof request;
	uint32_t capacity = parts.writable < sizeof window->reply ? parts.writable : (uint32_t)sizeof window->reply;
	int32_t result = scmi_platform_handle(window->config.platform, window->config.agent, request, length, window->reply,
		capacity, ++window->commands << 16 | head);
	if (result == SCMI_LATER) {
		window->cookie = window->commands << 16 | head;
		window->is_held = true;
		return true;
	}
	return answer(window, head, (uint32_t)result);
}

/* Fills the next buffer of the event queue; one that nothing fits into goes back empty. */
static bool send_one(struct scmi_window *window, uint32_t now)
{
	struct scmi_window_queue *queue = &window->queues[1];
	struct parts parts = {.from = NULL};
	uint8_t event[REQUEST_BYTES];
	uint32_t head;
	if (!scmi_platform_has_event(window->config.platform, window->config.agent)
			|| (window->small_buffers >= SMALL_BUFFERS && now - window->pause < PAUSE)
			|| !peek(window, queue, &head) || !walk(window, 1, head, &parts))
		return false;
	int32_t length = SCMI_TOO_SMALL;
	if (parts.readable == 0 && parts.writable >= HEADER)
		length = scmi_platform_next_event(window->config.platform, window->config.agent, event, parts.writable);
	if (length == 0)
		return false;
	queue->taken++;
	window->small_buffers = length > 0 ? 0 : window->small_buffers + 1;
	window->pause = now;
	parts.from = event;
	parts.length = length > 0 ? (uint32_t)length : 0;
	if (length > 0 && !walk(window, 1, head, &parts))
		return false;
	complete(window, 1, head, parts.length);
	return true;
}

/* Registers ----------------------------------------------------------------------------------------------------- */

static bool features_are_fine(const struct scmi_window *window)
{
	return window->driver_features[1] == VERSION_1 && (window->driver_features[0] & ~(uint32_t)P2A_CHANNELS) == 0
		&& !window->strange_features;
}

static void write_status(struct scmi_window *window, uint32_t value)
{
	bool was_ok = (window->status & DRIVER_OK) != 0;
	if (value == 0) {
		reset_device(window);
		scmi_platform_reset(window->config.platform, window->config.agent, false, false);
		return;
	}
	window->status = value & 0xff & ~(features_are_fine(window) ? 0 : (uint32_t)FEATURES_OK);
	if (!was_ok && (window->status & DRIVER_OK) != 0) {
		bool has_events = (window->driver_features[0] & P2A_CHANNELS) != 0;
		scmi_platform_reset(window->config.platform, window->config.agent, has_events, false);
	}
}

/* A register of the selected queue. While a queue is ready only that can end. */
static bool write_queue(struct scmi_window *window, uint32_t offset, uint32_t value)
{
	struct scmi_window_queue *queue = &window->queues[window->queue_sel];
	uint32_t part = (offset - QUEUE_ADDRESSES) / 16;
	if (offset == QUEUE_READY && value == 0) {
		queue->runs = false;
		window->is_held &= window->queue_sel != 0;
	} else if (offset == QUEUE_READY) {
		return queue->runs || make_ready(window, queue);
	} else if (queue->runs) {
		return true;
	} else if (offset == QUEUE_NUM) {
		queue->entries = value;
	} else if (part <= USED && offset % 16 == 0) {
		queue->addresses[part] = (queue->addresses[part] & ~(uint64_t)0xffffffff) | value;
	} else if (part <= USED && offset % 16 == 4) {
		queue->addresses[part] = (queue->addresses[part] & 0xffffffff) | (uint64_t)value << 32;
	}
	return true;
}

static bool write_register(struct scmi_window *window, uint32_t offset, uint32_t value)
{
	switch (offset) {
	case DEVICE_FEATURES_SEL:
		window->device_features_sel = value;
		return true;
	case DRIVER_FEATURES_SEL:
		window->driver_features_sel = value;
		return true;
	case DRIVER_FEATURES:
		if ((window->status & FEATURES_OK) != 0)
			return true; /* what was agreed stays until the reset */
		if (window->driver_features_sel < 2)
			window->driver_features[window->driver_features_sel] = value;
		else if (value != 0)
			window->strange_features = true;
		return true;
	case QUEUE_SEL:
		window->queue_sel = value;
		return true;
	case INTERRUPT_ACK:
		window->interrupt_status &= ~value;
		return true;
	case STATUS:
		write_status(window, value);
		return true;
	default:
		return window->queue_sel >= 2 || write_queue(window, offset, value);
	}
}

/* The register write that is under way, if there is one. False: the driver broke a rule. */
static bool take_write(struct scmi_window *window)
{
	uint32_t sequence = LOAD(control(window, WT_SEQ));
	if (sequence == window->wt_ack)
		return true;
	uint32_t offset = LOAD(control(window, WT_OFFSET)), value = LOAD(control(window, WT_VALUE));
	if (!is_fat(window)) {
		if (!write_register(window, offset, value))
			return violate(window);
		publish_image(window);
	}
	window->wt_ack = sequence;
	STORE(control(window, WT_ACK), sequence);
	count_event(window, 0);
	return true;
}

/* Sessions ------------------------------------------------------------------------------------------------------ */

/* A new driver_epoch is a reset; that it is complete is said last. */
static void reset(struct scmi_window *window, uint32_t epoch)
{
	scmi_platform_reset(window->config.platform, window->config.agent, false, false);
	reset_device(window);
	window->wt_ack = LOAD(control(window, WT_SEQ));
	window->driver_epoch = epoch;
	window->session = SCMI_WINDOW_MEETING;
	window->state = STATE_READY;
	publish(window);
	STORE(control(window, DRIVER_EPOCH_SEEN), epoch);
	count_event(window, 0);
}

int32_t scmi_window_start(struct scmi_window *window, const struct scmi_window_config *config)
{
	memset(window, 0, sizeof *window);
	window->config = *config;
	if (window->config.entries == 0)
		window->config.entries = FAT_ENTRIES;
	if (window->config.slot_size == 0)
		window->config.slot_size = FAT_SLOT;
	uint32_t n = window->config.entries, slot = window->config.slot_size;
	if (config->memory == NULL || (uintptr_t)config->memory % PAGE != 0 || config->size % PAGE != 0
			|| config->size < 2 * PAGE || config->size > 1u << 30 || config->guest_address % PAGE != 0
			|| config->platform == NULL || config->agent >= config->platform->config->agent_count || n < 2
			|| !is_power_of_two(n, 256) || slot < 128 || slot > PAGE || slot % 64 != 0
			|| (is_fat(window) && FIRST_FREE + 2 * (align(n * slot) + vring_bytes(n)) > config->size))
		return SCMI_BAD_CONFIG;
	uint32_t found = LOAD(control(window, SERVER_EPOCH)), seen = LOAD(control(window, SERVER_EPOCH_SEEN));
	set_state(window, STATE_DOWN);
	window->server_epoch = config->epoch;
	while (window->server_epoch == 0 || window->server_epoch == found || window->server_epoch == seen)
		window->server_epoch++;
	STORE(control(window, SERVER_EPOCH), window->server_epoch);
	for (unsigned i = 0; i < 2; i++)
		window->events[i] = LOAD(control(window, EVENT + 4 * i));
	reset(window, LOAD(control(window, DRIVER_EPOCH)));
	return 0;
}

static void begin(struct scmi_window *window)
{
	window->session = SCMI_WINDOW_RUNNING;
	window->sessions++;
	if (is_fat(window)) {
		start_queue(window, &window->queues[0]);
		start_queue(window, &window->queues[1]);
		scmi_platform_reset(window->config.platform, window->config.agent, true, false);
	}
}

/* Commands before events: what a reply says comes before what is told behind it. */
static bool serve(struct scmi_window *window, uint32_t now)
{
	bool worked = false;
	const struct scmi_window_queue *queues = window->queues;
	if (!is_fat(window) && (window->status & DRIVER_OK) == 0)
		return false;
	for (uint32_t i = 0; queues[0].runs && i < queues[0].entries && serve_one(window); i++)
		worked = true;
	for (uint32_t i = 0; window->state == STATE_READY && queues[1].runs && i < queues[1].entries
			&& send_one(window, now); i++)
		worked = true;
	return worked;
}

bool scmi_window_poll(struct scmi_window *window, uint32_t now)
{
	bool worked = false;
	if (window->state == STATE_DOWN)
		return false;
	FENCE();
	uint32_t epoch = LOAD(control(window, DRIVER_EPOCH));
	if (epoch != window->driver_epoch) {
		reset(window, epoch);
		worked = true;
	} else if (now - window->published >= SECOND) {
		publish(window);
		STORE(control(window, DRIVER_EPOCH_SEEN), window->driver_epoch);
		window->published = now;
	}
	bool agrees = LOAD(control(window, SERVER_EPOCH_SEEN)) == window->server_epoch;
	if (!agrees && window->session == SCMI_WINDOW_RUNNING)
		window->session = SCMI_WINDOW_OVER; /* the next one has another driver_epoch */
	if (agrees && window->session == SCMI_WINDOW_MEETING)
		begin(window);
	if (window->session == SCMI_WINDOW_RUNNING && window->state == STATE_READY) {
		uint32_t acknowledged = window->wt_ack;
		if (take_write(window))
			worked |= serve(window, now);
		worked |= window->wt_ack != acknowledged;
	}
	return worked;
}

void scmi_window_stop(struct scmi_window *window)
{
	if (window->state != STATE_DOWN) {
		set_state(window, STATE_DOWN);
		count_event(window, 0);
		scmi_platform_reset(window->config.platform, window->config.agent, false, false);
	}
}
