/* Requests that consist of a header only. */
package org.scmid.protocol;

/** A request without payload, such as PROTOCOL_VERSION, PROTOCOL_ATTRIBUTES or BASE_DISCOVER_VENDOR. */
public final class EmptyRequest {
    /** Bytes of the whole message. */
    public static final int LENGTH = Header.REQUEST_PAYLOAD;

    private EmptyRequest() {}

    /**
     * Writes a request.
     *
     * @return bytes of the message
     */
    public static int write(MessageBuffer buffer, Message command, int token) {
        buffer.putU32(0, Header.encode(command, token));
        return LENGTH;
    }
}
