/* Makes a window of scmid a transport of Zephyr's SCMI subsystem. */

#include <errno.h>
#include <string.h>

#include <zephyr/devicetree.h>
#include <zephyr/drivers/firmware/scmi/protocol.h>
#include <zephyr/drivers/firmware/scmi/transport.h>
#include <zephyr/drivers/firmware/scmi/util.h>
#include <zephyr/init.h>
#include <zephyr/irq.h>
#include <zephyr/kernel.h>
#include <zephyr/logging/log.h>
#include <zephyr/sys/byteorder.h>
#include <zephyr/sys/device_mmio.h>

/* Elsewhere before Zephyr 4. */
#if __has_include(<zephyr/version.h>)
#include <zephyr/version.h>
#else
#include <version.h>
#endif

#include <scmid/scmi_window.h>
#include <scmi_ring.h>

LOG_MODULE_REGISTER(scmi_window, CONFIG_SCMI_RING_LOG_LEVEL);

/* The SCMI subsystem has one transport, so there is one window. */
BUILD_ASSERT(DT_NUM_INST_STATUS_OKAY(scmid_scmi_ring) + DT_NUM_INST_STATUS_OKAY(scmid_scmi_fat_virtqueue) == 1,
			 "one scmid,scmi-ring or scmid,scmi-fat-virtqueue node, not several");

#if DT_HAS_COMPAT_STATUS_OKAY(scmid_scmi_fat_virtqueue)
#define DT_DRV_COMPAT scmid_scmi_fat_virtqueue
#define WINDOW_FLAVOUR SCMI_RING_FAT
#else
#define DT_DRV_COMPAT scmid_scmi_ring
#define WINDOW_FLAVOUR SCMI_RING_MMIO
#endif

#define WINDOW_IN_BAR DT_INST_PROP(0, ivshmem)
#define WINDOW_HAS_INTERRUPT DT_INST_NODE_HAS_PROP(0, interrupts)

BUILD_ASSERT(DT_INST_NODE_HAS_PROP(0, reg) != WINDOW_IN_BAR, "the window's place is either reg or ivshmem");
BUILD_ASSERT(!WINDOW_IN_BAR || !DT_INST_NODE_HAS_PROP(0, guest_address),
			 "no guest-address with ivshmem: its BAR moves, addresses are offsets");
BUILD_ASSERT(IN_RANGE(DT_INST_PROP(0, poll_period_us), 1, 1000000), "poll-period-us is 1 to 1000000");
BUILD_ASSERT(IN_RANGE(DT_INST_PROP(0, reply_timeout_ms), 1, 60000), "reply-timeout-ms is 1 to 60000");

#if DT_INST_NODE_HAS_PROP(0, guest_address)
BUILD_ASSERT(DT_INST_PROP_LEN(0, guest_address) == 2, "guest-address has two cells");
#define WINDOW_GUEST_ADDRESS \
	((uint64_t)DT_INST_PROP_BY_IDX(0, guest_address, 0) << 32 | DT_INST_PROP_BY_IDX(0, guest_address, 1))
#else
#define WINDOW_GUEST_ADDRESS 0
#endif

#if WINDOW_IN_BAR
#include <zephyr/drivers/pcie/pcie.h>
BUILD_ASSERT(DT_NUM_INST_STATUS_OKAY(qemu_ivshmem) == 1, "ivshmem means the one qemu,ivshmem node");
#define IVSHMEM_NODE DT_INST(0, qemu_ivshmem)
#define IVSHMEM_MEMORY_BAR 2
#endif

#define WINDOW_HAS_DOORBELL (WINDOW_IN_BAR && IS_ENABLED(CONFIG_SCMI_RING_DOORBELL))
#if WINDOW_IN_BAR && defined(CONFIG_SCMI_RING_DOORBELL)
#include <zephyr/drivers/virtualization/ivshmem.h>
/* With ivshmem the service is peer 0, and a vector is a queue. */
#define SERVICE_PEER 0
#define QUEUES 2
#endif

/* What the SCMI subsystem has of a protocol: a channel of its own, so that callers of two protocols do not wait for each
 * other in the subsystem, which gives up after half a millisecond; and the reply that it fetches next. */
