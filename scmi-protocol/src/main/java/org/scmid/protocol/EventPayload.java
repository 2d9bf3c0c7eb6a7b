/* The payload of a notification, as the platform sends it. */
package org.scmid.protocol;

/** The payload of a notification; it starts after the header, there is no status. */
public abstract class EventPayload<S extends EventPayload<S>> extends Payload<S> {
    private final Message notification;

    /** @param notification the notification, whose row has the layout */
    protected EventPayload(Message notification) {
        super(Header.REQUEST_PAYLOAD, notification.fromPlatform());
        this.notification = notification;
    }

    /** Starts a notification: moves to the buffer and writes the header. Agents ignore the token. */
    public final S begin(MessageBuffer buffer, int token) {
        buffer.putU32(0, Header.encode(notification, token));
        return wrap(buffer);
    }
}
