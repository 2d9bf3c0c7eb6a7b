/* The SCMI agent's driver for the virtio-mmio ring, the fat virtqueue and a trapped virtio-mmio device. */
#include "scmi_ring.h"

#include <stddef.h>
#include <string.h>

#if !defined(__BYTE_ORDER__) || __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "the ring is little-endian, and this driver is for processors that are, too"
#endif

/* All that a compiler other than GCC and Clang must bring. Loads acquire, stores release, the fence is full. */
#define LOAD(pointer) __atomic_load_n(pointer, __ATOMIC_ACQUIRE)
#define STORE(pointer, value) __atomic_store_n(pointer, value, __ATOMIC_RELEASE)
#define FENCE() __atomic_thread_fence(__ATOMIC_SEQ_CST)

/* The control block: the server's line, the driver's line, the fat virtqueue's geometry line. */
enum {
	MAGIC = 0x00, VERSION = 0x04, STATE = 0x08, SERVER_EPOCH = 0x0c, WT_ACK = 0x10, DRIVER_EPOCH_SEEN = 0x1c,
	DRIVER_EPOCH = 0x40, SERVER_EPOCH_SEEN = 0x44, WT_OFFSET = 0x48, WT_VALUE = 0x4c, WT_SEQ = 0x50, KICK = 0x54,
	GEOMETRY = 0x80
};
enum { MMIO_CONTROL_BLOCK = 0x200, MAGIC_MMIO = 0x424d4353, MAGIC_FAT = 0x56464353, LAYOUT_VERSION = 1 };
enum { STATE_DOWN = 0, STATE_READY = 1, STATE_BROKEN = 2 };

/* virtio-mmio version 2. */
enum {
	MAGIC_VALUE = 0x000, DEVICE_VERSION = 0x004, DEVICE_ID = 0x008, DEVICE_FEATURES = 0x010,
	DEVICE_FEATURES_SEL = 0x014, DRIVER_FEATURES = 0x020, DRIVER_FEATURES_SEL = 0x024, QUEUE_SEL = 0x030,
	QUEUE_NUM_MAX = 0x034, QUEUE_NUM = 0x038, QUEUE_READY = 0x044, QUEUE_NOTIFY = 0x050, INTERRUPT_STATUS = 0x060,
	INTERRUPT_ACK = 0x064, STATUS = 0x070, QUEUE_DESC = 0x080, QUEUE_DRIVER = 0x090, QUEUE_DEVICE = 0x0a0
};
enum { VIRT = 0x74726976, SCMI_DEVICE = 32 };
enum { ACKNOWLEDGE = 1, DRIVER = 2, DRIVER_OK = 4, FEATURES_OK = 8, NEEDS_RESET = 64 };
enum { P2A_CHANNELS = 1, VERSION_1 = 1 }; /* in feature words 0 and 1 */

enum { DESCRIPTOR_NEXT = 1, DESCRIPTOR_WRITE = 2, USED_NO_NOTIFY = 1 };
struct descriptor {
	uint64_t address;
	uint32_t length;
	uint16_t flags, next;
};

enum { FIRST_FREE = 0x1000, PAGE = 4096, LINE = 64, MMIO_ENTRIES = 64, MMIO_BUFFER = 192, FAT_ENTRIES = 256 };
static const uint64_t MILLISECOND = 1000000;
static const uint64_t SECOND = 1000000000;
/* The server looks at everything at least once a second: an attempt that gets nowhere for so long is begun anew. */
static const uint64_t PATIENCE = 5000000000;

/* Memory, registers, hooks ------------------------------------------------------------------------------------- */

static void *at(const struct scmi_ring *ring, uint32_t offset) { return (uint8_t *)ring->config.memory + offset; }

static uint32_t word(const struct scmi_ring *ring, uint32_t offset) { return LOAD((uint32_t *)at(ring, offset)); }

static uint16_t half(const struct scmi_ring *ring, uint32_t offset) { return LOAD((uint16_t *)at(ring, offset)); }

static void set_half(const struct scmi_ring *ring, uint32_t offset, uint32_t value)
{
	STORE((uint16_t *)at(ring, offset), (uint16_t)value);
}

