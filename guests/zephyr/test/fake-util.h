/* The SCMI subsystem's macros by which a protocol is bound to channels, as far as a transport of its own gives them another
 * meaning. The transport's util.h stands before this one. */
#ifndef FAKE_UTIL_H
#define FAKE_UTIL_H

#include <zephyr/devicetree.h>

#ifndef CONFIG_ARM_SCMI_MAILBOX_TRANSPORT
#error "the transport is neither the mailbox nor the SMC"
#endif
#define DT_SCMI_TRANSPORT_COMPATIBLE arm_scmi
#define DT_SCMI_TRANSPORT_PROTO_HAS_CHAN(node, index) "there is no mailbox"

#define SCMI_PROTOCOL_BASE 16
#define SCMI_PROTOCOL_POWER_DOMAIN 17
#define SCMI_PROTOCOL_CLOCK 20
#define SCMI_FIELD_MAKE(value, mask, shift) (((uint32_t)(value) & (mask)) << (shift))

#define FAKE_CHANNEL_NAME(protocol, index) FAKE_CAT4(scmi_channel_, protocol, _, index)
#define SCMI_TRANSPORT_CHAN_NAME(protocol, index) FAKE_CHANNEL_NAME(protocol, index)
#define DT_SCMI_TRANSPORT_CHAN_DEFINE(node, index, protocol, its_data) \
	struct scmi_channel SCMI_TRANSPORT_CHAN_NAME(protocol, index) = {.data = its_data}

#define FAKE_ID(node) COND_CODE_1(DT_NODE_HAS_COMPAT(node, ), (SCMI_PROTOCOL_BASE), (DT_REG_ADDR(node)))
#define DT_SCMI_TRANSPORT_TX_CHAN(node)                                                                    \
	COND_CODE_1(DT_SCMI_TRANSPORT_PROTO_HAS_CHAN(node, 0), (&SCMI_TRANSPORT_CHAN_NAME(FAKE_ID(node), 0)), \
				(&SCMI_TRANSPORT_CHAN_NAME(SCMI_PROTOCOL_BASE, 0)))
#if FAKE_SUBSYSTEM >= 5
#define DT_SCMI_TRANSPORT_RX_CHAN(node)                                                                        \
	COND_CODE_1(DT_SCMI_TRANSPORT_PROTO_HAS_CHAN(node, 1), (&SCMI_TRANSPORT_CHAN_NAME(DT_REG_ADDR(node), 1)), \
				(NULL))
#endif

#endif
