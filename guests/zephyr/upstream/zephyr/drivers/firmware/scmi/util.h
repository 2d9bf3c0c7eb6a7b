/* Completes Zephyr's header of this name, which knows the transports of its own tree only. */
/*
 * Zephyr's header gives the protocols their channel at compile time, and stops with #error for a transport that is
 * neither its mailbox nor its SMC. Its macros are taken as for the mailbox; then the three that tell transports apart
 * get this transport's meaning. They are expanded where they are used, so it is not too late for that.
 */
#ifndef SCMID_ZEPHYR_SCMI_UTIL_H
#define SCMID_ZEPHYR_SCMI_UTIL_H

#include <zephyr/devicetree.h>

#ifdef CONFIG_ARM_SCMI_MAILBOX_TRANSPORT
#error "The SCMI subsystem has one transport: disable the arm,scmi node or the scmid one"
#endif

#define CONFIG_ARM_SCMI_MAILBOX_TRANSPORT 1
#include_next <zephyr/drivers/firmware/scmi/util.h>
#undef CONFIG_ARM_SCMI_MAILBOX_TRANSPORT

/* The node that is the transport, and with it the base protocol. */
#undef DT_SCMI_TRANSPORT_COMPATIBLE
#if DT_HAS_COMPAT_STATUS_OKAY(scmid_scmi_fat_virtqueue)
#define DT_SCMI_TRANSPORT_COMPATIBLE scmid_scmi_fat_virtqueue
#else
#define DT_SCMI_TRANSPORT_COMPATIBLE scmid_scmi_ring
#endif

/* Every protocol has a channel of its own for commands (0), and each but the base protocol, whose node is the transport's,
 * one for events (1), in a Zephyr that has such. */
#undef DT_SCMI_TRANSPORT_PROTO_HAS_CHAN
#define DT_SCMI_TRANSPORT_PROTO_HAS_CHAN(node_id, idx) SCMID_SCMI_HAS_CHAN_##idx(node_id)
#define SCMID_SCMI_HAS_CHAN_0(node_id) 1
#define SCMID_SCMI_HAS_CHAN_1(node_id) \
	COND_CODE_1(DT_NODE_HAS_COMPAT(node_id, DT_SCMI_TRANSPORT_COMPATIBLE), (0), (1))

#endif
