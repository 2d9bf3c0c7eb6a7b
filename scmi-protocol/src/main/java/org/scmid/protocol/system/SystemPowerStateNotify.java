/* SYSTEM_POWER_STATE_NOTIFY and the notification that it asks for. */
package org.scmid.protocol.system;

import org.scmid.protocol.EventPayload;
import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.RequestPayload;
import org.scmid.protocol.common.NotifyEnable;

/** SYSTEM_POWER_STATE_NOTIFY (0x5) and SYSTEM_POWER_STATE_NOTIFIER. The response is a status only. */
public final class SystemPowerStateNotify {
    private SystemPowerStateNotify() {}

    public static final class Request extends RequestPayload<Request> {
        private static final Layout LAYOUT = SystemPowerMessage.SYSTEM_POWER_STATE_NOTIFY.fromAgent();
        private static final U32 NOTIFY_ENABLE = LAYOUT.u32("notify_enable");

        public Request() {
            super(SystemPowerMessage.SYSTEM_POWER_STATE_NOTIFY);
        }

        /** The whole word, reserved bits included; see {@link NotifyEnable}. */
        public int notifyEnable() {
            return get(NOTIFY_ENABLE);
        }

        public Request notifyEnable(boolean enable) {
            return put(NOTIFY_ENABLE, NotifyEnable.of(enable));
        }
    }

    /**
     * SYSTEM_POWER_STATE_NOTIFIER (notification 0x0): the system is to enter a state.
     *
     * <pre>
     * flags
     *   0     1 graceful, 0 forceful
     *   31:1  reserved
     * </pre>
     */
    public static final class Event extends EventPayload<Event> {
        private static final Layout LAYOUT = SystemPowerMessage.SYSTEM_POWER_STATE_NOTIFIER.fromPlatform();
        private static final U32 AGENT = LAYOUT.u32("agent");
        private static final U32 FLAGS = LAYOUT.u32("flags");
        private static final U32 STATE = LAYOUT.u32("system_state");
        private static final U32 TIMEOUT = LAYOUT.u32("timeout");

        public Event() {
            super(SystemPowerMessage.SYSTEM_POWER_STATE_NOTIFIER);
        }

        /** Bytes of the whole message in a version of the protocol. */
        public int messageLength(int version) {
            return withStart(LAYOUT.length(version));
        }

        /** Who asks for it, 0 the platform. */
        public int agent() {
            return get(AGENT);
        }

        public Event agent(int agent) {
            return put(AGENT, agent);
        }

        /** The whole word. */
        public int flags() {
            return get(FLAGS);
        }

        public boolean isGraceful() {
            return (flags() & SystemState.FLAG_GRACEFUL) != 0;
        }

        public Event flags(int flags) {
            return put(FLAGS, flags & ~SystemState.FLAGS_RESERVED);
        }

        /** See {@link SystemState}, unsigned. */
        public int state() {
            return get(STATE);
        }

        public Event state(int state) {
            return put(STATE, state);
        }

        /** Whether the message is of version 2.0 or later, by its length. */
        public boolean hasTimeout() {
            return has(TIMEOUT);
        }

        /** Milliseconds to do it in, unsigned; 0 if there is no limit or the message is of version 1.0. */
        public int timeout() {
            return hasTimeout() ? get(TIMEOUT) : 0;
        }

        /** Version 2.0 and later only. */
        public Event timeout(int milliseconds) {
            return put(TIMEOUT, milliseconds);
        }
    }
}
