/* The fake subsystem: three protocols, power domains without a device, clocks with one. It does what Zephyr's does where
 * that has made trouble: it stops at the first protocol that fails, and waits for a channel for half a millisecond. */
#include "fake.h"
#include <zephyr/drivers/firmware/scmi/transport.h>

extern struct scmi_channel scmi_channel_16_0, scmi_channel_17_0, scmi_channel_20_0;
uint32_t fake_complaints, fake_events, fake_event_length, fake_event_words[8];

static int init_clocks(const struct device *device);
FAKE_DEVICE(n_clocks, init_clocks, &fake_clock, NULL, 1);

#if FAKE_SUBSYSTEM >= 5
extern struct scmi_channel scmi_channel_17_1, scmi_channel_20_1;

static int on_clock_event(struct scmi_protocol *protocol, uint32_t event)
{
	struct scmi_message message = {.len = sizeof fake_event_words, .content = fake_event_words};
	int result = scmi_read_message(protocol, &message);
	fake_events += result == 0 && (message.hdr & 0xff) == event;
	fake_event_length = message.len;
	return result;
}

static struct scmi_protocol_event clock_events = {(uint32_t[]){0}, 1, on_clock_event};
#define RECEIVE(node, its_version, its_events) \
	.rx = DT_SCMI_TRANSPORT_RX_CHAN(node), .version = its_version, .events = its_events,
#else
#define RECEIVE(node, version, events)
#endif

static struct scmi_protocol base = {.id = 16, .tx = DT_SCMI_TRANSPORT_TX_CHAN(n_window), RECEIVE(n_window, 0x20000, NULL)};
struct scmi_protocol fake_power = {.id = 17, .tx = DT_SCMI_TRANSPORT_TX_CHAN(n_power), RECEIVE(n_power, 0x20000, NULL)};
struct scmi_protocol fake_clock = {.id = 20, .tx = DT_SCMI_TRANSPORT_TX_CHAN(n_clocks),
								   RECEIVE(n_clocks, 0x20000, &clock_events)};
struct scmi_protocol *fake_scmi_protocol_list[] = {&base, &fake_power, &fake_clock, NULL};

static const struct scmi_transport_api *api_of(const struct device *transport) { return transport->api; }

int scmi_status_to_errno(int status) { return status >= 0 ? 0 : status == SCMI_NOT_SUPPORTED ? -EOPNOTSUPP : -EIO; }

#if FAKE_SUBSYSTEM >= 5
static void on_message(struct scmi_channel *channel, uint32_t header)
{
	if ((header >> 8 & 3) == SCMI_COMMAND) {
		k_sem_give(&channel->sem);
		return;
	}
	STRUCT_SECTION_FOREACH(scmi_protocol, protocol) {
		if (protocol->id == (header >> 10 & 0xff) && protocol->events != NULL && protocol->events->evts[0] == (header & 0xff)) {
			protocol->events->cb(protocol, header & 0xff);
			return;
		}
	}
	fake_complaints++;
}
#else
static void on_message(struct scmi_channel *channel) { k_sem_give(&channel->sem); }
#endif

static int set_up(const struct device *transport, struct scmi_channel *channel, bool tx)
{
	if (channel->ready)
		return 0;
	k_mutex_init(&channel->lock);
	k_sem_init(&channel->sem, 0, 1);
	channel->cb = on_message;
	int result = api_of(transport)->setup_chan(transport, channel, tx);
	channel->ready = result == 0;
	return result;
}

int fake_send(struct scmi_protocol *protocol, struct scmi_message *message, struct scmi_message *reply)
{
	if (!protocol->tx->ready)
		return -EINVAL;
	const struct scmi_transport_api *api = api_of(protocol->transport);
	if (!fake_pre_kernel && k_mutex_lock(&protocol->tx->lock, K_USEC(500)) < 0)
		return -EAGAIN;
#if FAKE_SUBSYSTEM == 3
	int result = api->send_message(protocol->transport, protocol->tx, message);
#else
	int result = api->send_message(protocol->transport, protocol->tx, message, false);
#endif
	if (result == 0 && !fake_pre_kernel)
		result = k_sem_take(&protocol->tx->sem, K_USEC(500));
	if (result == 0)
		result = api->read_message(protocol->transport, protocol->tx, reply);
	if (!fake_pre_kernel)
		k_mutex_unlock(&protocol->tx->lock);
	return result;
}

#if FAKE_SUBSYSTEM == 3
int scmi_send_message(struct scmi_protocol *protocol, struct scmi_message *message, struct scmi_message *reply)
{
	return fake_send(protocol, message, reply);
}
#else
int scmi_send_message(struct scmi_protocol *protocol, struct scmi_message *message, struct scmi_message *reply,
					  bool use_polling)
{
	(void)use_polling;
	return fake_send(protocol, message, reply);
}
#endif

static int ask(struct scmi_protocol *protocol, uint32_t id, uint32_t *parameter, uint32_t *value)
{
	uint32_t words[2] = {0};
	struct scmi_message message = {.hdr = SCMI_MESSAGE_HDR_MAKE(id, SCMI_COMMAND, protocol->id, 0),
								   .len = parameter != NULL ? 4 : 0, .content = parameter};
	struct scmi_message reply = {.hdr = message.hdr, .len = sizeof words, .content = words};
	int result = fake_send(protocol, &message, &reply);
	*value = words[1];
	return result < 0 ? result : scmi_status_to_errno((int32_t)words[0]);
}

static int init_clocks(const struct device *device)
{
	uint32_t attributes;
	return ask(device->data, 1, NULL, &attributes);
}

#if FAKE_SUBSYSTEM >= 5
int scmi_read_message(struct scmi_protocol *protocol, struct scmi_message *message)
{
	return api_of(protocol->transport)->read_message(protocol->transport, protocol->rx, message);
}

int scmi_protocol_get_version(struct scmi_protocol *protocol, uint32_t *version) { return ask(protocol, 0, NULL, version); }

int scmi_protocol_version_negotiate(struct scmi_protocol *protocol, uint32_t version)
{
	uint32_t none;
	return ask(protocol, 0x10, &version, &none);
}
#endif

int scmi_core_transport_init(const struct device *transport)
{
	int result = api_of(transport)->init(transport);
	STRUCT_SECTION_FOREACH(scmi_protocol, protocol) {
		uint32_t version;
		if (result == 0)
			protocol->transport = transport;
		if (result == 0)
			result = set_up(transport, protocol->tx, true);
#if FAKE_SUBSYSTEM >= 5
		if (result == 0 && protocol->rx != NULL)
			result = set_up(transport, protocol->rx, false);
#endif
		/* Since Zephyr 4.4. */
		if (result == 0 && FAKE_SUBSYSTEM >= 4)
			result = ask(protocol, 0, NULL, &version);
#if FAKE_SUBSYSTEM >= 5
		if (result == 0 && version > protocol->version)
			scmi_protocol_version_negotiate(protocol, protocol->version);
#endif
	}
	return result;
}