static bool is(const struct scmi_ring *ring, enum scmi_ring_flavour flavour) { return ring->config.flavour == flavour; }

static uint32_t *control(const struct scmi_ring *ring, uint32_t field)
{
	return at(ring, field + (is(ring, SCMI_RING_MMIO) ? MMIO_CONTROL_BLOCK : 0));
}

static volatile uint32_t *trapped(const struct scmi_ring *ring, uint32_t offset)
{
	return (volatile uint32_t *)ring->config.registers + offset / 4;
}

static uint64_t now(const struct scmi_ring *ring) { return ring->config.hooks->now(ring->config.context); }

static uint64_t later(uint64_t time, uint64_t by) { return time > UINT64_MAX - by ? UINT64_MAX : time + by; }

static uint32_t align(uint32_t value, uint32_t to) { return (value + to - 1) & ~(to - 1); }

static void kick(struct scmi_ring *ring, unsigned queue)
{
	const struct scmi_ring_hooks *hooks = ring->config.hooks;
	FENCE();
	if (is(ring, SCMI_RING_TRAPPED)) {
		if (!(half(ring, ring->queues[queue].used) & USED_NO_NOTIFY))
			*trapped(ring, QUEUE_NOTIFY) = queue;
		return;
	}
	STORE(control(ring, KICK + 4 * queue), ++ring->kicks[queue]);
	if (hooks->kick != NULL) {
		FENCE();
		hooks->kick(ring->config.context, queue);
	}
}

static uint32_t get_register(const struct scmi_ring *ring, uint32_t offset)
{
	return is(ring, SCMI_RING_TRAPPED) ? *trapped(ring, offset) : word(ring, offset);
}

/* In a window this begins a write transaction, which is at its end when wt_ack is wt_seq. */
static void set_register(struct scmi_ring *ring, uint32_t offset, uint32_t value)
{
	if (is(ring, SCMI_RING_TRAPPED)) {
		FENCE();
		*trapped(ring, offset) = value;
		return;
	}
	STORE(control(ring, WT_OFFSET), offset);
	STORE(control(ring, WT_VALUE), value);
	STORE(control(ring, WT_SEQ), ++ring->transaction);
	kick(ring, 0);
}

/* Where things are --------------------------------------------------------------------------------------------- */

/* The placement that the contract calls conventional, or a dense one; both keep a line of 64 bytes to one writer. */
static bool place(struct scmi_ring *ring, uint32_t entries, uint32_t buffer_size, bool conventional)
{
	uint32_t next = is(ring, SCMI_RING_MMIO) ? FIRST_FREE : 0;
	for (int i = 0; i < 2; i++) {
		struct scmi_ring_queue *queue = &ring->queues[i];
		queue->entries = entries;
		queue->buffer_size = buffer_size;
		queue->descriptors = next;
		queue->available = next + (conventional ? 0x400 : 16 * entries);
		queue->used = conventional ? next + 0x1000 : align(queue->available + 6 + 2 * entries, LINE);
		next = conventional ? next + 0x2000 : align(queue->used + 6 + 8 * entries, LINE);
	}
	for (int i = 0; i < 2; i++) {
		ring->queues[i].buffers = next;
		next += entries * buffer_size;
	}
	return next <= ring->config.size;
}

/* As many entries as are wanted, or as there is room for. */
static bool place_mmio(struct scmi_ring *ring)
{
	uint32_t buffer_size = ring->config.buffer_size;
	for (uint32_t entries = ring->config.entries; entries >= 2; entries /= 2) {
		if ((is(ring, SCMI_RING_MMIO) && place(ring, entries, buffer_size, true))
			|| place(ring, entries, buffer_size, false)) {
			return true;
		}
	}
	return false;
}

static bool power_of_two(uint32_t value, uint32_t min, uint32_t max)
{
	return value >= min && value <= max && (value & (value - 1)) == 0;
}