struct reply {
	bool version_asked; /* in this session: the subsystem knows what the platform speaks, or that it does not */
	int32_t status;
	uint32_t length;
	uint8_t values[CONFIG_SCMI_RING_MESSAGE_MAX];
};

/* The event that the subsystem fetches next, while it is told of it. */
struct event {
	uint32_t header, length;
	const void *payload;
};

struct window {
	struct scmi_ring ring;
	const struct device *transport; /* NULL: not started */
	bool open;                      /* the window's memory was found, and will do */
	bool told_up;                   /* what the listener knows */
	/* One at a time at the ring, once there are threads: a caller of the SCMI subsystem, or the work below. */
	struct k_mutex lock;
	struct k_sem bell;
	struct k_work_delayable idle;
	struct k_work renewal;
	bool can_ring;      /* the service, by the doorbell */
	bool bell_rings;    /* when the service has done something */
	unsigned int looks; /* at the window without a sleep, in this call */
	const struct scmi_window_listener *listener;

	/* The clock: k_cycle_get_32 wraps, and its frequency may become known only later. */
	uint32_t cycles, remainder, stood_still;
	uint64_t nanoseconds;

#if WINDOW_HAS_DOORBELL
	struct k_poll_signal rung;
	struct k_poll_event rung_event;
	struct k_work_poll rung_work;
#endif
};

static struct window the_window;
static struct event the_event;

/* Zephyr's newer devicetree.h has numbers with a suffix, which make no names. */
#ifdef DT_REG_ADDR_RAW
#define PROTOCOL_ID(node) DT_REG_ADDR_RAW(node)
#else
#define PROTOCOL_ID(node) DT_REG_ADDR(node)
#endif

/* Without RX channels the subsystem has no receive path. */
#ifdef DT_SCMI_TRANSPORT_RX_CHAN
#define DEFINE_EVENT_CHANNEL(node, id) DT_SCMI_TRANSPORT_CHAN_DEFINE(node, 1, id, &the_event);
#else
#define DEFINE_EVENT_CHANNEL(node, id)
#endif

#define DEFINE_COMMAND_CHANNEL(node, id)      \
	static struct reply UTIL_CAT(reply_, id); \
	DT_SCMI_TRANSPORT_CHAN_DEFINE(node, 0, id, &UTIL_CAT(reply_, id));

#define DEFINE_CHANNELS(node)                       \
	DEFINE_COMMAND_CHANNEL(node, PROTOCOL_ID(node)) \
	DEFINE_EVENT_CHANNEL(node, PROTOCOL_ID(node))

DEFINE_COMMAND_CHANNEL(DT_DRV_INST(0), SCMI_PROTOCOL_BASE)
DT_INST_FOREACH_CHILD_STATUS_OKAY(0, DEFINE_CHANNELS)

static bool is_for_events(const struct scmi_channel *channel)
{
	return channel->data == &the_event;
}

/* Time. */

/* Some timers' drivers, and so the frequency or the counter itself, start after PRE_KERNEL_1. */
#define UNKNOWN_CYCLES_PER_SECOND 100000000u
#define LOOKS_AT_A_STOPPED_CLOCK 1024u
#define NANOSECONDS_OF_THOSE_LOOKS 100000u

static uint64_t now(void *context)
{
	struct window *window = context;
	uint32_t cycles = k_cycle_get_32();
	uint32_t passed = cycles - window->cycles;
	uint32_t per_second = sys_clock_hw_cycles_per_sec();

	if (per_second == 0) {
		per_second = UNKNOWN_CYCLES_PER_SECOND;
	}
	window->cycles = cycles;
	uint64_t scaled = (uint64_t)passed * NSEC_PER_SEC + window->remainder;
	window->nanoseconds += scaled / per_second;
	window->remainder = scaled % per_second;

	if (passed != 0 || !k_is_pre_kernel()) {
		window->stood_still = 0;
	} else if (++window->stood_still == LOOKS_AT_A_STOPPED_CLOCK) {
		/* A time-out must end even where no clock runs yet: then it is counted in looks. */
		window->stood_still = 0;
		window->nanoseconds += NANOSECONDS_OF_THOSE_LOOKS;
	}
	return window->nanoseconds;
}

