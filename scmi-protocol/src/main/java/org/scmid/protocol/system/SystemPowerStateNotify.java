/* SYSTEM_POWER_STATE_NOTIFY and the notification that it asks for. */
package org.scmid.protocol.system;

import org.scmid.protocol.EventPayload;
import org.scmid.protocol.ProtocolVersion;
import org.scmid.protocol.RequestPayload;
import org.scmid.protocol.common.NotifyEnable;

/** SYSTEM_POWER_STATE_NOTIFY (0x5) and SYSTEM_POWER_STATE_NOTIFIER. The response is a status only. */
public final class SystemPowerStateNotify {
    private SystemPowerStateNotify() {}

    /**
     * <pre>
     * 0  u32  notify_enable, see {@link NotifyEnable}
     * </pre>
     */
    public static final class Request extends RequestPayload<Request> {
        public static final int LENGTH = 4;
        private static final int NOTIFY_ENABLE = 0;

        public Request() {
            super(SystemPowerMessage.SYSTEM_POWER_STATE_NOTIFY, LENGTH);
        }

        /** The whole word, reserved bits included. */
        public int notifyEnable() {
            return u32(NOTIFY_ENABLE);
        }

        public Request notifyEnable(boolean enable) {
            return putU32(NOTIFY_ENABLE, NotifyEnable.of(enable));
        }
    }

    /**
     * SYSTEM_POWER_STATE_NOTIFIER (notification 0x0): the system is to enter a state.
     *
     * <pre>
     * 0   u32  agent_id: who asks for it, 0 the platform
     * 4   u32  flags
     *            0     1 graceful, 0 forceful
     *            31:1  reserved
     * 8   u32  system_state, see {@link SystemState}
     * 12  u32  time in milliseconds to do it in, 0 if there is no limit; 2.0 and later only
     * </pre>
     */
    public static final class Event extends EventPayload<Event> {
        /** Bytes in version 1.0. */
        public static final int LENGTH_V1 = 12;

        /** Bytes in version 2.0 and later. */
        public static final int LENGTH = 16;

        private static final int AGENT = 0;
        private static final int FLAGS = 4;
        private static final int STATE = 8;
        private static final int TIMEOUT = 12;

        public Event() {
            super(SystemPowerMessage.SYSTEM_POWER_STATE_NOTIFIER, LENGTH_V1);
        }

        /** Bytes of the whole message in a version of the protocol. */
        public int messageLength(int version) {
            return withStart(ProtocolVersion.isAtLeast(version, SystemPowerVersion.V2_0) ? LENGTH : LENGTH_V1);
        }

        public int agent() {
            return u32(AGENT);
        }

        public Event agent(int agent) {
            return putU32(AGENT, agent);
        }

        /** The whole word. */
        public int flags() {
            return u32(FLAGS);
        }

        public boolean isGraceful() {
            return (flags() & SystemState.FLAG_GRACEFUL) != 0;
        }

        public Event flags(int flags) {
            return putU32(FLAGS, flags & ~SystemState.FLAGS_RESERVED);
        }

        /** Unsigned. */
        public int state() {
            return u32(STATE);
        }

        public Event state(int state) {
            return putU32(STATE, state);
        }

        /** Whether the message is of version 2.0 or later, by its length. */
        public boolean hasTimeout() {
            return length() >= LENGTH;
        }

        /** Milliseconds, unsigned; 0 if there is no limit or the message is of version 1.0. */
        public int timeout() {
            return hasTimeout() ? u32(TIMEOUT) : 0;
        }

        /** Version 2.0 and later only. */
        public Event timeout(int milliseconds) {
            return putU32(TIMEOUT, milliseconds);
        }
    }
}
