// The table of vhost-user requests: number, payload, descriptors, and whether an answer is part of it.
package org.scmid.transport.vhostuser;

import org.jspecify.annotations.Nullable;

/** The requests of a front end that this back end knows. */
public enum Request {
    /** Reply: u64 virtio features. */
    GET_FEATURES(1, 0, 0, true),
    /** u64 virtio features. */
    SET_FEATURES(2, 8, 0, false),
    /** The front end takes the connection over. */
    SET_OWNER(3, 0, 0, false),
    /** Obsolete: disables all rings. */
    RESET_OWNER(4, 0, 0, false),
    /** u32 count, u32 0, count regions; one descriptor each. */
    SET_MEM_TABLE(5, Request.ANY_SIZE, 8, false),
    /** Dirty logging; not offered. */
    SET_LOG_BASE(6, Request.ANY_SIZE, 1, false),
    /** Dirty logging; not offered. */
    SET_LOG_FD(7, Request.ANY_SIZE, 1, false),
    /** u32 index, u32 entries. */
    SET_VRING_NUM(8, 8, 0, false),
    /** u32 index, u32 flags, u64 user addresses of descriptors, used, available, log. */
    SET_VRING_ADDR(9, 40, 0, false),
    /** u32 index, u32 next available position. */
    SET_VRING_BASE(10, 8, 0, false),
    /** u32 index, u32 ignored; stops the ring; reply: u32 index, u32 next available position. */
    GET_VRING_BASE(11, 8, 0, true),
    /** u64 index and flag; a descriptor: the driver kicks. */
    SET_VRING_KICK(12, 8, 1, false),
    /** u64 index and flag; a descriptor: the driver is called. */
    SET_VRING_CALL(13, 8, 1, false),
    /** u64 index and flag; a descriptor: signalled when a ring breaks. */
    SET_VRING_ERR(14, 8, 1, false),
    /** Reply: u64 protocol features. */
    GET_PROTOCOL_FEATURES(15, 0, 0, true),
    /** u64 protocol features. */
    SET_PROTOCOL_FEATURES(16, 8, 0, false),
    /** Reply: u64 number of rings. */
    GET_QUEUE_NUM(17, 0, 0, true),
    /** u32 index, u32 1 or 0. */
    SET_VRING_ENABLE(18, 8, 0, false),
    /** A descriptor: a socket for requests of the back end. */
    SET_BACKEND_REQ_FD(21, 0, 1, false),
    /** Disables all rings and resets the device. */
    RESET_DEVICE(34, 0, 0, false),
    /** Reply: u64 number of memory regions that can be added. */
    GET_MAX_MEM_SLOTS(36, 0, 0, true),
    /** u64 0, region; one descriptor. */
    ADD_MEM_REG(37, 40, 1, false),
    /** u64 0, region; a descriptor that may come along is closed. */
    REM_MEM_REG(38, 40, 1, false),
    /** u64 virtio device status. */
    SET_STATUS(39, 8, 0, false),
    /** Reply: u64 virtio device status. */
    GET_STATUS(40, 0, 0, true);

    static final int ANY_SIZE = -1;

    private static final @Nullable Request[] BY_NUMBER = new Request[64];

    static {
        for (Request request : values()) {
            BY_NUMBER[request.number] = request;
        }
    }

    private final int number;
    private final int payloadBytes;
    private final int maxFds;
    private final boolean answers;

    Request(int number, int payloadBytes, int maxFds, boolean answers) {
        this.number = number;
        this.payloadBytes = payloadBytes;
        this.maxFds = maxFds;
        this.answers = answers;
    }

    /** The request's number on the wire. */
    public int number() {
        return number;
    }

    /** Finds a request; null if its number is not known. */
    static @Nullable Request of(int number) {
        return number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : null;
    }

    boolean sizeFits(int bytes) {
        return payloadBytes == ANY_SIZE || payloadBytes == bytes;
    }

    int maxFds() {
        return maxFds;
    }

    /** Whether it has a reply of its own, so that a reply-ack would be one too many. */
    public boolean answers() {
        return answers;
    }
}
