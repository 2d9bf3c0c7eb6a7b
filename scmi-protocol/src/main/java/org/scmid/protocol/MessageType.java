/* The four message types of the SCMI header. */
package org.scmid.protocol;

import org.jspecify.annotations.Nullable;

/** What a message is, header bits 9:8. Value 1 is not used by SCMI. */
public enum MessageType {
    /** A command of the agent, and its immediate response. */
    COMMAND(0),
    /** The result of an asynchronous command, platform to agent. */
    DELAYED_RESPONSE(2),
    /** A notification, platform to agent; it has its own message ids. */
    NOTIFICATION(3);

    private static final @Nullable MessageType[] BY_CODE = {COMMAND, null, DELAYED_RESPONSE, NOTIFICATION};

    private final int code;

    MessageType(int code) {
        this.code = code;
    }

    /** The value in the header, 0, 2 or 3. */
    public int code() {
        return code;
    }

    /** The type with this header value, null for the unused value 1. Only the low two bits count. */
    public static @Nullable MessageType of(int code) {
        return BY_CODE[code & 3];
    }
}