/* Entries and slot size say it all; what else the server shows must agree, or it is another layout. */
static bool place_fat(struct scmi_ring *ring)
{
	uint32_t entries = LOAD(control(ring, GEOMETRY)), slot = LOAD(control(ring, GEOMETRY + 4));
	if (!power_of_two(entries, 2, FAT_ENTRIES) || slot < 128 || slot > PAGE || slot % LINE != 0)
		return false;
	uint32_t slots = align(entries * slot, PAGE), used = align(18 * entries + 6, PAGE);
	uint32_t stride = slots + used + align(8 * entries + 6, PAGE), first = FIRST_FREE;
	const uint32_t expected[] = {first, first + slots, first + stride, first + stride + slots, used, first + 2 * stride};
	for (uint32_t i = 0; i < 6; i++) {
		if (LOAD(control(ring, GEOMETRY + 8 + 4 * i)) != expected[i])
			return false;
	}
	for (uint32_t i = 0; i < 2; i++) {
		uint32_t buffers = first + i * stride, vring = buffers + slots;
		ring->queues[i] = (struct scmi_ring_queue){entries, slot, vring, vring + 16 * entries, vring + used, buffers, 0, 0};
	}
	return first + 2 * stride <= ring->config.size;
}

/* The rings ---------------------------------------------------------------------------------------------------- */

static uint32_t buffer(const struct scmi_ring_queue *queue, uint32_t index)
{
	return queue->buffers + index * queue->buffer_size;
}

static struct descriptor *descriptor(const struct scmi_ring *ring, const struct scmi_ring_queue *queue, uint32_t index)
{
	return (struct descriptor *)at(ring, queue->descriptors) + index;
}

static void post(struct scmi_ring *ring, struct scmi_ring_queue *queue, uint32_t head)
{
	uint32_t entry = queue->available + 4 + 2 * (queue->next_available & (queue->entries - 1));
	set_half(ring, entry, head);
	set_half(ring, queue->available + 2, ++queue->next_available);
}

/* Empties a ring and writes its descriptors: q0 in pairs of request and reply, q1 one by one, all of them posted. */
static void fill(struct scmi_ring *ring, unsigned index)
{
	struct scmi_ring_queue *queue = &ring->queues[index];
	queue->next_available = queue->next_used = 0;
	memset(at(ring, queue->available), 0, 6 + 2 * queue->entries);
	if (!is(ring, SCMI_RING_FAT)) { /* there it is the server's, at any time */
		memset(at(ring, queue->used), 0, 6 + 8 * queue->entries);
	}
	for (uint32_t i = 0; i < queue->entries; i++) {
		bool request = index == 0 && i % 2 == 0;
		struct descriptor *entry = descriptor(ring, queue, i);
		entry->address = ring->config.guest_address + buffer(queue, i);
		entry->length = queue->buffer_size;
		entry->flags = request ? DESCRIPTOR_NEXT : DESCRIPTOR_WRITE;
		entry->next = request ? (uint16_t)(i + 1) : 0;
		if (index == 1)
			post(ring, queue, i);
	}
}

/* The session -------------------------------------------------------------------------------------------------- */

static void finish(struct scmi_ring *ring, struct scmi_ring_request *request, int32_t status, uint32_t length)
{
	struct scmi_ring_reply reply = {status, request->header, ring->message + 2, length};
	ring->in_flight--;
	request->done(request->tag, &reply);
}

/* Ends a session, or an attempt at one. What is in flight ends: no reply of this session will be believed. */
static void lose(struct scmi_ring *ring, int32_t why, uint64_t pause)
{
	bool was_up = ring->phase == SCMI_RING_READY;
	ring->phase = SCMI_RING_FINDING;
	ring->trouble = why;
	ring->not_before = later(now(ring), pause);
	for (int i = 0; i < SCMI_RING_REQUESTS; i++) {
		struct scmi_ring_request *request = &ring->requests[i];
		bool in_flight = request->state == SCMI_RING_IN_FLIGHT;
		request->state = SCMI_RING_FREE;
		if (in_flight)
			finish(ring, request, SCMI_RING_RESTARTED, 0);
	}
	ring->taken = 0;
	if (was_up && ring->config.hooks->session != NULL)
		ring->config.hooks->session(ring->config.context, false);
}

/* What fails for a reason that may last is tried again after a while only. */
static void fail(struct scmi_ring *ring, int32_t why) { lose(ring, why, 20 * MILLISECOND); }

