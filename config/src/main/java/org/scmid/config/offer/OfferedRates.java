// The rates that a clock of a platform can be given.
package org.scmid.config.offer;

import java.util.List;

/** The rates that a clock of a platform can be given, in Hz, 0 to 2^63 - 1. */
public sealed interface OfferedRates {
    /**
     * Single rates.
     *
     * @param hz ascending, without repetition, at least one
     */
    record Listed(List<Long> hz) implements OfferedRates {
        /** Copies. */
        public Listed {
            hz = List.copyOf(hz);
        }
    }

    /**
     * All rates of a range, of which the platform takes what it can make.
     *
     * @param step the distance that the platform says they have, at least 1
     */
    record Range(long lowest, long highest, long step) implements OfferedRates {}
}