/* With a bell a sleep ends when it rings. A bell that did not ring is not relied on until it rings again: after a restart
 * of the service, for example, QEMU has nobody that rings. */
#define LONGEST_SLEEP_WITH_A_BELL K_MSEC(100)

/* Called between two looks at the window. Before the kernel is up, and where a thread must not sleep, it returns at
 * once: the window is polled with nothing but the processor. */
static void relax(void *context)
{
	struct window *window = context;

	if (!k_can_yield() || window->looks < CONFIG_SCMI_RING_SPINS) {
		window->looks++;
		return;
	}
	if (!window->bell_rings) {
		k_sem_take(&window->bell, K_USEC(DT_INST_PROP(0, poll_period_us)));
	} else if (k_sem_take(&window->bell, LONGEST_SLEEP_WITH_A_BELL) < 0) {
		window->bell_rings = false;
	}
}

/* Bells. */

#if WINDOW_HAS_DOORBELL || WINDOW_HAS_INTERRUPT
static void ring_in(struct window *window)
{
	window->bell_rings = true;
	k_sem_give(&window->bell);
	k_work_reschedule(&window->idle, K_NO_WAIT);
}
#endif

#if WINDOW_HAS_INTERRUPT
static void on_interrupt(const void *context)
{
	ring_in((struct window *)context);
}

static void attach_interrupt(struct window *window)
{
	IRQ_CONNECT(DT_INST_IRQN(0), DT_INST_IRQ(0, priority), on_interrupt, &the_window,
				COND_CODE_1(DT_INST_IRQ_HAS_CELL(0, flags), (DT_INST_IRQ(0, flags)), (0)));
	irq_enable(DT_INST_IRQN(0));
}
#endif

#if WINDOW_HAS_DOORBELL
static void await_ring(struct window *window)
{
	k_poll_signal_reset(&window->rung);
	window->rung_event.state = K_POLL_STATE_NOT_READY;
	k_work_poll_submit(&window->rung_work, &window->rung_event, 1, K_FOREVER);
}

static void on_ring(struct k_work *work)
{
	struct window *window = CONTAINER_OF(CONTAINER_OF(work, struct k_work_poll, work), struct window, rung_work);

	/* Ready for the next ring first: what comes in between is seen by the look that follows. */
	await_ring(window);
	ring_in(window);
}

static void attach_doorbell(struct window *window)
{
	const struct device *ivshmem = DEVICE_DT_GET(IVSHMEM_NODE);

	if (!device_is_ready(ivshmem) || ivshmem_get_vectors(ivshmem) < QUEUES) {
		LOG_INF("%s has no doorbells: the window is polled", ivshmem->name);
		return;
	}
	k_poll_signal_init(&window->rung);
	k_poll_event_init(&window->rung_event, K_POLL_TYPE_SIGNAL, K_POLL_MODE_NOTIFY_ONLY, &window->rung);
	k_work_poll_init(&window->rung_work, on_ring);
	await_ring(window);
	for (uint16_t queue = 0; queue < QUEUES; queue++) {
		ivshmem_register_handler(ivshmem, &window->rung, queue);
	}
	window->can_ring = true;
}
#endif

/* Rings the service. Without a doorbell it polls, and the counters in the window are all it needs. */
static void kick(void *context, unsigned int queue)
{
#if WINDOW_HAS_DOORBELL
	struct window *window = context;

	if (window->can_ring) {
		ivshmem_int_peer(DEVICE_DT_GET(IVSHMEM_NODE), SERVICE_PEER, queue);
	}
#else
	ARG_UNUSED(context);
	ARG_UNUSED(queue);
#endif
}

/* The callback of a channel has one argument up to Zephyr 4.4, and the message's header beside it since the subsystem
 * has a receive path. */
typedef void (*any_callback)(void);

static __maybe_unused void call_back_1(any_callback callback, struct scmi_channel *channel, uint32_t header)
{
	ARG_UNUSED(header);
	((void (*)(struct scmi_channel *))callback)(channel);
}