/* Looked at after each acquire of used.idx or wt_ack: a server that starts equals wt_ack and zeroes used.idx. */
static bool session_holds(struct scmi_ring *ring)
{
	if (is(ring, SCMI_RING_TRAPPED))
		return true;
	uint32_t epoch = LOAD(control(ring, SERVER_EPOCH)), state = LOAD(control(ring, STATE));
	if (epoch == ring->server_epoch && state == STATE_READY)
		return true;
	if (state == STATE_BROKEN) {
		fail(ring, SCMI_RING_BAD_RING);
	} else {
		lose(ring, SCMI_RING_NO_SESSION, 0);
	}
	return false;
}

static void up(struct scmi_ring *ring)
{
	ring->phase = SCMI_RING_READY;
	ring->sessions++;
	ring->next_look = later(now(ring), SECOND);
	kick(ring, 0);
	if (ring->events)
		kick(ring, 1);
	if (ring->config.hooks->session != NULL)
		ring->config.hooks->session(ring->config.context, true);
}

/* A new driver_epoch: the server drops what it has of us, and from here no ring is touched until it has said so. */
static void announce(struct scmi_ring *ring)
{
	uint32_t seen = LOAD(control(ring, DRIVER_EPOCH_SEEN));
	ring->driver_epoch = LOAD(control(ring, DRIVER_EPOCH));
	do {
		ring->driver_epoch++;
	} while (ring->driver_epoch == seen || ring->driver_epoch == 0);
	STORE(control(ring, SERVER_EPOCH_SEEN), 0);
	STORE(control(ring, DRIVER_EPOCH), ring->driver_epoch);
	for (unsigned i = 0; i < 2; i++)
		ring->kicks[i] = LOAD(control(ring, KICK + 4 * i));
	kick(ring, 0);
}

static bool is_scmi_device(const struct scmi_ring *ring)
{
	return get_register(ring, MAGIC_VALUE) == VIRT && get_register(ring, DEVICE_VERSION) == 2
		&& get_register(ring, DEVICE_ID) == SCMI_DEVICE;
}

static void find(struct scmi_ring *ring)
{
	if (is(ring, SCMI_RING_TRAPPED)) {
		ring->phase = SCMI_RING_CONFIGURING;
		ring->step = 0;
		return;
	}
	bool mmio = is(ring, SCMI_RING_MMIO);
	uint32_t magic = LOAD(control(ring, MAGIC)), right = mmio ? MAGIC_MMIO : MAGIC_FAT;
	uint32_t version = LOAD(control(ring, VERSION)), state = LOAD(control(ring, STATE));
	/* A fat virtqueue has nothing where the other layout has its control block. The other way round there are registers. */
	bool other = word(ring, 0) == (mmio ? MAGIC_FAT : VIRT);
	if (!other && (magic == 0 || (magic == right && state == STATE_DOWN))) {
		ring->trouble = SCMI_RING_NO_SESSION;
	} else if (other || magic != right || version != LAYOUT_VERSION) {
		ring->trouble = SCMI_RING_NO_DEVICE;
	} else {
		announce(ring);
		ring->phase = SCMI_RING_MEETING;
		ring->next_look = later(now(ring), PATIENCE);
	}
}

/* The server has seen driver_epoch: from here the rings are ours to set up. */
static void meet(struct scmi_ring *ring)
{
	if (LOAD(control(ring, DRIVER_EPOCH_SEEN)) != ring->driver_epoch)
		return;
	ring->server_epoch = LOAD(control(ring, SERVER_EPOCH));
	if (LOAD(control(ring, STATE)) != STATE_READY || ring->server_epoch == 0) {
		fail(ring, SCMI_RING_NO_SESSION);
		return;
	}
	if (is(ring, SCMI_RING_FAT)) {
		if (!place_fat(ring)) {
			fail(ring, SCMI_RING_BAD_GEOMETRY);
			return;
		}
		fill(ring, 0);
		fill(ring, 1);
	}
	ring->transaction = LOAD(control(ring, WT_ACK));
	STORE(control(ring, WT_SEQ), ring->transaction);
	STORE(control(ring, SERVER_EPOCH_SEEN), ring->server_epoch);
	kick(ring, 0);
	if (is(ring, SCMI_RING_FAT)) {
		ring->events = true;
		up(ring);
	} else {
		ring->phase = SCMI_RING_CONFIGURING;
		ring->step = 0;
	}
}

