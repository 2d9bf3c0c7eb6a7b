/* Zephyr's SCMI subsystem as it has been: FAKE_SUBSYSTEM 3 sends with three arguments (Zephyr 4.0), 4 with four (4.4),
 * 5 has a receive path and protocol versions besides (mid-2026), 6 has one struct for a transfer, which was never merged. */
#ifndef FAKE_SCMI_H
#define FAKE_SCMI_H

#include <zephyr/device.h>
#include <zephyr/drivers/firmware/scmi/util.h>

struct scmi_protocol;
struct scmi_channel;

struct scmi_message {
	uint32_t hdr, len;
	void *content;
};

#define SCMI_MESSAGE_HDR_MAKE(id, type, protocol, token) \
	((uint32_t)(id) | (uint32_t)(type) << 8 | (uint32_t)(protocol) << 10 | (uint32_t)(token) << 18)
enum { SCMI_COMMAND = 0, SCMI_NOTIFICATION = 3 };
enum { SCMI_SUCCESS = 0, SCMI_NOT_SUPPORTED = -1, SCMI_GENERIC_ERROR = -8 };

#if FAKE_SUBSYSTEM >= 5
typedef void (*scmi_channel_cb)(struct scmi_channel *channel, uint32_t header);
#else
typedef void (*scmi_channel_cb)(struct scmi_channel *channel);
#endif

struct scmi_channel {
	void *data;
	scmi_channel_cb cb;
	struct k_mutex lock;
	struct k_sem sem;
	bool ready;
};

struct scmi_protocol_event {
	uint32_t *evts, num_events;
	int (*cb)(struct scmi_protocol *protocol, uint32_t event);
};

struct scmi_protocol {
	uint32_t id;
	struct scmi_channel *tx;
	const struct device *transport;
	void *data;
#if FAKE_SUBSYSTEM >= 5
	struct scmi_channel *rx;
	uint32_t version;
	struct scmi_protocol_event *events;
#endif
};
extern struct scmi_protocol *fake_scmi_protocol_list[];

#if FAKE_SUBSYSTEM == 6
struct scmi_xfer { struct scmi_message tx, rx; int32_t status; bool use_polling; };
#define FAKE_SENT struct scmi_xfer *
#define FAKE_READ struct scmi_xfer *
#elif FAKE_SUBSYSTEM == 3
#define FAKE_SENT struct scmi_message *
#define FAKE_READ struct scmi_message *
#else
#define FAKE_SENT struct scmi_message *, bool
#define FAKE_READ struct scmi_message *
#endif

struct scmi_transport_api {
	int (*init)(const struct device *transport);
	int (*send_message)(const struct device *transport, struct scmi_channel *channel, FAKE_SENT);
	int (*setup_chan)(const struct device *transport, struct scmi_channel *channel, bool tx);
	int (*read_message)(const struct device *transport, struct scmi_channel *channel, FAKE_READ);
	bool (*channel_is_free)(const struct device *transport, struct scmi_channel *channel);
};

int scmi_status_to_errno(int status);
int scmi_core_transport_init(const struct device *transport);
#if FAKE_SUBSYSTEM == 3
int scmi_send_message(struct scmi_protocol *protocol, struct scmi_message *message, struct scmi_message *reply);
#else
int scmi_send_message(struct scmi_protocol *protocol, struct scmi_message *message, struct scmi_message *reply,
					  bool use_polling);
#endif
int scmi_read_message(struct scmi_protocol *protocol, struct scmi_message *message);
int scmi_protocol_get_version(struct scmi_protocol *protocol, uint32_t *version);
int scmi_protocol_version_negotiate(struct scmi_protocol *protocol, uint32_t version);

#endif