static __maybe_unused void call_back_2(any_callback callback, struct scmi_channel *channel, uint32_t header)
{
	((void (*)(struct scmi_channel *, uint32_t))callback)(channel, header);
}

#define call_back(channel, header)                                   \
	_Generic((channel)->cb,                                          \
		void (*)(struct scmi_channel *): call_back_1,                \
		void (*)(struct scmi_channel *, uint32_t): call_back_2)      \
		((any_callback)(channel)->cb, channel, header)

/* News. */

/* Tells the subsystem of an event if a protocol's driver takes it: it warns of each that nobody takes. */
static bool give_to_subsystem(uint32_t header, const void *payload, uint32_t length)
{
	bool taken = false;

#ifdef DT_SCMI_TRANSPORT_RX_CHAN
	STRUCT_SECTION_FOREACH(scmi_protocol, protocol) {
		if (protocol->id != SCMI_RING_PROTOCOL(header) || protocol->events == NULL || protocol->rx == NULL ||
			protocol->rx->cb == NULL) {
			continue;
		}
		for (uint32_t event = 0; event < protocol->events->num_events && !taken; event++) {
			taken = protocol->events->evts[event] == SCMI_RING_MESSAGE_ID(header);
		}
		if (taken) {
			the_event = (struct event){.header = header, .length = length, .payload = payload};
			call_back(protocol->rx, header);
			the_event = (struct event){0};
			break;
		}
	}
#else
	ARG_UNUSED(header);
	ARG_UNUSED(payload);
	ARG_UNUSED(length);
#endif
	return taken;
}

static void on_event(void *context, uint32_t header, const void *payload, uint32_t length)
{
	struct window *window = context;
	const struct scmi_window_listener *listener = window->listener;
	bool taken = SCMI_RING_TYPE(header) == SCMI_RING_TYPE_NOTIFICATION && give_to_subsystem(header, payload, length);

	if (listener != NULL && listener->event != NULL) {
		listener->event(listener->context, header, payload, length);
	} else if (!taken) {
		LOG_DBG("nobody takes event 0x%08x", header);
	}
}

static struct reply *reply_of(const struct scmi_protocol *protocol)
{
	return protocol->tx == NULL ? NULL : protocol->tx->data;
}

static void tell(struct window *window, bool up)
{
	const struct scmi_window_listener *listener = window->listener;

	if (up != window->told_up && listener != NULL && listener->session != NULL) {
		listener->session(listener->context, up);
	}
	window->told_up = up;
}

static void on_session(void *context, bool up)
{
	struct window *window = context;

	STRUCT_SECTION_FOREACH(scmi_protocol, protocol) {
		if (reply_of(protocol) != NULL) {
			reply_of(protocol)->version_asked = false;
		}
	}
	if (!up) {
		LOG_WRN("the service is gone");
		tell(window, false);
		return;
	}
	if (window->ring.sessions > 1) {
		LOG_WRN("session %u is new: set again what you need", window->ring.sessions);
	} else {
		LOG_INF("session up, commands of up to %u bytes", scmi_ring_max_payload(&window->ring));
	}
	if (k_is_pre_kernel()) {
		/* The subsystem and its drivers are about to start. */
		window->told_up = true;
	} else {
		/* They are renewed first; then the listener is told. */
		k_work_submit(&window->renewal);
	}
}

void scmi_window_listen(const struct device *window, const struct scmi_window_listener *listener)
{
	ARG_UNUSED(window);
	k_mutex_lock(&the_window.lock, K_FOREVER);
	the_window.listener = listener;
	k_mutex_unlock(&the_window.lock);
}

static void renew(struct k_work *work);

static const struct scmi_ring_hooks hooks = {
	.now = now,
	.relax = relax,
	.kick = kick,
	.event = on_event,
	.session = on_session,
};

/* The window's memory. */

/* Normal write-back memory, as the service and its other users have it. */
static void *map(uintptr_t address, size_t size)
{
#ifdef DEVICE_MMIO_IS_IN_RAM
	mm_reg_t mapped;

	device_map(&mapped, address, size, K_MEM_CACHE_WB);
	return (void *)mapped;
#else
	ARG_UNUSED(size);
	return (void *)address;
#endif
}

