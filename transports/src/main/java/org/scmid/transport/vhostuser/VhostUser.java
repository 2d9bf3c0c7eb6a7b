// The numbers of the vhost-user protocol, for the back end here and for the front end that tests and measures.
package org.scmid.transport.vhostuser;

/**
 * Constants of vhost-user. A message is {@code u32 request, u32 flags, u32 payload size, payload}, little-endian; file
 * descriptors ride with the header.
 */
public final class VhostUser {
    /** Bytes of a message's header. */
    public static final int HEADER_BYTES = 12;

    /** Longest payload that is read at all; every message that is known here is far shorter. */
    public static final int MAX_PAYLOAD_BYTES = 4096;

    /** Bits 1:0 of flags: the protocol's version. */
    public static final int FLAG_VERSION_MASK = 0x3;

    /** The only version there is. */
    public static final int FLAG_VERSION = 0x1;

    /** This is a reply. */
    public static final int FLAG_REPLY = 0x4;

    /** The sender wants an answer, be it only a u64: 0 for success. Needs {@link #PROTOCOL_REPLY_ACK}. */
    public static final int FLAG_NEED_REPLY = 0x8;

    /** VIRTIO_SCMI_F_P2A_CHANNELS: there is an event queue. */
    public static final long F_P2A_CHANNELS = 1L;

    /** VIRTIO_F_INDIRECT_DESC. */
    public static final long F_INDIRECT_DESC = 1L << 28;

    /** VIRTIO_F_EVENT_IDX. */
    public static final long F_EVENT_IDX = 1L << 29;

    /** VHOST_USER_F_PROTOCOL_FEATURES: rings start disabled, and protocol features can be negotiated. */
    public static final long F_PROTOCOL_FEATURES = 1L << 30;

    /** VIRTIO_F_VERSION_1. */
    public static final long F_VERSION_1 = 1L << 32;

    /** VHOST_USER_PROTOCOL_F_MQ: GET_QUEUE_NUM. */
    public static final long PROTOCOL_MQ = 1L;

    /** VHOST_USER_PROTOCOL_F_REPLY_ACK. */
    public static final long PROTOCOL_REPLY_ACK = 1L << 3;

    /** VHOST_USER_PROTOCOL_F_BACKEND_REQ. */
    public static final long PROTOCOL_BACKEND_REQ = 1L << 5;

    /** VHOST_USER_PROTOCOL_F_RESET_DEVICE. */
    public static final long PROTOCOL_RESET_DEVICE = 1L << 13;

    /** VHOST_USER_PROTOCOL_F_CONFIGURE_MEM_SLOTS. */
    public static final long PROTOCOL_CONFIGURE_MEM_SLOTS = 1L << 15;

    /** VHOST_USER_PROTOCOL_F_STATUS. */
    public static final long PROTOCOL_STATUS = 1L << 16;

    /** In the u64 of SET_VRING_KICK, CALL and ERR: no descriptor comes along. Bits 7:0 are the ring's index. */
    public static final long VRING_NO_FD = 0x100;

    /** Bytes of a memory region: u64 guest address, size, user address, offset in the file. */
    public static final int REGION_BYTES = 32;

    /** Most regions of SET_MEM_TABLE, by the protocol. */
    public static final int MAX_TABLE_REGIONS = 8;

    private VhostUser() {}
}
