/* The payload of a command, as the agent sends it. */
package org.scmid.protocol;

/** The payload of a request; it starts after the header. */
public abstract class RequestPayload<S extends RequestPayload<S>> extends Payload<S> {
    private final Message command;

    /** @param command the command, whose row has the layout */
    protected RequestPayload(Message command) {
        super(Header.REQUEST_PAYLOAD, command.fromAgent());
        this.command = command;
    }

    /** Starts a new request: moves to the buffer and writes the header. */
    public final S begin(MessageBuffer buffer, int token) {
        buffer.putU32(0, Header.encode(command, token));
        return wrap(buffer);
    }
}