#if WINDOW_IN_BAR
static bool take_if_ivshmem(pcie_bdf_t bdf, pcie_id_t id, void *found)
{
	if (id != PCIE_ID(DT_PROP(IVSHMEM_NODE, vendor_id), DT_PROP(IVSHMEM_NODE, device_id))) {
		return true;
	}
	*(pcie_bdf_t *)found = bdf;
	return false;
}

/* By the PCI bus and not by the ivshmem driver, which starts after the kernel. */
static int find_window(struct scmi_ring_config *config)
{
	pcie_bdf_t bdf = PCIE_BDF_NONE;
	struct pcie_bar memory;

	pcie_scan(&(struct pcie_scan_opt){
		.cb = take_if_ivshmem,
		.cb_data = &bdf,
		.flags = PCIE_SCAN_RECURSIVE | PCIE_SCAN_CB_ALL,
	});
	if (bdf == PCIE_BDF_NONE || !pcie_get_mbar(bdf, IVSHMEM_MEMORY_BAR, &memory)) {
		LOG_DBG("no ivshmem device on the PCI bus, or it has no memory");
		return -ENODEV;
	}
	pcie_set_cmd(bdf, PCIE_CONF_CMDSTAT_MEM, true);
	config->memory = map(memory.phys_addr, memory.size);
	config->size = memory.size;
	return 0;
}
#else
static int find_window(struct scmi_ring_config *config)
{
	config->memory = map(DT_INST_REG_ADDR(0), DT_INST_REG_SIZE(0));
	config->size = DT_INST_REG_SIZE(0);
	return 0;
}
#endif

/* A window that is not there yet may come, a BAR for example that has no address before the PCI bus is up. */
static bool open_window(struct window *window)
{
	struct scmi_ring_config config = {
		.flavour = WINDOW_FLAVOUR,
		.guest_address = WINDOW_GUEST_ADDRESS,
		.hooks = &hooks,
		.context = window,
	};

	if (window->open) {
		return true;
	}
	if (find_window(&config) < 0) {
		return false;
	}
	if (scmi_ring_init(&window->ring, &config) < 0) {
		LOG_ERR("a window of %u bytes at %p will not do", config.size, config.memory);
		return false;
	}
	scmi_ring_begin(&window->ring);
	window->open = true;
	return true;
}

#define BETWEEN_LOOKS_FOR_A_WINDOW K_SECONDS(1)

/* Looks at the window between calls. Who holds the lock looks at it himself. */
static void look(struct k_work *work)
{
	struct window *window = CONTAINER_OF(k_work_delayable_from_work(work), struct window, idle);

	if (k_mutex_lock(&window->lock, K_NO_WAIT) == 0) {
		if (open_window(window)) {
			scmi_ring_poll(&window->ring);
		}
		k_mutex_unlock(&window->lock);
	}
	if (!window->open) {
		k_work_schedule(&window->idle, BETWEEN_LOOKS_FOR_A_WINDOW);
	} else if (CONFIG_SCMI_RING_BACKGROUND_MS > 0) {
		k_work_schedule(&window->idle, K_MSEC(CONFIG_SCMI_RING_BACKGROUND_MS));
	}
}

/* Calls. */

static int to_errno(int32_t result)
{
	switch (result) {
	case SCMI_RING_TIMEOUT:
		return -ETIMEDOUT;
	case SCMI_RING_RESTARTED:
		return -ECONNRESET;
	case SCMI_RING_BAD_REPLY:
		return -EBADMSG;
	case SCMI_RING_TOO_LONG:
		return -EMSGSIZE;
	case SCMI_RING_BUSY:
		return -EBUSY;
	case SCMI_RING_NO_DEVICE:
	case SCMI_RING_NO_FEATURES:
	case SCMI_RING_BAD_GEOMETRY:
		return -ENODEV;
	case SCMI_RING_NO_SESSION:
		return -ENOTCONN;
	default:
		return -EIO;
	}
}

/* PROTOCOL_VERSION is message 0 of every protocol. */
#define PROTOCOL_VERSION 0

