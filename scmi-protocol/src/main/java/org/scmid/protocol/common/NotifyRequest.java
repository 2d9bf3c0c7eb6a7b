/* The request that switches the notifications of one resource. */
package org.scmid.protocol.common;

import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.Message;
import org.scmid.protocol.ResourceRequestPayload;

/** The request of every command that switches one kind of notification of one resource, such as POWER_STATE_NOTIFY. */
public final class NotifyRequest extends ResourceRequestPayload<NotifyRequest> {
    private static final Layout LAYOUT = CommonLayouts.notifyEnable("resource");
    private static final U32 NOTIFY_ENABLE = LAYOUT.u32("notify_enable");

    /** @param command the command that this is the request of */
    public NotifyRequest(Message command) {
        super(command);
    }

    /** The whole word, reserved bits included; see {@link NotifyEnable}. */
    public int notifyEnable() {
        return get(NOTIFY_ENABLE);
    }

    public NotifyRequest notifyEnable(boolean enable) {
        return put(NOTIFY_ENABLE, NotifyEnable.of(enable));
    }
}
