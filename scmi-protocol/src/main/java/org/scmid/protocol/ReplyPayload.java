/* The payload of a response, as the platform sends it. */
package org.scmid.protocol;

/** The payload of a response; it starts after header and status, and is there only if the status is SUCCESS. */
public abstract class ReplyPayload<S extends ReplyPayload<S>> extends Payload<S> {
    /** @param layout what the message's row says of it */
    protected ReplyPayload(Layout layout) {
        super(Header.RESPONSE_PAYLOAD, layout);
    }

    /** Starts a successful response: moves to the buffer, writes header and status. */
    public final S begin(MessageBuffer buffer, int commandHeader) {
        StatusReply.write(buffer, commandHeader, Status.Code.SUCCESS);
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
