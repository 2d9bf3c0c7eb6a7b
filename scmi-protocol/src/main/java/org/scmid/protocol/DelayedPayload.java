/* The payload of a delayed response, as the platform sends it. */
package org.scmid.protocol;

/** The payload of a delayed response; it starts after header and status, and is there only on SUCCESS. */
public abstract class DelayedPayload<S extends DelayedPayload<S>> extends Payload<S> {
    /** @param layout what the message's row says of it */
    protected DelayedPayload(Layout layout) {
        super(Header.RESPONSE_PAYLOAD, layout);
    }

    /** Starts a successful delayed response to the command with this header. */
    public final S begin(MessageBuffer buffer, int commandHeader) {
        StatusReply.writeDelayed(buffer, commandHeader, Status.Code.SUCCESS);
        return wrap(buffer);
    }

    /** The status, see {@link Status#of}. */
    public final int status() {
        return message().getU32(Header.HEADER_BYTES);
    }

    /** Whether the status is SUCCESS and every field is there. */
    public final boolean isSuccess() {
        return message().length() >= Header.RESPONSE_PAYLOAD && status() == Status.Code.SUCCESS && isComplete();
    }
}
