/* The two notifications of the Clock protocol: a rate changed, a change was requested. */
package org.scmid.protocol.clock;

import org.scmid.protocol.EventPayload;
import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.Layout.U64;

/**
 * CLOCK_RATE_CHANGED (notification 0x0) and CLOCK_RATE_CHANGE_REQUESTED (0x1), since 2.0, which have the same layout.
 * CLOCK_RATE_NOTIFY (0x9) and CLOCK_RATE_CHANGE_REQUESTED_NOTIFY (0xA) ask for them.
 */
public final class ClockRateEvent extends EventPayload<ClockRateEvent> {
    private static final Layout LAYOUT = ClockMessage.CLOCK_RATE_CHANGED.fromPlatform();
    private static final U32 AGENT = LAYOUT.u32("agent");
    private static final U32 CLOCK = LAYOUT.u32("clock");
    private static final U64 RATE = LAYOUT.u64("rate");

    private ClockRateEvent(ClockMessage notification) {
        super(notification);
    }

    /** CLOCK_RATE_CHANGED: a clock has a new rate. */
    public static ClockRateEvent changed() {
        return new ClockRateEvent(ClockMessage.CLOCK_RATE_CHANGED);
    }

    /** CLOCK_RATE_CHANGE_REQUESTED: somebody asked for another rate. */
    public static ClockRateEvent changeRequested() {
        return new ClockRateEvent(ClockMessage.CLOCK_RATE_CHANGE_REQUESTED);
    }

    /** Who caused it, 0 the platform. */
    public int agent() {
        return get(AGENT);
    }

    public ClockRateEvent agent(int agent) {
        return put(AGENT, agent);
    }

    /** Clock id as the receiver counts, unsigned. */
    public int clock() {
        return get(CLOCK);
    }

    public ClockRateEvent clock(int clock) {
        return put(CLOCK, clock);
    }

    /** In Hz, unsigned. */
    public long rate() {
        return get(RATE);
    }

    public ClockRateEvent rate(long hertz) {
        return put(RATE, hertz);
    }
}