/* The register writes of virtio's initialisation, in order, one in each step; bit 0 of DRIVER_FEATURES by the device. */
static const uint16_t device_writes[][2] = {
	{STATUS, 0}, {STATUS, ACKNOWLEDGE}, {STATUS, ACKNOWLEDGE | DRIVER}, {DEVICE_FEATURES_SEL, 0},
	{DEVICE_FEATURES_SEL, 1}, {DRIVER_FEATURES_SEL, 0}, {DRIVER_FEATURES, P2A_CHANNELS}, {DRIVER_FEATURES_SEL, 1},
	{DRIVER_FEATURES, VERSION_1}, {STATUS, ACKNOWLEDGE | DRIVER | FEATURES_OK}
};
static const uint16_t queue_writes[] = {
	QUEUE_SEL, QUEUE_NUM, QUEUE_DESC, QUEUE_DESC + 4, QUEUE_DRIVER, QUEUE_DRIVER + 4, QUEUE_DEVICE, QUEUE_DEVICE + 4,
	QUEUE_READY
};
enum { DEVICE_WRITES = 10, QUEUE_WRITES = 9 };

static int32_t configure_device(struct scmi_ring *ring, uint32_t step)
{
	uint32_t value = device_writes[step][1];
	if (step == 0 && (!is_scmi_device(ring) || !place_mmio(ring)))
		return SCMI_RING_NO_DEVICE;
	if (step == 1 && get_register(ring, STATUS) != 0) {
		ring->step--; /* the reset goes on */
		return 0;
	}
	if (step == 4)
		ring->events = (get_register(ring, DEVICE_FEATURES) & P2A_CHANNELS) != 0;
	if (step == 5 && (get_register(ring, DEVICE_FEATURES) & VERSION_1) == 0)
		return SCMI_RING_NO_FEATURES;
	if (step == 6)
		value = ring->events ? P2A_CHANNELS : 0;
	set_register(ring, device_writes[step][0], value);
	return 0;
}

static int32_t configure_queue(struct scmi_ring *ring, uint32_t index, uint32_t step)
{
	struct scmi_ring_queue *queue = &ring->queues[index];
	const uint32_t parts[] = {queue->descriptors, queue->available, queue->used};
	uint32_t value = 1;
	if (step == 0) {
		value = index;
	} else if (step == 1) {
		uint32_t max = get_register(ring, QUEUE_NUM_MAX);
		while (queue->entries > max)
			queue->entries /= 2;
		if (queue->entries < 2 || get_register(ring, QUEUE_READY) != 0)
			return SCMI_RING_NO_FEATURES;
		fill(ring, index);
		value = queue->entries;
	} else if (step < QUEUE_WRITES - 1) {
		uint64_t address = ring->config.guest_address + parts[step / 2 - 1];
		value = (uint32_t)(step % 2 == 0 ? address : address >> 32);
	}
	set_register(ring, queue_writes[step], value);
	return 0;
}

/* One register write, or why there will be no session. */
static int32_t configure_step(struct scmi_ring *ring, uint32_t step)
{
	uint32_t queues = ring->events ? 2 : 1;
	if (step < DEVICE_WRITES)
		return configure_device(ring, step);
	step -= DEVICE_WRITES;
	if (step == 0 && (get_register(ring, STATUS) & FEATURES_OK) == 0)
		return SCMI_RING_NO_FEATURES;
	if (step < queues * QUEUE_WRITES)
		return configure_queue(ring, step / QUEUE_WRITES, step % QUEUE_WRITES);
	if (step == queues * QUEUE_WRITES) {
		set_register(ring, STATUS, ACKNOWLEDGE | DRIVER | FEATURES_OK | DRIVER_OK);
	} else {
		up(ring);
	}
	return 0;
}

static void configure(struct scmi_ring *ring)
{
	uint32_t before;
	do {
		bool written = is(ring, SCMI_RING_TRAPPED) || LOAD(control(ring, WT_ACK)) == ring->transaction;
		if (!session_holds(ring) || !written)
			return;
		before = ring->step;
		ring->next_look = later(now(ring), PATIENCE);
		int32_t trouble = configure_step(ring, ring->step++);
		if (trouble != 0)
			fail(ring, trouble);
	} while (ring->phase == SCMI_RING_CONFIGURING && ring->step != before);
}

