/* Responses that consist of header and status only. */
package org.scmid.protocol;

/** A response without payload: every error, and the success of commands that return nothing. */
public final class StatusReply {
    /** Bytes of the whole message. */
    public static final int LENGTH = Header.RESPONSE_PAYLOAD;

    private StatusReply() {}

    /**
     * Writes a response.
     *
     * @param commandHeader the command's header; the response repeats it bit for bit
     * @return bytes of the message
     */
    public static int write(MessageBuffer buffer, int commandHeader, int status) {
        buffer.putU32(0, commandHeader);
        buffer.putU32(Header.HEADER_BYTES, status);
        return LENGTH;
    }

    /**
     * Writes a delayed response.
     *
     * @return bytes of the message
     */
    public static int writeDelayed(MessageBuffer buffer, int commandHeader, int status) {
        return write(buffer, Header.delayedResponseTo(commandHeader), status);
    }

    /** Whether the buffer is long enough for a status. */
    public static boolean isComplete(MessageBuffer buffer) {
        return buffer.length() >= LENGTH;
    }

    /** The status in a response. */
    public static int status(MessageBuffer buffer) {
        return buffer.getU32(Header.HEADER_BYTES);
    }
}
