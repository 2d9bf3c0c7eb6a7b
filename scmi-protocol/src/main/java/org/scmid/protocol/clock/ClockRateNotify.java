/* CLOCK_RATE_NOTIFY and the notification that it asks for. */
package org.scmid.protocol.clock;

import org.scmid.protocol.EventPayload;
import org.scmid.protocol.common.NotifyEnable;

/** CLOCK_RATE_NOTIFY (0x9), since 2.0, and the notification CLOCK_RATE_CHANGED. The response is a status only. */
public final class ClockRateNotify {
    private ClockRateNotify() {}

    /**
     * <pre>
     * 0  u32  clock id
     * 4  u32  notify_enable, see {@link NotifyEnable}
     * </pre>
     */
    public static final class Request extends ClockRequest<Request> {
        public static final int LENGTH = 8;
        private static final int NOTIFY_ENABLE = 4;

        public Request() {
            super(ClockMessage.CLOCK_RATE_NOTIFY, LENGTH);
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
     * CLOCK_RATE_CHANGED (notification 0x0): a clock has a new rate.
     *
     * <pre>
     * 0  u32  agent_id: who caused it, 0 the platform
     * 4  u32  clock id, as the receiver counts
     * 8  u64  rate in Hz, low word first
     * </pre>
     */
    public static final class Event extends EventPayload<Event> {
        public static final int LENGTH = 16;
        private static final int AGENT = 0;
        private static final int CLOCK = 4;
        private static final int RATE = 8;

        public Event() {
            super(ClockMessage.CLOCK_RATE_CHANGED, LENGTH);
        }

        public int agent() {
            return u32(AGENT);
        }

        public Event agent(int agent) {
            return putU32(AGENT, agent);
        }

        /** Clock id, unsigned. */
        public int clock() {
            return u32(CLOCK);
        }

        public Event clock(int clock) {
            return putU32(CLOCK, clock);
        }

        /** In Hz, unsigned. */
        public long rate() {
            return u64(RATE);
        }

        public Event rate(long hertz) {
            return putU64(RATE, hertz);
        }
    }
}
