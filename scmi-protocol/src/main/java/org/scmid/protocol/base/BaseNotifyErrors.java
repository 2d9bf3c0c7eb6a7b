/* BASE_NOTIFY_ERRORS: whether the agent wants to hear of errors. */
package org.scmid.protocol.base;

import org.scmid.protocol.RequestPayload;
import org.scmid.protocol.common.NotifyEnable;

/** BASE_NOTIFY_ERRORS (0x8). The reply is a status only. Leads to {@link BaseErrorEvent}. */
public final class BaseNotifyErrors {
    private BaseNotifyErrors() {}

    /**
     * <pre>
     * 0  u32  notify_enable, see {@link NotifyEnable}
     * </pre>
     */
    public static final class Request extends RequestPayload<Request> {
        public static final int LENGTH = 4;
        private static final int NOTIFY_ENABLE = 0;

        public Request() {
            super(BaseMessage.BASE_NOTIFY_ERRORS, LENGTH);
        }

        /** The whole word, reserved bits included. */
        public int notifyEnable() {
            return u32(NOTIFY_ENABLE);
        }

        public Request notifyEnable(boolean enable) {
            return putU32(NOTIFY_ENABLE, NotifyEnable.of(enable));
        }
    }
}