/* Replies, events, time-outs ------------------------------------------------------------------------------------ */

/* How many used elements are new, at most `most`, or 0 if the session is at its end. */
static uint32_t news(struct scmi_ring *ring, const struct scmi_ring_queue *queue, uint32_t most)
{
	uint16_t count = (uint16_t)(half(ring, queue->used + 2) - queue->next_used);
	if (!session_holds(ring))
		return 0;
	if (count > most) {
		fail(ring, SCMI_RING_BAD_RING);
		return 0;
	}
	return count;
}

/* The next used element's id; what was written, if there was room for it, is in ring->message. */
static uint32_t take(struct scmi_ring *ring, struct scmi_ring_queue *queue, uint32_t *length)
{
	uint32_t element = queue->used + 4 + 8 * (queue->next_used++ & (queue->entries - 1));
	*length = word(ring, element + 4);
	return word(ring, element);
}

static void copy(struct scmi_ring *ring, const struct scmi_ring_queue *queue, uint32_t index, uint32_t length)
{
	memcpy(ring->message, at(ring, buffer(queue, index)), length);
}

static int32_t read_reply(struct scmi_ring *ring, uint32_t header, uint32_t index, uint32_t length)
{
	const struct scmi_ring_queue *queue = &ring->queues[0];
	if (length < 8 || length > queue->buffer_size)
		return SCMI_RING_BAD_REPLY;
	if (length > SCMI_RING_MESSAGE_MAX)
		return SCMI_RING_TOO_LONG;
	copy(ring, queue, index, length);
	int32_t status = (int32_t)ring->message[1];
	return ring->message[0] == header && scmi_ring_error_name(status) == NULL ? status : SCMI_RING_BAD_REPLY;
}

static uint32_t take_replies(struct scmi_ring *ring)
{
	uint32_t replies = 0;
	for (uint32_t left = news(ring, &ring->queues[0], ring->taken); left > 0; left--) {
		uint32_t length, head = take(ring, &ring->queues[0], &length), pair = head / 2;
		if (head % 2 != 0 || pair >= SCMI_RING_REQUESTS || ring->requests[pair].state == SCMI_RING_FREE) {
			fail(ring, SCMI_RING_BAD_RING);
			return replies;
		}
		struct scmi_ring_request *request = &ring->requests[pair];
		bool late = request->state == SCMI_RING_ABANDONED;
		request->state = SCMI_RING_FREE;
		ring->taken--;
		if (late) {
			ring->late++;
			continue;
		}
		int32_t status = read_reply(ring, request->header, head + 1, length);
		bool ours = scmi_ring_error_name(status) != NULL;
		finish(ring, request, status, ours ? 0 : length - 8);
		replies++;
	}
	return replies;
}

static uint32_t take_events(struct scmi_ring *ring)
{
	const struct scmi_ring_hooks *hooks = ring->config.hooks;
	struct scmi_ring_queue *queue = &ring->queues[1];
	uint32_t events = 0, count = news(ring, queue, queue->entries);
	for (uint32_t left = count; left > 0; left--) {
		uint32_t length, index = take(ring, queue, &length);
		if (index >= queue->entries) {
			fail(ring, SCMI_RING_BAD_RING);
			return events;
		}
		bool good = length >= 4 && length <= queue->buffer_size && length <= SCMI_RING_MESSAGE_MAX;
		if (good)
			copy(ring, queue, index, length);
		post(ring, queue, index);
		if (good && hooks->event != NULL) {
			hooks->event(ring->config.context, ring->message[0], ring->message + 1, length - 4);
			events++;
		} else {
			ring->dropped++;
		}
	}
	if (count > 0)
		kick(ring, 1); /* events may wait for buffers */
	return events;
}

/* A slot that timed out stays the server's: a late reply must not be taken for one to the next command. */
static void expire(struct scmi_ring *ring, uint64_t time)
{
	if (time < ring->next_deadline)
		return;
	ring->next_deadline = UINT64_MAX;
	for (int i = 0; i < SCMI_RING_REQUESTS; i++) {
		struct scmi_ring_request *request = &ring->requests[i];
		if (request->state != SCMI_RING_IN_FLIGHT)
			continue;
		if (request->deadline <= time) {
			request->state = SCMI_RING_ABANDONED;
			finish(ring, request, SCMI_RING_TIMEOUT, 0);
		} else if (request->deadline < ring->next_deadline) {
			ring->next_deadline = request->deadline;
		}
	}
}

