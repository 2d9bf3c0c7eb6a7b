// One command on its way through the core.
package org.scmid.server.core;

import org.scmid.protocol.Header;
import org.scmid.protocol.MessageBuffer;
import org.scmid.protocol.Status;
import org.scmid.protocol.StatusReply;

/**
 * One command: who sent it, its bytes, and the reply that is being written. Every agent has one, which is used again for
 * each command.
 */
final class Call {
    private static final byte[] NOTHING = new byte[0];

    private final Agent agent;
    private final MessageBuffer request = new MessageBuffer();
    private final MessageBuffer reply = new MessageBuffer();
    private final byte[] overflow = new byte[Agent.MAX_MESSAGE];
    private byte[] replyBytes = NOTHING;
    private int capacity;
    private int header;
    private int version;
    private int replyLength;

    Call(Agent agent) {
        this.agent = agent;
    }

    /**
     * Starts a command.
     *
     * @param replyCapacity at least {@link StatusReply#LENGTH}
     */
    void begin(byte[] requestBytes, int requestLength, byte[] into, int replyCapacity) {
        request.wrap(requestBytes, 0, requestLength);
        replyBytes = into;
        capacity = replyCapacity;
        header = request.getU32(0);
        replyLength = StatusReply.LENGTH;
    }

    /**
     * Prepares the reply. If its fixed part does not fit, the handler still gets room to write it, so that it can find a
     * worse mistake first; {@link #finish} then refuses.
     */
    void prepareReply(int fixedLength, int spokenVersion) {
        version = spokenVersion;
        if (fixedLength <= capacity) {
            reply.wrap(replyBytes, 0, capacity);
        } else {
            reply.wrap(overflow);
        }
    }

    /** Says how long the reply is, header included, that was written. Handlers end with it. */
    int succeed(int length) {
        replyLength = length;
        return Status.Code.SUCCESS;
    }

    /** The status that is really answered: PROTOCOL_ERROR if the reply does not fit. */
    int fitted(int status) {
        return status == Status.Code.SUCCESS && replyLength > capacity ? Status.Code.PROTOCOL_ERROR : status;
    }

    /** Completes the reply; anything but success is header and status only. */
    int finish(int status) {
        if (status == Status.Code.SUCCESS && replyLength > StatusReply.LENGTH) {
            return replyLength;
        }
        return StatusReply.write(reply.wrap(replyBytes, 0, capacity), header, status);
    }

    Agent agent() {
        return agent;
    }

    /** The version of the protocol that the agent speaks. */
    int version() {
        return version;
    }

    int header() {
        return header;
    }

    int payloadLength() {
        return request.length() - Header.REQUEST_PAYLOAD;
    }

    MessageBuffer request() {
        return request;
    }

    MessageBuffer reply() {
        return reply;
    }

    /** Bytes that the whole reply may have. */
    int capacity() {
        return capacity;
    }
}
