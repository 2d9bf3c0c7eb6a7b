/* What most requests of the Clock protocol begin with: the clock. */
package org.scmid.protocol.clock;

import org.scmid.protocol.RequestPayload;

/**
 * A request whose first word is the clock; every one but {@link ClockRateSet}.
 *
 * <pre>
 * 0  u32  clock id
 * </pre>
 */
public abstract class ClockRequest<S extends ClockRequest<S>> extends RequestPayload<S> {
    private static final int CLOCK = 0;

    ClockRequest(ClockMessage command, int minimumLength) {
        super(command, minimumLength);
    }

    /** Clock id, unsigned. */
    public final int clock() {
        return u32(CLOCK);
    }

    public final S clock(int clock) {
        return putU32(CLOCK, clock);
    }
}