/* A trapped device has no epochs; it says by Status that it needs a reset. A read is a trap: once a second. */
static void look_at_status(struct scmi_ring *ring, uint64_t time)
{
	if (is(ring, SCMI_RING_TRAPPED) && time >= ring->next_look) {
		uint32_t status = get_register(ring, STATUS);
		ring->next_look = later(time, SECOND);
		if ((status & NEEDS_RESET) != 0 || (status & DRIVER_OK) == 0)
			fail(ring, SCMI_RING_BAD_RING);
	}
}

/* The API ------------------------------------------------------------------------------------------------------ */

int32_t scmi_ring_init(struct scmi_ring *ring, const struct scmi_ring_config *config)
{
	memset(ring, 0, sizeof *ring);
	ring->config = *config;
	ring->trouble = SCMI_RING_NO_SESSION;
	ring->next_deadline = UINT64_MAX;
	if (config->entries == 0)
		ring->config.entries = MMIO_ENTRIES;
	if (config->buffer_size == 0)
		ring->config.buffer_size = MMIO_BUFFER;
	uint32_t buffer_size = ring->config.buffer_size;
	bool good = config->memory != NULL && (uintptr_t)config->memory % LINE == 0 && config->guest_address % LINE == 0
		&& config->hooks != NULL && config->hooks->now != NULL
		&& (config->registers != NULL) == is(ring, SCMI_RING_TRAPPED);
	if (good && is(ring, SCMI_RING_FAT)) {
		good = config->size >= FIRST_FREE;
	} else if (good) {
		good = power_of_two(ring->config.entries, 2, MMIO_ENTRIES) && buffer_size >= 128
			&& buffer_size <= SCMI_RING_MESSAGE_MAX && buffer_size % LINE == 0 && place_mmio(ring);
	}
	return good ? 0 : SCMI_RING_BAD_CONFIG;
}

void scmi_ring_begin(struct scmi_ring *ring)
{
	ring->polling = true;
	lose(ring, SCMI_RING_NO_SESSION, 0);
	ring->polling = false;
}

void scmi_ring_end(struct scmi_ring *ring)
{
	bool met = ring->phase >= SCMI_RING_MEETING;
	scmi_ring_begin(ring);
	if (met && is(ring, SCMI_RING_TRAPPED)) {
		set_register(ring, STATUS, 0);
	} else if (met) {
		announce(ring);
	}
	ring->phase = SCMI_RING_IDLE;
}

int32_t scmi_ring_poll(struct scmi_ring *ring)
{
	if (ring->polling)
		return 0;
	uint64_t time = now(ring);
	uint32_t messages = 0;
	ring->polling = true;
	FENCE();
	if (ring->phase == SCMI_RING_FINDING && time >= ring->not_before)
		find(ring);
	if (ring->phase == SCMI_RING_MEETING)
		meet(ring);
	if (ring->phase == SCMI_RING_CONFIGURING)
		configure(ring);
	if ((ring->phase == SCMI_RING_MEETING || ring->phase == SCMI_RING_CONFIGURING) && time >= ring->next_look)
		lose(ring, SCMI_RING_NO_SESSION, 0);
	if (ring->phase == SCMI_RING_READY)
		messages = take_replies(ring);
	if (ring->phase == SCMI_RING_READY && ring->events)
		messages += take_events(ring);
	if (ring->phase == SCMI_RING_READY) {
		expire(ring, time);
		look_at_status(ring, time);
	}
	ring->polling = false;
	return ring->phase == SCMI_RING_READY ? (int32_t)messages : ring->trouble;
}