static bool is_up(struct window *window)
{
	if (!scmi_ring_is_up(&window->ring)) {
		scmi_ring_poll(&window->ring);
	}
	return scmi_ring_is_up(&window->ring);
}

/* The whole exchange. Whoever waits for it, waits here: before the kernel by looking, later by sleeping in between,
 * and never longer than the time-out. What comes after it in the SCMI subsystem finds the reply there. */
static int exchange(struct window *window, struct reply *reply, const struct scmi_message *message)
{
	if (message == NULL || (message->content == NULL && message->len != 0) ||
		SCMI_RING_TYPE(message->hdr) != SCMI_RING_TYPE_COMMAND) {
		return -EINVAL;
	}

	bool threads = !k_is_pre_kernel();

	if (threads) {
		k_mutex_lock(&window->lock, K_FOREVER);
	}

	int32_t result = SCMI_RING_NO_SESSION;

	/* Before the kernel the start has waited for a service already: not again for each command. */
	if (open_window(window) && (threads || is_up(window))) {
		window->looks = 0;
		result = scmi_ring_call(&window->ring, SCMI_RING_PROTOCOL(message->hdr), SCMI_RING_MESSAGE_ID(message->hdr),
								message->content, message->len, reply->values, sizeof(reply->values),
								&reply->length, (uint64_t)DT_INST_PROP(0, reply_timeout_ms) * NSEC_PER_MSEC);
	}
	if (scmi_ring_error_name(result) == NULL) {
		reply->status = result;
		reply->version_asked |= SCMI_RING_MESSAGE_ID(message->hdr) == PROTOCOL_VERSION;
	}
	if (threads) {
		k_mutex_unlock(&window->lock);
	}
	if (scmi_ring_error_name(result) != NULL) {
		LOG_ERR("message 0x%02x of protocol 0x%02x: %s", SCMI_RING_MESSAGE_ID(message->hdr),
				SCMI_RING_PROTOCOL(message->hdr), scmi_ring_error_name(result));
		return to_errno(result);
	}
	return 0;
}

static int send_3(const struct device *transport, struct scmi_channel *channel, struct scmi_message *message)
{
	ARG_UNUSED(transport);
	int result = is_for_events(channel) ? -EINVAL : exchange(&the_window, channel->data, message);

	if (result == 0 && channel->cb != NULL) {
		call_back(channel, message->hdr);
	}
	return result;
}

/* Whether the subsystem polls or waits for the callback makes no difference: the reply is there when this returns. */
static __maybe_unused int send_4(const struct device *transport, struct scmi_channel *channel,
								 struct scmi_message *message, bool use_polling)
{
	ARG_UNUSED(use_polling);
	return send_3(transport, channel, message);
}

/* Copies what came and says in `len` how much that was: a list is as long as it is. The rest is cleared, so that a driver
 * that does not look at the length finds zeros and not what was on its stack. */
static void hand_out(struct scmi_message *message, uint32_t begin, const void *what, uint32_t length)
{
	uint8_t *content = message->content;
	uint32_t fits = MIN(message->len - begin, length);

	memcpy(content + begin, what, fits);
	memset(content + begin + fits, 0, message->len - begin - fits);
	message->len = begin + fits;
}

/* Zephyr's replies begin with the status. A failed command has nothing behind it. */
static int read_reply(struct reply *reply, struct scmi_message *message)
{
	if (message->len < sizeof(uint32_t)) {
		return reply->status < 0 ? scmi_status_to_errno(reply->status) : 0;
	}
	sys_put_le32((uint32_t)reply->status, message->content);
	hand_out(message, sizeof(uint32_t), reply->values, reply->length);
	return 0;
}

/* An event has no status. It can be read only while the subsystem is told of it. */
static int read_event(const struct event *event, struct scmi_message *message)
{
	if (event->payload == NULL) {
		return -ENOMSG;
	}
	message->hdr = event->header;
	if (message->len > 0) {
		hand_out(message, 0, event->payload, event->length);
	}
	return 0;
}

