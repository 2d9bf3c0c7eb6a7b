/* The request that switches the notifications of one resource. */
package org.scmid.protocol.common;

import org.scmid.protocol.Message;
import org.scmid.protocol.RequestPayload;

/**
 * The request of every command that switches one kind of notification of one resource, such as POWER_STATE_NOTIFY.
 *
 * <pre>
 * 0  u32  resource id
 * 4  u32  notify_enable, see {@link NotifyEnable}
 * </pre>
 */
public final class NotifyRequest extends RequestPayload<NotifyRequest> {
    public static final int LENGTH = 8;
    private static final int RESOURCE = 0;
    private static final int NOTIFY_ENABLE = 4;

    /** @param command the command that this is the request of */
    public NotifyRequest(Message command) {
        super(command, LENGTH);
    }

    /** Unsigned. */
    public int resource() {
        return u32(RESOURCE);
    }

    public NotifyRequest resource(int id) {
        return putU32(RESOURCE, id);
    }

    /** The whole word, reserved bits included. */
    public int notifyEnable() {
        return u32(NOTIFY_ENABLE);
    }

    public NotifyRequest notifyEnable(boolean enable) {
        return putU32(NOTIFY_ENABLE, NotifyEnable.of(enable));
    }
}