int32_t scmi_ring_send(struct scmi_ring *ring, uint8_t protocol, uint8_t message, const void *payload,
		uint32_t length, uint64_t timeout, scmi_ring_done *done, void *tag)
{
	struct scmi_ring_queue *queue = &ring->queues[0];
	if (ring->phase != SCMI_RING_READY)
		return SCMI_RING_NO_SESSION;
	if (length > scmi_ring_max_payload(ring))
		return SCMI_RING_TOO_LONG;
	uint32_t pairs = queue->entries / 2 < SCMI_RING_REQUESTS ? queue->entries / 2 : SCMI_RING_REQUESTS;
	uint32_t pair = ring->next_request, tried = 0;
	while (tried < pairs && ring->requests[pair %= pairs].state != SCMI_RING_FREE) {
		pair++;
		tried++;
	}
	if (tried == pairs)
		return SCMI_RING_BUSY;
	uint32_t token = ring->token++ & 0x3ff, header = message | (uint32_t)protocol << 10 | token << 18;
	uint64_t deadline = later(now(ring), timeout);
	ring->next_request = pair + 1;
	ring->requests[pair] = (struct scmi_ring_request){SCMI_RING_IN_FLIGHT, header, deadline, done, tag};
	ring->taken++;
	ring->in_flight++;
	if (deadline < ring->next_deadline)
		ring->next_deadline = deadline;
	memcpy(at(ring, buffer(queue, 2 * pair)), &header, 4);
	if (length > 0)
		memcpy(at(ring, buffer(queue, 2 * pair) + 4), payload, length);
	descriptor(ring, queue, 2 * pair)->length = 4 + length;
	post(ring, queue, 2 * pair);
	kick(ring, 0);
	return (int32_t)token;
}

struct call {
	void *values;
	uint32_t capacity, got;
	int32_t status;
	bool done;
};

static void call_done(void *tag, const struct scmi_ring_reply *reply)
{
	struct call *call = tag;
	uint32_t length = reply->length < call->capacity ? reply->length : call->capacity;
	if (length > 0)
		memcpy(call->values, reply->values, length);
	call->got = reply->length;
	call->status = reply->status == 0 && reply->length > call->capacity ? SCMI_RING_TOO_LONG : reply->status;
	call->done = true;
}

static void relax(const struct scmi_ring *ring)
{
	if (ring->config.hooks->relax != NULL)
		ring->config.hooks->relax(ring->config.context);
}

int32_t scmi_ring_call(struct scmi_ring *ring, uint8_t protocol, uint8_t message, const void *payload, uint32_t length,
		void *values, uint32_t capacity, uint32_t *got, uint64_t timeout)
{
	struct call call = {values, capacity, 0, SCMI_RING_BUSY, false};
	uint64_t time = now(ring), deadline = later(time, timeout);
	int32_t sent = SCMI_RING_BUSY;
	while (!ring->polling) {
		scmi_ring_poll(ring);
		time = now(ring);
		sent = scmi_ring_send(ring, protocol, message, payload, length, deadline > time ? deadline - time : 0,
				call_done, &call);
		if ((sent != SCMI_RING_BUSY && sent != SCMI_RING_NO_SESSION) || time >= deadline)
			break;
		relax(ring);
	}
	while (sent >= 0 && !call.done) {
		scmi_ring_poll(ring);
		if (!call.done)
			relax(ring);
	}
	if (got != NULL)
		*got = call.got;
	return sent < 0 ? sent : call.status;
}

bool scmi_ring_is_up(const struct scmi_ring *ring) { return ring->phase == SCMI_RING_READY; }

bool scmi_ring_has_events(const struct scmi_ring *ring) { return ring->events; }

uint32_t scmi_ring_max_payload(const struct scmi_ring *ring) { return ring->queues[0].buffer_size - 4; }

void scmi_ring_acknowledge(const struct scmi_ring *ring)
{
	*trapped(ring, INTERRUPT_ACK) = *trapped(ring, INTERRUPT_STATUS);
}

const char *scmi_ring_error_name(int32_t result)
{
	static const char *const names[] = {"TIMEOUT", "RESTARTED", "BAD_REPLY", "TOO_LONG", "BUSY", "NO_SESSION",
		"NO_DEVICE", "NO_FEATURES", "BAD_GEOMETRY", "BAD_RING", "BAD_CONFIG"};
	return result <= SCMI_RING_TIMEOUT && result >= SCMI_RING_BAD_CONFIG ? names[SCMI_RING_TIMEOUT - result] : NULL;
}