static int read_message(const struct device *transport, struct scmi_channel *channel, struct scmi_message *message)
{
	ARG_UNUSED(transport);
	if (message == NULL || (message->content == NULL && message->len != 0)) {
		return -EINVAL;
	}
	return is_for_events(channel) ? read_event(channel->data, message) : read_reply(channel->data, message);
}

static bool channel_is_free(const struct device *transport, struct scmi_channel *channel)
{
	ARG_UNUSED(transport);
	ARG_UNUSED(channel);
	return true;
}

static int setup_channel(const struct device *transport, struct scmi_channel *channel, bool tx)
{
	ARG_UNUSED(transport);
	return tx != is_for_events(channel) ? 0 : -ENOTSUP;
}

/* Start. */

static void await_session(struct window *window)
{
	uint64_t end = now(window) + (uint64_t)CONFIG_SCMI_RING_BOOT_TIMEOUT_MS * NSEC_PER_MSEC;
	int32_t trouble = SCMI_RING_NO_SESSION;

	if (!open_window(window)) {
		LOG_WRN("there is no window yet: it is looked for");
		return;
	}
	while (now(window) < end) {
		int32_t result = scmi_ring_poll(&window->ring);

		if (scmi_ring_is_up(&window->ring)) {
			return;
		}
		trouble = result < 0 ? result : trouble;
	}
	LOG_WRN("no service in %u ms: %s. It is waited for", CONFIG_SCMI_RING_BOOT_TIMEOUT_MS,
			scmi_ring_error_name(trouble));
}

/* What the subsystem calls before its protocols are set up; again when a service has come late. */
static int start(const struct device *transport)
{
	struct window *window = &the_window;

	/* All of them, and first: the subsystem stops at the first protocol that the platform does not answer for. Those
	 * behind it would call a transport that is NULL. */
	STRUCT_SECTION_FOREACH(scmi_protocol, protocol) {
		protocol->transport = transport;
	}
	if (window->transport == NULL) {
		k_mutex_init(&window->lock);
		k_sem_init(&window->bell, 0, 1);
		k_work_init_delayable(&window->idle, look);
		k_work_init(&window->renewal, renew);
		window->transport = transport;
		await_session(window);
	}
	return 0;
}

/* As the subsystem does it for the protocols that it comes to: the version, and that this one's driver speaks an older. */
static void ask_version(struct scmi_protocol *protocol)
{
#ifdef DT_SCMI_TRANSPORT_RX_CHAN
	uint32_t version;

	if (scmi_protocol_get_version(protocol, &version) < 0) {
		LOG_WRN("the platform does not answer for protocol 0x%02x", protocol->id);
	} else if (version > protocol->version && scmi_protocol_version_negotiate(protocol, protocol->version) < 0) {
		LOG_WRN("protocol 0x%02x is 0x%08x, not 0x%08x", protocol->id, version, protocol->version);
	}
#else
	ARG_UNUSED(protocol);
#endif
}

/* As the subsystem sets up a channel. */
static void set_up(struct scmi_channel *channel, const struct scmi_channel *model)
{
	if (channel != NULL && model != NULL && !channel->ready) {
		k_mutex_init(&channel->lock);
		k_sem_init(&channel->sem, 0, 1);
		channel->cb = model->cb;
		channel->ready = true;
	}
}

/* Sets up the protocols that the subsystem has not come to, in the same way. */
static void finish_protocols(void)
{
	const struct scmi_channel *model = NULL;

	STRUCT_SECTION_FOREACH(scmi_protocol, protocol) {
		if (protocol->tx == NULL) {
			continue;
		}
		if (model == NULL && protocol->tx->ready) {
			model = protocol->tx;
		}
		set_up(protocol->tx, model);
#ifdef DT_SCMI_TRANSPORT_RX_CHAN
		set_up(protocol->rx, model);
#endif
		if (protocol->tx->ready && scmi_ring_is_up(&the_window.ring) && !reply_of(protocol)->version_asked) {
			ask_version(protocol);
		}
	}
}

