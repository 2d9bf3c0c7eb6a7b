/* BASE_NOTIFY_ERRORS: whether the agent wants to hear of errors. */
package org.scmid.protocol.base;

import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.RequestPayload;
import org.scmid.protocol.common.NotifyEnable;

/** BASE_NOTIFY_ERRORS (0x8). The reply is a status only. Leads to {@link BaseErrorEvent}. */
public final class BaseNotifyErrors {
    private BaseNotifyErrors() {}

    public static final class Request extends RequestPayload<Request> {
        private static final Layout LAYOUT = BaseMessage.BASE_NOTIFY_ERRORS.fromAgent();
        private static final U32 NOTIFY_ENABLE = LAYOUT.u32("notify_enable");

        public Request() {
            super(BaseMessage.BASE_NOTIFY_ERRORS);
        }

        /** The whole word, reserved bits included; see {@link NotifyEnable}. */
        public int notifyEnable() {
            return get(NOTIFY_ENABLE);
        }

        public Request notifyEnable(boolean enable) {
            return put(NOTIFY_ENABLE, NotifyEnable.of(enable));
        }
    }
}
