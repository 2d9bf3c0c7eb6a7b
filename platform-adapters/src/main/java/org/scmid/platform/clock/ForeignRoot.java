// A root that is somebody else's clock, which agents may set and switch.
package org.scmid.platform.clock;

import org.scmid.platform.driver.RateDescription;
import org.scmid.platform.driver.Rounding;

/**
 * A root that is somebody else's clock, the host's or another platform's, which agents may set and switch. Who owns it is
 * asked, and makes of a rate what he can; the tree waits for that as it does for hardware.
 */
abstract class ForeignRoot {
    /** What {@link #wanted} says if no rate fits. */
    static final long NONE = -1;

    /** How long its owner may take to set or switch it, in nanoseconds; he says earlier that it has failed. */
    static final long TIMEOUT_NANOS = 5_000_000_000L;

    private static final long INTERVAL_NANOS = 500_000;

    // ---- Rates.

    /**
     * The rate that its owner is asked for if somebody wants another.
     *
     * @param hz from 0 to the highest that the clock's limits allow
     * @return in Hz, {@link #NONE}
     */
    abstract long wanted(long hz, Rounding rounding);

    /** Whether the rate that it is known to have is the one that it has: nobody else changes it unseen. */
    abstract boolean isSure();

    /** Says which rates can be asked for within the clock's limits; nothing if there is none. */
    abstract void describe(RateDescription draft);

    /** Asks for a rate that {@link #wanted} has found. */
    abstract void setRate(long hz, Rounding rounding);

    /** Says whether the rate is set. */
    abstract Ready rate();

    // ---- On and off.

    /** Has its owner know that it is needed. */
    abstract void open();

    /** Says whether he has seen to it. */
    abstract Ready switched();

    /** Has its owner know that it is not needed any more; nobody waits for that. */
    abstract void close();

    /** Whether it is on for us. */
    abstract boolean isOn();

    /** Whether it runs, for us or for others, as far as is known. */
    abstract boolean runs();

    /** What is waited for after its owner was asked. */
    abstract static class Said extends Ready {
        private final String owner;

        /** @param owner who is asked, for the log */
        Said(String what, String owner) {
            super(what, TIMEOUT_NANOS, INTERVAL_NANOS);
            this.owner = owner;
        }

        @Override
        String problem(long value) {
            return this + " was not set by " + owner + (hasFailed() ? "" : " in time");
        }
    }
}
