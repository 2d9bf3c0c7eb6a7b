// The rate of a clock without parents.
package org.scmid.config;

import org.jspecify.annotations.Nullable;

/**
 * The rate of a clock without parents.
 *
 * @param hz the rate in Hz, at least 1; of a clock of the host what it is taken for until it was read
 * @param hostClock the clock's name in the host's debugfs; null if the rate is what the board file says
 */
public record FixedRate(long hz, @Nullable String hostClock) {
    /** A rate that never changes. */
    public FixedRate(long hz) {
        this(hz, null);
    }
}