/* The transport's device is ready when there is a session. That a protocol is not served is that protocol's trouble. */
static int start_transport(const struct device *transport)
{
	int result = scmi_core_transport_init(transport);

	finish_protocols();
	if (!scmi_ring_is_up(&the_window.ring)) {
		return -ENOTCONN;
	}
	if (result < 0) {
		LOG_WRN("a protocol of the devicetree is not served: %d", result);
	}
	return 0;
}

/* Initializes a device that could not be initialized at boot. Zephyr's device_init() is for devices that never were. */
static void init_again(const struct device *device)
{
	if (device_is_ready(device)) {
		return;
	}
#if KERNEL_VERSION_NUMBER >= ZEPHYR_VERSION(4, 1, 0)
	device->state->initialized = false;
	device->state->init_res = 0;
	(void)device_init(device);
#else
	extern const struct init_entry __init_start[], __init_end[];

	for (const struct init_entry *entry = __init_start; entry < __init_end; entry++) {
		if (entry->dev == device) {
			int result = entry->init_fn.dev(device);

			device->state->init_res = CLAMP(-result, 0, UINT8_MAX);
			break;
		}
	}
#endif
	LOG_INF("%s: %s", device->name, device_is_ready(device) ? "ready now" : "not ready");
}

static bool is_of_a_protocol(const struct device *device)
{
	STRUCT_SECTION_FOREACH(scmi_protocol, protocol) {
		if (device->data == protocol) {
			return true;
		}
	}
	return false;
}

/* After a session has begun under a running kernel: the subsystem and the drivers that had no service when they started
 * are started; to the others the platform is a new one. */
static void renew(struct k_work *work)
{
	struct window *window = CONTAINER_OF(work, struct window, renewal);

	if (device_is_ready(window->transport)) {
		finish_protocols();
	}
	init_again(window->transport);
	STRUCT_SECTION_FOREACH(device, device) {
		if (is_of_a_protocol(device)) {
			init_again(device);
		}
	}
	k_mutex_lock(&window->lock, K_FOREVER);
	if (scmi_ring_is_up(&window->ring)) {
		tell(window, true);
	}
	k_mutex_unlock(&window->lock);
}

/* What needs a kernel: looks between calls, and bells. Also after a boot without a window or a service: they may come. */
static int start_with_kernel(void)
{
	struct window *window = &the_window;

	if (window->transport == NULL) {
		return 0;
	}
#if WINDOW_HAS_INTERRUPT
	attach_interrupt(window);
#endif
#if WINDOW_HAS_DOORBELL
	attach_doorbell(window);
#endif
	if (CONFIG_SCMI_RING_BACKGROUND_MS > 0 || !window->open) {
		k_work_schedule(&window->idle, K_NO_WAIT);
	}
	return 0;
}

SYS_INIT(start_with_kernel, APPLICATION, CONFIG_APPLICATION_INIT_PRIORITY);

/* The subsystem's functions have changed, and a compiler only warns of a pointer to another function. These are known:
 * three arguments up to Zephyr 4.3, four since 4.4. */
typedef int (*send_of_3)(const struct device *, struct scmi_channel *, struct scmi_message *);
typedef int (*send_of_4)(const struct device *, struct scmi_channel *, struct scmi_message *, bool);
typedef int (*read_of_3)(const struct device *, struct scmi_channel *, struct scmi_message *);

#define API ((struct scmi_transport_api *)NULL)
BUILD_ASSERT(_Generic(API->send_message, send_of_3: true, send_of_4: true, default: false) &&
				 _Generic(API->read_message, read_of_3: true, default: false),
			 "this Zephyr's SCMI transports send and read in a way that this one does not know");

static struct scmi_transport_api window_api = {
	.init = start,
	.setup_chan = setup_channel,
	.send_message = _Generic(API->send_message, send_of_3: send_3, send_of_4: send_4),
	.read_message = _Generic(API->read_message, read_of_3: read_message),
	.channel_is_free = channel_is_free,
};

/* Not by DT_INST_SCMI_TRANSPORT_DEFINE, which has the subsystem's start alone: this one finishes it. */
DEVICE_DT_INST_DEFINE(0, start_transport, NULL, NULL, NULL, PRE_KERNEL_1, CONFIG_ARM_SCMI_TRANSPORT_INIT_PRIORITY,
					  &window_api);
